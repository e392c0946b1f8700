"""Make the cost report of what Cost Explorer tells: costs by one thing at a time; what needs more stays unknown.

It groups by two things at most and knows no resources: nothing here says which resource lacks a tag, nor whether usage
without one could carry it.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from harness.costs.breakdowns import Scope, breakdowns, movers
from harness.costs.budgets import Plans
from harness.costs.coverage import untaggable, variants
from harness.costs.cube import make_cube
from harness.costs.explorer import Amount, Explorer, NotToldError, Request, usage
from harness.costs.explorer_coverage import coverage_of, unknown_coverage
from harness.costs.explorer_forecast import budget_lines, forecast_requests, foretold
from harness.costs.explorer_ledger import ledger_of, tag_ledger_of, type_ledger_of
from harness.costs.ledger import Ledger
from harness.costs.model import (
    Breakdown,
    Costs,
    Day,
    Key,
    KeyCoverage,
    Reconciliation,
    Report,
    Source,
    Untaggable,
    Variant,
)
from harness.costs.report import Wanted
from harness.costs.units import unit_costs
from harness.errors import TagrailError
from harness.plan_check.requirements import KeyRule

_MONTHS: Final = 12  # before the present one: as far as Cost Explorer goes without further settings
_MONTHS_BY_DAY: Final = 2
_CENT: Final = Decimal("0.01")
_ALL: Final = "TRUE"
_COMPONENT: Final = "x_Component"  # needs the usage type, which nothing here is grouped by
_UNKNOWN_TO_IT: Final = (
    "from Cost Explorer: costs by one thing at a time; unknown are resources, SageMaker components, combinations of "
    "keys, spend that lacks keys by account, service or owner, and splits of shared costs. Read an export for them"
)


class _Span(NamedTuple):
    """Hold the time that is asked about: from `start` to before `today`, whose costs are not known yet."""

    start: datetime.date
    today: datetime.date

    @property
    def months(self) -> tuple[str, ...]:
        """Return the months in it."""
        last = self.today - datetime.timedelta(days=1)
        first = self.start.year * 12 + self.start.month - 1
        count = last.year * 12 + last.month - first
        return tuple(f"{number // 12}-{number % 12 + 1:02}" for number in range(first, first + count))


class _Plan(NamedTuple):
    """Hold the requests by what they are for."""

    total: Request
    services: Request
    days: Request
    types: Request
    regions: Request
    tags: Mapping[str, Request]
    categories: Mapping[str, Request]

    def all(self) -> Iterator[Request]:
        """Yield every request."""
        yield from (self.total, self.services, self.days, self.types, self.regions)
        yield from self.tags.values()
        yield from self.categories.values()


class _Found(NamedTuple):
    """Collect what requests after each other tell."""

    breakdowns: list[Breakdown]
    coverage: list[KeyCoverage]
    variants: list[Variant]
    keys: list[Key]
    sums: dict[str, Decimal]
    notes: list[str]


def explorer_report(explorer: Explorer, connection: Any, wanted: Wanted, made: datetime.datetime) -> Report:
    """Return the report of what Cost Explorer tells on the day of `made`.

    Raises: TagrailError when it may not be asked, does not answer, or would need more requests than it may send.
    """
    span = _span(made.date())
    definitions = Request("ListCostCategoryDefinitions", {})
    explorer.announce([definitions])
    plan = _plan(span, wanted, _categories(explorer, definitions, wanted))
    explorer.announce([*plan.all(), *forecast_requests(span.today, wanted.budgets)])
    found = _Found([], [], [], [], {}, [_UNKNOWN_TO_IT])
    totals, _ = explorer.amounts(plan.total)
    currency = _currency(totals)
    amounts, accounts = explorer.amounts(plan.services)
    ledger = ledger_of(connection, amounts, ("SubAccountId", "ServiceName"))
    scope = Scope(_ALL, span.months)
    _take(found, ledger, scope, "service")
    cube = make_cube(ledger, scope, ())
    billed = sum((one.costs.billed for one in amounts), Decimal(0))
    units = [one for one in wanted.metrics if one.dimension in ("", "SubAccountId", "ServiceName")]
    shown_units = tuple(unit_costs(ledger, scope, tuple(units)))
    if len(units) < len(wanted.metrics):
        found.notes.append("costs per unit are unknown but for all costs, accounts and services")
    reasons: list[Untaggable] = []

    def by_type(amounts: list[Amount]) -> None:
        held = type_ledger_of(connection, amounts)
        _take(found, held, scope, "charge type")
        reasons.extend(untaggable(held, scope))

    def by_region(amounts: list[Amount]) -> None:
        _take(found, ledger_of(connection, amounts, ("RegionId",)), scope, "region")

    _ask(explorer, found, plan.types, by_type)
    _ask(explorer, found, plan.regions, by_region)
    _tags(_Asking(explorer, connection, scope, found), plan, wanted, _sum(totals))
    for name, request in plan.categories.items():
        _category(_Asking(explorer, connection, scope, found), name, request)
    partial = span.months[-1] if span.today.day > 1 else ""
    plans = Plans(wanted.budgets, accounts, span.months, span.today - datetime.timedelta(days=1))
    return Report(
        title=wanted.title,
        made=made.isoformat(timespec="seconds"),
        currency=currency,
        engine="Cost Explorer",
        sources=(_source(span),),
        keys=tuple(found.keys),
        months=span.months,
        partial_month=partial,
        lines=0,
        total=_sum(totals),
        reconciliation=_reconciliation(_sum(totals), billed, found),
        accounts=accounts,
        breakdowns=tuple(found.breakdowns),
        days=_days(explorer.amounts(plan.days)[0]),
        coverage=tuple(found.coverage),
        untaggable=tuple(reasons),
        faults=(),
        variants=tuple(found.variants),
        splits=(),
        budgets=tuple(budget_lines(explorer, span.today, currency, plans)),
        movers=movers(found.breakdowns, span.months, partial),
        units=shown_units,
        cube=cube,
        forecast=foretold(explorer, span.today, totals, found.notes),
        notes=tuple(found.notes),
    )


def _span(today: datetime.date) -> _Span:
    first = today.year * 12 + today.month - 1 - _MONTHS
    return _Span(datetime.date(first // 12, first % 12 + 1, 1), today)


def _plan(span: _Span, wanted: Wanted, categories: Sequence[str]) -> _Plan:
    start, today = str(span.start), str(span.today)
    first = span.today.year * 12 + span.today.month - 1 - _MONTHS_BY_DAY
    recent = str(datetime.date(first // 12, first % 12 + 1, 1))
    keys = [rule.key for rule in wanted.requirements.keys if rule.key in wanted.activated]

    def by(*groups: tuple[str, str]) -> Request:
        return usage("MONTHLY", start, today, groups)

    return _Plan(
        by(),
        by(("DIMENSION", "LINKED_ACCOUNT"), ("DIMENSION", "SERVICE")),
        usage("DAILY", recent, today, [("DIMENSION", "SERVICE")]),
        by(("DIMENSION", "RECORD_TYPE")),
        by(("DIMENSION", "REGION")),
        {key: by(("TAG", key), ("DIMENSION", "RECORD_TYPE")) for key in keys},
        {name: by(("COST_CATEGORY", name)) for name in categories},
    )


def _categories(explorer: Explorer, request: Request, wanted: Wanted) -> list[str]:
    pages = explorer.pages(request)
    found = {str(held["Name"]) for page in pages for held in page.get("CostCategoryReferences", ())}
    return sorted(found | set(wanted.categories))


def _ask(explorer: Explorer, found: _Found, request: Request, use: Any) -> None:
    """Use the answer of a request; what Cost Explorer does not tell is noted as unknown."""
    try:
        amounts, _ = explorer.amounts(request)
    except NotToldError as error:
        found.notes.append(f"unknown: {error}")
    else:
        use(amounts)


def _take(found: _Found, ledger: Ledger, scope: Scope, what: str) -> None:
    found.breakdowns.extend(one for one in breakdowns(ledger, scope) if one.dimension != _COMPONENT)
    found.sums[what] = ledger.rows("SELECT COALESCE(SUM(BilledCost), 0) FROM facts")[0][0]


class _Asking(NamedTuple):
    """Hold whom to ask, and where answers go."""

    explorer: Explorer
    connection: Any
    scope: Scope
    found: _Found


def _category(asking: _Asking, name: str, request: Request) -> None:
    def use(amounts: list[Amount]) -> None:
        held = [one._replace(keys=(one.keys[0].removeprefix(f"{name}$"),)) for one in amounts]
        ledger = ledger_of(asking.connection, held, ("Category",))._replace(categories={name: "Category"})
        _take(asking.found, ledger, asking.scope, f"cost category {name}")

    _ask(asking.explorer, asking.found, request, use)


def _tags(asking: _Asking, plan: _Plan, wanted: Wanted, total: Costs) -> None:
    for rule in wanted.requirements.keys:
        _tag(asking, rule, plan.tags.get(rule.key), wanted, total)


def _tag(asking: _Asking, rule: KeyRule, request: Request | None, wanted: Wanted, total: Costs) -> None:
    found, scope, is_mandatory = asking.found, asking.scope, bool(rule.checked_for)
    ledgers: list[Ledger] = []

    def use(amounts: list[Amount]) -> None:
        ledger = tag_ledger_of(asking.connection, amounts, rule, wanted.requirements)
        _take(found, ledger, scope, rule.key)
        found.variants.extend(variants(ledger, scope))
        ledgers.append(ledger)

    if request:
        _ask(asking.explorer, found, request, use)
    found_as = ledgers[0].keys[0].found_as if ledgers else ()
    found.keys.append(Key(rule.key, is_mandatory, rule.key in wanted.activated, found_as, rule.purpose))
    if is_mandatory:
        found.coverage.append(coverage_of(ledgers[0], rule, scope) if ledgers else unknown_coverage(rule, scope, total))


def _currency(totals: Sequence[Amount]) -> str:
    units = sorted({one.unit for one in totals if one.unit})
    if len(units) > 1:
        raise TagrailError(f"Cost Explorer: must answer in one currency; got {', '.join(units)}. Do read an export")
    if not units:
        raise TagrailError("Cost Explorer: must have costs; got none. Do ask as the payer, or wait a day")
    return units[0]


def _sum(amounts: Sequence[Amount]) -> Costs:
    columns = zip(*((one.costs.billed, one.costs.effective, one.costs.amortized) for one in amounts), strict=True)
    return Costs(*(sum(column, Decimal(0)) for column in columns))


def _source(span: _Span) -> Source:
    last = span.today - datetime.timedelta(days=1)
    return Source("Cost Explorer", "Cost Explorer", 0, 0, str(span.start), str(last), ("ResourceId",))


def _reconciliation(total: Costs, billed: Decimal, found: _Found) -> Reconciliation:
    """Compare the sum without groups with that of the report, and with each further grouping's."""
    notes = tuple(
        f"costs by {what} sum up to {amount:.2f}"
        for what, amount in found.sums.items()
        if abs(amount - total.billed) >= _CENT
    )
    difference = billed - total.billed
    return Reconciliation("UnblendedCost", total.billed, billed, difference, not notes, notes)


def _days(amounts: Sequence[Amount]) -> tuple[Day, ...]:
    found: dict[str, dict[str, Costs]] = {}
    for one in amounts:
        found.setdefault(one.start[:10], {})[one.keys[0]] = one.costs
    return tuple(Day(day, services) for day, services in sorted(found.items()))
