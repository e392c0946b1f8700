"""Check what a dictionary means: AWS limits and fields that contradict each other; its form has been checked before."""

import re
from collections.abc import Iterator

from harness.dictionary.model import Dictionary, Tag
from harness.facts import Facts
from harness.strict_model import nearest
from harness.tag_text import (
    CLOUDFORMATION_TYPE,
    POLICY_TYPE,
    key_faults,
    looks_personal,
    ou_path_faults,
    value_faults,
)
from harness.yaml_source import Path_

Faults = Iterator[tuple[Path_, str]]


def dictionary_faults(dictionary: Dictionary, facts: Facts) -> Faults:
    """Yield every fault as its path and message."""
    yield from _keys(dictionary, facts)
    yield from _counts(dictionary, facts)
    yield from _types(("defaults",), dictionary.defaults, dictionary.defaults.mandatory_for)
    for key, tag in dictionary.tags.items():
        at: Path_ = ("tags", key)
        yield from _types(at, tag, tag.mandatory_for)
        yield from _mandatory(at, tag, dictionary.mandatory_types(key))
        yield from _values(at, tag, facts)
        yield from _pattern(at, tag)
        yield from _units(at, tag, facts)
        yield from _default(at, tag, facts)
        yield from _personal(at, tag)
    yield from _spellings(dictionary, facts)
    yield from _exemptions(dictionary)


def _keys(dictionary: Dictionary, facts: Facts) -> Faults:
    seen: dict[str, str] = {}
    for key in dictionary.tags:
        for fault in key_faults(key, facts.limits):
            yield ("tags", key), fault
        if dictionary.prefix and not key.startswith(f"{dictionary.prefix}:"):
            yield (
                ("tags", key),
                f'must begin with "{dictionary.prefix}:", the prefix of this dictionary; got "{key}". Do add it',
            )
        first = seen.setdefault(key.lower(), key)
        if first != key:
            message = f'must differ from "{first}" in more than case: tag policies fold case, resources do not. '
            yield ("tags", key), message + "Do keep one and list the other under deprecated_spellings"


def _counts(dictionary: Dictionary, facts: Facts) -> Faults:
    most = facts.limits["cost_allocation_tags_active"]
    count = len(dictionary.cost_allocation_keys())
    if count > most:
        yield ("tags",), f"must hold {most} keys with cost_allocation at most; got {count}. Do switch some off"
    most = facts.limits["tags_per_resource"]
    by_type: dict[str, int] = {}
    for key in dictionary.mandatory_keys():
        for resource_type in dictionary.mandatory_types(key):
            by_type[resource_type] = by_type.get(resource_type, 0) + 1
    for resource_type, count in sorted(by_type.items()):
        if count > most:
            message = f"must demand {most} keys at most on one resource type; got {count} on {resource_type}. "
            yield ("tags",), message + "Do make some keys optional there"
            return


def _types(at: Path_, holder: object, cloudformation: tuple[str, ...] | None) -> Faults:
    for index, name in enumerate(cloudformation or ()):
        if not CLOUDFORMATION_TYPE.fullmatch(name):
            message = f'must be a CloudFormation type; got "{name}". Do write it as "AWS::EC2::Instance"'
            yield (*at, "mandatory_for", index), message
    for field in ("enforced_for", "report_required_tag_for"):
        for index, name in enumerate(getattr(holder, field) or ()):
            if not POLICY_TYPE.fullmatch(name):
                message = (
                    f'must be a tag-policy type; got "{name}". Do write it as "ec2:instance" or "ec2:ALL_SUPPORTED"'
                )
                yield (*at, field, index), message


def _mandatory(at: Path_, tag: Tag, types: tuple[str, ...]) -> Faults:
    for field in ("mandatory_for", "report_required_tag_for"):
        if not tag.mandatory and getattr(tag, field):
            yield (
                (*at, field),
                f"must be left out, since the tag is not mandatory. Do set mandatory: true, or remove {field}",
            )
    if tag.mandatory and not types:
        message = "must name a resource type, since the tag is mandatory; defaults.mandatory_for is empty too. "
        yield (*at, "mandatory_for"), message + "Do list types, or set mandatory: false"


def _values(at: Path_, tag: Tag, facts: Facts) -> Faults:
    if tag.values is None:
        return
    if not tag.values:
        yield (
            (*at, "values"),
            "must name a value; got an empty list, which forbids the tag. Do list values, or leave it out",
        )
    seen: dict[str, str] = {}
    for index, value in enumerate(tag.values):
        place = (*at, "values", index)
        for fault in value_faults(value, facts.limits, wildcard=True):
            yield place, fault
        first = seen.setdefault(value.lower(), value)
        if first == value and value in tag.values[:index]:
            yield place, f'must appear once; got "{value}" again. Do remove it'
        elif first != value:
            yield place, f'must differ from "{first}" in more than case; got "{value}". Do keep one spelling'


