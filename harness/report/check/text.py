"""Print a check for people, by input and resource, the most important first.

Plain ANSI and no library for it: `tagrail check` is to answer at once.
"""

from collections.abc import Callable, Iterator, Sequence

from harness.plan_check.model import CheckFinding
from harness.plan_check.result import CheckResult, count_findings, is_unknown
from harness.report.check.grouping import by_repair, by_resource
from harness.report.check.plain import disarmed, one_line, place, say_counts, say_more, say_totals, shorten, visible

_Paint = Callable[[str, str], str]

_COLOURS = {"fail": "1;31", "unknown": "1;33", "old": "2", "pass": "32"}
_LONGEST = 400
_LONGEST_REPAIR = 2000
_MOST = 50


def render_text(result: CheckResult, *, color: bool = False, most: int = _MOST) -> str:
    """Return the report as text; at most `most` findings are shown, the rest counted. `color`: with ANSI colours.

    Raises: KeyError for a rule that RULES does not have.
    """
    findings = result.shown()
    paint = _paint if color else _leave
    lines = [paint(one_line(result.title), "1")]
    shown = findings[:most]
    for name in dict.fromkeys([*(each.name for each in result.inputs), *(each.input for each in shown)]):
        members = [each for each in shown if each.input == name]
        if members:
            lines += ["", one_line(name)]
            told: set[tuple[str, str]] = set()
            for resource in by_resource(members):
                lines += _resource(resource, paint, told)
    if len(findings) > most:
        lines += ["", say_more(count_findings(findings[most:]))]
    return disarmed("\n".join([*lines, "", *_summary(result, paint)])) + "\n"


def _resource(findings: Sequence[CheckFinding], paint: _Paint, told: set[tuple[str, str]]) -> Iterator[str]:
    """Yield the lines of a resource: findings that one repair mends stand together, with it below the last."""
    at = place(findings[0])
    yield f"  {one_line(findings[0].address)}{f'  {one_line(at)}' if at else ''}"
    for repair, members in by_repair(findings).items():
        for finding in members:
            kind = _kind(finding)
            rule = paint(f"[{finding.fault.rule}]", "2")
            yield f"    {paint(f'{kind.upper():<7}', _COLOURS[kind])} {_short(finding.what)} {rule}"
            yield f"            must hold: {_short(finding.must_hold)}"
        yield from _repair(repair, told)


def _repair(repair: tuple[str, str], told: set[tuple[str, str]]) -> Iterator[str]:
    """Yield a repair; one that belongs into the provider of several resources is written once."""
    at, text = repair
    if text and repair in told:
        yield f"            repair: {_short(at)}: as above"
    elif at:
        yield f"            repair: {_short(at)}{':' if text else ''}"
        yield from (f"              {line}" for line in _lines(text) if text)
    told.add(repair)


def _kind(finding: CheckFinding) -> str:
    if finding.is_old:
        return "old"
    return "unknown" if is_unknown(finding) else "fail"


def _summary(result: CheckResult, paint: _Paint) -> Iterator[str]:
    verdict = result.verdict()
    yield say_totals(result)
    counts = result.counts()
    ignored = " (ignored)" if counts.unknown and result.unknown_mode == "ignore" else ""
    yield f"{paint(verdict, _COLOURS[verdict])}: {say_counts(counts)}{ignored}"
    if verdict == "unknown":
        effect = "fails" if result.failed() else "passes"
        yield f"the check {effect}: --unknown is {result.unknown_mode}"


def _short(text: str) -> str:
    return shorten(one_line(text), _LONGEST)


def _lines(text: str) -> list[str]:
    return shorten(visible(text), _LONGEST_REPAIR).split("\n")


def _paint(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"


def _leave(text: str, _code: str) -> str:
    return text
