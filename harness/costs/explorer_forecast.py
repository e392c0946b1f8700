"""Ask Cost Explorer what is to come, and set budgets beside it.

The rest of the present month is asked for by day, further months by month: AWS does not say what the first month of an
answer by month stands for when it has begun.
"""

import datetime
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from harness.costs.budgets import CURRENCY, Period, Plans, foreign_line, limit_of, line_of, period_of
from harness.costs.explorer import Amount, Explorer, NotToldError, Request, forecast, usage
from harness.costs.filters import account_ids
from harness.costs.model import BudgetLine, Forecast
from harness.documents import BudgetDocument

_AHEAD: Final = 12  # months, the present one included
_BY: Final = "Cost Explorer"


class _Ahead(NamedTuple):
    """Hold the requests for what is to come: the rest of this month, and the months after it, if any."""

    rest: Request
    months: Request | None


class _Budget(NamedTuple):
    """Hold a budget's period in which yesterday lies, the day after it, and its requests."""

    period: Period
    end: datetime.date
    actual: Request
    ahead: _Ahead | None

    def requests(self) -> Iterator[Request]:
        """Yield its requests."""
        yield self.actual
        if self.ahead:
            yield self.ahead.rest
            if self.ahead.months:
                yield self.ahead.months


def forecast_requests(today: datetime.date, budgets: Mapping[str, BudgetDocument]) -> Iterator[Request]:
    """Yield the requests that forecasts and budgets need, accounts still by the names that budgets give them."""
    ahead = _ahead(today, _month_after(today, _AHEAD), None)
    yield ahead.rest
    if ahead.months:
        yield ahead.months
    for budget in budgets.values():
        yield from _budget(budget, today, _filter(budget.filters, {})[0]).requests()


def foretold(
    explorer: Explorer, today: datetime.date, totals: Sequence[Amount], notes: list[str]
) -> tuple[Forecast, ...]:
    """Return the forecast of this month and those after it; `notes` gets why there is none.

    Raises: TagrailError when Cost Explorer may not be asked.
    """
    this = f"{today:%Y-%m}"
    spent = sum((one.costs.billed for one in totals if one.start.startswith(this)), Decimal(0))
    try:
        found = _foretell(explorer, _ahead(today, _month_after(today, _AHEAD), None), this)
    except NotToldError as error:
        notes.append(f"no forecast: {error}")
        return ()
    return tuple(
        Forecast(month, *(amount + spent if month == this else amount for amount in amounts))
        for month, amounts in sorted(found.items())
    )


def budget_lines(explorer: Explorer, today: datetime.date, currency: str, plans: Plans) -> Iterator[BudgetLine]:
    """Yield each budget's line; what Cost Explorer does not foretell goes on at the pace so far.

    Raises: TagrailError when Cost Explorer may not be asked.
    """
    for name, budget in sorted(plans.budgets.items()):
        only, instead = _filter(budget.filters, plans.accounts)
        held = _budget(budget, today, only)
        if currency != CURRENCY:
            yield foreign_line(name, held.period, currency)
            continue
        limit = limit_of(budget.limit, held.period)
        if instead:
            note = f"Cost Explorer names {instead}"
            yield BudgetLine(name, held.period.name, limit, Decimal(0), None, "", "unknown", note)
            continue
        try:
            amounts, _ = explorer.amounts(held.actual)
        except NotToldError as error:
            yield BudgetLine(name, held.period.name, limit, Decimal(0), None, "", "unknown", str(error))
            continue
        actual = sum((one.costs.billed for one in amounts), Decimal(0))
        yield line_of(name, held.period, limit, actual, plans.months, _rest(explorer, held, today, actual))


def _rest(explorer: Explorer, held: _Budget, today: datetime.date, actual: Decimal) -> tuple[Decimal, str] | None:
    if held.ahead is None:
        return None
    try:
        found = _foretell(explorer, held.ahead, f"{today:%Y-%m}")
    except NotToldError:
        return None
    return (actual + sum((amounts[0] for amounts in found.values()), Decimal(0))).quantize(Decimal("0.01")), _BY


def _budget(budget: BudgetDocument, today: datetime.date, only: Any) -> _Budget:
    period = period_of(budget.time_unit, today - datetime.timedelta(days=1))
    start = datetime.date.fromisoformat(f"{period.months[0]}-01")
    end = start + datetime.timedelta(days=period.days)
    ahead = _ahead(today, end, only) if today < end else None
    return _Budget(period, end, usage("MONTHLY", str(start), str(min(today, end)), (), only), ahead)


def _ahead(today: datetime.date, end: datetime.date, only: Any) -> _Ahead:
    following = _month_after(today, 1)
    months = forecast("MONTHLY", str(today), str(end), only) if end > following else None
    return _Ahead(forecast("DAILY", str(today), str(min(end, following)), only), months)


def _foretell(explorer: Explorer, ahead: _Ahead, this: str) -> dict[str, tuple[Decimal, Decimal, Decimal]]:
    """Return month -> mean, lower and upper bound; of `this`, the present month, what is still to come."""
    found: dict[str, tuple[Decimal, Decimal, Decimal]] = {}
    for request, is_this in ((ahead.rest, True), (ahead.months, False)):
        if request is None:
            continue
        for page in explorer.pages(request):
            for result in page["ForecastResultsByTime"]:
                month = result["TimePeriod"]["Start"][:7]
                if (month == this) is not is_this:
                    continue
                mean = result["MeanValue"]
                bounds = (result.get(f"PredictionInterval{side}Bound", mean) for side in ("Lower", "Upper"))
                before = found.get(month, (Decimal(0), Decimal(0), Decimal(0)))
                amounts = [one + Decimal(str(more)) for one, more in zip(before, (mean, *bounds), strict=True)]
                found[month] = (amounts[0], amounts[1], amounts[2])
    return found


def _month_after(day: datetime.date, months: int) -> datetime.date:
    first = day.replace(day=1)
    for _ in range(months):
        first += datetime.timedelta(days=monthrange(first.year, first.month)[1])
    return first


def _filter(filters: Mapping[str, tuple[str, ...]], accounts: Mapping[str, str]) -> tuple[Any, str]:
    """Return a budget's filters as an Expression, None without any, and what is named in place of an account of it."""
    parts: list[dict[str, Any]] = []
    instead = ""
    for name, values in filters.items():
        if name in ("LinkedAccount", "Service"):
            wanted = values
            if name == "LinkedAccount":
                wanted, others = account_ids(values, accounts)
                instead = next(iter(others), "")
            parts.append(
                {"Dimensions": {"Key": "SERVICE" if name == "Service" else "LINKED_ACCOUNT", "Values": list(wanted)}}
            )
            continue
        by_key: dict[str, list[str]] = {}
        for value in values:
            key, _, one = value.removeprefix("user:").partition("$")
            by_key.setdefault(key, []).append(one)
        kind = "CostCategories" if name == "CostCategory" else "Tags"
        parts += ({kind: {"Key": key, "Values": held}} for key, held in by_key.items())
    if not parts:
        return None, instead
    return parts[0] if len(parts) == 1 else {"And": parts}, instead
