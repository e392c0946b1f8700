"""Describe an API call before it is made: which resources it would touch, and what its condition keys would hold.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html. What the description leaves open is
unknown, and never taken for absent.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from harness.policy.actions import Action, ResourceUse, arn_templates, find_action, is_key
from harness.policy.compliance import type_names
from harness.policy.context import Context, Unknown, Values
from harness.policy.evaluation import Access

_VARIABLE = re.compile(r"\$\{([^}]+)\}")
_MAKES = ("Allocate", "Copy", "Create", "Import", "Put", "Register", "Request", "Restore", "Run", "Start", "Submit")
# Absent in a call that a person or pipeline makes straight from outside of AWS.
_ABSENT = frozenset({"aws:calledvia", "aws:calledviafirst", "aws:calledvialast", "aws:sourcearn", "aws:sourceaccount"})


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


def role_arn(arn: str) -> str:
    """Return the ARN of the role behind a session, which is what aws:PrincipalArn holds.

    >>> role_arn("arn:aws:sts::111122223333:assumed-role/ci/build-7")
    'arn:aws:iam::111122223333:role/ci'
    """
    if ":assumed-role/" not in arn:
        return arn
    head, _, tail = arn.partition(":assumed-role/")
    return f"{head.replace(':sts:', ':iam:')}:role/{tail.rpartition('/')[0]}"


@dataclass(frozen=True, slots=True)
class Touched:
    """Hold one resource of a request: its service, type, ARN, the tags of the request that count for it, its access.

    `tags` is None where the request's tags do not belong to the resource (a subnet's VPC, for example).
    """

    service: str
    type: str
    arn: str
    tags: Mapping[str, str] | None
    access: Access

    def type_names(self) -> frozenset[str]:
        """Return the names that a tag policy may use for the type."""
        return type_names(self.type, self.arn)


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
    named = [use for use in action.resources if request.resource and _matches(use.arn, request.resource)]
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
    kind = use.type if use else re.sub(f"^({'|'.join(_MAKES)})", "", action.name)
    return Touched(service, kind, arn, tags, Access(action.id, arn, _context(action, use, arn, tags, request)))


def _arn(use: ResourceUse, request: Request) -> str:
    if request.resource and _matches(use.arn, request.resource):
        return request.resource
    known = {"Partition": request.partition, "Region": request.region, "Account": request.account_id}
    return _VARIABLE.sub(lambda found: known.get(found[1], "*"), arn_templates(use.arn)[0]) or "*"


def _matches(templates: str, arn: str) -> bool:
    return any(_matches_one(template, arn) for template in arn_templates(templates) if template)


def _matches_one(template: str, arn: str) -> bool:
    pieces = [re.escape(text) if index % 2 == 0 else "[^:]*" for index, text in enumerate(_VARIABLE.split(template))]
    return re.fullmatch("".join(pieces), arn) is not None


def _context(
    action: Action, use: ResourceUse | None, arn: str, tags: Mapping[str, str] | None, request: Request
) -> Context:
    keys = sorted({*(tags or {}), *request.untagged})
    given = {key.lower(): value for key, value in request.context.items()}
    fixed: dict[str, Values] = {
        "aws:principalaccount": [request.account_id],
        "aws:principalarn": [request.principal()],
        "aws:principalisawsservice": ["false"],
        "aws:requestedregion": [request.region],
        "aws:resourceaccount": [request.account_id],
        "aws:securetransport": ["true"],
        "aws:tagkeys": keys if keys and tags is not None else None,
        "aws:viaawsservice": ["false"],
    }
    known = action.all_condition_keys()

    def context(key: str) -> Values:
        name, _, tag = key.partition("/")
        name = name.lower()
        if key.lower() in given:
            return [given[key.lower()]]
        if name in fixed:
            return fixed[name]
        if name == "aws:requesttag":
            return _folded(tags or {}, tag)
        if name in ("aws:resourcetag", f"{action.service}:resourcetag"):
            return _resource_tag(action, use, arn, tag, request)
        if name in _ABSENT or not (name.startswith("aws:") or any(is_key(each, key) for each in known)):
            return None
        return Unknown(f"condition key {key}")

    return context


def _resource_tag(action: Action, use: ResourceUse | None, arn: str, tag: str, request: Request) -> Values:
    """Return a tag that a resource has already; one that is yet to be made has none."""
    is_new = "Tagging" not in action.access and action.name.startswith(_MAKES) and not request.resource
    if is_new and (use is None or use.carries_tags or not _any_carries(list(action.resources))):
        return None
    if request.resource_tags is not None and (not request.resource or arn == request.resource):
        return _folded(request.resource_tags, tag)
    return Unknown(f"the tag {tag} that {use.type if use else 'the resource'} has")


def _folded(tags: Mapping[str, str], wanted: str) -> Values:
    """Return a tag by its key; IAM compares the key after the slash without case."""
    return next(([value] for key, value in tags.items() if key.lower() == wanted.lower()), None)
