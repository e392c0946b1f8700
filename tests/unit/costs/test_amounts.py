"""What amounts, days and currencies of a bill are read as, and what is no number."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.unit.costs.bills import focus, report_of, reports_of, write_csv


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
        "1 lines have a cost that is no number and count as 0",
        "1 lines have no cost",
    )


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
