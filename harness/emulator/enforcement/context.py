"""Give the condition keys of a call their values, as IAM's request context does.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html. A key that the action has but that
nothing here can give is unknown, since taking it for absent would let calls pass that AWS denies.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from harness.emulator.clock import unix_time, utcnow
from harness.emulator.enforcement.call import Call
from harness.emulator.enforcement.resources import Touched
from harness.policy.actions import find_action
from harness.policy.compliance import plain
from harness.policy.context import Context, Unknown, Values, tag_of
from harness.policy.request_tags import request_tags

Tags = Mapping[str, str]

# Absent in every call that reaches an emulator: no VPC endpoint, no federation, no calling service.
_ABSENT = frozenset(
    {
        "aws:calledvia",
        "aws:calledviafirst",
        "aws:calledvialast",
        "aws:federatedprovider",
        "aws:multifactorauthage",
        "aws:principalservicename",
        "aws:principalservicenameslist",
        "aws:referer",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceidentity",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourcevpc",
        "aws:sourcevpcarn",
        "aws:sourcevpce",
        "aws:vpcsourceip",
    }
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Hold the ARN of a user, or of the role behind a session, and its tags."""

    arn: str
    tags: Tags


def make_context(
    call: Call,
    touched: Touched,
    *,
    organization: Mapping[str, str],
    caller: Caller,
    resource_tags: Callable[[], Tags | Unknown],
) -> Context:
    """Return the context of a call on one resource.

    `organization` holds the ids of organization and path (`id`, `path`); `resource_tags` gives the resource's present
    tags. Raises: nothing; the context says of a key whose value cannot be known why.
    """
    tags = request_tags(call.parameters)
    request = touched.tags or {}
    touches = {*request, *tags.removed}
    fixed: dict[str, Values] = {
        "aws:currenttime": [utcnow().strftime("%Y-%m-%dT%H:%M:%SZ")],
        "aws:epochtime": [str(int(unix_time()))],
        "aws:principalaccount": [call.account_id],
        "aws:principalarn": [caller.arn],
        "aws:principalisawsservice": ["false"],
        "aws:principalorgid": [organization["id"]],
        "aws:principalorgpaths": [organization["path"]],
        "aws:principaltype": ["AssumedRole" if ":assumed-role/" in call.principal_arn else "User"],
        "aws:requestedregion": [call.region],
        "aws:resourceaccount": [call.account_id],
        "aws:resourceorgid": [organization["id"]],
        "aws:resourceorgpaths": [organization["path"]],
        "aws:securetransport": ["true"],
        "aws:sourceip": ["127.0.0.1"],
        "aws:tagkeys": sorted(touches) if touched.tags is not None and touches else None,
        "aws:viaawsservice": ["false"],
    }

    def context(key: str) -> Values:
        name, _, tag = key.partition("/")
        name = name.lower()
        if name in fixed:
            return fixed[name]
        if name in ("aws:requesttag", f"{call.prefix}:req-tag"):
            return tag_of(request, tag)
        if name in ("aws:resourcetag", f"{call.prefix}:resourcetag"):
            found = resource_tags()
            return found if isinstance(found, Unknown) else tag_of(found, tag)
        if name == "aws:principaltag":
            return tag_of(caller.tags, tag)
        if name in _ABSENT:
            return None
        return _parameter(call, key)

    return context


def _parameter(call: Call, key: str) -> Values:
    """Return a service's own key from the parameter of that name; None when the action does not have the key.

    Unknown is a key that the action has and no parameter gives.
    """
    prefix, _, name = key.partition(":")
    action = find_action(call.action)
    if prefix.lower() == "aws" or (action is not None and action.has_key(key)):
        shape = call.model.input_shape
        known = shape.members if shape else {}
        member = next((member for member in known if plain(member).rstrip("s") == plain(name).rstrip("s")), None)
        if member is None or prefix.lower() == "aws":
            return Unknown(f"condition key {key}")
        return _as_texts(call.parameters.get(member))
    return None


def _as_texts(value: Any) -> list[str] | None:
    if value is None:
        return None
    items = value if isinstance(value, list) else [value]
    return [str(item).lower() if isinstance(item, bool) else str(item) for item in items]
