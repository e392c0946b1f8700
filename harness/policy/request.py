"""Describe an API call before it is made: which resources it would touch, and what its condition keys would hold.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html. What the description leaves open is
unknown, and never taken for absent.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from harness.policy.actions import Action, find_action, noun_of
from harness.policy.compliance import plain
from harness.policy.context import Context, Unknown, Values, tag_of
from harness.policy.evaluation import Access
from harness.policy.resource_types import ResourceUse, types_of_arn

# Absent in a call that a person or pipeline makes straight from outside of AWS.
_ABSENT = frozenset({"aws:calledvia", "aws:calledviafirst", "aws:calledvialast", "aws:sourcearn", "aws:sourceaccount"})
# Services of the partition aws with one endpoint, which is in us-east-1 wherever a call comes from:
# docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requestedregion.
_OF_NO_REGION = frozenset({"cloudfront", "iam", "organizations", "route53", "support"})


@dataclass(frozen=True, slots=True)
class Request:
    """Describe one call.

    `tags` are those that it carries for everything that it makes, `tags_by_type` what EC2 gives to one resource type
    besides, `untagged` the keys that it removes.
    `resource` is the ARN of the resource that is meant, empty for one that is yet to be made; `resource_tags` are the
    tags that it has, None where that is not known. `context` gives further condition keys their value.
    """

    action: str
    account_id: str
    region: str
    partition: str = "aws"
    principal_arn: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    tags_by_type: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    untagged: tuple[str, ...] = ()
    resource: str = ""
    resource_tags: Mapping[str, str] | None = None
    context: Mapping[str, str] = field(default_factory=dict)

    def principal(self) -> str:
        """Return who calls: the role that was named, or any role of the account."""
        return self.principal_arn or f"arn:{self.partition}:iam::{self.account_id}:role/anybody"


def is_session(arn: str) -> bool:
    """Tell whether an ARN is that of a role's session, which does not tell the role's path. Raises: nothing."""
    return ":assumed-role/" in arn


def role_arn(arn: str) -> str:
    """Return the ARN of the role behind a session, which is what aws:PrincipalArn holds if the role has no path.

    docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn.

    >>> role_arn("arn:aws:sts::111122223333:assumed-role/ci/build-7")
    'arn:aws:iam::111122223333:role/ci'
    """
    if not is_session(arn):
        return arn
    head, _, tail = arn.partition(":assumed-role/")
    return f"{head.replace(':sts:', ':iam:')}:role/{tail.rpartition('/')[0]}"


@dataclass(frozen=True, slots=True)
class Touched:
    """Hold one resource of a request: its service, type, ARN, the tags of the request that count for it, its access.

    `tags` is None where the request's tags do not belong to the resource (a subnet's VPC, for example). `type_names`
    are those that a tag policy may use for the type, none where the type is open.
    """

    service: str
    type: str
    arn: str
    tags: Mapping[str, str] | None
    access: Access
    type_names: frozenset[str]


def touched(request: Request) -> tuple[Touched, ...]:
    """Return what a request touches, at least one entry: `*` for an action that knows no resource.

    Raises: KeyError for an action that IAM does not know.
    """
    action = find_action(request.action)
    if action is None:
        raise KeyError(request.action)
    uses = tuple(_uses(action, request))
    scoped = any(use.carries_tags for use in uses)
    if not uses:
        return (_touched(action, None, "*", request.tags, request),)
    return tuple(
        _touched(action, use, _arn(use, request), _tags_of(use, request, scoped=scoped), request) for use in uses
    )


def _tags_of(use: ResourceUse, request: Request, *, scoped: bool) -> Mapping[str, str] | None:
    if scoped and not use.carries_tags:
        return None
    return {**request.tags, **request.tags_by_type.get(use.type, {})}


def _uses(action: Action, request: Request) -> Iterator[ResourceUse]:
    """Yield the types that are surely touched, and where none of them carries the tags, those that can."""
    named = types_of_arn(action.resources, request.resource)
    required = [use for use in action.resources if use.required]
    carriers = [use for use in action.resources if use.carries_tags] if not _any_carries(required) else []
    if "Tagging" in action.access:
        yield from named
        return
    for use in action.resources:
        if use in required or use in carriers or use in named:
            yield use


def _any_carries(uses: list[ResourceUse]) -> bool:
    return any(use.carries_tags for use in uses)


def _touched(
    action: Action, use: ResourceUse | None, arn: str, tags: Mapping[str, str] | None, request: Request
) -> Touched:
    parts = arn.split(":", 5)
    service = parts[2] if len(parts) == 6 else action.service
    kind = use.type if use else noun_of(action.name)
    # Of a tagging action whose resource is not named the type is open too.
    names = use.names() if use else frozenset() if action.resources else frozenset({plain(kind)})
    is_open = bool(action.resources) and arn != request.resource and not _is_nameless(action, use)
    access = Access(action.id, arn, _context(action, use, arn, tags, request), is_open)
    return Touched(service, kind, arn, None if action.removes_tags else tags, access, names)


def _arn(use: ResourceUse, request: Request) -> str:
    if use.matches(request.resource):
        return request.resource
    return use.filled({"Partition": request.partition, "Region": request.region, "Account": request.account_id})


def _context(
    action: Action, use: ResourceUse | None, arn: str, tags: Mapping[str, str] | None, request: Request
) -> Context:
    keys = sorted({*(tags or {}), *request.untagged})
    given = {key.lower(): value for key, value in request.context.items()}
    fixed: dict[str, Values] = {
        "aws:principalaccount": [request.account_id],
        "aws:principalarn": _principal(request),
        "aws:principalisawsservice": ["false"],
        "aws:requestedregion": [_region(action, request)],
        "aws:resourceaccount": _account(action, use, arn, request),
        "aws:securetransport": ["true"],
        "aws:tagkeys": keys if keys and tags is not None else None,
        "aws:viaawsservice": ["false"],
    }

    def context(key: str) -> Values:
        name, _, tag = key.partition("/")
        name = name.lower()
        if key.lower() in given:
            return [given[key.lower()]]
        if name in fixed:
            return fixed[name]
        if name in ("aws:requesttag", f"{action.service}:req-tag"):
            return tag_of(tags or {}, tag)
        if name in ("aws:resourcetag", f"{action.service}:resourcetag"):
            return _resource_tag(action, use, arn, tag, request)
        if name in _ABSENT or not (name.startswith("aws:") or action.has_key(key)):
            return None
        return Unknown(f"condition key {key}")

    return context


def _principal(request: Request) -> Values:
    """Return the ARN of the caller; of a session that of its role, whose path is open."""
    arn = request.principal()
    return Unknown(f"the path of the role behind {arn}") if is_session(arn) else [arn]


def _region(action: Action, request: Request) -> str:
    return "us-east-1" if action.service in _OF_NO_REGION and request.partition == "aws" else request.region


def _account(action: Action, use: ResourceUse | None, arn: str, request: Request) -> Values:
    """Return whose the resource is; of one that is there and has no account in its ARN (an image), that is open."""
    account = arn.split(":", 5)[4] if arn.count(":") >= 5 else ""
    if account and account != "*":
        return [account]
    if use is None or action.makes(use):
        return [request.account_id]
    return Unknown(f"the account of the {use.type}")


def _is_nameless(action: Action, use: ResourceUse | None) -> bool:
    """Tell whether IAM itself sees `*` for the name: EC2 gives ids to what it makes, once it is made."""
    return use is not None and action.service == "ec2" and use.arn.endswith("Id}") and action.makes(use)


def _resource_tag(action: Action, use: ResourceUse | None, arn: str, tag: str, request: Request) -> Values:
    """Return a tag that a resource has already; one that is yet to be made has none."""
    if request.resource_tags is not None and request.resource and arn == request.resource:
        return tag_of(request.resource_tags, tag)
    if action.makes(use) if use else not action.resources:
        return None
    if request.resource_tags is not None and not request.resource:
        return tag_of(request.resource_tags, tag)
    return Unknown(f"the tag {tag} that {use.type if use else 'the resource'} has")
