"""Months, days, what moved, budgets and unit costs."""

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from harness.costs.groups import By
from harness.costs.units import read_metrics
from harness.documents import BudgetDocument, LimitDocument
from harness.errors import InputError, TagrailError
from tests.unit.costs.bills import WANTED, focus, report_of, write_csv


def line(day: str, cost: str, **further: str) -> dict[str, str]:
    return focus(
        BillingPeriodStart=f"{day[:7]}-01", ChargePeriodStart=day, BilledCost=cost, EffectiveCost=cost, **further
    )


def test_movers_compare_the_last_two_whole_months(tmp_path: Path) -> None:
    lines = [line("2026-08-31", "10"), line("2026-09-30", "16"), line("2026-10-10", "1")]
    report = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", lines))

    assert report.partial_month == "2026-10"
    service = next(one for one in report.movers if one.dimension == "ServiceName")
    assert (service.before, service.after, service.change, service.share) == (10, 16, 6, pytest.approx(0.6))


def test_what_is_new_has_no_share(tmp_path: Path) -> None:
    lines = [line("2026-08-31", "10"), line("2026-09-30", "10"), line("2026-09-30", "5", ServiceName="Amazon Bedrock")]
    report = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", lines))

    assert [(one.value, one.share) for one in report.movers if one.dimension == "ServiceName"] == [
        ("Amazon Bedrock", None)
    ]


def test_bill_of_whole_months_has_no_partial_month_and_no_pace(tmp_path: Path) -> None:
    lines = [line("2026-09-01", "10"), line("2026-10-01", "16")]
    budget = BudgetDocument(LimitDocument("fixed", usd=20.0), "MONTHLY", {})

    wanted = WANTED._replace(budgets={"ml": budget})
    report = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", lines), wanted=wanted)

    assert report.partial_month == ""
    (found,) = report.budgets
    assert (found.actual, found.forecast, found.status) == (16, None, "unknown")
    assert found.note.startswith("the bill has no days")


def test_days_by_service(tmp_path: Path) -> None:
    lines = [line("2026-10-01", "1"), line("2026-10-01", "2"), line("2026-10-03", "4", ServiceName="Amazon S3")]
    report = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", lines))

    found = [(one.day, {name: costs.billed for name, costs in one.services.items()}) for one in report.days]
    assert found == [("2026-10-01", {"Amazon SageMaker": 3}), ("2026-10-03", {"Amazon S3": 4})]


# filters -> actual, forecast, status of a budget of 20 on day 10 of 31
BUDGETS = {
    "all": ({}, 9, Decimal("27.90"), "forecast over"),
    "service": ({"Service": ("Amazon S3",)}, 2, Decimal("6.20"), "within"),
    "tag": ({"TagKeyValue": ("user:team:unit$Retail",)}, 7, Decimal("21.70"), "forecast over"),
    "account": ({"LinkedAccount": ("ml-prod", "999999999999")}, 9, Decimal("27.90"), "forecast over"),
    "both": ({"Service": ("Amazon S3",), "TagKeyValue": ("user:team:unit$Retail",)}, 0, Decimal("0.00"), "within"),
    "tag that the bill lacks": ({"TagKeyValue": ("user:team:owner$x",)}, 0, None, "unknown"),
    "account that the bill lacks": ({"LinkedAccount": ("ml-dev",)}, 0, None, "unknown"),
    "category that the bill lacks": ({"CostCategory": ("Team$x",)}, 0, None, "unknown"),
}


@pytest.mark.parametrize(("filters", "actual", "forecast", "status"), BUDGETS.values(), ids=BUDGETS)
def test_budget(
    tmp_path: Path, filters: dict[str, tuple[str, ...]], actual: int, forecast: Decimal, status: str
) -> None:
    lines = [line("2026-10-10", "7", Tags='{"team:unit": "Retail"}'), line("2026-10-01", "2", ServiceName="Amazon S3")]
    budget = BudgetDocument(LimitDocument("fixed", usd=20.0), "MONTHLY", filters)

    file = write_csv(tmp_path / "bill.csv", lines)
    (found,) = report_of(tmp_path / "s", file, wanted=WANTED._replace(budgets={"ml": budget})).budgets

    assert (found.actual, found.forecast, found.status) == (actual, forecast, status)


def test_budget_that_is_spent_is_over(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "bill.csv", [line("2026-10-31", "21")])
    budget = BudgetDocument(LimitDocument("fixed", usd=20.0), "MONTHLY", {})

    (found,) = report_of(tmp_path / "s", file, wanted=WANTED._replace(budgets={"ml": budget})).budgets

    assert found.status == "over"


def test_budget_whose_months_the_bill_lacks_is_unknown(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "bill.csv", [line("2026-11-15", "1")])
    budget = BudgetDocument(LimitDocument("fixed", usd=20.0), "QUARTERLY", {})

    (found,) = report_of(tmp_path / "s", file, wanted=WANTED._replace(budgets={"ml": budget})).budgets

    assert (found.period, found.status, found.note) == ("2026 Q4", "unknown", "the bill does not hold 2026-10")


def test_lines_without_a_day_are_said(tmp_path: Path) -> None:
    file = write_csv(
        tmp_path / "bill.csv", [line("2026-10-05", "8"), focus(ChargePeriodStart="", EffectiveCost="1200")]
    )

    found = report_of(tmp_path / "s", file)

    assert [one.day for one in found.days] == ["2026-10-05"]
    assert "1 lines, 1.00 billed and 1,200.00 effective, have no day; they count for no day" in found.notes


