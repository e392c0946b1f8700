"""Budgets beside a bill: what their filters mean in it, and what nobody can tell."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from harness.costs.model import BudgetLine
from harness.documents import BudgetDocument, LimitDocument
from tests.unit.costs.bills import FOCUS, WANTED, focus, reports_of, write_csv

Filters = Mapping[str, tuple[str, ...]]
DAY = "2026-10-10"
CUR = {
    "lineItem/LineItemType": "Usage",
    "lineItem/UnblendedCost": "1",
    "lineItem/CurrencyCode": "USD",
    "lineItem/UsageStartDate": f"{DAY}T00:00:00Z",
    "lineItem/UsageAccountId": "222222222222",
}


def line(cost: str, day: str = DAY, **further: str) -> dict[str, str]:
    return focus(BilledCost=cost, BillingPeriodStart=f"{day[:7]}-01", ChargePeriodStart=day, **further)


def budgets(tmp_path: Path, filters: Filters, *lines: dict[str, str]) -> dict[str, BudgetLine]:
    """Return the line of a budget of 20 USD a month, by currency."""
    wanted = WANTED._replace(budgets={"ml": BudgetDocument(LimitDocument("fixed", usd=20.0), "MONTHLY", filters)})
    found = reports_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", lines), wanted=wanted)
    return {report.currency: report.budgets[0] for report in found}


def budget(tmp_path: Path, filters: Filters, *lines: dict[str, str]) -> tuple[int, str, str]:
    """Return what has been spent, the status and the note of a budget of a bill in USD."""
    found = budgets(tmp_path, filters, *lines)["USD"]
    return int(found.actual), found.status, found.note


# Where the service's name stands: columns of a line.
NAMES = {
    "CUR 1": {"product/ProductName": "Amazon SageMaker", "lineItem/ProductCode": "AmazonSageMaker"},
    "CUR 1, code alone": {"lineItem/ProductCode": "AmazonSageMaker"},
    "FOCUS": {"ServiceName": "Amazon SageMaker"},
    "FOCUS, code alone": {"ServiceName": "SageMaker AI", "x_ServiceCode": "AmazonSageMaker"},
}


@pytest.mark.parametrize("columns", NAMES.values(), ids=NAMES)
def test_service_is_known_by_name_or_code(tmp_path: Path, columns: dict[str, str]) -> None:
    common = FOCUS if "ServiceName" in columns else CUR

    assert budget(tmp_path, {"Service": ("Amazon SageMaker",)}, {**common, **columns})[:2] == (1, "within")


def test_service_that_is_nowhere_in_the_bill_is_unknown(tmp_path: Path) -> None:
    filters = {"Service": ("Amazon SageMaker", "Amazon Elastic Compute Cloud - Compute")}

    assert budget(tmp_path, filters, line("7")) == (
        0,
        "unknown",
        "the bill has no service Amazon Elastic Compute Cloud - Compute",
    )


def test_service_of_another_month_costs_nothing_in_this(tmp_path: Path) -> None:
    lines = [line("7", "2026-09-30", ServiceName="Amazon S3"), line("3")]

    assert budget(tmp_path, {"Service": ("Amazon S3",)}, *lines)[:2] == (0, "within")


@pytest.mark.parametrize(("currency", "shown"), [("EUR", "EUR"), ("", "a currency that the bill does not name")])
def test_limit_is_held_against_its_own_currency(tmp_path: Path, currency: str, shown: str) -> None:
    found = budgets(tmp_path, {}, line("3"), line("99", BillingCurrency=currency))

    assert (found["USD"].actual, found["USD"].status) == (3, "within")
    other = found[currency]
    assert (other.limit, other.actual, other.status) == (None, 0, "unknown")
    assert other.note == f"its limit is in USD, and costs are in {shown}"


def test_last_day_is_that_of_the_whole_bill(tmp_path: Path) -> None:
    lines = [line("10", "2026-10-01"), line("1", "2026-10-31", BillingCurrency="EUR")]

    found = budgets(tmp_path, {}, *lines)["USD"]

    assert (found.actual, found.forecast, found.status) == (10, 10, "within")


def test_month_is_that_of_the_whole_bill(tmp_path: Path) -> None:
    lines = [line("99", "2026-09-30"), line("1", "2026-10-31", BillingCurrency="EUR")]

    found = budgets(tmp_path, {}, *lines)["USD"]

    assert (found.period, found.actual, found.status) == ("2026-10", 0, "within")


def test_charges_without_a_month_leave_a_budget_unknown(tmp_path: Path) -> None:
    lines = [line("3"), focus(BilledCost="99", BillingPeriodStart="", ChargePeriodStart="")]

    assert budget(tmp_path, {}, *lines) == (3, "unknown", "the bill has charges without a month")


def test_bill_without_months_leaves_a_budget_unknown(tmp_path: Path) -> None:
    found = budget(tmp_path, {}, focus(BilledCost="99", BillingPeriodStart="", ChargePeriodStart=""))

    assert found == (0, "unknown", "the bill has no months")


TWINS = [line("3"), line("4", SubAccountId="333333333333"), line("5", SubAccountId="444444444444", SubAccountName="x")]


def test_name_of_two_accounts_is_unknown(tmp_path: Path) -> None:
    found = budget(tmp_path, {"LinkedAccount": ("ml-prod",)}, *TWINS)

    assert found == (0, "unknown", "the bill has several accounts ml-prod: 222222222222, 333333333333")


def test_one_of_two_accounts_is_named_by_id(tmp_path: Path) -> None:
    assert budget(tmp_path, {"LinkedAccount": ("333333333333", "x")}, *TWINS)[0] == 9


RETAIL: Filters = {"TagKeyValue": ("user:team:unit$Retail",)}


def test_key_in_other_capitals_does_not_count(tmp_path: Path) -> None:
    lines = [line("3", Tags='{"team:unit": "Retail"}'), line("4", Tags='{"Team:Unit": "Retail"}')]

    assert budget(tmp_path, RETAIL, *lines)[:2] == (3, "within")


@pytest.mark.parametrize("key", ["Team:Unit", "bu", "team:owner"])
def test_key_that_is_nowhere_written_so_is_unknown(tmp_path: Path, key: str) -> None:
    found = budget(tmp_path, RETAIL, line("3", Tags=f'{{"{key}": "Retail"}}'))

    assert found == (0, "unknown", "the bill has no tag team:unit")


def test_wrong_values_count_as_they_are_written(tmp_path: Path) -> None:
    lines = [line("3", Tags='{"team:unit": "retail"}'), line("4", Tags='{"team:unit": "Retail"}')]

    assert budget(tmp_path, {"TagKeyValue": ("user:team:unit$retail",)}, *lines)[:2] == (3, "within")


def test_budget_by_tag_of_a_bill_in_part_without_tags_is_unknown(tmp_path: Path) -> None:
    wanted = WANTED._replace(budgets={"ml": BudgetDocument(LimitDocument("fixed", usd=20.0), "MONTHLY", RETAIL)})
    untagged = {name: value for name, value in line("9", "2026-09-30").items() if name != "Tags"}
    files = [write_csv(tmp_path / "a.csv", [line("3", Tags='{"team:unit": "Retail"}')])]
    files.append(write_csv(tmp_path / "b.csv", [untagged]))

    (report,) = reports_of(tmp_path / "s", *files, wanted=wanted)

    assert report.budgets[0].note == "the bill has no tags for some or all charges"
