"""Let resources off the keys of which the dictionary's exemptions free them, as far as their ARN is known."""

import datetime
from collections.abc import Iterable
from fnmatch import fnmatchcase

from harness.plan_check.model import Fault, Resource
from harness.plan_check.requirements import ExemptionRule, Requirements

# The rules that an exemption can free of.
OF_KEYS = frozenset(
    {
        "missing-key",
        "unknown-key",
        "wrong-value",
        "unknown-value",
        "value-case",
        "empty-value",
        "value-pattern",
        "not-propagated",  # these two mostly have no key: an exemption of all keys frees of them
        "unknown-propagation",
    }
)


class Exemptions:
    """Hold the exemptions that a check goes by; those that have expired free nothing and are told once."""

    __slots__ = ("_expired", "_valid")

    def __init__(self, requirements: Requirements, today: datetime.date | None = None) -> None:
        """Part valid exemptions from expired ones; `today` is the day in UTC unless it is given."""
        day = today or datetime.datetime.now(tz=datetime.UTC).date()
        self._valid = tuple(one for one in requirements.exemptions if one.expires >= day)
        self._expired = tuple(one for one in requirements.exemptions if one.expires < day)

    def expired(self) -> tuple[Fault, ...]:
        """Return a fault for each exemption that has expired. Raises: nothing."""
        return tuple(
            Fault(
                "expired-exemption",
                "fail",
                "exemptions",
                ", ".join(one.tags),
                one.resource,
                (one.owner,),
                str(one.expires),
            )
            for one in self._expired
        )

    def spare(self, resource: Resource, faults: list[Fault]) -> list[Fault]:
        """Return the faults of which no exemption frees the resource.

        A fault is unknown where an exemption would hold, if the part of the ARN that is not known yet were so.
        Raises: nothing.
        """
        if not self._valid:
            return faults
        arn = resource.arn or f"arn:*:{resource.facts.service or '*'}:*:*:*"
        sure = [one for one in self._valid if fnmatchcase(arn, one.resource)]
        maybe = [one for one in self._valid if one not in sure and _may_match(arn, one.resource)]
        if not sure and not maybe:
            return faults
        kept = (fault for fault in faults if not (fault.rule in OF_KEYS and _frees(sure, fault.key)))
        return [_doubted(fault, maybe) for fault in kept]


def _frees(exemptions: Iterable[ExemptionRule], key: str) -> bool:
    return any(not one.tags or key in one.tags for one in exemptions)


def _doubted(fault: Fault, maybe: list[ExemptionRule]) -> Fault:
    if fault.rule not in OF_KEYS or not _frees(maybe, fault.key) or fault.verdict == "unknown":
        return fault
    because = f"the exemption of {maybe[0].resource} may free it; its ARN is known after apply"
    return Fault(fault.rule, "unknown", fault.path, fault.key, fault.held, fault.wanted, because, fault.denied)


def _may_match(known: str, pattern: str) -> bool:
    """Tell whether some text in place of the `*` in a half-known ARN matches an exemption's pattern.

    >>> _may_match("arn:*:s3:::*", "arn:aws:s3:::logs-*"), _may_match("arn:*:s3:::data", "arn:aws:s3:::logs-*")
    (True, False)
    """
    ours, theirs = known.split(":", 5), pattern.split(":", 5)
    if len(ours) != len(theirs):
        return "*" in known and _overlap(known, pattern)
    return "*" in known and all(_overlap(one, other) for one, other in zip(ours, theirs, strict=True))


def _overlap(one: str, other: str) -> bool:
    """Tell whether two texts with `*` have a text in common."""
    if "*" in (one, other) or "*" not in one + other:
        return "*" in (one, other) or one == other
    reached = {0}
    for sign in (*one, ""):
        after: set[int] = set()
        for at in sorted(reached):
            after |= _steps(sign, other, at)
        if sign == "":
            return any(other[at:].strip("*") == "" for at in reached)
        reached = after
    return False


def _steps(sign: str, other: str, at: int) -> set[int]:
    """Return where in the other text one may be after a sign of the first."""
    found: set[int] = set()
    while at < len(other) and other[at] == "*":
        found.add(at)
        at += 1
    if sign == "*":
        return found | set(range(at, len(other) + 1))
    if at < len(other) and other[at] == sign:
        found.add(at + 1)
    return found
