"""GetCostForecast goes on as the last thirty days were, begins today, and needs costs before it."""

import dataclasses
import datetime
from typing import Any

import pytest

from harness.emulator.billing.cost_data import CostData, CostLine
from harness.emulator.billing.forecast import cost_forecast
from harness.emulator.wire import AwsError

NOW = datetime.datetime(2026, 11, 27, 10)
LINE = CostLine("1", "Amazon S3", 10.0, datetime.datetime(2026, 1, 1), {}, {})
DATA = CostData((LINE,), {})


def asked(start: str, end: str, granularity: str = "DAILY", **more: Any) -> dict[str, Any]:
    period = {"Start": start, "End": end}
    return {"TimePeriod": period, "Granularity": granularity, "Metric": "UNBLENDED_COST", **more}


def test_days_and_months_go_on_at_the_average() -> None:
    days = cost_forecast(DATA, asked("2026-11-27", "2026-12-01"), NOW)
    months = cost_forecast(DATA, asked("2026-11-27", "2027-01-01", "MONTHLY", PredictionIntervalLevel=80), NOW)

    assert [float(one["MeanValue"]) for one in days["ForecastResultsByTime"]] == [10.0] * 4
    assert float(days["Total"]["Amount"]) == 40
    assert [float(one["MeanValue"]) for one in months["ForecastResultsByTime"]] == [40.0, 310.0]
    assert float(months["ForecastResultsByTime"][1]["PredictionIntervalUpperBound"]) == pytest.approx(341)


def test_lines_that_began_lately_count_for_their_days() -> None:
    late = CostData((dataclasses.replace(LINE, begin=NOW.replace(day=12, hour=0)),), {})

    assert float(cost_forecast(late, asked("2026-11-27", "2026-11-28"), NOW)["Total"]["Amount"]) == 5


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (asked("2026-11-26", "2026-12-01"), "ValidationException"),
        (asked("2026-11-28", "2026-12-01"), "ValidationException"),
        (asked("2026-11-27", "2027-03-15"), "ValidationException"),
        (asked("2026-11-27", "2028-12-01", "MONTHLY"), "ValidationException"),
        (asked("2026-11-27", "2026-12-01", "HOURLY"), "NotImplemented"),
        (asked("2026-11-27", "2026-12-01") | {"Metric": "USAGE_QUANTITY"}, "NotImplemented"),
        (
            asked(
                "2026-11-27", "2026-12-01", Filter={"Dimensions": {"Key": "SERVICE", "Values": ["Amazon SageMaker"]}}
            ),
            "DataUnavailableException",
        ),
    ],
)
def test_what_is_refused(request_: dict[str, Any], code: str) -> None:
    with pytest.raises(AwsError) as failure:
        cost_forecast(DATA, request_, NOW)

    assert failure.value.error_type == code


def test_emulator_answers_it(client: Any) -> None:
    today = datetime.datetime.now(datetime.UTC).date()

    answer = client("ce").get_cost_forecast(**asked(str(today), str(today + datetime.timedelta(days=2))))

    assert len(answer["ForecastResultsByTime"]) == 2
    assert float(answer["Total"]["Amount"]) > 0
