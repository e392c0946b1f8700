"""Parquet files whose writers inferred other types for the same columns are read together; a broken one is named."""

from pathlib import Path

import duckdb
import pytest

from harness.costs import ledger
from harness.errors import TagrailError
from tests.unit.costs.bills import focus, report_of, reports_of, write_csv

COLUMNS = {
    "BillingAccountId": "'111111111111'",
    "BillingCurrency": "'USD'",
    "BillingPeriodStart": "TIMESTAMP '2026-10-01'",
    "ChargePeriodStart": "TIMESTAMP '2026-10-02'",
    "BilledCost": "1.5::DOUBLE",
    "EffectiveCost": "1.5::DOUBLE",
    "ResourceId": "'a'",
    "ServiceName": "'Amazon S3'",
    "Tags": "MAP {'team:unit': 'Retail'}",
}
JSON = """'{"team:unit": "Retail"}'"""


def write_parquet(file: Path, **changed: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    shown = ", ".join(f'{sql} AS "{name}"' for name, sql in {**COLUMNS, **changed}.items())
    duckdb.sql(f"SELECT {shown}").write_parquet(str(file))
    return file


@pytest.mark.parametrize("most_bytes", [1, 1 << 20])
@pytest.mark.parametrize(
    "changed",
    [
        {"BilledCost": "2.5::DECIMAL(18,9)", "EffectiveCost": "2::BIGINT"},
        {"BilledCost": "'2.5'"},
        {"ResourceId": "NULL::INTEGER"},
        {"ChargePeriodStart": "'2026-10-03T00:00:00Z'", "BillingPeriodStart": "DATE '2026-10-01'"},
    ],
    ids=["numbers", "text", "empty", "days"],
)
def test_files_of_one_month_with_other_types_are_summed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], most_bytes: int
) -> None:
    monkeypatch.setattr(ledger, "_MOST_BYTES", most_bytes)
    write_parquet(tmp_path / "bill" / "1.parquet", ResourceId="'other'")
    write_parquet(tmp_path / "bill" / "2.parquet", **changed)

    report = report_of(tmp_path / "s", tmp_path / "bill")

    assert report.total.billed == (4 if "BilledCost" in changed else 3)
    assert (report.months, report.reconciliation.agrees, len(report.sources)) == (("2026-10",), True, 1)
    assert [row.value for one in report.breakdowns if one.dimension == "team:unit" for row in one.rows] == ["Retail"]


def test_columns_in_another_order_are_summed(tmp_path: Path) -> None:
    write_parquet(tmp_path / "bill" / "1.parquet")
    file = tmp_path / "bill" / "2.parquet"
    columns = ", ".join(f'{sql} AS "{name}"' for name, sql in reversed(COLUMNS.items()) if name != "ResourceId")
    duckdb.sql(f"SELECT 'b' AS \"ResourceId\", {columns}").write_parquet(str(file))

    assert report_of(tmp_path / "s", tmp_path / "bill").total.billed == 3


def test_tags_as_map_and_as_text_in_one_month_are_refused_with_the_reason(tmp_path: Path) -> None:
    write_parquet(tmp_path / "bill" / "1.parquet")
    write_parquet(tmp_path / "bill" / "2.parquet", Tags=JSON, ResourceId="'b'")

    rule = r"2\.parquet .*, whose column Tags is MAP\(VARCHAR, VARCHAR\) and VARCHAR"
    with pytest.raises(TagrailError, match=rule):
        reports_of(tmp_path / "s", tmp_path / "bill")


def test_tags_as_map_and_as_text_in_two_months_are_summed(tmp_path: Path) -> None:
    write_parquet(tmp_path / "bill" / "1.parquet")
    write_parquet(tmp_path / "bill" / "2.parquet", Tags=JSON, BillingPeriodStart="TIMESTAMP '2026-11-01'")

    report = report_of(tmp_path / "s", tmp_path / "bill")

    assert (report.total.billed, report.months) == (3, ("2026-10", "2026-11"))


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_broken_file_of_several_is_named_itself(tmp_path: Path, kind: str) -> None:
    for month in ("2026-08", "2026-09", "2026-10"):
        file = tmp_path / "bill" / f"BILLING_PERIOD={month}" / f"{month}.{kind}"
        if kind == "csv":
            write_csv(
                file, [focus(BillingPeriodStart=f"{month}-01", ResourceId=f"i-{number}") for number in range(100)]
            )
        else:
            many = "UNNEST(LIST_TRANSFORM(RANGE(50000), LAMBDA i: 'i-' || i))"
            write_parquet(file, ResourceId=many, BillingPeriodStart=f"TIMESTAMP '{month}-01'")
    broken = tmp_path / "bill" / "BILLING_PERIOD=2026-09" / f"2026-09.{kind}"
    content = bytearray(broken.read_bytes())
    content[2_000:9_000] = b"\xff" * 7_000
    broken.write_bytes(content)

    with pytest.raises(TagrailError, match=rf"2026-09\.{kind}: must be a whole CSV or Parquet file"):
        reports_of(tmp_path / "s", tmp_path / "bill")
