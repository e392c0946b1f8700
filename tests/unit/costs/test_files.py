"""Which files of an export count: by manifest, by month, and never one month twice."""

import gzip
import json
import shutil
import zipfile
from pathlib import Path

import duckdb
import pytest

from harness.costs import ledger
from harness.errors import TagrailError
from tests.unit.costs.bills import focus, report_of, reports_of, write_csv

RIGHT = '{"team:owner": "ml", "team:unit": "Retail"}'
ONE = "11111111-1111-1111-1111-111111111111"
TWO = "22222222-2222-2222-2222-222222222222"


def manifest(file: Path, keys: list[str], name: str = "reportKeys") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({name: keys}))
    return file


def cost(scratch: Path, place: Path) -> str:
    return f"{report_of(scratch, place).total.billed:.0f}"


def test_months_of_one_export_are_summed(tmp_path: Path) -> None:
    for month in ("2026-09", "2026-10"):
        day = f"{month}-01"
        folder = tmp_path / "bill" / "data" / f"BILLING_PERIOD={month}"
        write_csv(folder / "export-00001.csv", [focus(BillingPeriodStart=day, ChargePeriodStart=day)])

    report = report_of(tmp_path / "s", tmp_path / "bill")

    assert report.months == ("2026-09", "2026-10")
    assert [(source.files, source.lines) for source in report.sources] == [(2, 2)]


def test_manifest_names_the_delivery_that_counts(tmp_path: Path) -> None:
    period = tmp_path / "bill" / "20261001-20261101"
    write_csv(period / ONE / "bill-1.csv", [focus()])
    write_csv(period / TWO / "bill-1.csv", [focus(BilledCost="2")])
    manifest(period / ONE / "bill-Manifest.json", [f"prefix/bill/20261001-20261101/{ONE}/bill-1.csv"])
    manifest(period / "bill-Manifest.json", [f"prefix/bill/20261001-20261101/{TWO}/bill-1.csv"])

    assert cost(tmp_path / "s", tmp_path / "bill") == "2"


def test_newest_delivery_of_an_export_that_keeps_all(tmp_path: Path) -> None:
    for number, time in enumerate(("20261102T100000Z", "20261103T100000Z"), start=1):
        write_csv(tmp_path / "b/data/BILLING_PERIOD=2026-10" / time / "x.csv", [focus(BilledCost=str(number))])
        names = [f"b/data/BILLING_PERIOD=2026-10/{time}/x.csv"]
        manifest(tmp_path / "b/metadata/BILLING_PERIOD=2026-10" / time / "x-Manifest.json", names, "dataFiles")

    assert cost(tmp_path / "s", tmp_path / "b") == "2"


def test_two_deliveries_without_a_manifest_are_refused(tmp_path: Path) -> None:
    for name in (ONE, TWO):
        write_csv(tmp_path / "bill" / "20261001-20261101" / name / "bill-1.csv", [focus()])

    with pytest.raises(TagrailError, match=rf"must be one delivery of a month.*got {ONE} and {TWO} of 2026-10"):
        reports_of(tmp_path / "s", tmp_path / "bill")


def test_two_manifests_of_one_month_are_refused(tmp_path: Path) -> None:
    period = tmp_path / "bill" / "20261001-20261101"
    write_csv(period / ONE / "bill-1.csv", [focus()])
    write_csv(period / TWO / "bill-1.csv", [focus()])
    manifest(period / "a-Manifest.json", [f"{ONE}/bill-1.csv"])
    manifest(period / "b-Manifest.json", [f"{TWO}/bill-1.csv"])

    with pytest.raises(TagrailError, match=r"b-Manifest\.json: must be the only manifest of 2026-10; got another"):
        reports_of(tmp_path / "s", tmp_path / "bill")


def test_file_that_a_manifest_names_must_be_there(tmp_path: Path) -> None:
    period = tmp_path / "bill" / "20261001-20261101"
    write_csv(period / ONE / "bill-1.csv", [focus()])
    manifest(period / "bill-Manifest.json", [f"{ONE}/bill-1.csv", f"{ONE}/bill-2.csv"])

    with pytest.raises(
        TagrailError, match=r"must find every file that bill-Manifest\.json names; got no .*bill-2\.csv"
    ):
        reports_of(tmp_path / "s", tmp_path / "bill")


@pytest.mark.parametrize("text", ["{", "[]", '{"reportKeys": 3}'])
def test_broken_manifest_is_refused(tmp_path: Path, text: str) -> None:
    write_csv(tmp_path / "bill" / "bill-1.csv", [focus()])
    (tmp_path / "bill" / "bill-Manifest.json").write_text(text)

    with pytest.raises(TagrailError, match=r"bill-Manifest\.json: must (be a manifest|have reportKeys)"):
        reports_of(tmp_path / "s", tmp_path / "bill")


def test_two_exports_of_one_month_are_refused(tmp_path: Path) -> None:
    one = write_csv(tmp_path / "focus" / "a.csv", [focus()]).parent
    line = {
        "line_item_unblended_cost": "1",
        "bill_payer_account_id": "111111111111",
        "bill_billing_period_start_date": "2026-10-01",
    }
    other = write_csv(tmp_path / "cur" / "b.csv", [line]).parent

    with pytest.raises(TagrailError, match=r"got 2026-10 of 111111111111 in .*a\.csv \(FOCUS 1\.0\) and .*b\.csv"):
        reports_of(tmp_path / "s", one, other)


