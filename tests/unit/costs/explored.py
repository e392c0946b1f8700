"""Be Cost Explorer over a few charges, as far as the harness asks it."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

TODAY = datetime.date(2026, 11, 27)


class Line(NamedTuple):
    """Hold a charge."""

    day: str
    account: str
    service: str
    amount: str
    tags: Mapping[str, str] = {}
    record_type: str = "Usage"
    region: str = "eu-central-1"
    category: str = ""


LINES = (
    Line("2026-09-03", "222222222222", "Amazon SageMaker", "100.00", {"team:owner": "ann", "team:unit": "Retail"}),
    Line("2026-10-03", "222222222222", "Amazon SageMaker", "40.00", {"team:owner": "ann", "team:unit": "retail"}),
    Line("2026-10-04", "333333333333", "Amazon S3", "30.00", {"team:unit": "Retail"}, "Usage", "NoRegion", "Red"),
    Line("2026-10-05", "333333333333", "Tax", "19.00", {}, "Tax", "NoRegion"),
    Line("2026-11-10", "222222222222", "Amazon SageMaker", "26.00", {"team:owner": "bob", "team:unit": "Retail"}),
)


def refusal(code: str, message: str, operation: str = "GetCostAndUsage") -> ClientError:
    """Return an error as boto3 raises it."""
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


class FakeExplorer:
    """Answer from LINES, `page` groups at a time; `errors` are raised first; a day to come costs 1 USD."""

    def __init__(self, lines: tuple[Line, ...] = LINES, page: int = 100, categories: tuple[str, ...] = ()) -> None:
        self.lines, self.page, self.categories = lines, page, categories
        self.asked: list[dict[str, Any]] = []
        self.errors: list[ClientError] = []
        self.has_forecast = True
        self.unit = "USD"

    def list_cost_category_definitions(self, **_asked: Any) -> Any:
        return {"CostCategoryReferences": [{"Name": name} for name in self.categories]}

    def get_cost_and_usage(self, **asked: Any) -> Any:
        self.asked.append(asked)
        if self.errors:
            raise self.errors.pop(0)
        groups = asked.get("GroupBy", [])
        size = 7 if asked["Granularity"] == "MONTHLY" else 10
        sums: dict[tuple[str, tuple[str, ...]], Decimal] = {}
        for line in self.lines:
            if asked["TimePeriod"]["Start"] <= line.day < asked["TimePeriod"]["End"] and _kept(
                line, asked.get("Filter")
            ):
                place = (line.day[:size], tuple(_key(line, group) for group in groups))
                sums[place] = sums.get(place, Decimal(0)) + Decimal(line.amount)
        rows = sorted(sums.items())
        start = int(asked.get("NextPageToken", "0"))
        shown = rows[start : start + self.page]
        following = {"NextPageToken": str(start + self.page)} if start + self.page < len(rows) else {}
        results = [_result(when, keys, amount, self.unit) for (when, keys), amount in shown]
        names = [{"Value": "222222222222", "Attributes": {"description": "ml-prod"}}]
        return {"ResultsByTime": results, "DimensionValueAttributes": names if groups else [], **following}

    def get_cost_forecast(self, **asked: Any) -> Any:
        self.asked.append(asked)
        if not self.has_forecast:
            raise refusal("DataUnavailableException", "Insufficient amount of historical data.", "GetCostForecast")
        start, end = (datetime.date.fromisoformat(asked["TimePeriod"][name]) for name in ("Start", "End"))
        assert start == TODAY
        found: dict[str, int] = {}
        size = 7 if asked["Granularity"] == "MONTHLY" else 10
        for number in range((end - start).days):
            day = str(start + datetime.timedelta(days=number))[:size]
            found[day] = found.get(day, 0) + 1
        results = [
            {
                "TimePeriod": {"Start": f"{day}-01"[:10]},
                "MeanValue": str(count),
                "PredictionIntervalLowerBound": str(count / 2),
                "PredictionIntervalUpperBound": str(count * 2),
            }
            for day, count in found.items()
        ]
        return {"ForecastResultsByTime": results}


def _kept(line: Line, only: Any) -> bool:
    if not only:
        return True
    (name, held), *_ = only.items()
    if name == "And":
        return all(_kept(line, part) for part in held)
    if name == "Tags":
        return line.tags.get(held["Key"]) in held["Values"]
    return {"LINKED_ACCOUNT": line.account, "SERVICE": line.service}[held["Key"]] in held["Values"]


def _key(line: Line, group: Mapping[str, str]) -> str:
    if group["Type"] == "TAG":
        return f"{group['Key']}${line.tags.get(group['Key'], '')}"
    if group["Type"] == "COST_CATEGORY":
        return f"{group['Key']}${line.category}"
    held = {"LINKED_ACCOUNT": line.account, "SERVICE": line.service, "REGION": line.region}
    return {**held, "RECORD_TYPE": line.record_type}[group["Key"]]


def _result(when: str, keys: tuple[str, ...], amount: Decimal, unit: str) -> Any:
    metrics = {
        "UnblendedCost": {"Amount": str(amount), "Unit": unit},
        "NetAmortizedCost": {"Amount": str(amount * Decimal("0.9")), "Unit": unit},
        "AmortizedCost": {"Amount": str(amount), "Unit": unit},
    }
    period = {"Start": when if len(when) == 10 else f"{when}-01"}
    if not keys:
        return {"TimePeriod": period, "Total": metrics, "Groups": []}
    return {"TimePeriod": period, "Total": {}, "Groups": [{"Keys": list(keys), "Metrics": metrics}]}
