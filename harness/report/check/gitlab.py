"""Render a check as GitLab's code quality report, whose findings GitLab shows in the merge request and its diff.

GitLab tells findings apart by their fingerprints and compares them with the target branch's.

Page: docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from collections import Counter
from typing import Any

from harness.plan_check.model import CheckFinding
from harness.plan_check.result import CheckResult
from harness.plan_check.rules import RULES, Level
from harness.report.check.machine import encode
from harness.report.check.plain import one_line, path_of

_SEVERITIES: dict[Level, str] = {"error": "major", "warning": "minor", "note": "info"}


def render_gitlab(result: CheckResult) -> str:
    """Return the findings as JSON, the most important first; the same finding of a second input has a suffix.

    Raises: KeyError for a rule that RULES does not have.
    """
    seen: Counter[str] = Counter()
    entries: list[dict[str, Any]] = []
    for finding in result.shown():
        seen[finding.fingerprint] += 1
        number = seen[finding.fingerprint]
        suffix = f".{number}" if number > 1 else ""
        entries.append(_entry(result, finding, finding.fingerprint + suffix))
    return encode(entries) + "\n"


def _entry(result: CheckResult, finding: CheckFinding, fingerprint: str) -> dict[str, Any]:
    said = f"{one_line(finding.where)}: {one_line(finding.what)} Must hold: {one_line(finding.must_hold)}"
    severity = _SEVERITIES[result.level(finding)]
    if not finding.is_old and RULES[finding.fault.rule].weakens:
        severity = "critical"
    return {
        "description": said,
        "check_name": finding.fault.rule,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": path_of(finding), "lines": {"begin": max(finding.line, 1)}},
    }
