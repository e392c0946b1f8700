"""Render a check as a comment on a pull request, in Markdown that GitHub and GitLab read.

The comment begins with a hidden marker, by which a bot finds its own comment and updates it instead of adding one.
GitHub refuses comments of more than 65,536 characters, so the most important findings are shown and the others counted.
"""

import re
from collections.abc import Sequence
from hashlib import sha256

from harness.plan_check.model import CheckFinding
from harness.plan_check.result import CheckResult, Counts, count_findings, is_unknown
from harness.report.check.grouping import by_repair, by_resource
from harness.report.check.markup import code, fence, prose
from harness.report.check.plain import one_line, place, say_counts, say_more, say_totals, shorten, visible

LONGEST_COMMENT = 65_536  # characters; counted here as bytes of UTF-8, which are never fewer
_LEAST = 8_000
_LONGEST = 400
_LONGEST_HEAD = 250  # of 13 bytes each at worst
_LONGEST_REPAIR = 3_000
_OPENED = 3  # resources that are not folded
_VERDICTS = {"fail": "failed", "unknown": "not proven", "pass": "passed"}


def marker(title: str) -> str:
    """Return the hidden line that a comment of a check with this title begins with, another one for another title.

    Raises: nothing.

    >>> marker("envs/prod"), marker("envs/prod --> x")
    ('<!-- tagrail-check: envs/prod -->', '<!-- tagrail-check: envs/prod-x-58e241c6 -->')
    """
    plain = re.sub("[^A-Za-z0-9._/]+", "-", title)[:100].strip("-")
    if plain != title:
        plain += f"-{sha256(title.encode('utf-8', 'replace')).hexdigest()[:8]}"
    return f"<!-- tagrail-check: {plain.strip('-')} -->"


def render_markdown(result: CheckResult, *, most: int = LONGEST_COMMENT) -> str:
    """Return the comment, of at most `most` bytes of UTF-8, at least 8,000.

    Raises: ValueError when `most` is less than 8,000; KeyError for a rule that RULES does not have.
    """
    if most < _LEAST:
        raise ValueError(f"most must be at least {_LEAST} bytes; got {most}")
    findings = result.shown()
    head, tail = _head(result), say_more(Counts(*[len(findings)] * 3)) + "\n"
    shown = _fitting(findings, most - _size(head) - _size(tail))
    blocks = [_block(members, opened=number < _OPENED) for number, members in enumerate(by_resource(shown))]
    if hidden := findings[len(shown) :]:
        blocks.append(say_more(count_findings(hidden)))
    return head + "\n".join(blocks) + "\n"


def _head(result: CheckResult) -> str:
    title = prose(_cut(result.title, _LONGEST_HEAD // 2))
    totals = prose(_cut(say_totals(result), _LONGEST_HEAD))
    verdict = result.verdict()
    mode = "" if verdict != "unknown" or result.failed() else f" (`--unknown {result.unknown_mode}`)"
    heading = f"### {title}: {_VERDICTS[verdict]}{mode}"
    return f"{marker(result.title)}\n{heading}\n\n**{say_counts(result.counts())}**. {totals}.\n\n"


def _fitting(findings: Sequence[CheckFinding], room: int) -> Sequence[CheckFinding]:
    """Return the first findings whose blocks fit into so many bytes."""
    repairs: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for number, finding in enumerate(findings):
        key, repair = (finding.input, finding.address), (finding.repair_at, finding.repair)
        if key not in repairs:
            room -= _size(_block([finding], opened=True)) + 1
        else:
            room -= _size(_row(finding)) + (0 if repair in repairs[key] else _size(_repair(finding)))
        if room < 0:
            return findings[:number]
        repairs.setdefault(key, set()).add(repair)
    return findings


def _block(findings: Sequence[CheckFinding], *, opened: bool) -> str:
    """Return a resource's findings as a table, folded or not, and under it what repairs them."""
    first = findings[0]
    at = place(first) or first.input
    summary = f"{_kind(first)}: {code(_cut(first.address))} in {code(_cut(at))}"
    rows = "".join(_row(finding) for finding in findings)
    repairs = "".join(_repair(members[0]) for members in by_repair(findings).values())
    table = f"| | where | what | must hold |\n|---|---|---|---|\n{rows}"
    start = "<details open>" if opened else "<details>"
    return f"{start}\n<summary>{summary}</summary>\n\n{table}{repairs}\n</details>\n"


def _row(finding: CheckFinding) -> str:
    fault = finding.fault
    where = code(_cut(fault.path))
    what, must_hold = (prose(_cut(text)) for text in (finding.what, finding.must_hold))
    return f"| {_kind(finding)} | {where} | {what} ({code(fault.rule)}) | {must_hold} |\n"


def _repair(finding: CheckFinding) -> str:
    if not finding.repair:
        return f"\nRepair: {prose(_cut(finding.repair_at))}.\n" if finding.repair_at else ""
    block = fence(shorten(visible(finding.repair), _LONGEST_REPAIR), finding.syntax)
    return f"\nRepair, {prose(_cut(finding.repair_at))}:\n\n{block}\n"


def _kind(finding: CheckFinding) -> str:
    if finding.is_old:
        return "old"
    return "unknown" if is_unknown(finding) else "**fail**"


def _cut(text: str, most: int = _LONGEST) -> str:
    return shorten(one_line(text), most)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))
