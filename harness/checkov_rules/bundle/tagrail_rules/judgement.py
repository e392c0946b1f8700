"""Judge tags by the facts that tagrail compiled from the dictionary: one function a rule."""

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from harness.checkov_rules.bundle.tagrail_rules.tags import Tags
from harness.personal_data import personal_data

UNKNOWN = ""  # yielded by a rule where it cannot be known; any other text is a fault

RULES = {
    1: "Mandatory tags are there",
    2: "Tags have a value",
    3: "Tag values are allowed",
    4: "Tag keys have the dictionary's case",
    5: "Tag keys are no deprecated spelling",
    6: "Tag values match the pattern of their key",
    7: "Tag values are no personal data",
    8: "Tag keys are not prohibited",
}


class Facts:
    """Hold the facts, with the dictionary's keys by every spelling."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        """Take the decoded facts. Raises: KeyError for facts of another shape."""
        self.types: Mapping[str, str] = content["types"]
        self.keys: Mapping[str, Mapping[str, Any]] = content["keys"]
        self.prohibited = {pattern.lower(): why for pattern, why in content["prohibited"].items()}
        self.by_case = {key.lower(): key for key in self.keys}
        self.deprecated = {old: key for key, facts in self.keys.items() for old in facts["deprecated"]}
        self.deprecated_by_case = _by_case(self.deprecated)

    def meant(self, key: str) -> str:
        """Return the dictionary's key that a key means, however it is spelled; "" for none. Raises: nothing."""
        return self.by_case.get(key.lower()) or self.old(key)

    def old(self, key: str) -> str:
        """Return the dictionary's key of which a key is a deprecated spelling, in any case; "". Raises: nothing."""
        return self.deprecated.get(key) or self.deprecated_by_case.get(key.lower(), "")


def _by_case(deprecated: Mapping[str, str]) -> "dict[str, str]":
    """Return what deprecated spellings in lower case mean, where that is one key."""
    meant: dict[str, set[str]] = {}
    for old, key in deprecated.items():
        meant.setdefault(old.lower(), set()).add(key)
    return {low: next(iter(keys)) for low, keys in meant.items() if len(keys) == 1}


def judge(rule: int, tags: Tags, kind: str, facts: Facts) -> "tuple[bool | None, list[str]]":
    """Return True, False or None for unknown, and the faults; `kind` is the resource's type. Raises: KeyError."""
    found = list(dict.fromkeys(_missing(tags, kind, facts) if rule == 1 else _FINDERS[rule](tags, facts)))
    faults = [text for text in found if text != UNKNOWN]
    if faults:
        return False, faults
    return (None if found else True), []


def _missing(tags: Tags, kind: str, facts: Facts) -> Iterator[str]:
    """Yield the keys that are absent in every spelling; another spelling is a fault of rule 4 or 5."""
    held = {facts.meant(key) for key in tags.values}
    for key, about in facts.keys.items():
        if key in held or not (about["mandatory"] is True or kind in about["mandatory"]):
            continue
        yield UNKNOWN if tags.is_open else f'tags: must have "{key}"; got none. Do add "{key}" = "{_example(about)}"'


def _judged(tags: Tags, facts: Facts, field: str) -> "Iterator[tuple[str, str, Any, Mapping[str, Any]]]":
    """Yield key, value, what the dictionary says in `field` and in all, of known values that are not empty."""
    for key, value in tags.values.items():
        about = facts.keys.get(facts.meant(key), {})
        if value and value.strip() and about.get(field):
            yield key, value, about[field], about


def _unknown_values(tags: Tags, facts: Facts, field: str) -> Iterator[str]:
    """Yield UNKNOWN where a value that is not known may break a rule about `field`."""
    judged = {key for key, about in facts.keys.items() if not field or about[field]}
    if judged and (tags.is_open or any(tags.values[key] is None for key in tags.values if facts.meant(key) in judged)):
        yield UNKNOWN


def _empty(tags: Tags, facts: Facts) -> Iterator[str]:
    yield from _unknown_values(tags, facts, "")
    for key, value in tags.values.items():
        meant = facts.meant(key)
        if meant and value is not None and not value.strip():
            example = _example(facts.keys[meant])
            yield f'tags["{key}"]: must have a value; got "{value}". Do write one, such as "{example}"'


def _not_allowed(tags: Tags, facts: Facts) -> Iterator[str]:
    yield from _unknown_values(tags, facts, "values")
    for key, value, allowed, about in _judged(tags, facts, "values"):
        if any(allows(one, value) for one in allowed):
            continue
        if any(allows(one, value) for one in about["elsewhere"]):
            yield UNKNOWN  # allowed in some organizational units, and nobody knows in which this one is
        else:
            yield f'tags["{key}"]: must be one of {", ".join(allowed)}; got "{value}". Do choose one of them'


def _wrong_case(tags: Tags, facts: Facts) -> Iterator[str]:
    if tags.is_open:
        yield UNKNOWN
    for key in tags.values:
        right = facts.by_case.get(key.lower(), key)
        if key != right:
            yield f'tags: must have "{right}" in this case; got "{key}". Do rename it'


def _deprecated(tags: Tags, facts: Facts) -> Iterator[str]:
    if tags.is_open and facts.deprecated:
        yield UNKNOWN
    for key in tags.values:
        right = facts.old(key)
        if right and key.lower() not in facts.by_case:
            yield f'tags: must have "{right}"; got "{key}", a deprecated spelling of it. Do rename it'


def _unmatched(tags: Tags, facts: Facts) -> Iterator[str]:
    yield from _unknown_values(tags, facts, "pattern")
    for key, value, pattern, _ in _judged(tags, facts, "pattern"):
        if not re.fullmatch(pattern, value):
            yield f'tags["{key}"]: must match {pattern}; got "{value}". Do correct it'


def _personal(tags: Tags, facts: Facts) -> Iterator[str]:
    """Yield the keys, those of nobody's dictionary too, that hold personal data; the value itself is not shown."""
    if tags.is_open:
        yield UNKNOWN
    for key, value in tags.values.items():
        if facts.keys.get(facts.meant(key), {}).get("personal"):
            continue
        if value is None:
            yield UNKNOWN
        elif found := personal_data(value):
            yield f'tags["{key}"]: must not be personal data; got the form of: {found}. Do name a team or role'


def _prohibited(tags: Tags, facts: Facts) -> Iterator[str]:
    if tags.is_open and facts.prohibited:
        yield UNKNOWN
    for key in tags.values:
        why = next((why for one, why in facts.prohibited.items() if fnmatchcase(key.lower(), one)), None)
        if why is not None and not facts.meant(key):
            yield f'tags: must not have "{key}": {why}. Do remove it'


def allows(allowed: str, value: str) -> bool:
    """Tell whether an allowed value, in which * stands for any text, allows a value. Raises: nothing.

    >>> allows("Sales-*", "Sales-5045"), allows("dev", "Dev")
    (True, False)
    """
    return bool(re.fullmatch(".*".join(map(re.escape, allowed.split("*"))), value, re.DOTALL))


def _example(about: Mapping[str, Any]) -> str:
    values = [value for value in about["values"] or () if "*" not in value]
    return about["default"] or next(iter(values), "") or "..."


_FINDERS = {
    2: _empty,
    3: _not_allowed,
    4: _wrong_case,
    5: _deprecated,
    6: _unmatched,
    7: _personal,
    8: _prohibited,
}
