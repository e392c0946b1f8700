"""Write a run as the compact data that the page reads (harness/report/audit/web/app/data.js), piece by piece.

Texts stand once; columns of numbers are strings of digits; ARNs, which are sorted, say only where they leave the one
before. Everything passes the mask on its way.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

import msgspec

from harness.audit.rules import RULES_OF_AUDIT
from harness.finding import Finding
from harness.plan_check.model import Fault
from harness.report.audit.figures import account_names, share_of, totals_of, weakest_first
from harness.report.audit.reading import AuditRun
from harness.report.audit.wording import command_for, masked_fault, words_for
from harness.report.columns import DIGITS, cents, column_of, width_of
from harness.report.masking import Mask
from harness.report.page import data_element, data_text

Json = dict[str, object]


def data_pieces(run: AuditRun, static: Sequence[Finding], mask: Mask) -> Iterator[str]:
    """Yield the data of the page as HTML; `number_texts` has been called. Raises: duckdb.Error."""
    sizes = {
        name: _count(run, name) for name in ("places", "details", "owners", "accounts", "regions", "types", "tags")
    }
    yield data_element("d-head", _head(run, static, mask, sizes))
    yield from _array("d-arns", _front_coded(mask.text(arn) for (arn,) in _rows(run, "SELECT arn FROM places")))
    names = _rows(run, "SELECT arn, name FROM places")
    yield from _array("d-names", (_short_name(mask.text(arn), mask.text(name)) for arn, name in names))
    yield from _array("d-details", _details(run, mask))
    yield from _array("d-tags", _tags(run, mask))
    width = width_of(sizes["tags"])
    sets = _rows(run, "SELECT known, codes FROM tag_sets")
    yield from _array("d-sets", (column_of(codes or (), width) if known else None for known, codes in sets))
    for name in ("account", "region", "type"):
        codes = f"SELECT code FROM places p JOIN {name}s c ON c.value = p.{name} ORDER BY p.place"  # noqa: S608
        yield from _column(run, f"d-{name}", codes, sizes[f"{name}s"])
    for name, count in (("place", sizes["places"]), ("detail", sizes["details"]), ("owner", sizes["owners"])):
        yield from _column(run, f"d-{name}", f"SELECT {name} FROM listed", count)  # noqa: S608
    yield from _column(run, "d-new", "SELECT is_new::INT FROM listed", 2)
    yield from _array("d-costs", _falling(run))
    yield from _array("d-edges", _edges(run))


def _head(run: AuditRun, static: Sequence[Finding], mask: Mask, sizes: dict[str, int]) -> Json:
    """Return what is small: the run, its figures, and the texts that there are few of."""
    record, totals = run.record, totals_of(run)
    rules = [rule for rule, _ in run.rows("SELECT DISTINCT rule, rank FROM details ORDER BY rank, rule")]
    return {
        "title": f"Audit of {record.environment}",
        "run": run.name,
        "env": record.environment,
        "started": record.started,
        "ended": record.ended,
        "finished": record.state == "finished",
        "currency": record.currency,
        "verdict": totals.verdict(record),
        "totals": {**asdict(totals), "spend": None if totals.spend is None else cents(totals.spend)},
        "held": run.rows("SELECT COUNT(*) FROM listed WHERE NOT is_fixed")[0][0],
        "fixed": run.rows("SELECT COUNT(*) FROM listed WHERE is_fixed")[0][0],
        "priced": run.rows("SELECT COUNT(cost) FROM listed")[0][0],
        "change": record.change,
        "coverage": [
            {"key": one.key, "share": share_of(one), "covered": one.covered, "wrong": one.wrong, "missing": one.missing}
            for one in weakest_first(record)
        ],
        "looked": {"accounts": len(record.accounts), "regions": list(record.regions)},
        "counts": record.counts,
        "unheard": record.unheard,
        "month": record.month,
        "called": {account: mask.text(name) for account, name in account_names(record).items()},
        "gaps": [[mask.text(text) for text in msgspec.structs.astuple(gap)] for gap in record.gaps],
        "rules": [_rule(name, record.environment) for name in rules],
        "accounts": _texts(run, "accounts", mask),
        "regions": _texts(run, "regions", mask),
        "types": _texts(run, "types", mask),
        "owners": _texts(run, "owners", mask),
        "keys": _keys(run, mask),
        "relations": [mask.text(one) for (one,) in run.rows("SELECT DISTINCT relation FROM near ORDER BY 1")],
        "digits": DIGITS,
        "width": {name: width_of(size) for name, size in sizes.items()},
        "static": [[mask.text(text) for text in _static(one)] for one in static if one.verdict != "pass" or one.note],
        "passed": sum(one.verdict == "pass" and not one.note for one in static),
    }


def _rule(name: str, env: str) -> Json:
    rule = RULES_OF_AUDIT.get(name)
    words = (rule.title, rule.level, rule.help) if rule else (name, "error", "A rule of another version of tagrail.")
    return dict(zip(("name", "title", "level", "help", "command"), (name, *words, command_for(name, env)), strict=True))


def _static(one: Finding) -> tuple[str, ...]:
    verdict = one.note if one.verdict == "pass" else one.verdict
    return verdict, one.plane, one.where, one.subject, one.held, one.must_hold, one.repair


def _texts(run: AuditRun, table: str, mask: Mask) -> list[str]:
    return [mask.text(value) for (value,) in run.rows(f"SELECT value FROM {table} ORDER BY code")]  # noqa: S608


def _keys(run: AuditRun, mask: Mask) -> list[str]:
    return [mask.text(key) for (key,) in run.rows("SELECT DISTINCT key FROM details ORDER BY LOWER(key), key")]


def _details(run: AuditRun, mask: Mask) -> Iterator[list[object]]:
    """Yield rule, verdict, key, what, must hold and origin of each detail; what often comes again is a number."""
    rules = {rule: n for n, (rule, _) in enumerate(run.rows("SELECT DISTINCT rule, rank FROM details ORDER BY 2, 1"))}
    keys = {key: n for n, (key,) in enumerate(run.rows("SELECT DISTINCT key FROM details ORDER BY LOWER(key), key"))}
    musts: dict[str, int] = {}
    sql = "SELECT rule, verdict, key, held, wanted, because FROM details ORDER BY code"
    for rule, verdict, key, held, wanted, because in _rows(run, sql):
        fault = Fault(rule, verdict, "", key, held, tuple(wanted or ()), because)
        what, must = words_for(masked_fault(fault, mask.text))
        known = musts.get(must)
        musts.setdefault(must, len(musts))
        yield [rules[rule], int(verdict == "unknown"), keys[key], what, must if known is None else known]


def _tags(run: AuditRun, mask: Mask) -> Iterator[str]:
    """Yield key and value of each tag, one after the other; a key that comes again is ""."""
    last = None
    for key, value, hide in _rows(run, "SELECT key, value, hide FROM tags ORDER BY code"):
        yield "" if key == last else mask.text(key)
        yield mask.hidden(value) if hide else mask.text(value or "")
        last = key


def _falling(run: AuditRun) -> Iterator[int]:
    """Yield what each finding costs less than the one before, in cents; those without a known cost are left out."""
    last = 0
    for (cost,) in _rows(run, "SELECT cost FROM listed WHERE cost IS NOT NULL"):
        amount = cents(cost)
        yield last - amount
        last = amount


def _edges(run: AuditRun) -> Iterator[int]:
    yield from (
        number
        for row in _rows(
            run,
            """SELECT p.place, c.place, r.code FROM near n JOIN places p ON p.arn = n.parent JOIN places c
            ON c.arn = n.child JOIN (SELECT relation, ROW_NUMBER() OVER (ORDER BY relation) - 1 AS code
                FROM (SELECT DISTINCT relation FROM near)) r USING (relation)""",
        )
        for number in row
    )


def _short_name(arn: str, name: str) -> str | int:
    """Return a name, or how many units of UTF-16 it has where the ARN ends with it.

    >>> _short_name("arn:aws:s3:::logs", "logs"), _short_name("arn:aws:ec2:::vpc-1", "main")
    (4, 'main')
    """
    return len(name.encode("utf-16-le")) // 2 if name and arn.endswith(name) else name


def _front_coded(texts: Iterable[str]) -> Iterator[str]:
    """Yield texts as two digits, how much they share with the one before, and the rest.

    Only ASCII is shared: a program counts units of UTF-16, and Python signs.

    >>> [*_front_coded(["arn:a", "arn:b"])]
    ['  arn:a', ' %b']
    """
    last, most = "", len(DIGITS) ** 2 - 1
    for text in texts:
        same = min(most, _same_start(last, text)) if last.isascii() and text.isascii() else 0
        yield column_of((same,), 2) + text[same:]
        last = text


def _same_start(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _rows(run: AuditRun, sql: str) -> Iterator[tuple[Any, ...]]:
    for rows in run.stream(sql):
        yield from rows


def _count(run: AuditRun, table: str) -> int:
    ((count,),) = run.rows(f"SELECT COUNT(*) FROM {table}")  # noqa: S608
    return int(count)


def _column(run: AuditRun, name: str, sql: str, count: int) -> Iterator[str]:
    width = width_of(count)
    yield f'<script type="text/plain" id="{name}">'
    for rows in run.stream(sql):
        yield column_of((number for (number,) in rows), width)
    yield "</script>\n"


def _array(name: str, values: Iterable[object], size: int = 2_000) -> Iterator[str]:
    """Yield values as one script element of JSON, written while they come."""
    yield f'<script type="application/json" id="{name}">['
    piece: list[object] = []
    first = True
    for value in values:
        piece.append(value)
        if len(piece) == size:
            yield ("" if first else ",") + data_text(piece)[1:-1]
            piece, first = [], False
    if piece:
        yield ("" if first else ",") + data_text(piece)[1:-1]
    yield "]</script>\n"
