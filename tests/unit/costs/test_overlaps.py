"""No month and no line counts twice: of two exports, and of two files that no manifest tells apart."""

import json
from pathlib import Path

import pytest

from harness.costs import overlaps
from harness.errors import TagrailError
from tests.unit.costs.bills import focus, report_of, reports_of, write_csv

PAYERLESS = {"line_item_unblended_cost": "1", "bill_billing_period_start_date": "2026-10-01"}


def cur(day: int, number: str = "", **changed: str) -> dict[str, str]:
    """Return a line of a Cost and Usage Report, with an id if it has a number."""
    time = f"2026-10-{day:02}T00:00:00Z"
    line = {
        "bill_payer_account_id": "111111111111",
        "bill_billing_period_start_date": "2026-10-01T00:00:00Z",
        "line_item_usage_start_date": time,
        "line_item_resource_id": "i-1",
        "line_item_unblended_cost": "2",
    }
    ids = {"identity_line_item_id": number, "identity_time_interval": f"{time}/{time}"} if number else {}
    return {**ids, **line, **changed}


def test_a_payer_that_one_export_does_not_tell_may_be_any(tmp_path: Path) -> None:
    one = write_csv(tmp_path / "focus" / "a.csv", [focus()]).parent
    other = write_csv(tmp_path / "cur" / "b.csv", [PAYERLESS]).parent

    with pytest.raises(TagrailError, match=r"got 2026-10 of 111111111111 in .*a\.csv .* and .*b\.csv"):
        reports_of(tmp_path / "s", one, other)


def test_a_month_that_one_export_does_not_tell_may_be_any(tmp_path: Path) -> None:
    one = write_csv(tmp_path / "focus" / "a.csv", [focus()]).parent
    other = write_csv(tmp_path / "cur" / "b.csv", [{"line_item_unblended_cost": "1"}]).parent

    with pytest.raises(TagrailError, match=r"got 2026-10 of 111111111111 in .*a\.csv .* and .*b\.csv"):
        reports_of(tmp_path / "s", one, other)


def test_another_month_without_a_payer_is_summed(tmp_path: Path) -> None:
    one = write_csv(tmp_path / "focus" / "a.csv", [focus(BillingCurrency="")]).parent
    line = PAYERLESS | {"bill_billing_period_start_date": "2026-09-01"}
    other = write_csv(tmp_path / "cur" / "b.csv", [line]).parent

    assert report_of(tmp_path / "s", one, other).total.billed == 2


@pytest.mark.parametrize("folder", ["", "BILLING_PERIOD=2026-10"])
def test_two_downloads_of_a_growing_month_are_refused(tmp_path: Path, folder: str) -> None:
    days = [cur(day, f"old-{day}") for day in range(1, 11)]
    more = [cur(day, f"new-{day}") for day in range(1, 31)]  # each delivery has ids of its own
    write_csv(tmp_path / "bill" / folder / "early.csv", days)
    write_csv(tmp_path / "bill" / folder / "late.csv", more)

    rule = r"early\.csv: must hold no line that stands in .*late\.csv too; got 10 of 10 lines with costs of 2026-10"
    with pytest.raises(TagrailError, match=rule):
        reports_of(tmp_path / "s", tmp_path / "bill")


def test_two_downloads_without_ids_are_refused(tmp_path: Path) -> None:
    days = [focus(ChargePeriodStart=f"2026-10-{day:02}T00:00:00Z") for day in range(1, 31)]
    write_csv(tmp_path / "bill" / "early.csv", days[:9])
    write_csv(tmp_path / "bill" / "late.csv", days)

    with pytest.raises(TagrailError, match="got 9 of 9 lines with costs of 2026-10"):
        reports_of(tmp_path / "s", tmp_path / "bill")


def test_one_month_of_many_is_enough(tmp_path: Path) -> None:
    starts = [f"2026-{month:02}-01" for month in range(1, 9)]
    months = [focus(BillingPeriodStart=start, ChargePeriodStart=start) for start in starts]
    write_csv(tmp_path / "bill" / "early.csv", months[:4])
    write_csv(tmp_path / "bill" / "late.csv", months[3:])

    with pytest.raises(TagrailError, match="got 1 of 1 lines with costs of 2026-04"):
        reports_of(tmp_path / "s", tmp_path / "bill")


def test_one_line_with_the_same_id_is_enough(tmp_path: Path) -> None:
    write_csv(tmp_path / "bill" / "a.csv", [cur(day, str(day)) for day in range(1, 11)])
    write_csv(tmp_path / "bill" / "b.csv", [cur(day, str(day)) for day in range(10, 31)])

    with pytest.raises(TagrailError, match="got 1 of 10 lines with costs of 2026-10"):
        reports_of(tmp_path / "s", tmp_path / "bill")


def test_a_download_beside_the_files_of_a_manifest_is_compared_with_them(tmp_path: Path) -> None:
    period = tmp_path / "bill" / "data" / "BILLING_PERIOD=2026-10"
    write_csv(period / "x-1.csv", [cur(day) for day in range(1, 31)])
    names = {"dataFiles": ["s3://b/bill/data/BILLING_PERIOD=2026-10/x-1.csv"]}
    (period / "x-Manifest.json").write_text(json.dumps(names))
    write_csv(tmp_path / "bill" / "early.csv", [cur(day) for day in range(1, 11)])

    with pytest.raises(TagrailError, match=r"early\.csv: must hold no line that stands in .*x-1\.csv too"):
        reports_of(tmp_path / "s", tmp_path / "bill")


def test_files_of_one_delivery_are_summed(tmp_path: Path) -> None:
    hours = [f"2026-10-01T{hour:02}:00:00Z" for hour in range(24)]
    free = {"line_item_resource_id": "free", "line_item_unblended_cost": "0"}
    for name, held in (("a", hours[:12]), ("b", hours[12:])):
        lines = [cur(1, f"{name}{time}", line_item_usage_start_date=time) for time in held]
        write_csv(tmp_path / "bill" / f"{name}.csv", [*lines, *(line | free for line in lines), cur(1, name) | free])

    assert report_of(tmp_path / "s", tmp_path / "bill").total.billed == 48


def test_few_lines_of_many_that_are_alike_are_summed(tmp_path: Path) -> None:
    write_csv(tmp_path / "bill" / "a.csv", [cur(day) for day in range(1, 21)])
    write_csv(tmp_path / "bill" / "b.csv", [cur(day) for day in range(20, 31)])

    assert report_of(tmp_path / "s", tmp_path / "bill").total.billed == 62


def test_some_lines_of_very_many_are_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlaps, "_MOST_LINES", 300)
    lines = [cur(1, line_item_resource_id=f"i-{number}") for number in range(2_000)]
    write_csv(tmp_path / "bill" / "early.csv", lines[:1_000])
    write_csv(tmp_path / "bill" / "late.csv", lines)

    with pytest.raises(TagrailError, match=r"got about \d+ of about \d+ lines with costs of 2026-10"):
        reports_of(tmp_path / "s", tmp_path / "bill")
