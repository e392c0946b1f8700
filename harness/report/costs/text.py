"""Print the cost report for a terminal: totals, coverage, the dearest of each dimension, and what to mend first."""

import io
from collections.abc import Iterator, Sequence
from decimal import Decimal

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from harness.costs.model import Breakdown, FaultTable, Grouping, Report

_ROWS = 8
_FAULTS = 5
_GROUPS = 30
_BARS = "▁▂▃▄▅▆▇█"
_WIDTH = 120


def render_text(report: Report, *, width: int = _WIDTH, color: bool = False) -> str:
    """Return the report as text of at most `width` characters a line, commands excepted. Raises: nothing."""
    out = io.StringIO()
    console = Console(
        file=out, width=width, highlight=False, emoji=False, force_terminal=color, no_color=not color, soft_wrap=False
    )
    console.print(f"[bold]{escape(report.title)}[/]  {_period(report)}  {report.currency or 'no currency'}")
    for source in report.sources:
        console.print(f"  {escape(source.name)}: {source.layout}, {source.files} files, {source.lines:,} lines")
    console.print(_totals(report))
    console.print(_reconciled(report), markup=False)
    for table in (*_coverage(report), *map(_breakdown, [report] * len(report.breakdowns), report.breakdowns)):
        console.print(table)
    if report.grouping:
        console.print(_grouping(report.grouping))
    for line in _lists(report):
        console.print(line, markup=False, soft_wrap=True)
    return out.getvalue()


def _period(report: Report) -> str:
    months = [month for month in report.months if month]
    if not months:
        return "no dates"
    partial = f" ({report.partial_month} not over)" if report.partial_month else ""
    return f"{months[0]} to {months[-1]}{partial}" if len(months) > 1 else f"{months[0]}{partial}"


def money(amount: Decimal) -> str:
    """Return an amount with two decimals and thousands set apart; what rounds to nothing does not look like nothing.

    >>> money(Decimal("1234.5")), money(Decimal("0.0004")), money(Decimal(0))
    ('1,234.50', '<0.01', '0.00')
    """
    if amount and abs(amount) < Decimal("0.005"):
        return "<0.01" if amount > 0 else ">-0.01"
    return f"{amount:,.2f}"


def _percent(share: float | None) -> str:
    return "unknown" if share is None else f"{share:.1%}"


def sparkline(amounts: Sequence[float | None]) -> str:
    """Return a line of small bars, one for each amount; a dot where there is none.

    >>> sparkline([0, 1, None, 2])
    '▁▅·█'
    """
    most = max((amount for amount in amounts if amount is not None), default=0)
    top = len(_BARS) - 1
    return "".join(
        "·" if amount is None else _BARS[round(max(amount, 0) / most * top)] if most > 0 else _BARS[0]
        for amount in amounts
    )


def _totals(report: Report) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for name in ("BilledCost", "EffectiveCost", "amortised"):
        table.add_column(name, justify="right")
    total = report.total
    table.add_row(money(total.billed), money(total.effective), money(total.amortized))
    return table


def _reconciled(report: Report) -> str:
    held = report.reconciliation
    notes = f": {'; '.join(held.notes)}" if held.notes else ""
    if held.agrees:
        return f"agrees with the bill's own sum, {held.file_cost:,.2f}, to the cent{notes}"
    return f"DOES NOT agree with the bill's own sum, {held.file_cost:,.2f}: {held.difference:+,.2f}{notes}"


