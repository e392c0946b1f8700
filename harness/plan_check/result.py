"""Hold what a check found, with its totals: what every form of report is made from."""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

import msgspec

from harness.finding import Verdict
from harness.plan_check.model import CheckFinding, Input, Language
from harness.plan_check.rules import RANKS, RULES, Level

UnknownMode = Literal["fail", "warn", "ignore"]


class InputCounts(msgspec.Struct, frozen=True):
    """Hold how many resources of an input were judged, and why the others were not."""

    name: str
    language: Language
    judged: int
    skipped: Mapping[str, int]
    unknown_types: tuple[str, ...] = ()


class Counts(NamedTuple):
    """Hold how many findings there are: new ones that fail, new ones that are unknown, and those of the baseline."""

    fail: int
    unknown: int
    old: int


def count_input(source: Input, judged: int) -> InputCounts:
    """Return the counts of an input whose resources have all been gone through. Raises: nothing."""
    skipped = dict(sorted(source.skipped.items()))
    return InputCounts(source.name, source.language, judged, skipped, tuple(sorted(source.unknown_types)))


class CheckResult(msgspec.Struct, frozen=True):
    """Hold the findings of a check and what they mean.

    `unknown_mode` says what findings do that are unknown: fail the check, be shown, or be counted only. `reasons` says
    of findings of the baseline, by fingerprint, why they are there.
    """

    title: str
    inputs: tuple[InputCounts, ...]
    findings: tuple[CheckFinding, ...]
    unknown_mode: UnknownMode = "fail"
    reasons: Mapping[str, str] = {}

    @property
    def judged(self) -> int:
        """Return the number of resources that were judged."""
        return sum(each.judged for each in self.inputs)

    @property
    def skipped(self) -> dict[str, int]:
        """Return the number of resources that were not judged, by reason."""
        total: dict[str, int] = {}
        for each in self.inputs:
            for reason, number in each.skipped.items():
                total[reason] = total.get(reason, 0) + number
        return dict(sorted(total.items()))

    @property
    def unknown_types(self) -> tuple[str, ...]:
        """Return the resource types of which nobody knows how they take tags."""
        return tuple(sorted({name for each in self.inputs for name in each.unknown_types}))

    def counts(self) -> Counts:
        """Return the numbers of findings. Raises: nothing."""
        return count_findings(self.findings)

    def verdict(self) -> Verdict:
        """Return `fail` if a new finding fails, `unknown` if something could not be proven, else `pass`.

        The mode makes no difference: what could not be looked at is never `pass`. Raises: nothing.
        """
        counts = self.counts()
        if counts.fail:
            return "fail"
        return "unknown" if counts.unknown or self.unknown_types else "pass"

    def failed(self) -> bool:
        """Return whether the check fails. Raises: nothing.

        It does by every new finding that fails. What is unknown, types that are not known included, fails it in the
        mode `fail` alone; what the baseline has never does.
        """
        verdict = self.verdict()
        return verdict == "fail" or (verdict == "unknown" and self.unknown_mode == "fail")

    def exit_code(self) -> int:
        """Return 1 if the check fails, else 0 (DESIGN section 9). Raises: nothing."""
        return int(self.failed())

    def shown(self) -> list[CheckFinding]:
        """Return the findings that people are shown, the most important first.

        New ones come before those of the baseline, those that fail before unknown ones, then by rule, input and
        address. Unknown ones are left out in the mode `ignore`. Raises: KeyError for a rule that RULES does not have.
        """
        ignores = self.unknown_mode == "ignore"
        return sorted((each for each in self.findings if not (ignores and is_unknown(each))), key=importance)

    def level(self, finding: CheckFinding) -> Level:
        """Return how much a finding weighs: `error` or `warning` when new, `note` when in the baseline or ignored.

        Raises: KeyError for a rule that RULES does not have.
        """
        if finding.is_old:
            return "note"
        if is_unknown(finding):
            return _LEVELS[self.unknown_mode]
        return RULES[finding.fault.rule].level


_LEVELS: Mapping[UnknownMode, Level] = {"fail": "error", "warn": "warning", "ignore": "note"}


def is_unknown(finding: CheckFinding) -> bool:
    """Return whether a finding says that something cannot be proven. Raises: nothing."""
    return finding.fault.verdict == "unknown"


def count_findings(findings: Iterable[CheckFinding]) -> Counts:
    """Return the numbers of some findings. Raises: nothing."""
    fail = unknown = old = 0
    for each in findings:
        if each.is_old:
            old += 1
        elif is_unknown(each):
            unknown += 1
        else:
            fail += 1
    return Counts(fail, unknown, old)


def importance(finding: CheckFinding) -> tuple[bool, bool, int, str, str, str, str]:
    """Return what findings are sorted by, the most important first.

    Raises: KeyError for a rule that RULES does not have.
    """
    fault = finding.fault
    rank = RANKS[fault.rule]
    return finding.is_old, is_unknown(finding), rank, finding.input, finding.address, fault.path, fault.key
