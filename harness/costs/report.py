"""Put the cost report together: read the bill once, then work out every table from the ledger."""

import datetime
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from harness.costs.amounts import MONEY
from harness.costs.bill import Part, reading
from harness.costs.breakdowns import Scope, breakdowns, days, movers
from harness.costs.budgets import Plans, budget_lines
from harness.costs.categories import FOR_CATEGORIES, splits, with_categories
from harness.costs.charges import COSTS, literal
from harness.costs.coverage import coverage, untaggable, variants
from harness.costs.cube import make_cube
from harness.costs.dates import Dates, date_notes, possible_dates
from harness.costs.engine import Engine
from harness.costs.faults import Judged, fault_tables, resource_faults
from harness.costs.groups import By, grouping
from harness.costs.ledger import Detail, Ledger, make_ledger
from harness.costs.model import Costs, FaultTable, Key, Reconciliation, Report, Source, Split
from harness.costs.overlaps import refuse_overlaps
from harness.costs.queries import days_query, names_query, totals_query
from harness.costs.units import Metric, unit_costs
from harness.documents import BudgetDocument, CostCategoryDocument
from harness.errors import TagrailError
from harness.plan_check.requirements import Requirements

_CENT: Final = Decimal("0.01")
_CUBE_KEYS: Final = 5


class Wanted(NamedTuple):
    """Say what a report is about, besides the bill: dictionary, budgets and categories by name, metrics of unit costs.

    `activated` are the keys that the dictionary activates as cost allocation tags; `owner` is the key that names who
    pays, "" without one. `by` asks for costs by several dimensions at once.
    """

    requirements: Requirements
    activated: frozenset[str] = frozenset()
    owner: str = ""
    budgets: Mapping[str, BudgetDocument] = {}
    categories: Mapping[str, CostCategoryDocument] = {}
    metrics: tuple[Metric, ...] = ()
    title: str = "tagrail costs"
    by: By | None = None


class _Total(NamedTuple):
    """Hold what the files of one currency sum up to; `broken` counts the lines where a column has no number."""

    cost: Decimal
    lines: int
    empty: int
    broken: Mapping[str, int]


def make_reports(
    parts: Sequence[Part], engine: Engine, connection: Any, wanted: Wanted, made: datetime.datetime
) -> tuple[Report, ...]:
    """Return a report of each currency of a bill, the dearest first: amounts of two currencies are never summed.

    Raises: TagrailError for a file that cannot be read, months that stand in two exports, or a wrong dimension.
    """
    refuse_overlaps(parts, connection)
    totals, sources = _totals(parts, engine, connection)
    mandatory = tuple(rule.key for rule in wanted.requirements.keys if rule.checked_for)
    _answer(parts, engine, connection, "days", days_query)
    accounts = _accounts(parts, engine, connection)
    lacking = frozenset(name for part in parts for name in part.charges.missing)
    is_daily = wanted.by is not None and wanted.by.period == "day"
    dates = possible_dates(made)
    made_of = make_ledger(parts, engine, connection, wanted.requirements, Detail(dates, mandatory, is_daily))
    resources = resource_faults(parts, engine, made_of, wanted.requirements, mandatory) if mandatory else {}
    ledger, unsorted = with_categories(made_of, wanted.categories, accounts, lacking)
    column = ", ".join(sorted({part.charges.raw_name for part in parts}))
    months = tuple(row[0] for row in ledger.rows("SELECT DISTINCT Month FROM facts ORDER BY 1"))
    plans = Plans(wanted.budgets, accounts, months, _last_day(connection, dates))
    found = []
    for currency, total in sorted(totals.items(), key=lambda item: (-item[1].cost, item[0])):
        where = f"COALESCE(BillingCurrency, '') = {literal(currency)}"
        rows = ledger.rows(f"SELECT DISTINCT Month FROM facts WHERE {where} ORDER BY 1")
        scope = Scope(where, tuple(row[0] for row in rows))
        table = (resources[currency],) if currency in resources else ()
        context = _Context(engine.name, sources, plans, currency, total, table, mandatory, made, unsorted, column)
        found.append(_report(ledger, scope, wanted, context))
    return tuple(found)