@pytest.mark.parametrize("day", ["0004-10-02", "1970-01-01", "2005-12-31", "2029-01-01", "290000-01-01", "infinity"])
def test_days_and_months_that_cannot_be_are_said(tmp_path: Path, day: str) -> None:
    broken = focus(ChargePeriodStart=day, BillingPeriodStart=day)
    file = write_csv(tmp_path / "bill.csv", [line("2026-10-05", "8"), broken])
    by = By(("ServiceName",), "day")

    found = report_of(tmp_path / "s", file, wanted=WANTED._replace(by=by))

    assert (found.months, found.partial_month) == (("", "2026-10"), "2026-10")
    assert [one.day for one in found.days] == ["2026-10-05"]
    assert found.grouping is not None
    assert [*found.grouping.groups[0].periods] == ["", "2026-10-05"]
    costs, beyond = "1 lines, 1.00 billed and 1.00 effective", "before 2006-01-01 or after 2027-11-28"
    assert [*found.notes[-2:]] == [
        f"{costs}, have a day {beyond}; they count for no day",
        f"{costs}, have no month, or one {beyond}; they count for no month",
    ]


def test_unit_costs(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "bill.csv", [line("2026-10-01", "8"), line("2026-10-01", "2", ServiceName="Amazon S3")])
    metrics = tmp_path / "metrics.csv"
    metrics.write_text(
        "month,metric,value,dimension,name\n2026-10,request,4,,\n2026-11,request,4,,\n"
        "2026-10,user,2,ServiceName,Amazon S3\n"
    )
    wanted = WANTED._replace(metrics=read_metrics(metrics, "metrics.csv"))

    found = report_of(tmp_path / "s", file, wanted=wanted).units

    assert [(one.metric, one.value, dict(one.months)) for one in found] == [
        ("request", "", {"2026-10": Decimal("2.5"), "2026-11": None}),
        ("user", "Amazon S3", {"2026-10": 1}),
    ]


def test_metric_of_an_unknown_dimension_is_refused(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "bill.csv", [line("2026-10-01", "8")])
    metrics = tmp_path / "metrics.csv"
    metrics.write_text("month,metric,value,dimension,name\n2026-10,user,4,Team,x\n")

    with pytest.raises(TagrailError, match=r'dimension "Team": must be one of SubAccountId, .*team:owner'):
        report_of(tmp_path / "s", file, wanted=WANTED._replace(metrics=read_metrics(metrics, "metrics.csv")))


@pytest.mark.parametrize("row", ["10/2026,user,4", "2026-10,user,many", "2026-10,user,NaN", "2026-1,user,4"])
def test_broken_metric_is_refused_with_its_line(tmp_path: Path, row: str) -> None:
    metrics = tmp_path / "metrics.csv"
    metrics.write_text(f"month,metric,value\n2026-10,user,4\n{row}\n")

    with pytest.raises(InputError, match=r"^metrics\.csv:3: must have month YYYY-MM and a number"):
        read_metrics(metrics, "metrics.csv")


def test_metric_that_is_given_twice_is_refused_with_both_lines(tmp_path: Path) -> None:
    metrics = tmp_path / "metrics.csv"
    rows = ("2026-10,user,4,,", "2026-09,user,4,,", "2026-10,user,4,ServiceName,Amazon S3", "2026-10, user ,5,,")
    metrics.write_text("\n".join(("month,metric,value,dimension,name", *rows, "")))

    with pytest.raises(InputError) as refused:
        read_metrics(metrics, "metrics.csv")

    rule = "must give user once for 2026-10; got it on line 2 already"
    assert str(refused.value) == f"metrics.csv:5: {rule}. Do add both up, or remove the one out of date"


def test_metrics_without_a_column_are_refused(tmp_path: Path) -> None:
    metrics = tmp_path / "metrics.csv"
    metrics.write_text("month,value\n")

    with pytest.raises(TagrailError, match=r"must have the columns month, metric, value.*got no metric"):
        read_metrics(metrics, "metrics.csv")


@pytest.mark.parametrize("text", ["10/1/26 0:00", "10/01/2026 00:00", "10/1/2026 12:30:00"])
def test_days_as_spreadsheets_write_them(tmp_path: Path, text: str) -> None:
    line = focus(BillingPeriodStart=text, ChargePeriodStart=text)

    report = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", [line]))

    assert (report.months, [day.day for day in report.days]) == (("2026-10",), ["2026-10-01"])


def test_days_are_those_of_the_bill_and_not_of_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    bill = tmp_path / "bill.parquet"
    duckdb.sql(
        "SELECT 1.0 AS BilledCost, 1.0 AS EffectiveCost, 'USD' AS BillingCurrency, '1' AS BillingAccountId, "
        "TIMESTAMPTZ '2026-10-01 00:00:00+00' AS BillingPeriodStart, "
        "TIMESTAMPTZ '2026-10-01 00:00:00+00' AS ChargePeriodStart, 'Usage' AS ChargeCategory"
    ).write_parquet(str(bill))

    report = report_of(tmp_path / "s", bill)

    assert (report.months, [day.day for day in report.days]) == (("2026-10",), ["2026-10-01"])
