"""Periods, limits, spending and forecasts of budgets, without an emulator."""

import datetime
from typing import Any

import pytest

from harness.emulator.billing.cost_data import CostData, CostLine
from harness.emulator.budgets.message import compose_alert
from harness.emulator.budgets.period import Period, period_at, periods_before, running_period
from harness.emulator.budgets.spend import spend_of
from harness.emulator.clock import unix_time

NOW = datetime.datetime(2026, 11, 16)
FOREVER = datetime.datetime(2087, 6, 15)


def day(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def budget(time_unit: str = "MONTHLY", start: str = "2026-01-01", **more: Any) -> dict[str, Any]:
    period = {"Start": unix_time(day(start)), "End": unix_time(FOREVER)}
    limit = {} if more else {"BudgetLimit": {"Amount": "500", "Unit": "USD"}}
    kind = {"BudgetName": "b", "BudgetType": "COST", "TimeUnit": time_unit, "TimePeriod": period}
    return {**kind, **limit, **more}


def data(usd_per_day: float = 10, begin: str = "2020-01-01") -> CostData:
    return CostData((CostLine("1", "Amazon SageMaker", usd_per_day, day(begin), {}, {}),), {})


@pytest.mark.parametrize(
    ("time_unit", "start", "end"),
    [
        ("DAILY", "2026-11-16", "2026-11-17"),
        ("MONTHLY", "2026-11-01", "2026-12-01"),
        ("QUARTERLY", "2026-10-01", "2027-01-01"),
        ("ANNUALLY", "2026-01-01", "2027-01-01"),
    ],
)
def test_periods_are_those_of_the_calendar(time_unit: str, start: str, end: str) -> None:
    assert period_at(time_unit, NOW + datetime.timedelta(hours=7)) == Period(day(start), day(end))


def test_periods_before_reach_over_the_year() -> None:
    assert [f"{period.start:%Y-%m}" for period in periods_before("MONTHLY", day("2027-02-03"), 3)] == [
        "2026-11",
        "2026-12",
        "2027-01",
    ]
    assert periods_before("QUARTERLY", day("2027-02-03"), 1) == (Period(day("2026-10-01"), day("2027-01-01")),)


def test_a_budget_runs_from_its_start_to_its_end() -> None:
    whole = Period(day("2026-11-10"), day("2026-11-20"))
    assert running_period("MONTHLY", whole, NOW) == whole
    assert running_period("MONTHLY", whole, day("2026-11-09")) is None
    assert running_period("MONTHLY", whole, day("2026-11-20")) is None
    assert running_period("CUSTOM", whole, NOW) == whole


def test_spending_counts_from_the_period_on_and_the_forecast_goes_on_alike() -> None:
    spend = spend_of(budget(), data(), NOW)
    assert (spend.limit, spend.actual, round(spend.forecasted, 6)) == (500, 150, 300)
    quarter = spend_of(budget("QUARTERLY"), data(), NOW)
    assert (quarter.actual, round(quarter.forecasted, 6)) == (460, 920)
    assert spend_of(budget(start="2026-11-11"), data(), NOW).actual == 50


def test_a_period_that_has_just_begun_has_no_forecast_yet() -> None:
    spend = spend_of(budget(), data(), day("2026-11-01"))
    assert (spend.actual, spend.forecasted) == (0, 0)


def test_planned_limits_are_those_of_the_running_month() -> None:
    planned = {
        str(int(unix_time(day(f"2026-{month:02}-01")))): {"Amount": str(month), "Unit": "USD"} for month in range(1, 13)
    }
    assert spend_of(budget(PlannedBudgetLimits=planned), data(), NOW).limit == 11


def historical(periods: int) -> dict[str, Any]:
    options = {"BudgetAdjustmentPeriod": periods}
    return budget(AutoAdjustData={"AutoAdjustType": "HISTORICAL", "HistoricalOptions": options})


def test_a_historical_limit_is_the_mean_of_past_periods_from_the_first_with_costs_on() -> None:
    spend = spend_of(historical(3), data(), NOW)
    assert (round(spend.limit, 6), spend.looked_back) == (round((31 + 30 + 31) * 10 / 3, 6), 3)
    spend = spend_of(historical(3), data(begin="2026-09-16"), NOW)
    assert (round(spend.limit, 6), spend.looked_back) == ((150 + 310) / 2, 2)
    assert spend_of(historical(3), data(begin="2026-11-02"), NOW).limit == 0.01


def test_a_forecast_limit_follows_the_forecast() -> None:
    spend = spend_of(budget(AutoAdjustData={"AutoAdjustType": "FORECAST"}), data(), NOW)
    assert spend.limit == spend.forecasted > 0


def test_a_budget_of_usage_spends_nothing() -> None:
    usage = {**budget(), "BudgetType": "USAGE", "BudgetLimit": {"Amount": "7", "Unit": "GB"}}
    spend = spend_of(usage, data(), NOW)
    assert (spend.limit, spend.actual, spend.period) == (7, 0, None)


def test_an_alert_speaks_as_aws() -> None:
    details = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80.0}
    raw = {**budget(), "BudgetName": "ml", "BudgetLimit": {"Amount": "1500", "Unit": "USD"}}
    alert = compose_alert("111122223333", raw, details, spend_of(raw, data(100), NOW), NOW)
    assert alert.subject == "AWS Budgets: ml has exceeded your alert threshold"
    assert alert.message == (
        "AWS Budget Notification November 16, 2026\n"
        "AWS Account 111122223333\n\n"
        "Dear AWS Customer,\n\n"
        "You requested that we alert you when the ACTUAL Cost associated with your ml budget is greater than $1,200.00 "
        "for the current month. The ACTUAL Cost associated with this budget is $1,500.00. You can find additional "
        "details below and by accessing the AWS Budgets dashboard [1].\n\n"
        "Budget Name: ml\nBudget Type: Cost\nBudgeted Amount: $1,500.00\nAlert Type: ACTUAL\n"
        "Alert Threshold: > $1,200.00\nACTUAL Amount: $1,500.00\n\n"
        "[1] https://console.aws.amazon.com/costmanagement/home#/budgets\n"
    )
