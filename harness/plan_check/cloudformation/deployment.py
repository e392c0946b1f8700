"""Read the parameters and tags of a deployment, and give a stack's tags to its resources as CloudFormation does."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal

import msgspec

from harness.errors import InputError, Problem
from harness.plan_check.cloudformation.carriers import carriers
from harness.plan_check.cloudformation.document import open_document
from harness.plan_check.model import UNKNOWN, Input, Resource, TagSet

Part = Literal["Parameters", "Tags"]
_PAIRS: Final = {"ParameterKey": ("ParameterValue", "Parameters"), "Key": ("Value", "Tags")}


class Deployment(msgspec.Struct, frozen=True):
    """Hold the parameters and tags that a stack is deployed with; tags are text, or UNKNOWN for nested stacks."""

    parameters: Mapping[str, str]
    tags: Mapping[str, Any]


def pairs(texts: Iterable[str], name: str) -> dict[str, str]:
    """Return `key=value` texts as a mapping; `name` is the option that they come from.

    Raises: InputError for a text without "=", without a key, or with a key that another has.
    """
    found: dict[str, str] = {}
    problems = []
    for text in texts:
        key, sign, value = text.partition("=")
        if not sign or not key:
            problems.append(Problem(name, 0, "", f'must be KEY=VALUE; got "{text}". Do write a key, "=" and a value'))
        elif key in found:
            problems.append(Problem(name, 0, "", f'must name each key once; got "{key}" twice. Do remove one'))
        found[key] = value
    if problems:
        raise InputError(problems)
    return found


def read_deployment(content: bytes, name: str, plain: Part) -> Deployment:
    """Return the parameters and tags of a file in JSON or YAML.

    Its forms are those of the AWS CLI and of CodePipeline: `{"Parameters": {…}, "Tags": {…}}`, a list of ParameterKey
    and ParameterValue, a list of Key and Value, or a list of "key=value", which `plain` says to be one or the other.
    Raises: InputError when the file has another form.
    """
    data = open_document(content, name).data
    found: dict[str, dict[str, str]] = {"Parameters": {}, "Tags": {}}
    problems: list[Problem] = []
    if isinstance(data, dict) and data.keys() & found.keys():
        for part, held in found.items():
            _take_mapping(data.get(part, {}), held, name, part, problems)
    elif isinstance(data, list) and all(isinstance(item, str) for item in data):
        found[plain] = pairs(data, name)
    elif isinstance(data, list):
        for index, item in enumerate(data):
            _take_item(item, found, name, f"[{index}]", problems)
    else:
        rule = (
            "must hold Parameters or Tags, or be a list of ParameterKey and ParameterValue, Key and Value, or key=value"
        )
        problems.append(Problem(name, 0, "", f"{rule}. Do write one of these"))
    if problems:
        raise InputError(problems)
    return Deployment(found["Parameters"], found["Tags"])


def _take_mapping(data: Any, held: dict[str, str], name: str, part: str, problems: list[Problem]) -> None:
    if not isinstance(data, dict):
        problems.append(Problem(name, 0, part, "must be a mapping of keys to text. Do write key: value"))
        return
    for key, value in data.items():
        text = _text(value)
        if text is None:
            problems.append(Problem(name, 0, f"{part}.{key}", "must be text. Do write it in quotes"))
        else:
            held[key] = text


def _take_item(item: Any, found: dict[str, dict[str, str]], name: str, path: str, problems: list[Problem]) -> None:
    for key_name, (value_name, part) in _PAIRS.items():
        if isinstance(item, dict) and isinstance(item.get(key_name), str):
            text = _text(item.get(value_name))
            if text is not None:
                found[part][item[key_name]] = text
            elif part == "Tags" or not item.get("UsePreviousValue"):
                problems.append(Problem(name, 0, f"{path}.{value_name}", "must be text. Do write it in quotes"))
            return
    message = "must be an object with ParameterKey and ParameterValue, or Key and Value. Do write these"
    problems.append(Problem(name, 0, path, message))


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int) else None


def with_stack_tags(made: Input, tags: Mapping[str, Any], more: str = "") -> Input:
    """Return the input with a stack's tags on all resources that CloudFormation gives them to.

    `tags` maps keys to text or UNKNOWN; `more` says why the stack may have further ones.

    A resource's own tags win. Stack tags reach the instances of Auto Scaling groups whatever PropagateAtLaunch says,
    but no volumes, launch templates or replicas:
    docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html
    Raises: nothing.
    """
    if tags or more:
        made.resources = _tagged(made.resources, tags, more)
    return made


def _tagged(resources: Iterable[Resource], tags: Mapping[str, Any], more: str) -> Iterator[Resource]:
    for resource in resources:
        reached = {row.carries for row in carriers().get(resource.type, ()) if row.stack_tags}
        sets = tuple(
            _under(held, tags, more) if held.carries in reached or (resource.facts.tags and not held.carries) else held
            for held in resource.sets
        )
        yield msgspec.structs.replace(resource, sets=sets)


def _under(held: TagSet, tags: Mapping[str, Any], more: str) -> TagSet:
    """Return a set with the stack's tags below its own. A key that the set may yet have is there, its value unknown."""
    united: dict[str, Any] = dict(tags)
    why = dict(held.why or {})
    for key in tags:
        if key not in held.tags and held.may_get(key):
            united[key] = UNKNOWN
            why[key] = held.more
    united.update(held.tags)
    left = held.may_come - tags.keys() if held.may_come is not None else None
    is_all = left is not None and not left
    return msgspec.structs.replace(
        held,
        tags=united,
        own=held.own if held.own is not None else held.tags,
        why=why or None,
        more=more or ("" if is_all else held.more),
        may_come=None if is_all or more else left,
    )
