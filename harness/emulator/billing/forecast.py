"""GetCostForecast: the days to come cost what the last thirty did on average, give or take a tenth.

docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostForecast.html. AWS learns from more than that.
Alike are the answer's form, that it begins today, how far it goes, and that there is none without costs before it.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from harness.emulator.billing.cost_data import CostData
from harness.emulator.billing.costs import asked_period, parts_of
from harness.emulator.billing.filter import UnknownCostError, expression
from harness.emulator.wire import AwsError

_METRICS = frozenset({"AMORTIZED_COST", "BLENDED_COST", "NET_AMORTIZED_COST", "NET_UNBLENDED_COST", "UNBLENDED_COST"})
_LEARNT = datetime.timedelta(days=30)
_FARTHEST = {"DAILY": datetime.timedelta(days=93), "MONTHLY": datetime.timedelta(days=549)}
_INTERVAL = 0.1


def cost_forecast(data: CostData, request: Mapping[str, Any], now: datetime.datetime) -> dict[str, Any]:
    """Return the members of GetCostForecast's answer.

    Raises: AwsError ValidationException for a time that does not begin today or goes too far, DataUnavailableException
    without costs to learn from; UnknownCostError for what the cost data has not, such as usage.
    """
    if request["Metric"] not in _METRICS:
        raise UnknownCostError(request["Metric"])
    period, granularity = asked_period(request["TimePeriod"]), request["Granularity"]
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if period.start != today:
        raise AwsError("ValidationException", "Start must be the current date.")
    parts = list(parts_of(period, granularity))
    if period.end - period.start > _FARTHEST[granularity]:
        raise AwsError("ValidationException", "End is too far in the future for this granularity.")
    keep = expression(request["Filter"]) if request.get("Filter") else lambda _charge: True
    daily = data.total(keep, today - _LEARNT, today) / _LEARNT.days
    if not daily:
        raise AwsError("DataUnavailableException", "Insufficient amount of historical data to generate forecast.")
    results = []
    for part in parts:
        mean = daily * (part.end - part.start).days
        when = {"Start": f"{part.start:%Y-%m-%d}", "End": f"{part.end:%Y-%m-%d}"}
        result = {"TimePeriod": when, "MeanValue": f"{mean:.10f}"}
        if "PredictionIntervalLevel" in request:
            result["PredictionIntervalLowerBound"] = f"{mean * (1 - _INTERVAL):.10f}"
            result["PredictionIntervalUpperBound"] = f"{mean * (1 + _INTERVAL):.10f}"
        results.append(result)
    total = {"Amount": f"{daily * (period.end - period.start).days:.10f}", "Unit": "USD"}
    return {"Total": total, "ForecastResultsByTime": results}