class _Context(NamedTuple):
    engine: str
    sources: tuple[Source, ...]
    plans: Plans
    currency: str
    total: _Total
    resources: tuple[FaultTable, ...]
    mandatory: tuple[str, ...]
    made: datetime.datetime
    unsorted: tuple[str, ...]
    column: str


def _report(ledger: Ledger, scope: Scope, wanted: Wanted, context: _Context) -> Report:
    rows = ledger.rows(
        f"SELECT SUM(BilledCost), SUM(EffectiveCost), SUM(x_AmortizedCost), SUM(Lines) FROM facts WHERE {scope.where}"
    )
    *costs, lines = rows[0]
    shown = tuple(breakdowns(ledger, scope))
    shared = tuple(splits(ledger, scope, wanted.categories))
    dates = possible_dates(context.made)
    by_day = days(ledger.connection, f"{scope.where} AND {dates.hold('ChargePeriodStart')}")
    partial = _partial_month(context.plans.last_day)
    accounts = context.plans.accounts
    judged = Judged(tuple(key for key in ledger.keys if key.key in context.mandatory), accounts, wanted.owner)
    cube_keys = tuple(key.key for key in ledger.keys if key.key in context.mandatory and key.key in wanted.activated)
    return Report(
        title=wanted.title,
        made=context.made.isoformat(timespec="seconds"),
        currency=context.currency,
        engine=context.engine,
        sources=context.sources,
        keys=_keys(ledger, wanted, context.mandatory),
        months=scope.months,
        partial_month=partial,
        lines=lines,
        total=Costs(*costs),
        reconciliation=_reconciliation(context, costs[0], lines),
        accounts=dict(accounts),
        breakdowns=shown,
        days=by_day,
        coverage=tuple(coverage(ledger, scope, frozenset(context.mandatory))),
        untaggable=untaggable(ledger, scope),
        faults=(*fault_tables(ledger, scope, judged), *context.resources),
        variants=tuple(variants(ledger, scope)),
        splits=shared,
        budgets=tuple(budget_lines(ledger, scope, context.currency, context.plans)),
        movers=movers(shown, scope.months, partial),
        units=tuple(unit_costs(ledger, scope, wanted.metrics)),
        cube=make_cube(ledger, scope, cube_keys[:_CUBE_KEYS]),
        notes=(*_notes(ledger, context), *date_notes(ledger.connection, scope.where, dates), *_split_notes(shared)),
        grouping=grouping(ledger, scope, wanted.by) if wanted.by else None,
    )


def _keys(ledger: Ledger, wanted: Wanted, mandatory: Sequence[str]) -> tuple[Key, ...]:
    purposes = {rule.key: rule.purpose for rule in wanted.requirements.keys}
    return tuple(
        Key(key.key, key.key in mandatory, key.key in wanted.activated, key.found_as, purposes[key.key])
        for key in ledger.keys
    )


def _last_day(connection: Any, dates: Dates) -> datetime.date | None:
    """Return the last day with costs, None where a bill has whole months alone: nobody knows how far it goes."""
    last, is_monthly = connection.execute(
        "SELECT MAX(ChargePeriodStart), BOOL_AND(DAY(ChargePeriodStart) = 1) FROM days "
        f"WHERE {dates.hold('ChargePeriodStart')}"
    ).fetchone()
    return None if is_monthly else last


def _partial_month(last: datetime.date | None) -> str:
    """Return the last month when the bill does not reach its last day, "" when it does or nobody knows."""
    if last is None or last.day == monthrange(last.year, last.month)[1]:
        return ""
    return f"{last:%Y-%m}"


