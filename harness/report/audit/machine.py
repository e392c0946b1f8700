"""Render a run for programs: JSON with everything, JUnit XML and SARIF with the most important.

As in harness/report/check: JUnit shows what is unknown as an error and what was there before as skipped; 25,000 is the
most that systems take. Live resources lie in no file, so results of SARIF have logical locations alone: viewers show
them, and GitHub's code scanning, which wants files, takes checkov's SARIF of the code instead.

What is fixed is an absent result in `sarif-all` alone: GitHub's code scanning, and others that read results, take no
notice of baselineState. They would show it as open, and close by themselves what a log no longer has.

Pages: docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html (3.27.24, 3.28.4),
docs.github.com/code-security/reference/code-scanning/sarif-files/sarif-support
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import chain, islice
from typing import Any, Final
from xml.etree import ElementTree

import msgspec

from harness import __version__
from harness.audit.model import Gap
from harness.audit.rules import RULES_OF_AUDIT
from harness.finding import Finding
from harness.report.audit.figures import share_of, totals_of, weakest_first
from harness.report.audit.listing import ListedFinding, State, listed
from harness.report.audit.reading import AuditRun
from harness.report.check.plain import one_line, visible
from harness.report.masking import Mask

VERSION = 1
_MOST = 25_000
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_BASELINE: Final[Mapping[State, str]] = {"new": "new", "remaining": "unchanged", "fixed": "absent"}
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def json_pieces(run: AuditRun, _: Sequence[Finding], mask: Mask) -> Iterator[str]:
    """Yield the run as JSON, a finding a line: `{version, env, verdict, totals, gaps, coverage, change, findings, …}`.

    `fixed` are findings of the last run, which no figure but that of `change` counts. Raises: duckdb.Error.
    """
    record, totals = run.record, totals_of(run)
    head = {
        "version": VERSION,
        "env": record.environment,
        "started": record.started,
        "ended": record.ended,
        "state": record.state,
        "verdict": totals.verdict(record),
        "currency": record.currency,
        "accounts": [account.id for account in record.accounts],
        "regions": record.regions,
        "totals": asdict(totals),
        "gaps": [_gap(gap, mask) for gap in record.gaps],
        "coverage": [msgspec.structs.asdict(one) | {"share": share_of(one)} for one in weakest_first(record)],
        "counts": record.counts,
        "unheard": record.unheard,
        "change": record.change,
    }
    yield _json(head)[:-1] + ',"findings":['
    yield from _lines(listed(run, mask))
    yield '\n],"fixed":['
    yield from _lines(listed(run, mask, of="fixed"))
    yield "\n]}\n"


def _lines(held: Iterable[object]) -> Iterator[str]:
    for number, one in enumerate(held):
        yield f"{',' if number else ''}\n{_json(one)}"


def _json(held: object) -> str:
    return _ENCODER.encode(held).decode()


def _gap(gap: Gap, mask: Mask) -> dict[str, str]:
    return {name: mask.text(text) for name, text in msgspec.structs.asdict(gap).items()}


def junit_pieces(run: AuditRun, _: Sequence[Finding], mask: Mask) -> Iterator[str]:
    """Yield the run as JUnit XML: a suite of gaps, then a case for each of the first 25,000 findings.

    Raises: duckdb.Error.
    """
    title = _attribute(f"audit of {run.record.environment}")
    yield f'<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="{title}">\n'
    yield '<testsuite name="what was looked at">\n'
    for gap in run.record.gaps:
        where = "/".join(filter(None, (gap.account, gap.region))) or "organisation"
        text = mask.text(f"{gap.lacks}: {gap.reason} {gap.code}".strip())
        yield _case(gap.source, where, "error", "not seen, so unknown", text)
    if run.record.state != "finished":
        yield _case("audit", "the whole run", "error", "interrupted", "what it had not reached is unknown")
    yield f'</testsuite>\n<testsuite name="{_attribute(run.record.environment)}">\n'
    for one in listed(run, mask, _MOST):
        yield _case(one.arn or one.account, f"{one.rule} {one.key}".strip(), *_outcome(one))
    if (left := totals_of(run).findings - _MOST) > 0:
        yield _case("audit", "every finding is listed", "skipped", "too many findings", f"{left:,} more; JSON has all")
    yield "</testsuite>\n</testsuites>\n"


def _outcome(one: ListedFinding) -> tuple[str, str, str]:
    tag = "error" if one.verdict == "unknown" else "failure" if one.is_new else "skipped"
    repair = f"\nrepair: {one.repair}" if one.repair else ""
    return tag, one.what, f"{one.what}\nmust hold: {one.must_hold}\nowner: {one.owner or 'unknown'}{repair}"


def _case(place: str, name: str, tag: str, message: str, text: str) -> str:
    case = ElementTree.Element("testcase", classname=one_line(place), name=one_line(name))
    ElementTree.SubElement(case, tag, message=one_line(message)).text = visible(text)
    return ElementTree.tostring(case, encoding="unicode") + "\n"


def _attribute(text: str) -> str:
    held = ElementTree.tostring(ElementTree.Element("a", b=one_line(text)), encoding="unicode")
    return held.removeprefix('<a b="').removesuffix('" />')


def sarif_pieces(run: AuditRun, _: Sequence[Finding], mask: Mask) -> Iterator[str]:
    """Yield the run as a SARIF log with the first 25,000 findings. Raises: duckdb.Error."""
    left = totals_of(run).findings - _MOST
    yield from _sarif(run, mask, listed(run, mask, _MOST), f"{left:,} more findings; JSON has all." if left > 0 else "")


def sarif_all_pieces(run: AuditRun, _: Sequence[Finding], mask: Mask) -> Iterator[str]:
    """Yield the same, and after them those that are fixed as absent, 25,000 in all. Raises: duckdb.Error."""
    ((count,),) = run.rows("SELECT (SELECT COUNT(*) FROM findings) + (SELECT COUNT(*) FROM fixed)")
    every = chain(listed(run, mask, _MOST), listed(run, mask, _MOST, "fixed"))
    left = f"{count - _MOST:,} more findings, fixed ones among them; JSON has all." if count > _MOST else ""
    yield from _sarif(run, mask, islice(every, _MOST), left)


def _sarif(run: AuditRun, mask: Mask, found: Iterable[ListedFinding], left: str) -> Iterator[str]:
    rules = [
        {
            "id": name,
            "shortDescription": {"text": f"{rule.title}."},
            "help": {"text": rule.help},
            "defaultConfiguration": {"level": rule.level},
        }
        for name, rule in RULES_OF_AUDIT.items()
    ]
    notes = [
        {"level": "warning", "message": {"text": visible(" ".join(_gap(gap, mask).values()))}}
        for gap in run.record.gaps
    ]
    if left:
        notes.append({"level": "warning", "message": {"text": left}})
    made = {
        "tool": {"driver": {"name": "tagrail", "semanticVersion": __version__, "rules": rules}},
        "automationDetails": {"id": f"tagrail-audit/{one_line(run.record.environment)}/"},
        "invocations": [{"executionSuccessful": run.record.state == "finished", "toolExecutionNotifications": notes}],
    }
    yield f'{{"$schema":"{_SCHEMA}","version":"2.1.0","runs":[{_json(made)[:-1]},"results":['
    yield from _lines(map(_result, found))
    yield "\n]}]}\n"


def _result(one: ListedFinding) -> dict[str, Any]:
    said = f"{one.name or one.arn}: {one.what} Must hold: {one.must_hold}"
    return {
        "ruleId": one.rule,
        "level": "warning" if one.verdict == "unknown" else one.level,
        "message": {"text": visible(said).replace("](", "] (")},
        "locations": [{"logicalLocations": [{"name": one.name, "fullyQualifiedName": one.arn, "kind": "resource"}]}],
        "partialFingerprints": {"tagrail/v1": one.fingerprint},
        "baselineState": _BASELINE[one.state],
        "properties": {
            "verdict": one.verdict,
            "account": one.account,
            "key": one.key,
            "owner": one.owner,
            "cost": one.cost,
        },
    }
