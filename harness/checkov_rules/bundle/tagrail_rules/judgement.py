"""Judge tags by the facts that tagrail compiled from the dictionary: one function a rule."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from harness.checkov_rules.bundle.tagrail_rules.tags import Tags

Facts = Mapping[str, Any]
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
UNKNOWN = ""  # yielded by a rule where it cannot be known; any other text is a fault

RULES = {
    1: "Mandatory tags are there",
    2: "Tags have a value",
    3: "Tag values are allowed",
    4: "Tag keys have the dictionary's case",
    5: "Tag keys are no deprecated spelling",
    6: "Tag values match the pattern of their key",
    7: "Tag values are no personal data",
}


def judge(rule: int, tags: Tags, kind: str, keys: Mapping[str, Facts]) -> "tuple[bool | None, list[str]]":
    """Return True, False or None for unknown, and the faults; `kind` is the resource's type. Raises: KeyError."""
    found = list(dict.fromkeys(_FINDERS[rule](tags, kind, keys)))
    faults = [text for text in found if text != UNKNOWN]
    if faults:
        return False, faults
    return (None if found else True), []


def _missing(tags: Tags, kind: str, keys: Mapping[str, Facts]) -> Iterator[str]:
    for key, facts in keys.items():
        demanded = facts["mandatory"]
        if key in tags.values or not (demanded is True or kind in (demanded or ())):
            continue
        yield UNKNOWN if tags.is_open else f'tags: must have "{key}"; got none. Do add "{key}" = "{_example(facts)}"'


def _valued(tags: Tags, keys: Mapping[str, Facts], field: str) -> Iterator["tuple[str, str, Any]"]:
    """Yield key, value and what the dictionary says in `field`, of the values that are known and not empty."""
    for key, value in tags.values.items():
        if value and value.strip() and keys.get(key, {}).get(field):
            yield key, value, keys[key][field]


def _unknown_values(tags: Tags, keys: Mapping[str, Facts], field: str) -> Iterator[str]:
    """Yield UNKNOWN where a value that is not known may break a rule about `field`."""
    judged = [key for key, facts in keys.items() if not field or facts[field]]
    if judged and (tags.is_open or any(key in tags.values and tags.values[key] is None for key in judged)):
        yield UNKNOWN


def _empty(tags: Tags, kind: str, keys: Mapping[str, Facts]) -> Iterator[str]:  # noqa: ARG001 (every rule has them)
    yield from _unknown_values(tags, keys, "")
    for key, value in tags.values.items():
        if key in keys and value is not None and not value.strip():
            yield f'tags["{key}"]: must have a value; got "{value}". Do write one, such as "{_example(keys[key])}"'


def _not_allowed(tags: Tags, kind: str, keys: Mapping[str, Facts]) -> Iterator[str]:  # noqa: ARG001
    yield from _unknown_values(tags, keys, "values")
    for key, value, allowed in _valued(tags, keys, "values"):
        if any(allows(one, value) for one in allowed):
            continue
        if any(allows(one, value) for one in keys[key]["elsewhere"]):
            yield UNKNOWN  # allowed in some organizational units, and nobody knows in which this one is
        else:
            yield f'tags["{key}"]: must be one of {", ".join(allowed)}; got "{value}". Do choose one of them'


def _wrong_case(tags: Tags, kind: str, keys: Mapping[str, Facts]) -> Iterator[str]:  # noqa: ARG001
    right = {key.lower(): key for key in keys}
    deprecated = {spelling for facts in keys.values() for spelling in facts["deprecated"]}
    if tags.is_open:
        yield UNKNOWN
    for key in tags.values:
        if key not in keys and key not in deprecated and key.lower() in right:
            yield f'tags: must have "{right[key.lower()]}" in this case; got "{key}". Do rename it'


def _deprecated(tags: Tags, kind: str, keys: Mapping[str, Facts]) -> Iterator[str]:  # noqa: ARG001
    right = {spelling: key for key, facts in keys.items() for spelling in facts["deprecated"]}
    if tags.is_open and right:
        yield UNKNOWN
    for key in tags.values:
        if key in right:
            yield f'tags: must have "{right[key]}"; got "{key}", a deprecated spelling of it. Do rename it'


def _unmatched(tags: Tags, kind: str, keys: Mapping[str, Facts]) -> Iterator[str]:  # noqa: ARG001
    yield from _unknown_values(tags, keys, "pattern")
    for key, value, pattern in _valued(tags, keys, "pattern"):
        if not re.fullmatch(pattern, value):
            yield f'tags["{key}"]: must match {pattern}; got "{value}". Do correct it'


def _personal(tags: Tags, kind: str, keys: Mapping[str, Facts]) -> Iterator[str]:  # noqa: ARG001
    yield from _unknown_values(tags, keys, "forbids_pii")
    for key, value, _ in _valued(tags, keys, "forbids_pii"):
        if _EMAIL.fullmatch(value):
            yield f'tags["{key}"]: must not be personal data; got an e-mail address. Do name a team or role'


def allows(allowed: str, value: str) -> bool:
    """Tell whether an allowed value, in which * stands for any text, allows a value. Raises: nothing.

    >>> allows("Sales-*", "Sales-5045"), allows("dev", "Dev")
    (True, False)
    """
    return bool(re.fullmatch(".*".join(map(re.escape, allowed.split("*"))), value, re.DOTALL))


def _example(facts: Facts) -> str:
    values = [value for value in facts["values"] or () if "*" not in value]
    return facts["default"] or next(iter(values), "") or "..."


_FINDERS = {
    1: _missing,
    2: _empty,
    3: _not_allowed,
    4: _wrong_case,
    5: _deprecated,
    6: _unmatched,
    7: _personal,
}
