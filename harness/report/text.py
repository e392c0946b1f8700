"""Print findings for people: one row a plane, then each fault with what held, what must hold and the repair."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from harness.finding import INFO, PENDING, WARNING, Finding, worst

_STYLES = {"pass": "green", "fail": "bold red", "unknown": "bold yellow", WARNING: "yellow", INFO: "cyan"}
_LONGEST = 400
_MOST = 10


def print_findings(console: Console, title: str, findings: Sequence[Finding]) -> None:
    """Print the table of planes and every finding that does not pass. Raises: OSError when nothing can be written."""
    console.print(_table(title, findings), soft_wrap=False)
    pending = [finding.subject for finding in findings if finding.note == PENDING]
    if pending:
        console.print(f"pending cost allocation tags, not yet seen by billing: {escape(', '.join(pending))}")
    for finding in _merged(finding for finding in findings if finding.verdict != "pass" and not finding.follows_from):
        _print_finding(console, finding)
    for note in (WARNING, INFO):
        for finding in _merged(finding for finding in findings if finding.verdict == "pass" and finding.note == note):
            _print_finding(console, finding)
    _print_consequences(console, findings)
    console.print(_summary(findings))


def _table(title: str, findings: Sequence[Finding]) -> Table:
    table = Table(title=escape(title), title_justify="left", box=box.SIMPLE_HEAD, title_style="bold")
    table.add_column("plane")
    for column in ("checks", "pass", "fail", "unknown"):
        table.add_column(column, justify="right")
    table.add_column("verdict")
    for plane in dict.fromkeys(finding.plane for finding in findings):
        members = [finding for finding in findings if finding.plane == plane]
        counts = Counter(finding.verdict for finding in members)
        numbers = [str(counts[verdict] or "") for verdict in ("pass", "fail", "unknown")]
        verdict = worst(members)
        notes = Counter(finding.note for finding in members if finding.note)
        note = "".join(f" ({count} {word})" for word, count in notes.items())
        table.add_row(escape(plane), str(len(members)), *numbers, f"[{_STYLES[verdict]}]{verdict}[/]{escape(note)}")
    return table


def _merged(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings that differ only in their place as one, at all of these places."""
    places: dict[Finding, list[str]] = {}
    for finding in findings:
        places.setdefault(replace(finding, where=""), []).append(finding.where)
    return [replace(finding, where=_first(where)) for finding, where in places.items()]


def _print_finding(console: Console, finding: Finding) -> None:
    word = finding.verdict if finding.verdict != "pass" else finding.note
    place = f"{finding.plane} at {finding.where}: {finding.subject}"
    console.print(f"\n[{_STYLES[word]}]{word.upper()}[/] {escape(place)}")
    for label, text in (("held", finding.held), ("must hold", finding.must_hold), ("repair", finding.repair)):
        console.print(f"     {label:<10} {escape(_short(text))}")


def _short(text: str) -> str:
    """Return a text that a terminal can show; the JSON report has all of it."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ... ({len(text)} characters; --format json has all)"


def _print_consequences(console: Console, findings: Sequence[Finding]) -> None:
    following = [finding for finding in findings if finding.follows_from]
    for cause in dict.fromkeys(finding.follows_from for finding in following):
        members = [finding for finding in following if finding.follows_from == cause]
        places = _first(list(dict.fromkeys(finding.where for finding in members)))
        text = f"{len(members)} more follow from {cause}: {members[0].plane} of {places}"
        console.print(f"\n{escape(text)}")


def _first(items: Sequence[str]) -> str:
    """Return the first few of many items; the JSON report has all of them."""
    more = f" and {len(items) - _MOST} more" if len(items) > _MOST else ""
    return ", ".join(items[:_MOST]) + more


def _summary(findings: Sequence[Finding]) -> str:
    verdict = worst(findings)
    counts = Counter(finding.verdict for finding in findings)
    numbers = f"{counts['pass']} pass, {counts['fail']} fail, {counts['unknown']} unknown"
    return f"\n[{_STYLES[verdict]}]{verdict}[/]: {numbers}"
