"""Print a run for a terminal: what was not seen first, then what there is most of, and what to mend first."""

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from harness.audit.rules import RULES_OF_AUDIT
from harness.finding import Finding
from harness.report.audit.figures import account_names, share_of, totals_of, weakest_first
from harness.report.audit.listing import listed
from harness.report.audit.reading import AuditRun
from harness.report.check.plain import one_line
from harness.report.masking import Mask

_ROWS = 8
_DEAREST = 10
_FIXED = 5
_WIDTH = 120
_STYLES = {"pass": "green", "fail": "bold red", "unknown": "bold yellow"}


def text_pieces(
    run: AuditRun, static: Sequence[Finding], mask: Mask, *, width: int = _WIDTH, color: bool = False
) -> Iterator[str]:
    """Yield the run as text of at most `width` characters a line, commands excepted. Raises: duckdb.Error."""
    out = io.StringIO()
    console = Console(file=out, width=width, highlight=False, emoji=False, force_terminal=color, no_color=not color)
    _head(console, run, mask)
    for table in (_by_rule(run), _by(run, mask, "account"), _by(run, mask, "owner"), _coverage(run, mask)):
        if table.row_count:
            console.print(table)
    _dearest(console, run, mask)
    _changed(console, run, mask)
    _end(console, static)
    yield out.getvalue()


def _head(console: Console, run: AuditRun, mask: Mask) -> None:
    record, totals = run.record, totals_of(run)
    verdict = totals.verdict(record)
    console.print(
        f"[bold]audit of {_shown(record.environment)}[/]  {_shown(record.started)}  [{_STYLES[verdict]}]{verdict}[/]"
    )
    console.print(
        f"{totals.looked_at:,} resources in {len(record.accounts):,} accounts and {len(record.regions):,} regions; "
        f"{totals.fail:,} fail, {totals.unknown:,} unknown, {totals.new:,} new"
    )
    if record.state != "finished":
        console.print("[bold yellow]INTERRUPTED[/]: what it had not reached is unknown")
    for gap in record.gaps[:_DEAREST]:
        where = ", ".join(filter(None, (gap.account or "the whole organisation", gap.region)))
        why = " ".join(filter(None, (gap.reason, gap.code)))
        console.print(f"[bold yellow]NOT SEEN[/] {_shown(mask.text(f'{gap.lacks}: {gap.source} of {where}: {why}'))}")
    if unheard := record.counts.get("unheard"):
        types = ", ".join(sorted(record.unheard, key=record.unheard.__getitem__, reverse=True)[:_DEAREST])
        console.print(f"[bold yellow]NOT SEEN[/] whether {unheard:,} resources take tags: {_shown(types)}")
    if len(record.gaps) > _DEAREST:
        console.print(f"[bold yellow]NOT SEEN[/] and {len(record.gaps) - _DEAREST:,} more gaps; --format json has all")


def _by_rule(run: AuditRun) -> Table:
    table = _table(run, "finding")
    for rule, *figures in run.rows(_SUMS.format(by="rule", order="MIN(rank), rule", limit="")):
        known = RULES_OF_AUDIT.get(rule)
        table.add_row(_shown(known.title if known else rule), *_figures(run, figures))
    return table


def _by(run: AuditRun, mask: Mask, column: str) -> Table:
    table, names = _table(run, column), account_names(run.record)
    rows = run.rows(_SUMS.format(by=column, order="5 DESC NULLS LAST, 2 DESC, 1", limit=f"LIMIT {_ROWS}"))
    for value, *figures in rows:
        name = names.get(value, "") if column == "account" else ""
        table.add_row(_shown(mask.text(f"{name} ({value})" if name else value or "(none)")), *_figures(run, figures))
    return table


# A resource costs once, however many findings it has.
_SUMS = """
SELECT {by}, SUM(count), SUM(new), COUNT(DISTINCT arn), SUM(cost) FROM (
    SELECT {by}, MIN(rank) AS rank, arn, COUNT(*) AS count, COUNT(*) FILTER (is_new) AS new, MAX(cost) AS cost
    FROM findings GROUP BY {by}, arn)
GROUP BY {by} ORDER BY {order} {limit}
"""


def _table(run: AuditRun, title: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column(title)
    costs = [f"{run.record.currency or 'cost'} {run.record.month}"] if run.record.month else []
    for name in ("findings", "new", "resources", *costs):
        table.add_column(_shown(name), justify="right")
    return table


def _figures(run: AuditRun, figures: Sequence[int | Decimal | None]) -> Iterator[str]:
    *counts, cost = figures
    yield from (f"{count:,}" for count in counts)
    if run.record.month:
        yield "unknown" if cost is None else f"{cost:,.2f}"


def _coverage(run: AuditRun, mask: Mask) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("mandatory key")
    for name in ("carried", "wrong", "missing"):
        table.add_column(name, justify="right")
    for one in weakest_first(run.record):
        share = share_of(one)
        carried = "unknown" if share is None else f"{share:.1%}"
        table.add_row(_shown(mask.text(one.key)), carried, f"{one.wrong:,}", f"{one.missing:,}")
    return table


def _dearest(console: Console, run: AuditRun, mask: Mask) -> None:
    commands: dict[str, int] = {}
    indent = f"{'':>16}" if run.record.month else "  "
    for one in listed(run, mask, _DEAREST):
        cost = f"{f'{Decimal(one.cost):,.2f}' if one.cost else 'unknown':>14}  " if run.record.month else ""
        console.print(f"{cost}{_shown(one.arn or one.account)}", soft_wrap=True)
        console.print(f"{indent}{_shown(one.what)}; must hold: {_shown(one.must_hold)}", soft_wrap=True)
        commands[one.repair] = commands.get(one.repair, 0) + 1
    for command in filter(None, commands):
        console.print(f"repair: {_shown(command)}", soft_wrap=True)


def _changed(console: Console, run: AuditRun, mask: Mask) -> None:
    change = run.record.change
    if not change.previous:
        return
    console.print(
        f"against {_shown(change.previous)}: {change.new:,} new, {change.remaining:,} remain, "
        f"{change.fixed:,} fixed" + (f", {change.unseen:,} not seen again, so unknown" if change.unseen else "")
    )
    for one in listed(run, mask, _FIXED, "fixed"):
        was = " ".join(filter(None, (one.rule, one.key)))
        console.print(f"[green]FIXED[/] {_shown(one.arn or one.account)}: {_shown(was)}", soft_wrap=True)
    ((held,),) = run.rows("SELECT COUNT(*) FROM fixed")
    if held > _FIXED:
        console.print(f"[green]FIXED[/] and {held - _FIXED:,} more; --format csv-all has all")


def _end(console: Console, static: Sequence[Finding]) -> None:
    if static:
        counts = Counter(one.verdict for one in static)
        console.print(f"code: {counts['pass']:,} pass, {counts['fail']:,} fail, {counts['unknown']:,} unknown")


def _shown(text: str) -> str:
    return escape(one_line(text))
