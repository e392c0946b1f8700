"""Render a check as annotations of GitHub Actions: workflow commands that the runner turns into notes at lines.

GitHub shows ten errors, ten warnings and ten notices of a step and drops the rest in silence, so the most important
are annotated, and a notice counts the others.

Pages: docs.github.com/actions/reference/workflows-and-actions/workflow-commands,
github.com/actions/toolkit/blob/main/docs/problem-matchers.md (limits)
"""

from harness.plan_check.model import CheckFinding
from harness.plan_check.result import CheckResult, count_findings
from harness.report.check.plain import one_line, path_of, say_counts, say_more, say_totals, visible

_MOST = 10


def render_github(result: CheckResult) -> str:
    """Return workflow commands, one a line: at most ten errors, ten warnings and the summary.

    What the baseline has is counted in the summary only. Raises: KeyError for a rule that RULES does not have.
    """
    new = [each for each in result.shown() if not each.is_old]
    lines: list[str] = []
    hidden: list[CheckFinding] = []
    room = {"error": _MOST, "warning": _MOST, "note": 0}
    for finding in new:
        level = result.level(finding)
        if room[level]:
            room[level] -= 1
            lines.append(_annotation(level, finding))
        else:
            hidden.append(finding)
    said = f"{result.verdict()}: {say_counts(result.counts())}. {say_totals(result)}"
    if hidden:
        said += f"\n{say_more(count_findings(hidden))}"
    kind = "error" if result.failed() and room["error"] == _MOST else "notice"
    return "\n".join([*lines, f"::{kind} title={_property(one_line(result.title))}::{_data(said)}"]) + "\n"


def _annotation(level: str, finding: CheckFinding) -> str:
    text = f"{one_line(finding.where)}: {one_line(finding.what)}\nMust hold: {one_line(finding.must_hold)}"
    if finding.repair:
        text += f"\nRepair, {one_line(finding.repair_at)}:\n{visible(finding.repair)}"
    elif finding.repair_at:
        text += f"\nRepair: {one_line(finding.repair_at)}."
    properties = {"title": f"{finding.fault.rule}: {one_line(finding.address)}"}
    if finding.file:
        properties = {"file": one_line(path_of(finding)), "line": str(max(finding.line, 1))} | properties
    shown = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {shown}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
