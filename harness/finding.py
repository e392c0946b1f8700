"""Hold findings: what was looked at, what held, what must hold, how to repair it, and the verdict."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["pass", "fail", "unknown"]
PENDING = "pending"  # a cost allocation tag that billing has not seen yet
WARNING, INFO = "warning", "info"  # a likely mistake, and a thing worth knowing; they fail only where that is asked for


@dataclass(frozen=True, slots=True)
class Finding:
    """State one checked fact.

    `plane` is the way of enforcement (tag policy, Config rule, ...), `where` the account, unit, region or resource,
    `subject` the tag key, rule or budget. `unknown` means that it could not be looked at; it is never `pass`.
    `note` is a word on a finding that passes and yet is worth telling: PENDING, WARNING or INFO.
    `follows_from` names the subject of the finding that causes this one; repairing that one repairs both.
    """

    plane: str
    where: str
    subject: str
    verdict: Verdict
    held: str
    must_hold: str
    repair: str = ""
    follows_from: str = ""
    note: str = ""


def worst(findings: Iterable[Finding]) -> Verdict:
    """Return `fail` if anything fails, else `unknown` if anything is unknown or nothing was checked, else `pass`."""
    verdicts = {finding.verdict for finding in findings}
    if "fail" in verdicts:
        return "fail"
    return "pass" if verdicts == {"pass"} else "unknown"
