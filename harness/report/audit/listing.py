"""List the findings of a run in words, one after the other, for every form but the page."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Literal

import msgspec

from harness.audit.rules import RULES_OF_AUDIT
from harness.finding import Finding
from harness.plan_check.model import Fault
from harness.plan_check.rules import Level
from harness.report.audit.reading import AuditRun
from harness.report.audit.wording import command_for, masked_fault, words_for
from harness.report.masking import Mask

ORDER = "ORDER BY cost DESC NULLS LAST, rank, account, arn, key, fingerprint"
Of = Literal["findings", "fixed"]
State = Literal["new", "remaining", "fixed"]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class ListedFinding(msgspec.Struct, frozen=True, gc=False):
    """Hold one finding as programs get it: members are added, never renamed or removed.

    `what` and `must_hold` say in words what is there and what may be; raw values are left out, since they may be
    secrets. `repair` is a command, "" where people must. `cost` is that of the resource in the last whole month.
    What is fixed is told as the last run had it.
    """

    fingerprint: str
    rule: str
    title: str
    level: Level
    verdict: str
    is_new: bool
    account: str
    region: str
    type: str
    name: str
    arn: str
    key: str
    what: str
    must_hold: str
    repair: str
    owner: str
    cost: str
    state: State


def listed(run: AuditRun, mask: Mask, most: int | None = None, of: Of = "findings") -> Iterator[ListedFinding]:
    """Yield the findings, or those that are fixed, dearest first, with personal data masked. Raises: duckdb.Error."""
    limit = "" if most is None else f"LIMIT {most}"
    sql = f"""SELECT fingerprint, rule, verdict, is_new, account, region, type, name, arn, key, held, wanted, because,
        owner, cost FROM {of} {ORDER} {limit}"""  # noqa: S608 (a table and a number)
    for rows in run.stream(sql):
        for (
            mark,
            rule,
            verdict,
            is_new,
            account,
            region,
            kind,
            name,
            arn,
            key,
            held,
            wanted,
            because,
            owner,
            cost,
        ) in rows:
            fault = masked_fault(Fault(rule, verdict, "", key, held, tuple(wanted or ()), because), mask.text)
            what, must = words_for(fault)
            known = RULES_OF_AUDIT.get(rule)
            yield ListedFinding(
                fingerprint=mark,
                rule=rule,
                title=known.title if known else rule,
                level=known.level if known else "error",
                verdict=verdict,
                is_new=is_new,
                account=account,
                region=region,
                type=kind,
                name=mask.text(name),
                arn=mask.text(arn),
                key=fault.key,
                what=what,
                must_hold=must,
                repair="" if of == "fixed" else command_for(rule, run.record.environment),
                owner=mask.text(owner),
                cost="" if cost is None else f"{cost.normalize():f}",
                state="fixed" if of == "fixed" else "new" if is_new else "remaining",
            )


def csv_pieces(run: AuditRun, _: Sequence[Finding], mask: Mask) -> Iterator[str]:
    """Yield the findings as CSV with a line of names; a text that a spreadsheet would take for a formula is quoted.

    Raises: duckdb.Error.
    """
    yield from _csv(listed(run, mask))


def csv_all_pieces(run: AuditRun, _: Sequence[Finding], mask: Mask) -> Iterator[str]:
    """Yield the same, and after them those that are fixed, told apart by `state`. Raises: duckdb.Error."""
    yield from _csv(chain(listed(run, mask), listed(run, mask, of="fixed")))


def _csv(found: Iterable[ListedFinding]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(ListedFinding.__struct_fields__)
    for one in found:
        writer.writerow(map(_cell, msgspec.structs.astuple(one)))
        if out.tell() > 65_536:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _cell(held: object) -> str:
    """Return what a cell shows.

    >>> _cell(True), _cell("=1+1"), _cell("-12.5")
    ('true', "'=1+1", '-12.5')
    """
    if isinstance(held, bool):
        return str(held).lower()
    text = str(held)
    return f"'{text}" if text.startswith(_FORMULA) and not text[1:].replace(".", "", 1).isdigit() else text
