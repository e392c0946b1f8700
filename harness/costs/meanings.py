"""Tell what tag keys and values of a bill mean in the dictionary, with the very judgement of `tagrail check`."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from harness.costs.layout import mangled
from harness.plan_check.keys import Keys
from harness.plan_check.requirements import Requirements
from harness.plan_check.values import value_faults

_PREFIX = re.compile(r"(?:resource_?tags[/_])?user[:_]|resource_?tags/", re.IGNORECASE)
_SPACING = re.compile(r"[\s_.\-]+")
_FAULTS = {
    "empty-value": "is empty",
    "value-case": "in other capitals",
    "wrong-value": "not allowed",
    "value-pattern": "not of the pattern",
    "value-length": "too long",
    "value-characters": "has forbidden characters",
    "personal-data": "is personal data",
}


class KeyMeaning(NamedTuple):
    """Say which key of the dictionary a key of the bill is, and what is wrong with its spelling, "" for nothing."""

    key: str
    fault: str


class ValueMeaning(NamedTuple):
    """Say what a value is: `joined` is how its spellings are shown together, `fault` what is wrong, "" for nothing."""

    joined: str
    fault: str


def key_meanings(held: Iterable[str], requirements: Requirements) -> dict[str, KeyMeaning]:
    """Return what keys of a bill mean, of those that mean a key of the dictionary at all.

    Bills in Athena's form have no capitals and punctuation left; such a key is taken for the key that it may be.
    Raises: nothing.
    """
    keys = Keys(requirements)
    plain = {mangled(rule.key): rule.key for rule in requirements.keys}
    old = {mangled(other): rule.key for rule in requirements.keys for other in rule.deprecated}
    found: dict[str, KeyMeaning] = {}
    for name in held:
        key = _PREFIX.sub("", name, count=1) if _PREFIX.match(name) else name
        meaning = keys.meaning(key)
        if meaning.key:
            found[name] = KeyMeaning(meaning.key, f"key written {key}" if meaning.rule else "")
        elif key == mangled(key) and key in plain:
            found[name] = KeyMeaning(plain[key], "")
        elif key == mangled(key) and key in old:
            found[name] = KeyMeaning(old[key], f"key written {key}")
    return found


def value_meanings(
    held: Mapping[str, Mapping[str, int]], requirements: Requirements
) -> dict[tuple[str, str], ValueMeaning]:
    """Return what values mean, by key of the dictionary and value; `held` counts how often each value stands.

    Values that differ in capitals, spaces, hyphens and underscores alone are shown as the one that the dictionary
    allows, or else as the one that stands most often. Raises: nothing.
    """
    keys = Keys(requirements)
    found: dict[tuple[str, str], ValueMeaning] = {}
    for key, counts in held.items():
        allowed = {_spelling(value): value for value in keys.rules[key].values or () if "*" not in value}
        alike: dict[str, list[str]] = defaultdict(list)
        for value in counts:
            alike[_spelling(value)].append(value)
        for spelling, values in alike.items():
            shown = allowed.get(spelling) or max(values, key=lambda value: (counts[value], value))
            for value in values:
                found[key, value] = ValueMeaning(shown, _fault(keys, key, value))
    return found


def _spelling(value: str) -> str:
    return _SPACING.sub("-", value.casefold().strip())


def _fault(keys: Keys, key: str, value: str) -> str:
    fault = next((one for one in value_faults(keys, key, value, "", "") if one.verdict == "fail"), None)
    if fault is None:
        return ""
    return f"{value!r} {_FAULTS.get(fault.rule, fault.rule)}" if value.strip() else "is empty"