def _reconciliation(context: _Context, billed: Decimal, lines: int) -> Reconciliation:
    total = context.total
    difference = billed - total.cost
    notes = [f"{count} lines have no number in {name}, which counts as nothing" for name, count in total.broken.items()]
    if total.empty:
        notes.append(f"{total.empty} lines have no cost")
    if lines != total.lines:
        notes.append(f"the report counts {lines} lines of {total.lines}")
    if abs(difference) >= _CENT:
        notes.append("lines of Savings Plans and private discounts change what is billed against the column's sum")
    agrees = abs(difference) < _CENT and not total.broken and lines == total.lines
    return Reconciliation(context.column, total.cost, billed, difference, agrees, tuple(notes))


def _notes(ledger: Ledger, context: _Context) -> Iterator[str]:
    yield from context.unsorted
    if not context.currency:
        yield "the bill names no currency"
    if ledger.unread_tags:
        yield f"tags of {ledger.unread_tags} lines are neither a map nor a JSON object of text, and count as none"
    for source in context.sources:
        if source.missing:
            yield f"{source.name} does not tell {', '.join(source.missing)}"


def _split_notes(shared: Sequence[Split]) -> Iterator[str]:
    for split in shared:
        if rest := split.amount - sum(share.received for share in split.shares):
            why = f"in a month in which no value that {split.source} is split to has costs to split it by"
            yield f"cost category {split.category}: {rest:,.2f} of {split.source} go to nobody, {why}"


def _totals(parts: Sequence[Part], engine: Engine, connection: Any) -> tuple[dict[str, _Total], tuple[Source, ...]]:
    found: dict[str, list[_Total]] = {}
    sources: list[Source] = []
    for part in parts:
        rows = _rows(part, engine, connection, totals_query(part))
        for currency, cost, lines, empty, _, _, *counts in rows:
            broken = {name: count for name, count in zip(part.charges.amounts, counts, strict=True) if count}
            found.setdefault(currency or "", []).append(_Total(cost or Decimal(0), lines, empty, broken))
        first = min((str(row[4]) for row in rows if row[4]), default="")
        last = max((str(row[5]) for row in rows if row[5]), default="")
        sources.append(
            Source(
                part.files[0].shown if len(part.files) == 1 else f"{part.export or part.files[0].shown}",
                part.layout.name,
                len(part.files),
                sum(row[2] for row in rows),
                first,
                last,
                tuple(name for name in part.charges.missing if name not in FOR_CATEGORIES),
                len(part.types),
            )
        )
    if not found:
        raise TagrailError(f"{parts[0].files[0].shown}: must hold charges; got no line. Do name another export")
    return {currency: _summed(held) for currency, held in found.items()}, tuple(sources)


def _summed(held: Sequence[_Total]) -> _Total:
    broken: Counter[str] = Counter()
    for one in held:
        broken.update(one.broken)
    cost = sum((one.cost for one in held), Decimal(0))
    return _Total(cost, sum(one.lines for one in held), sum(one.empty for one in held), broken)


def _accounts(parts: Sequence[Part], engine: Engine, connection: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in parts:
        if "SubAccountName" not in part.charges.missing:
            rows = _rows(part, engine, connection, names_query(part))
            found |= {account: name for account, name in rows if account and name}
    return dict(sorted(found.items()))


def _answer(parts: Sequence[Part], engine: Engine, connection: Any, table: str, query: Any) -> None:
    costs = ", ".join(f"{name} {MONEY}" for name in COSTS)
    connection.execute(
        f"CREATE OR REPLACE TABLE {table} (BillingCurrency VARCHAR, ChargePeriodStart DATE, ServiceName VARCHAR, "
        f"{costs}, Lines BIGINT)"
    )
    for part in parts:
        with reading(part, connection):
            connection.execute(f"INSERT INTO {table} SELECT * FROM {engine.relation(query(part))}")


def _rows(part: Part, engine: Engine, connection: Any, sql: str) -> list[Any]:
    with reading(part, connection):
        found: list[Any] = connection.execute(f"SELECT * FROM {engine.relation(sql)}").fetchall()
    return found
