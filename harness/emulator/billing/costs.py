"""GetCostAndUsage: the cost data that budgets see, by day or month and in up to two groups.

docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html.
"""

import datetime
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from harness.emulator.billing.cost_data import Charge, CostData
from harness.emulator.billing.filter import UnknownCostError, expression, group_of
from harness.emulator.budgets.period import Period, period_at
from harness.emulator.wire import AwsError

_GROUPS = 2
_UNITS = frozenset({"DAILY", "MONTHLY"})
# Credits, discounts, upfront fees and support are not in the data, so that all of these are the same.
_METRICS = frozenset({"AmortizedCost", "BlendedCost", "NetAmortizedCost", "NetUnblendedCost", "UnblendedCost"})

Naming = tuple[Callable[[Charge], str], ...]


def cost_and_usage(data: CostData, request: Mapping[str, Any], now: datetime.datetime) -> dict[str, Any]:
    """Return the members of GetCostAndUsage's answer.

    Raises: AwsError ValidationException as AWS; UnknownCostError for what the cost data has not, such as usage.
    """
    period = asked_period(request["TimePeriod"])
    metrics = _metrics(request["Metrics"])
    groups = request.get("GroupBy") or []
    if len(groups) > _GROUPS:
        raise AwsError("ValidationException", f"GroupBy must have at most {_GROUPS} groups.")
    keep = expression(request["Filter"]) if request.get("Filter") else None
    naming = tuple(group_of(group.get("Type", "DIMENSION"), group["Key"]) for group in groups)
    results = []
    for part in parts_of(period, request["Granularity"]):
        charges = [charge for charge in data.charges(part.start, min(part.end, now)) if keep is None or keep(charge)]
        estimated = part.end > period_at("MONTHLY", now).start
        results.append(_result(part, charges, naming, metrics, estimated=estimated))
    answer: dict[str, Any] = {"ResultsByTime": results, "DimensionValueAttributes": []}
    return {**answer, "GroupDefinitions": groups} if groups else answer


def asked_period(raw: Mapping[str, str]) -> Period:
    """Return the time that a request is about. Raises: AwsError ValidationException for none."""
    try:
        start, end = (datetime.datetime.fromisoformat(raw[name]) for name in ("Start", "End"))
    except ValueError as error:
        raise AwsError("ValidationException", "Start and End must be dates such as 2026-12-01.") from error
    if start >= end:
        raise AwsError("ValidationException", "Start date (and hour) should be before end date (and hour)")
    return Period(start.replace(tzinfo=None), end.replace(tzinfo=None))


def _metrics(names: list[str]) -> list[str]:
    unknown = sorted(set(names) - _METRICS)
    if unknown:
        raise UnknownCostError(", ".join(unknown))
    return names


def parts_of(period: Period, granularity: str) -> Iterator[Period]:
    """Yield the days or months of a period; the first and the last are cut where it begins and ends.

    Raises: UnknownCostError for hours.
    """
    if granularity not in _UNITS:
        raise UnknownCostError(granularity)
    start = period.start
    while start < period.end:
        end = min(period_at(granularity, start).end, period.end)
        yield Period(start, end)
        start = end


def _result(
    part: Period, charges: list[Charge], naming: Naming, metrics: list[str], *, estimated: bool
) -> dict[str, Any]:
    """Return AWS's ResultByTime: a total, or groups and no total."""
    when = {"Start": f"{part.start:%Y-%m-%d}", "End": f"{part.end:%Y-%m-%d}"}
    result = {"TimePeriod": when, "Total": {}, "Groups": [], "Estimated": estimated}
    if not naming:
        return {**result, "Total": _amounts(sum(charge.usd for charge in charges), metrics)}
    sums: dict[tuple[str, ...], float] = {}
    for charge in charges:
        keys = tuple(name(charge) for name in naming)
        sums[keys] = sums.get(keys, 0.0) + charge.usd
    groups = [{"Keys": list(keys), "Metrics": _amounts(usd, metrics)} for keys, usd in sorted(sums.items())]
    return {**result, "Groups": groups}


def _amounts(usd: float, metrics: list[str]) -> dict[str, dict[str, str]]:
    return {metric: {"Amount": f"{usd:.10f}", "Unit": "USD"} for metric in metrics}
