"""A bill that is broken gives an error that names the file, or a report that says what is missing: no wrong sum."""

import zipfile
from pathlib import Path

import duckdb
import pytest

from harness.errors import TagrailError
from tests.unit.costs.bills import focus, report_of, reports_of, write_csv


def parquet(file: Path, rows: int = 20_000) -> Path:
    duckdb.sql(
        "SELECT 1.0::DOUBLE AS BilledCost, 'USD' AS BillingCurrency, TIMESTAMP '2026-10-01' AS ChargePeriodStart, "
        "'r' || i AS ResourceId, MAP {'team:unit': 'Retail'} AS Tags FROM RANGE($rows) t(i)",
        params={"rows": rows},
    ).write_parquet(str(file))
    return file


def test_whole_parquet_is_read(tmp_path: Path) -> None:
    assert report_of(tmp_path / "s", parquet(tmp_path / "bill.parquet")).total.billed == 20_000


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_truncated_parquet_is_refused(tmp_path: Path, part: float) -> None:
    file = parquet(tmp_path / "bill.parquet")
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * part)])

    with pytest.raises(TagrailError, match=r"bill\.parquet: must be a whole CSV or Parquet file"):
        reports_of(tmp_path / "s", file)


def test_parquet_that_is_broken_inside_is_refused(tmp_path: Path) -> None:
    file = parquet(tmp_path / "bill.parquet", 200_000)
    content = bytearray(file.read_bytes())
    content[100:4_000] = b"\xff" * 3_900
    file.write_bytes(content)

    with pytest.raises(TagrailError, match=r"bill\.parquet: must be a whole CSV or Parquet file"):
        reports_of(tmp_path / "s", file)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"not parquet"])
def test_what_only_its_name_makes_parquet_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "bill.parquet"
    file.write_bytes(content)

    with pytest.raises(TagrailError, match=r"bill\.parquet: must be "):
        reports_of(tmp_path / "s", file)


def test_broken_archive_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bill.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bill.csv", "BilledCost\n" + "1\n" * 10_000)
    file.write_bytes(file.read_bytes()[:60])

    with pytest.raises(TagrailError, match=r"bill\.zip: must be a zip archive"):
        reports_of(tmp_path / "s", file)


def test_broken_gzip_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bill.csv.gz"
    file.write_bytes(b"\x1f\x8b\x08\x00 and so on")

    with pytest.raises(TagrailError, match=r"bill\.csv\.gz: must be a whole CSV or Parquet file"):
        reports_of(tmp_path / "s", file)


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_other_delimiters_are_refused_by_name(tmp_path: Path, sign: str) -> None:
    file = tmp_path / "bill.csv"
    file.write_text(f"BilledCost{sign}BillingCurrency\n1{sign}USD\n")

    with pytest.raises(TagrailError, match="must have its columns separated by commas"):
        reports_of(tmp_path / "s", file)


def test_byte_order_mark_is_no_part_of_a_name(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "bill.csv", [focus()])
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())

    assert report_of(tmp_path / "s", file).total.billed == 1


def test_text_of_another_encoding_is_refused(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "bill.csv", [focus(ServiceName="Café")])
    file.write_bytes(file.read_text(encoding="utf-8").encode("latin-1"))

    with pytest.raises(TagrailError, match=r"bill\.csv: must be a whole CSV or Parquet file"):
        reports_of(tmp_path / "s", file)


@pytest.mark.parametrize("line", ["1,USD,extra,more", "1"])
def test_line_with_another_number_of_columns_is_refused(tmp_path: Path, line: str) -> None:
    file = tmp_path / "bill.csv"
    file.write_text("BilledCost,BillingCurrency,ServiceName\n1,USD,a\n" + f"{line}\n")

    with pytest.raises(TagrailError, match=r"bill\.csv: must be a whole CSV or Parquet file"):
        reports_of(tmp_path / "s", file)


def test_quote_that_never_ends_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bill.csv"
    file.write_text('BilledCost,ServiceName\n1,a\n2,"b\n3,c\n')

    with pytest.raises(TagrailError, match=r"bill\.csv: must be a whole CSV or Parquet file"):
        reports_of(tmp_path / "s", file)


def test_bill_without_a_line_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bill.csv"
    file.write_text("BilledCost,ServiceName\n")

    with pytest.raises(TagrailError, match="must hold charges; got no line"):
        reports_of(tmp_path / "s", file)


def test_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bill.csv"
    file.write_text("BilledCost,BilledCost,ServiceName\n1,2,a\n")

    with pytest.raises(TagrailError, match="must have each column once; got BilledCost twice"):
        reports_of(tmp_path / "s", file)


def test_hostile_names_are_text(tmp_path: Path) -> None:
    hostile = """x'); DROP TABLE facts; --"}"""
    line = focus(ServiceName=hostile, SubAccountName=hostile, Tags="")
    file = write_csv(tmp_path / "it's; a bill.csv", [line | {'x"; DROP TABLE y': "1"}])

    report = report_of(tmp_path / "s", file)

    assert [row.value for one in report.breakdowns if one.dimension == "ServiceName" for row in one.rows] == [hostile]


def test_costs_that_are_nowhere_count_as_nothing(tmp_path: Path) -> None:
    lines = [focus(BilledCost="", EffectiveCost="", ResourceId=name) for name in ("a", "b")]

    report = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", lines))

    assert report.total.billed == report.total.effective == 0
    assert report.reconciliation.notes == ("2 lines have no cost",)