def test_same_layout_in_two_folders_overlaps_too(tmp_path: Path) -> None:
    one = write_csv(tmp_path / "one" / "bill.csv", [focus()]).parent
    other = write_csv(tmp_path / "two" / "bill.csv", [focus(), focus()]).parent

    with pytest.raises(TagrailError, match="must hold each month of a payer once"):
        reports_of(tmp_path / "s", one, other)


def test_same_month_as_parquet_beside_csv_overlaps_too(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "bill" / "bill.csv", [focus()])
    duckdb.read_csv(str(file)).write_parquet(str(file.with_suffix(".parquet")))

    with pytest.raises(TagrailError, match="must hold each month of a payer once; got 2026-10 of 111111111111"):
        reports_of(tmp_path / "s", file.parent)


def test_file_named_twice_is_refused(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "bill.csv", [focus()])

    with pytest.raises(TagrailError, match="must be read once"):
        reports_of(tmp_path / "s", file, tmp_path / "." / "bill.csv")


def test_copy_under_another_name_is_refused(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "bill" / "bill.csv", [focus()])
    shutil.copy(file, file.with_name("bill (1).csv"))

    with pytest.raises(TagrailError, match=r"bill\.csv: must be read once; got the same bytes as .*bill \(1\)\.csv"):
        reports_of(tmp_path / "s", file.parent)


def test_months_whose_columns_differ_are_summed(tmp_path: Path) -> None:
    write_csv(tmp_path / "bill" / "10.csv", [focus()])
    later = focus(BillingPeriodStart="2026-11-01", ChargePeriodStart="2026-11-01") | {"x_New": "1"}
    write_csv(tmp_path / "bill" / "11.csv", [later])

    assert report_of(tmp_path / "s", tmp_path / "bill").months == ("2026-10", "2026-11")


def test_exports_of_two_payers_are_summed(tmp_path: Path) -> None:
    one = write_csv(tmp_path / "one" / "bill.csv", [focus()]).parent
    other = write_csv(tmp_path / "two" / "bill.csv", [focus(BillingAccountId="999999999999")]).parent

    (report,) = reports_of(tmp_path / "s", one, other)

    assert report.total.billed == 2


@pytest.mark.parametrize("suffix", ["csv.gz", "zip", "gz"])
def test_packed_files_are_read(tmp_path: Path, suffix: str) -> None:
    file = write_csv(tmp_path / "plain" / "bill.csv", [focus()])
    packed = tmp_path / f"bill.{suffix}"
    if suffix == "zip":
        with zipfile.ZipFile(packed, "w") as archive:
            archive.write(file, "bill.csv")
    else:
        with gzip.open(packed, "wb") as content:
            shutil.copyfileobj(file.open("rb"), content)

    assert cost(tmp_path / "s", packed) == "1"


def test_files_of_one_name_in_zips_of_several_folders_are_read(tmp_path: Path) -> None:
    for month in ("2026-08", "2026-09", "2026-10"):
        line = focus(BillingPeriodStart=f"{month}-01", ChargePeriodStart=f"{month}-01")
        file = write_csv(tmp_path / "plain" / "bill.csv", [line])
        (tmp_path / month).mkdir()
        with zipfile.ZipFile(tmp_path / month / "bill.zip", "w") as archive:
            archive.write(file, "one/bill.csv")
            file = write_csv(file, [line | {"ResourceId": "other"}] * 2)
            archive.write(file, "two/bill.csv")

    report = report_of(tmp_path / "s", *(tmp_path / month for month in ("2026-08", "2026-09", "2026-10")))

    assert (report.months, report.total.billed) == (("2026-08", "2026-09", "2026-10"), 9)


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_place_without_a_bill_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(TagrailError, match=r"must (be a file or folder|hold CSV)"):
        reports_of(tmp_path / "s", tmp_path / name)


def test_months_that_are_grouped_in_turn_say_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for month in ("2026-08", "2026-09", "2026-10"):
        day = f"{month}-02"
        row = focus(BillingPeriodStart=f"{month}-01", ChargePeriodStart=day, Tags="")
        right = focus(BillingPeriodStart=f"{month}-01", ChargePeriodStart=day, ResourceId="b", Tags=RIGHT)
        write_csv(tmp_path / "bill" / "data" / f"BILLING_PERIOD={month}" / "x.csv", [row, right])
    at_once = report_of(tmp_path / "s", tmp_path / "bill")
    monkeypatch.setattr(ledger, "_MOST_BYTES", 1)

    in_turn = report_of(tmp_path / "s", tmp_path / "bill")

    assert in_turn == at_once
    (resource,) = next(table for table in in_turn.faults if table.by == "resource").rows
    assert (resource.name, str(round(resource.effective))) == (focus()["ResourceId"], "3")


def test_a_file_beside_its_gzip_is_refused(tmp_path: Path) -> None:
    plain = write_csv(tmp_path / "bill" / "oct.csv", [focus()])
    (tmp_path / "bill" / "oct.csv.gz").write_bytes(gzip.compress(plain.read_bytes(), mtime=1))

    with pytest.raises(TagrailError, match=r"must be read once; got the same bytes as .*oct\.csv"):
        report_of(tmp_path / "s", tmp_path / "bill")
