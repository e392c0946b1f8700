"""Let resources off the keys of which the dictionary's exemptions free them, as far as their ARN is known."""

import datetime
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Final

from harness.plan_check.arn_forms import UNKNOWN_FORM, arn_form
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

_COLONS: Final = 5  # before the last part of an ARN


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
        arn = resource.arn or arn_form(resource.type, resource.facts)
        sure = [one for one in self._valid if _matches(arn, one.resource)]
        maybe = [one for one in self._valid if one not in sure and may_match(arn, one.resource)]
        if not sure and not maybe:
            return faults
        kept = (fault for fault in faults if not (fault.rule in OF_KEYS and _frees(sure, fault.key)))
        return [_doubted(fault, maybe, arn) for fault in kept]


def _matches(known: str, pattern: str) -> bool:
    """Tell whether an exemption's pattern surely matches an ARN.

    A partition that is not known is the pattern's: an organization lies in one, and the dictionary is that of one.
    docs.aws.amazon.com/organizations/latest/userguide/orgs_getting-started_concepts.html
    """
    partition = pattern.split(":", 2)[1]
    forms = (known, known.replace("*", partition, 1)) if known.startswith("arn:*:") else (known,)
    return any(all(fnmatchcase(text, pattern) for text in _examples(form)) for form in forms)


def _examples(form: str) -> tuple[str, ...]:
    """Return texts of a form such that a pattern that matches them all matches whatever the form may be."""
    one = form.replace("?", "\0")
    return (form,) if form == one and "*" not in form else (one.replace("*", ""), one.replace("*", "\0" * 99))


def _frees(exemptions: Iterable[ExemptionRule], key: str) -> bool:
    return any(not one.tags or key in one.tags for one in exemptions)


def _doubted(fault: Fault, maybe: list[ExemptionRule], arn: str) -> Fault:
    if fault.rule not in OF_KEYS or fault.verdict == "unknown":
        return fault
    one = next((one for one in maybe if _frees([one], fault.key)), None)
    if one is None:
        return fault
    why = "how ARNs of its type look is not known" if arn == UNKNOWN_FORM else "its ARN is known after apply"
    said = f"the exemption of {one.resource} may free it; {why}"
    because = f"{fault.because}; {said}" if fault.because else said
    return Fault(fault.rule, "unknown", fault.path, fault.key, fault.held, fault.wanted, because, fault.denied)


def may_match(known: str, pattern: str) -> bool:
    """Tell whether an ARN of which `*` stands for what is not known may match an exemption's pattern.

    What is not known holds a colon in the last of an ARN's six parts only; a `*` of the pattern may be any text. `?`
    is one character that is not known. Raises: nothing.

    >>> may_match("arn:*:s3:::*", "arn:aws:s3:::logs-*"), may_match("arn:*:s3:?*:?*:accesspoint/*", "arn:aws:s3:::*")
    (True, False)
    """
    reached, colons = _past(pattern, {0}), 0
    for sign in known:
        is_last = colons >= _COLONS
        if sign == "*":
            reached = _further(pattern, reached, is_last=is_last)
        else:
            reached = _past(pattern, {after for at in reached for after in _steps(sign, pattern, at, is_last=is_last)})
        colons += sign == ":"
    return len(pattern) in reached


def _past(pattern: str, reached: set[int]) -> set[int]:
    """Return the places with those that follow a `*` of the pattern, which may be no text."""
    found = set(reached)
    for at in reached:
        after = at
        while pattern[after : after + 1] == "*":
            after += 1
            found.add(after)
    return found


def _steps(sign: str, pattern: str, at: int, *, is_last: bool) -> Iterator[int]:
    """Yield where in the pattern a character of the ARN may lead."""
    there = pattern[at : at + 1]
    if there == "*":
        yield at
    elif there and (there in (sign, "?") or (sign == "?" and (is_last or there != ":"))):
        yield at + 1


def _further(pattern: str, reached: set[int], *, is_last: bool) -> set[int]:
    """Return where in the pattern any number of unknown characters may lead."""
    found = set(reached)
    waiting = list(reached)
    while waiting:
        at = waiting.pop()
        new = _past(pattern, set(_steps("?", pattern, at, is_last=is_last))) - found
        found |= new
        waiting += new
    return found