def _coverage(report: Report) -> Iterator[Table]:
    if not report.coverage:
        return
    table = Table(title="share of EffectiveCost with allowed values", title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("mandatory key")
    for name in ("of all", "of taggable", "wrong", "missing", "untaggable"):
        table.add_column(name, justify="right")
    table.add_column("months")
    for row in report.coverage:
        amounts = (money(row.amounts[name]) for name in ("wrong", "missing", "untaggable"))
        line = sparkline(row.months)
        table.add_row(escape(row.key), _percent(row.share), _percent(row.taggable_share), *amounts, line)
    yield table


def _breakdown(report: Report, shown: Breakdown) -> Table:
    table = Table(title=escape(f"by {shown.label}"), title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("")
    for name in ("EffectiveCost", "share", "BilledCost"):
        table.add_column(name, justify="right")
    table.add_column("months")
    whole = sum((row.costs.effective for row in shown.rows), Decimal(0))
    for row in shown.rows[:_ROWS]:
        name = row.value or ("(no tag)" if shown.kind != "column" else "(none)")
        if shown.dimension == "SubAccountId" and report.accounts.get(row.value):
            name = f"{report.accounts[row.value]} ({row.value})"
        share = f"{row.costs.effective / whole:.1%}" if whole > 0 else ""
        line = sparkline([float(amount) for amount in row.effective])
        table.add_row(escape(name), money(row.costs.effective), share, money(row.costs.billed), line)
    rest = shown.rows[_ROWS:]
    if rest:
        table.add_row(
            f"and {len(rest) + max(0, shown.others - 1)} more",
            money(sum((row.costs.effective for row in rest), Decimal(0))),
        )
    return table


def _grouping(shown: Grouping) -> Table:
    """Return the dearest groups; all of them stand in the other forms."""
    table = Table(title=escape(f"by {', '.join(shown.dimensions)}"), title_justify="left", box=box.SIMPLE_HEAD)
    for name in shown.dimensions:
        table.add_column(escape(name))
    for name in ("EffectiveCost", "BilledCost"):
        table.add_column(name, justify="right")
    table.add_column(f"{shown.period}s")
    times = sorted({time for group in shown.groups for time in group.periods})
    for group in shown.groups[:_GROUPS]:
        amounts = (group.periods.get(time) for time in times[-_GROUPS:])
        line = sparkline([float(costs.effective) if costs else 0.0 for costs in amounts])
        values = (escape(value or "(none)") for value in group.values)
        table.add_row(*values, money(group.costs.effective), money(group.costs.billed), line)
    if rest := shown.groups[_GROUPS:]:
        empty = [""] * (len(shown.dimensions) - 1)
        cost = money(sum((group.costs.effective for group in rest), Decimal(0)))
        table.add_row(f"and {len(rest)} more", *empty, cost)
    return table


def _lists(report: Report) -> Iterator[str]:
    for row in report.coverage:
        if row.note:
            yield f"{row.key} {row.note}"
    for reason in report.untaggable:
        yield f"cannot be tagged: {reason.reason}: {money(reason.effective)}"
    for table in report.faults:
        yield from _faults(report, table)
    yield from _owed(report)
    for unit in report.units:
        narrowed = f" of {unit.dimension} {unit.value}" if unit.dimension else ""
        months = ", ".join(f"{month} {_unit(cost)}" for month, cost in unit.months.items())
        yield f"cost per {unit.metric}{narrowed}: {months}"
    for note in report.notes:
        yield f"note: {note}"


def _owed(report: Report) -> Iterator[str]:
    for variant in report.variants[:_FAULTS]:
        spellings = ", ".join(f"{name} {money(cost)}" for name, cost in variant.spellings.items())
        yield f"several spellings: {variant.key} = {variant.value} {money(variant.effective)}: {spellings}"
    for split in report.splits:
        shares = ", ".join(f"{share.value} {money(share.received)}" for share in split.shares)
        yield f"shared: {split.category} {split.source} {money(split.amount)} ({split.method}): {shares}"
    for budget in report.budgets:
        limit = "no limit" if budget.limit is None else money(budget.limit)
        ahead = f", forecast {money(budget.forecast)} by {budget.forecast_by}" if budget.forecast is not None else ""
        note = f" ({budget.note})" if budget.note else ""
        yield f"budget {budget.name} {budget.period}: {money(budget.actual)} of {limit}{ahead}: {budget.status}{note}"
    for month in report.forecast:
        yield f"forecast {month.month}: {money(month.billed)} ({money(month.lower)} to {money(month.upper)})"
    for mover in report.movers[:_ROWS]:
        share = f" ({mover.share:+.0%})" if mover.share is not None else " (new)"
        name = f"{mover.dimension} {mover.value or '(none)'}"
        yield f"moved: {name}: {money(mover.before)} to {money(mover.after)}{share}"


def _unit(cost: Decimal | None) -> str:
    return "unknown" if cost is None else f"{cost:,.6g}"


def _faults(report: Report, table: FaultTable) -> Iterator[str]:
    yield f"untagged or mistagged by {table.by}, {money(table.total)} in all:"
    for fault in table.rows[:_FAULTS]:
        label = fault.label or report.accounts.get(fault.account, "")
        shown = f"{label} ({fault.name})" if label and table.by == "account" else fault.name or "(none)"
        keys = "; ".join(f"{key.rpartition(':')[2]} {what}" for key, what in fault.keys.items())
        yield f"  {money(fault.effective):>14}  {shown}: {keys}"
        if table.by == "resource":
            yield f"{'':>16}  {fault.repair}"
    if len(table.rows) > _FAULTS:
        yield f"{'':>16}  and {len(table.rows) - _FAULTS} more; --format json or html has them"
