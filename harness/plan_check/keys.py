"""Tell what a key of a tag means: a key of the dictionary, another spelling of one, a forbidden one, a team's own."""

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase

import msgspec

from harness.plan_check.model import fits
from harness.plan_check.nearest import nearest_first
from harness.plan_check.requirements import Requirements
from harness.tag_text import bad_characters

_PLAIN = re.compile(r"[A-Za-z0-9_.:/=+@ -]*")


class Meaning(msgspec.Struct, frozen=True):
    """Hold what a key means: `key` is the dictionary's, "" for none, `rule` what is wrong with it, "" for nothing.

    `held` is what is shown of it, `wanted` what it should be, `because` the reason why it is forbidden.
    """

    key: str = ""
    rule: str = ""
    held: str = ""
    wanted: tuple[str, ...] = ()
    because: str = ""


class Keys:
    """Hold the dictionary's keys by every spelling; what a key means is worked out once."""

    __slots__ = (
        "_deprecated",
        "_deprecated_lower",
        "_lower",
        "_meanings",
        "_most",
        "_near",
        "_prohibited",
        "examples",
        "patterns",
        "rules",
        "value_characters",
        "values",
    )

    def __init__(self, requirements: Requirements) -> None:
        """Index the keys and compile their patterns."""
        keys = requirements.keys
        self.rules = {rule.key: rule for rule in keys}
        self.values = {rule.key: frozenset(rule.values) for rule in keys if rule.values is not None}
        self.patterns = {rule.key: re.compile(rule.pattern) for rule in keys if rule.pattern}
        self.examples = {rule.key: _examples(rule.values, rule.default) for rule in keys}
        self._lower = {rule.key.lower(): rule.key for rule in keys}
        self._deprecated = {old: rule.key for rule in keys for old in rule.deprecated}
        self._deprecated_lower = _by_case(self._deprecated)
        self._prohibited = tuple((pattern.lower(), why) for pattern, why in requirements.prohibited.items())
        self.value_characters = requirements.value_characters
        self._most = requirements.key_characters
        self._meanings: dict[str, Meaning] = {key: Meaning(key) for key in self.rules}
        self._near: dict[str, tuple[str, ...]] = {}

    def meaning(self, key: str) -> Meaning:
        """Return what a key means. Raises: nothing."""
        found = self._meanings.get(key)
        if found is None:
            found = self._meanings[key] = self._worked_out(key)
        return found

    def may_mean(self, form: str, key: str) -> bool:
        """Tell whether a key, of which * stands for what is not known, may mean a key of the dictionary.

        Raises: nothing.
        """
        if "*" not in form:
            return self.meaning(form).key == key
        spellings = (key, *self.rules[key].deprecated)
        return any(fits(form.lower(), spelling.lower()) for spelling in spellings)

    def near(self, key: str) -> tuple[str, ...]:
        """Return the dictionary's keys that a key may be a slip of, the likeliest first. Raises: nothing."""
        found = self._near.get(key)
        if found is None:
            found = self._near[key] = nearest_first(key, self.rules)
        return found

    def _worked_out(self, key: str) -> Meaning:
        if meant := self._lower.get(key.lower()):
            return Meaning(meant, "key-case", key, (meant,))
        if meant := self._deprecated.get(key) or self._deprecated_lower.get(key.lower()):
            return Meaning(meant, "deprecated-key", key, (meant,))
        return self._foreign(key)

    def _foreign(self, key: str) -> Meaning:
        """Judge a key that the dictionary does not have."""
        low = key.lower()
        if low.startswith("aws:"):
            return Meaning("", "reserved-key", key)
        for pattern, why in self._prohibited:
            if fnmatchcase(low, pattern):
                return Meaning("", "prohibited-key", key, (), why)
        if not 0 < len(key) <= self._most:
            return Meaning("", "key-length", str(len(key)), (str(self._most),))
        if not _PLAIN.fullmatch(key) and (bad := bad_characters(key)):
            return Meaning("", "key-characters", bad)
        return Meaning()


def _by_case(deprecated: Mapping[str, str]) -> dict[str, str]:
    """Return what deprecated spellings in lower case mean, where that is one key."""
    meant: dict[str, set[str]] = {}
    for old, key in deprecated.items():
        meant.setdefault(old.lower(), set()).add(key)
    return {low: next(iter(keys)) for low, keys in meant.items() if len(keys) == 1}


def _examples(values: tuple[str, ...] | None, default: str | None) -> tuple[str, ...]:
    """Return what may be written, the default first."""
    first = (default,) if default is not None else ()
    return (*first, *(value for value in values or () if value != default))
