"""Check what a dictionary means: AWS limits and fields that contradict each other; its form has been checked before."""

from collections.abc import Iterator

from harness.dictionary.check_rules import checked_types, prohibited_keys
from harness.dictionary.model import Dictionary, Tag
from harness.dictionary.value_rules import value_rules
from harness.facts import Facts
from harness.spelling import nearest
from harness.tag_text import CLOUDFORMATION_TYPE, POLICY_TYPE, key_faults
from harness.yaml_source import Path_

Faults = Iterator[tuple[Path_, str]]


def dictionary_faults(dictionary: Dictionary, facts: Facts) -> Faults:
    """Yield every fault as its path and message."""
    yield from _prefix(dictionary)
    yield from _keys(dictionary, facts)
    yield from _counts(dictionary, facts)
    yield from _types(("defaults",), dictionary.defaults, dictionary.defaults.mandatory_for)
    yield from checked_types(("defaults",), dictionary.defaults, ("checked_for", "not_checked_for"))
    yield from prohibited_keys(dictionary)
    for key, tag in dictionary.tags.items():
        at: Path_ = ("tags", key)
        yield from _types(at, tag, tag.mandatory_for)
        yield from checked_types(at, tag, ("checked_for",))
        yield from _mandatory(at, tag, dictionary.mandatory_types(key))
        yield from value_rules(at, tag, facts)
    yield from _spellings(dictionary, facts)
    yield from _exemptions(dictionary)


def _prefix(dictionary: Dictionary) -> Faults:
    prefix = dictionary.prefix
    if prefix is not None and (not prefix.strip() or prefix.endswith(":")):
        yield (
            ("prefix",),
            f'must be the part of a key before the first colon; got "{prefix}". Do write it as "anycompany"',
        )


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
    for field in ("mandatory_for", "enforced_for", "report_required_tag_for"):
        names: tuple[str, ...] = getattr(holder, field) or ()
        for index, name in enumerate(names):
            if name in names[:index]:
                yield (*at, field, index), f'must appear once; got "{name}" again. Do remove it'
    for field in ("enforced_for", "report_required_tag_for"):
        for index, name in enumerate(getattr(holder, field) or ()):
            if not POLICY_TYPE.fullmatch(name):
                message = (
                    f'must be a tag-policy type; got "{name}". Do write it as "ec2:instance" or "ec2:ALL_SUPPORTED"'
                )
                yield (*at, field, index), message


def _mandatory(at: Path_, tag: Tag, types: tuple[str, ...]) -> Faults:
    for field in ("mandatory_for", "checked_for", "report_required_tag_for"):
        if not tag.mandatory and getattr(tag, field):
            yield (
                (*at, field),
                f"must be left out, since the tag is not mandatory. Do set mandatory: true, or remove {field}",
            )
    if tag.mandatory and not types:
        message = "must name a resource type, since the tag is mandatory; defaults.mandatory_for is empty too. "
        yield (*at, "mandatory_for"), message + "Do list types, or set mandatory: false"


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
            if spelling in tag.deprecated_spellings[:index]:
                yield place, f'must appear once; got "{spelling}" again. Do remove it'
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
        if exemption.tags == ():
            yield (*at, "tags"), "must name a key; got an empty list. Do name one, or leave tags out for all"
        for place, key in enumerate(exemption.tags or ()):
            if key not in dictionary.tags:
                guess = nearest(key, dictionary.tags) or " Do name a key of this dictionary"
                yield (*at, "tags", place), f'must be a key of this dictionary; got "{key}".{guess}'
