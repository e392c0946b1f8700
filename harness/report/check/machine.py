"""Render a check for programs, as JSON of a stable form: members are added, never renamed or removed in a version."""

import json
from typing import Any

import msgspec

from harness.finding import Verdict
from harness.plan_check.model import CheckFinding, Language
from harness.plan_check.result import CheckResult, InputCounts, UnknownMode, importance
from harness.plan_check.rules import RULES, Level

VERSION = 1


class Counts(msgspec.Struct, frozen=True):
    """Hold the numbers of resources that were judged or not, and of findings.

    `skipped` counts by reason the resources that were not judged. `fail` and `unknown` are new findings; `old` those of
    the baseline.
    """

    judged: int
    skipped: dict[str, int]
    unknown_types: tuple[str, ...]
    fail: int
    unknown: int
    old: int


class ReportedFinding(msgspec.Struct, frozen=True):
    """Hold one finding.

    `fingerprint` stays the same from run to run. `level` is error, warning or note; `path` where in the resource,
    `where` address and path. `what` and `must_hold` say in sentences what is there and what may be there; the fault's
    raw values are not part of the report, since they may be secrets. `repair` can be pasted at `repair_at`. `denied`
    names what would reject the call.
    `file` is "" and `line` 0 where they are not known. `is_old`: the baseline has it, for `reason`.
    """

    fingerprint: str
    rule: str
    title: str
    verdict: str
    level: Level
    input: str
    language: Language
    address: str
    type: str
    path: str
    key: str
    where: str
    what: str
    must_hold: str
    denied: str
    repair: str
    repair_at: str
    file: str
    line: int
    is_old: bool
    reason: str


class Report(msgspec.Struct, frozen=True):
    """Hold the whole report of `tagrail check --format json`.

    `failed` says whether the check exits with 1. `findings` has all, the most important first.
    """

    version: int
    title: str
    verdict: Verdict
    failed: bool
    unknown_mode: UnknownMode
    counts: Counts
    inputs: tuple[InputCounts, ...]
    findings: list[ReportedFinding]


def render_json(result: CheckResult) -> str:
    """Return the whole report as indented JSON. Raises: KeyError for a rule that RULES does not have."""
    counts = result.counts()
    report = Report(
        version=VERSION,
        title=result.title,
        verdict=result.verdict(),
        failed=result.failed(),
        unknown_mode=result.unknown_mode,
        counts=Counts(result.judged, result.skipped, result.unknown_types, counts.fail, counts.unknown, counts.old),
        inputs=result.inputs,
        findings=[_finding(result, each) for each in sorted(result.findings, key=importance)],
    )
    return encode(report) + "\n"


def json_schema() -> dict[str, Any]:
    """Return the JSON schema of the report. Raises: nothing."""
    return msgspec.json.schema(Report)


def encode(document: object) -> str:
    """Return a document as indented JSON; halves of surrogate pairs, which UTF-8 cannot hold, stay escaped.

    Raises: nothing.
    """
    try:
        return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()
    except UnicodeEncodeError:
        return json.dumps(msgspec.to_builtins(document), indent=2)


def _finding(result: CheckResult, finding: CheckFinding) -> ReportedFinding:
    fault = finding.fault
    return ReportedFinding(
        fingerprint=finding.fingerprint,
        rule=fault.rule,
        title=RULES[fault.rule].title,
        verdict=fault.verdict,
        level=result.level(finding),
        input=finding.input,
        language=finding.language,
        address=finding.address,
        type=finding.type,
        path=fault.path,
        key=fault.key,
        where=finding.where,
        what=finding.what,
        must_hold=finding.must_hold,
        denied=fault.denied,
        repair=finding.repair,
        repair_at=finding.repair_at,
        file=finding.file,
        line=finding.line,
        is_old=finding.is_old,
        reason=result.reasons.get(finding.fingerprint, "") if finding.is_old else "",
    )