def _pattern(at: Path_, tag: Tag) -> Faults:
    if tag.pattern is None:
        return
    try:
        pattern = re.compile(tag.pattern)
    except re.error as error:
        yield (*at, "pattern"), f'must be a regular expression; got "{tag.pattern}": {error}. Do correct it'
        return
    for field, values in (("values", tag.values or ()), ("default", (tag.default,) if tag.default else ())):
        for index, value in enumerate(values):
            if "*" not in value and not pattern.fullmatch(value):
                place = (*at, field, index) if field == "values" else (*at, field)
                yield place, f'must match the pattern {tag.pattern}; got "{value}". Do correct one of them'


def _units(at: Path_, tag: Tag, facts: Facts) -> Faults:
    if tag.values_by_ou and tag.values is None:
        message = "must be left out, since the tag allows any value. Do list values, or remove values_by_ou"
        yield (*at, "values_by_ou"), message
        return
    for path, change in tag.values_by_ou.items():
        place: Path_ = (*at, "values_by_ou", path)
        for fault in ou_path_faults(path, facts.limits):
            yield place, fault
        if bool(change.append) == bool(change.remove):
            yield place, "must have exactly one of append and remove, with a value. Do keep one of them"
        for index, value in enumerate(change.append):
            for fault in value_faults(value, facts.limits, wildcard=True):
                yield (*place, "append", index), fault
            if value in (tag.values or ()):
                yield (*place, "append", index), f'must be new; "{value}" is allowed everywhere. Do remove it here'
        for index, value in enumerate(change.remove):
            if value not in (tag.values or ()):
                message = (
                    f'must be one of values; got "{value}".{nearest(value, tag.values or ()) or " Do remove it here"}'
                )
                yield (*place, "remove", index), message


def _default(at: Path_, tag: Tag, facts: Facts) -> Faults:
    if tag.default is None:
        return
    for fault in value_faults(tag.default, facts.limits, wildcard=False):
        yield (*at, "default"), fault
    if tag.values is not None and not allows(tag.values, tag.default):
        guess = nearest(tag.default, tag.values) or " Do choose one of them"
        yield (*at, "default"), f'must be one of values; got "{tag.default}".{guess}'


def _personal(at: Path_, tag: Tag) -> Faults:
    if tag.pii == "allowed":
        return
    for field, values in (("values", tag.values or ()), ("default", (tag.default,) if tag.default else ())):
        for index, value in enumerate(values):
            if looks_personal(value):
                place = (*at, field, index) if field == "values" else (*at, field)
                message = f'must not be personal data, since pii is forbidden; got "{value}". '
                yield place, message + "Do name a team or role, or set pii: allowed"


def _spellings(dictionary: Dictionary, facts: Facts) -> Faults:
    owner: dict[str, str] = {}
    for key, tag in dictionary.tags.items():
        for index, spelling in enumerate(tag.deprecated_spellings):
            place = ("tags", key, "deprecated_spellings", index)
            for fault in key_faults(spelling, facts.limits):
                yield place, fault
            if spelling in dictionary.tags:
                yield place, f'must be no key of this dictionary; got "{spelling}". Do remove it here or there'
            first = owner.setdefault(spelling, key)
            if first != key:
                yield place, f'must mean one key; "{spelling}" is listed for "{first}" too. Do keep one'


def _exemptions(dictionary: Dictionary) -> Faults:
    for index, exemption in enumerate(dictionary.exemptions):
        at: Path_ = ("exemptions", index)
        if not exemption.resource.startswith("arn:"):
            message = f'must be an ARN, * allowed; got "{exemption.resource}". Do write it as "arn:aws:s3:::logs-*"'
            yield (*at, "resource"), message
        for field in ("reason", "owner"):
            if not getattr(exemption, field).strip():
                yield (*at, field), f'must say the {field}; got "". Do fill it in'
        for place, key in enumerate(exemption.tags or ()):
            if key not in dictionary.tags:
                guess = nearest(key, dictionary.tags) or " Do name a key of this dictionary"
                yield (*at, "tags", place), f'must be a key of this dictionary; got "{key}".{guess}'


def allows(values: tuple[str, ...], value: str) -> bool:
    """Tell whether one of `values` allows `value`; `*` stands for any text, case counts.

    >>> allows(("dev", "Sales-*"), "Sales-5045"), allows(("dev",), "Dev")
    (True, False)
    """
    return any(re.fullmatch(".*".join(map(re.escape, allowed.split("*"))), value) for allowed in values)
