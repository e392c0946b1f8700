"""What amounts, days and currencies of a bill are read as, and what is no number."""

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.unit.costs.bills import focus, report_of, reports_of, write_csv

CUR = {
    "line_item_line_item_type": "Usage",
    "line_item_unblended_cost": "0",
    "line_item_usage_start_date": "2026-10-02T00:00:00Z",
    "bill_billing_period_start_date": "2026-10-01T00:00:00Z",
    "line_item_currency_code": "USD",
    "line_item_usage_account_id": "222222222222",
    "line_item_product_code": "AmazonEC2",
    "line_item_resource_id": "i-1",
    "savings_plan_savings_plan_effective_cost": "",
    "savings_plan_total_commitment_to_date": "",
    "savings_plan_used_commitment": "",
    "reservation_effective_cost": "",
    "reservation_unused_amortized_upfront_fee_for_billing_period": "",
    "reservation_unused_recurring_fee": "",
    "reservation_reservation_a_r_n": "",
}


def test_amounts_are_decimal(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "bill.csv", [focus(BilledCost="0.1", EffectiveCost="2.8E-6")] * 3)

    total = report_of(tmp_path / "s", file).total

    assert (total.billed, total.effective) == (Decimal("0.3"), Decimal("0.0000084"))


def test_currencies_are_never_summed(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "bill.csv", [focus(), focus(BillingCurrency="EUR", BilledCost="5")])

    found = reports_of(tmp_path / "s", file)

    assert [(one.currency, one.total.billed) for one in found] == [("EUR", 5), ("USD", 1)]
    assert all(one.reconciliation.agrees for one in found)


def test_cost_that_is_no_number_is_said(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "bill.csv", [focus(), focus(BilledCost="1,5"), focus(BilledCost="")])

    found = report_of(tmp_path / "s", file)

    assert found.total.billed == 1
    assert not found.reconciliation.agrees
    assert found.reconciliation.notes == (
        "1 lines have no number in BilledCost, which counts as nothing",
        "1 lines have no cost",
    )


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
@pytest.mark.parametrize("column", ["EffectiveCost", "BilledCost"])
def test_every_column_of_costs_is_looked_at(tmp_path: Path, column: str, suffix: str) -> None:
    file = write_csv(tmp_path / "bill.csv", [focus(), focus(**{column: "1,5"}), focus(**{column: ""})])
    if suffix == "parquet":
        parquet = tmp_path / "p" / "bill.parquet"
        parquet.parent.mkdir()
        duckdb.read_csv(str(file), all_varchar=True, na_values="none").write_parquet(str(parquet))
        file = parquet

    found = report_of(tmp_path / "s", file)

    assert (found.total.billed, found.total.effective) == ((3, 1) if column == "EffectiveCost" else (1, 3))
    assert not found.reconciliation.agrees
    assert found.reconciliation.notes[0] == f"1 lines have no number in {column}, which counts as nothing"


@pytest.mark.parametrize(
    "column",
    [
        "line_item_net_unblended_cost",
        "savings_plan_savings_plan_effective_cost",
        "savings_plan_used_commitment",
        "reservation_effective_cost",
        "reservation_unused_recurring_fee",
    ],
)
def test_columns_of_commitments_are_looked_at_too(tmp_path: Path, column: str) -> None:
    line = {"line_item_unblended_cost": "2", "line_item_net_unblended_cost": "2"}
    file = write_csv(tmp_path / "bill.csv", [CUR | line | {column: "many"}])

    found = report_of(tmp_path / "s", file).reconciliation

    assert (found.agrees, found.notes) == (False, (f"1 lines have no number in {column}, which counts as nothing",))


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e300"])
def test_what_is_a_number_of_parquet_alone_is_no_amount(tmp_path: Path, value: str) -> None:
    file = tmp_path / "bill.parquet"
    duckdb.sql(f"SELECT 1.0::DOUBLE AS BilledCost, '{value}'::DOUBLE AS EffectiveCost").write_parquet(str(file))

    found = report_of(tmp_path / "s", file).reconciliation

    assert (found.agrees, found.notes) == (False, ("1 lines have no number in EffectiveCost, which counts as nothing",))


@pytest.mark.parametrize("kind", ["EdpDiscount", "PrivateRateDiscount", "BundledDiscount", "SppDiscount"])
def test_lines_of_discounts_are_in_the_net_columns_already(tmp_path: Path, kind: str) -> None:
    lines = [
        CUR | {"line_item_unblended_cost": "100", "line_item_net_unblended_cost": "90"},
        CUR | {"line_item_line_item_type": kind, "line_item_unblended_cost": "-10", "line_item_net_unblended_cost": ""},
    ]
    report = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", lines))

    assert (report.total.billed, report.total.effective, report.total.amortized) == (90, 90, 90)
    assert report.reconciliation.agrees


def test_lines_of_discounts_count_where_there_are_no_net_columns(tmp_path: Path) -> None:
    lines = [
        CUR | {"line_item_unblended_cost": "100"},
        CUR | {"line_item_line_item_type": "EdpDiscount", "line_item_unblended_cost": "-10"},
    ]
    report = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", lines))

    assert (report.total.billed, report.total.effective, report.total.amortized) == (90, 90, 90)


@pytest.mark.parametrize("day", ["2026-10-02T00:00:00Z", "2026-10-02 00:00:00", "10/2/26", "10/2/2026", "2026-10-02"])
def test_days_are_read_in_every_form(tmp_path: Path, day: str) -> None:
    file = write_csv(tmp_path / "bill.csv", [focus(ChargePeriodStart=day, BillingPeriodStart=day)])

    found = report_of(tmp_path / "s", file)

    assert [one.day for one in found.days] == ["2026-10-02"]
    assert found.months == ("2026-10",)


def test_missing_columns_are_named(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "bill.csv", [{"BilledCost": "3", "ResourceId": "i-1"}])

    found = report_of(tmp_path / "s", file)

    assert found.total.billed == 3
    assert found.months == ("",)
    assert found.sources[0].missing == (
        "BillingAccountId",
        "BillingCurrency",
        "BillingPeriodStart",
        "ChargePeriodStart",
        "ChargeCategory",
        "ServiceName",
        "RegionId",
        "SubAccountId",
        "SubAccountName",
        "x_UsageType",
        "EffectiveCost",
        "x_AmortizedCost",
    )
    assert any("does not tell" in note for note in found.notes)
