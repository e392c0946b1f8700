"""What a budget allows, has spent, and will have spent when its period ends.

Only budgets of cost are worked out: the emulator has no data of usage, reservations and Savings Plans, so others spend
nothing and never alert. A forecast goes on as the period began; AWS's own model is not published, and AWS gives none
before it has five weeks of data (docs.aws.amazon.com/cost-management/latest/userguide/budgets-best-practices.html).
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.emulator.billing.cost_data import CostData, Keep
from harness.emulator.billing.filter import cost_filters, expression
from harness.emulator.budgets.period import Period, periods_before, running_period
from harness.emulator.clock import from_unix

_LEAST = 0.01  # USD; AWS lets no budget be smaller


@dataclass(frozen=True, slots=True)
class Spend:
    """Hold amounts in USD of the running period; `looked_back` counts the periods that an adjusting limit averages."""

    limit: float
    actual: float = 0.0
    forecasted: float = 0.0
    looked_back: int = 0
    period: Period | None = None


def keep_of(raw: Mapping[str, Any]) -> Keep:
    """Return which charges a budget counts.

    Raises: UnknownCostError or AwsError ValidationException for a filter that the cost data cannot judge.
    """
    if raw.get("FilterExpression"):
        return expression(raw["FilterExpression"])
    return cost_filters(raw.get("CostFilters") or {})


def spend_of(raw: Mapping[str, Any], data: CostData, now: datetime.datetime) -> Spend:
    """Return what a Budget, as AWS describes it, comes to by now.

    Raises: UnknownCostError or AwsError ValidationException for a filter that the cost data cannot judge.
    """
    if raw["BudgetType"] != "COST":
        return Spend(_set_limit(raw, now))
    keep = keep_of(raw)
    whole = Period(from_unix(raw["TimePeriod"]["Start"]), from_unix(raw["TimePeriod"]["End"]))
    period = running_period(raw["TimeUnit"], whole, now)
    actual = data.total(keep, period.start, now) if period else 0.0
    past = (now - period.start) / (period.end - period.start) if period else 0.0
    forecasted = actual / past if past else 0.0
    limit, looked_back = _set_limit(raw, now), 0
    adjusting = raw.get("AutoAdjustData")
    if adjusting and adjusting["AutoAdjustType"] == "FORECAST":
        limit = max(forecasted, _LEAST)
    elif adjusting:
        periods = periods_before(raw["TimeUnit"], now, adjusting["HistoricalOptions"]["BudgetAdjustmentPeriod"])
        limit, looked_back = _average(data, keep, periods)
    return Spend(limit, actual, forecasted, looked_back, period)


def _set_limit(raw: Mapping[str, Any], now: datetime.datetime) -> float:
    """Return the limit that the budget says, of the running period if it plans them."""
    planned = {from_unix(start): limit for start, limit in (raw.get("PlannedBudgetLimits") or {}).items()}
    if planned:
        begun = [start for start in sorted(planned) if start <= now]
        return float(planned[begun[-1] if begun else min(planned)]["Amount"])
    return float((raw.get("BudgetLimit") or {"Amount": _LEAST})["Amount"])


def _average(data: CostData, keep: Keep, periods: tuple[Period, ...]) -> tuple[float, int]:
    """Return the mean of past periods, from the first on that cost anything, and how many those are.

    docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_HistoricalOptions.html.
    """
    totals = [data.total(keep, period.start, period.end) for period in periods]
    while totals and not totals[0]:
        del totals[0]
    return (max(sum(totals) / len(totals), _LEAST), len(totals)) if totals else (_LEAST, 0)
