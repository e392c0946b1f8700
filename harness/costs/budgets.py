"""Set budgets beside what their current period has cost, and what it will come to at the pace so far."""

import datetime
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from harness.costs.breakdowns import Scope
from harness.costs.charges import literal
from harness.costs.ledger import Ledger
from harness.costs.model import BudgetLine
from harness.documents import BudgetDocument, LimitDocument

_PACE: Final = "the pace of the period so far"
_ADJUSTED: Final = "AWS adjusts its limit"
_MONTHS: Final = {"MONTHLY": 1, "QUARTERLY": 3, "ANNUALLY": 12}


class Period(NamedTuple):
    """Hold a budget's period: the months in it, and how many of its days have passed of how many."""

    name: str
    months: tuple[str, ...]
    passed: int
    days: int


class Plans(NamedTuple):
    """Hold budgets by name, and the bill's accounts, id -> name: a budget may name accounts by either."""

    budgets: Mapping[str, BudgetDocument]
    accounts: Mapping[str, str]


def budget_lines(ledger: Ledger, scope: Scope, plans: Plans, last_day: datetime.date | None) -> Iterator[BudgetLine]:
    """Yield each budget's line, by name; AWS counts budgets in unblended costs, which are BilledCost here.

    `last_day` is the last with costs, None where the bill has whole months alone. Raises: nothing.
    """
    months = [month for month in scope.months if month]
    if not months:
        return
    day = last_day or datetime.date.fromisoformat(f"{months[-1]}-01")
    for name, budget in sorted(plans.budgets.items()):
        period = period_of(budget.time_unit, day)
        if last_day is None:
            period = period._replace(passed=0)
        limit = limit_of(budget.limit, period)
        where, unknown = _condition(ledger, budget.filters, plans.accounts)
        if unknown:
            yield BudgetLine(name, period.name, limit, Decimal(0), None, "", "unknown", f"the bill has no {unknown}")
            continue
        wanted = ", ".join(map(literal, period.months))
        rows = ledger.rows(
            f"SELECT COALESCE(SUM(BilledCost), 0) FROM facts WHERE {scope.where} AND {where} AND Month IN ({wanted})"
        )
        yield line_of(name, period, limit, rows[0][0], scope.months)


def line_of(  # noqa: PLR0913, PLR0917 (one line of a table)
    name: str,
    period: Period,
    limit: Decimal | None,
    actual: Decimal,
    months: Sequence[str],
    foretold: tuple[Decimal, str] | None = None,
) -> BudgetLine:
    """Return a budget's line; `foretold` is a forecast and who made it, else the pace so far makes one.

    `months` are those that the bill holds. Raises: nothing.
    """
    forecast = (actual * period.days / period.passed).quantize(Decimal("0.01")) if period.passed else None
    by = _PACE if forecast is not None else ""
    if foretold:
        forecast, by = foretold
    absent = [month for month in period.months if month not in months]
    note = f"the bill does not hold {', '.join(absent)}" if absent else ""
    if not period.passed:
        note = note or "the bill has no days, so nobody knows how much of its last month it holds"
    if limit is None:
        return BudgetLine(name, period.name, None, actual, forecast, by, "unknown", _ADJUSTED)
    if actual > limit:
        return BudgetLine(name, period.name, limit, actual, forecast, by, "over", note)
    if absent or forecast is None:
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


def _condition(ledger: Ledger, filters: Mapping[str, tuple[str, ...]], accounts: Mapping[str, str]) -> tuple[str, str]:
    """Return the SQL of a budget's filters, and what the bill lacks to judge them, "" for nothing."""
    tests: list[str] = []
    for name, values in filters.items():
        if name == "Service":
            tests.append(f"ServiceName IN ({', '.join(map(literal, values))})")
            continue
        if name == "LinkedAccount":
            ids, strangers = account_ids(values, accounts)
            if strangers:
                return "", f"account {strangers[0]}"
            tests.append(f"SubAccountId IN ({', '.join(map(literal, ids))})")
            continue
        either: list[str] = []
        for value in values:
            key, _, wanted = value.removeprefix("user:").partition("$")
            column = ledger.categories.get(key, "") if name == "CostCategory" else _written(ledger, key)
            if not column:
                return "", f"cost category {key}" if name == "CostCategory" else f"tag {key}"
            either.append(f"{column} = {literal(wanted)}")
        tests.append(f"({' OR '.join(either)})")
    return " AND ".join(tests) or "TRUE", ""


def account_ids(names: tuple[str, ...], accounts: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids of accounts that are given by id or name, and the names that the bill does not have.

    >>> account_ids(("ml-prod", "111111111111", "dev"), {"222222222222": "ml-prod"})
    (('222222222222', '111111111111'), ('dev',))
    """
    by_name = {name: number for number, name in accounts.items()}
    ids = tuple(by_name.get(name, name) for name in names)
    strangers = tuple(one for one in ids if not (len(one) == 12 and one.isdigit()))
    return tuple(one for one in ids if one not in strangers), strangers


def _written(ledger: Ledger, key: str) -> str:
    """Return the column of a key as the bill writes its values, since AWS compares them to the letter."""
    return next((one.written for one in ledger.keys if one.key == key and one.found_as), "")
