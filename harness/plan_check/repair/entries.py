"""Work out which tags have to be written so that all faults of a set are gone at once."""

from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from harness.plan_check.model import UNKNOWN, Fault, TagSet

ABSENT_RULES: Final = frozenset({"missing-key", "unknown-key"})
KEY_RULES: Final = frozenset({"key-case", "deprecated-key", "duplicate-key"})
_DICTIONARY_VALUES: Final = frozenset({"wrong-value", "empty-value", "unknown-value"})
_GONE_RULES: Final = frozenset({"prohibited-key", "reserved-key"})
_NAMED_RULES: Final = {
    "key-length": "<a key that is not too long>",
    "key-characters": "<a key of the characters that AWS takes>",
}
_OTHER_VALUES: Final = {
    "personal-data": "<a team's name or an id>",
    "value-length": "<a shorter value>",
    "value-characters": "<a value of the characters that AWS takes>",
    "malformed-tags": "<value>",
}
_MOST_CHOICES: Final = 6  # values that are listed to choose from


class Entry(NamedTuple):
    """Hold a tag to write, and the keys that it takes the place of; `key` is "" where these go without another.

    Values and keys that only the author knows are written as `<...>`, which neither the check nor AWS takes.
    """

    key: str
    value: str
    instead: tuple[str, ...] = ()


def entries_of(tags: TagSet, faults: Iterable[Fault], there: Collection[str]) -> tuple[Entry, ...]:
    """Return what has to be written for all of a set's faults, a key once.

    `there` are the keys that stand where it will be written. Raises: nothing.
    """
    faults = tuple(faults)
    held: dict[str, list[str]] = {}  # dictionary's key -> how it is spelled in the set
    for fault in faults:
        if fault.rule in KEY_RULES and fault.held:
            held.setdefault(fault.key, []).append(fault.held)
    found: dict[str, Entry] = {}
    for fault in faults:
        key, value = fault.key, _value(fault)
        if fault.rule in ABSENT_RULES:
            found[key] = Entry(key, choice(fault))
        elif value is not None:
            spelled = held.get(key, [])
            found[key] = Entry(key, value, (key, *spelled) if key in there or not spelled else tuple(spelled))
        elif fault.rule in _GONE_RULES or fault.rule == "duplicate-key":
            found.setdefault(fault.held or key, Entry("", "", (fault.held or key,)))
        elif fault.rule in _NAMED_RULES:
            found.setdefault(key, Entry(_NAMED_RULES[fault.rule], _kept(tags, key), (key,)))
        elif fault.rule in KEY_RULES and key in there:
            found.setdefault(fault.held, Entry("", "", (fault.held,)))
        elif fault.rule in KEY_RULES and key not in found:
            value = _kept(tags, fault.held)
            found[key] = Entry(key, value if value.strip() else f"<{_last(key)}>", tuple(held[key]))
    return tuple(found.values())


def _value(fault: Fault) -> str | None:
    """Return the value that repairs a fault of a value; None for a fault of another kind."""
    if fault.rule == "value-case":
        return fault.wanted[0]
    if fault.rule == "value-pattern":
        return f"<text that matches {fault.wanted[0]}>"
    return choice(fault) if fault.rule in _DICTIONARY_VALUES else _OTHER_VALUES.get(fault.rule)


def choice(fault: Fault) -> str:
    """Return a value that is right in any case, or what the author has to choose from. Raises: nothing."""
    wanted = fault.wanted
    if len(wanted) == 1 and "*" not in wanted[0]:
        return wanted[0]
    if wanted and len(wanted) <= _MOST_CHOICES:
        return f"<{' | '.join(wanted)}>"
    return f"<{_last(fault.key)}>"


def _last(key: str) -> str:
    return key.rpartition(":")[2] or "value"


def _kept(tags: TagSet, key: str) -> str:
    """Return the value that a tag keeps under another key, as far as it may be shown."""
    value = tags.tags.get(key)
    if tags.hides(key):
        return "<the sensitive value>"
    return value if isinstance(value, str) else "<the same expression>" if value is UNKNOWN else "<value>"
