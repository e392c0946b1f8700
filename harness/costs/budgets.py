"""Set budgets beside what their current period has cost, and what it will come to at the pace so far."""

import datetime
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from harness.costs.breakdowns import Scope
from harness.costs.charges import literal
from harness.costs.filters import account_ids, service_test, tag_of
from harness.costs.ledger import Ledger
from harness.costs.model import BudgetLine
from harness.documents import BudgetDocument, LimitDocument

_PACE: Final = "the pace of the period so far"
CURRENCY: Final = "USD"  # of every limit that env.yaml may have
_ADJUSTED: Final = "AWS adjusts its limit"
_MONTHS: Final = {"MONTHLY": 1, "QUARTERLY": 3, "ANNUALLY": 12}


class Period(NamedTuple):
    """Hold a budget's period: the months in it, and how many of its days have passed of how many."""

    name: str
    months: tuple[str, ...]
    passed: int
    days: int


class Plans(NamedTuple):
    """Hold budgets by name, and what else of the whole bill they need, whatever the currency.

    `accounts` maps id to name, since a budget may name accounts by either. `last_day` is the last with costs, None
    where the bill has whole months alone.
    """

    budgets: Mapping[str, BudgetDocument]
    accounts: Mapping[str, str]
    months: tuple[str, ...]
    last_day: datetime.date | None


class _Bill(NamedTuple):
    """Hold what filters are held against: accounts by id, and the names and codes of all services."""

    ledger: Ledger
    accounts: Mapping[str, str]
    services: frozenset[str]


def budget_lines(ledger: Ledger, scope: Scope, currency: str, plans: Plans) -> Iterator[BudgetLine]:
    """Yield each budget's line, by name; AWS counts budgets in unblended costs, which are BilledCost in sum.

    Limits are in USD; nothing is converted. Raises: nothing.
    """
    months = [month for month in plans.months if month]
    if not months:
        for name in sorted(plans.budgets):
            yield BudgetLine(name, "", None, Decimal(0), None, "", "unknown", "the bill has no months")
        return
    day = plans.last_day or datetime.date.fromisoformat(f"{months[-1]}-01")
    bill = _Bill(ledger, plans.accounts, _services(ledger))
    for name, budget in sorted(plans.budgets.items()):
        period = period_of(budget.time_unit, day)
        if plans.last_day is None:
            period = period._replace(passed=0)
        if currency != CURRENCY:
            yield foreign_line(name, period, currency)
            continue
        limit = limit_of(budget.limit, period)
        where, instead = _condition(bill, budget.filters)
        if instead:
            yield BudgetLine(name, period.name, limit, Decimal(0), None, "", "unknown", f"the bill has {instead}")
            continue
        wanted = ", ".join(map(literal, period.months))
        rows = ledger.rows(
            f"SELECT COALESCE(SUM(BilledCost), 0) FROM facts WHERE {scope.where} AND {where} AND Month IN ({wanted})"
        )
        yield line_of(name, period, limit, rows[0][0], plans.months)


def _services(ledger: Ledger) -> frozenset[str]:
    rows = ledger.rows("SELECT DISTINCT UNNEST([ServiceName, x_ServiceCode]) FROM facts")
    return frozenset(row[0] for row in rows if row[0])


def foreign_line(name: str, period: Period, currency: str) -> BudgetLine:
    """Return the line of a budget beside costs in another currency than its limit. Raises: nothing."""
    note = f"its limit is in {CURRENCY}, and costs are in {currency or 'a currency that the bill does not name'}"
    return BudgetLine(name, period.name, None, Decimal(0), None, "", "unknown", note)


def line_of(  # noqa: PLR0913, PLR0917 (one line of a table)
    name: str,
    period: Period,
    limit: Decimal | None,
    actual: Decimal,
    months: Sequence[str],
    foretold: tuple[Decimal, str] | None = None,
) -> BudgetLine:
    """Return a budget's line; `foretold` is a forecast and who made it, else the pace so far makes one.

    `months` are those that the bill holds, "" among them for charges without one. Raises: nothing.
    """
    forecast = (actual * period.days / period.passed).quantize(Decimal("0.01")) if period.passed else None
    by = _PACE if forecast is not None else ""
    if foretold:
        forecast, by = foretold
    absent = [month for month in period.months if month not in months]
    note = f"the bill does not hold {', '.join(absent)}" if absent else ""
    if "" in months:
        note = note or "the bill has charges without a month"
    if not period.passed:
        note = note or "the bill has no days, so nobody knows how much of its last month it holds"
    if limit is None:
        return BudgetLine(name, period.name, None, actual, forecast, by, "unknown", _ADJUSTED)
    if actual > limit:
        return BudgetLine(name, period.name, limit, actual, forecast, by, "over", note)
    if note or forecast is None:
        return BudgetLine(name, period.name, limit, actual, None, "", "unknown", note)
    status: Literal["forecast over", "within"] = "forecast over" if forecast > limit else "within"
    return BudgetLine(name, period.name, limit, actual, forecast, by, status)


def period_of(time_unit: str, day: datetime.date) -> Period:
    """Return the period of a budget in which a day lies, with the months up to it. Raises: KeyError for no such unit.

    >>> period_of("QUARTERLY", datetime.date(2026, 5, 10))
    Period(name='2026 Q2', months=('2026-04', '2026-05'), passed=40, days=91)
    """
    length = _MONTHS[time_unit]
    first = (day.month - 1) // length * length + 1
    days = sum(monthrange(day.year, month)[1] for month in range(first, first + length))
    passed = (day - datetime.date(day.year, first, 1)).days + 1
    name = {1: f"{day:%Y-%m}", 3: f"{day.year} Q{(first + 2) // 3}", 12: str(day.year)}[length]
    return Period(name, tuple(f"{day.year}-{month:02}" for month in range(first, day.month + 1)), passed, days)


def limit_of(limit: LimitDocument, period: Period) -> Decimal | None:
    """Return the limit of a period, None for one that AWS adjusts or that was not planned. Raises: nothing."""
    if limit.usd is not None:
        return Decimal(str(limit.usd))
    planned = limit.usd_by_month or {}
    found = [Decimal(str(planned[month])) for month in period.months if month in planned]
    return found[0] if found else None


def _condition(bill: _Bill, filters: Mapping[str, tuple[str, ...]]) -> tuple[str, str]:
    """Return the SQL of a budget's filters, and what the bill has in place of what judges them, "" for nothing.

    What AWS does not find it counts as 0, and so would a name that the bill writes otherwise: neither is told apart.
    """
    tests: list[str] = []
    for name, values in filters.items():
        if name == "Service":
            test, stranger = service_test(values, bill.services)
            if stranger:
                return "", f"no service {stranger}"
            tests.append(test)
            continue
        if name == "LinkedAccount":
            ids, instead = account_ids(values, bill.accounts)
            if instead:
                return "", instead[0]
            tests.append(f"SubAccountId IN ({', '.join(map(literal, ids))})")
            continue
        either: list[str] = []
        for value in values:
            key, _, wanted = value.removeprefix("user:").partition("$")
            test, instead_of_key = (_category if name == "CostCategory" else _tag)(bill.ledger, key, wanted)
            if instead_of_key:
                return "", instead_of_key
            either.append(test)
        tests.append(f"({' OR '.join(either)})")
    return " AND ".join(tests) or "TRUE", ""


def _category(ledger: Ledger, name: str, wanted: str) -> tuple[str, str]:
    column = ledger.categories.get(name, "")
    return f"{column} = {literal(wanted)}", "" if column else f"no cost category {name}"


def _tag(ledger: Ledger, key: str, wanted: str) -> tuple[str, str]:
    """Return SQL of a tag, whose key and value AWS compares to the letter, and what the bill has in place of it."""
    tag = tag_of(ledger, key)
    if tag is None:
        return "", f"no tag {key}"
    if not ledger.has_tags:
        return "", "no tags for some or all charges"
    rows = ledger.rows(f"SELECT COUNT(*) FROM facts WHERE {tag.value} IS NOT NULL AND {tag.is_exact}")
    return f"({tag.is_exact} AND {tag.value} = {literal(wanted)})", "" if rows[0][0] else f"no tag {key}"
