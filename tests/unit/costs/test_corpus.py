"""Every public bill of the corpus: read and summed to the cent, or refused by name."""

import csv
import io
import os
import zipfile
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from harness.costs.model import Report
from harness.costs.report import Wanted
from harness.errors import TagrailError
from harness.plan_check.requirements import KeyRule, Requirements
from tests.unit.costs.bills import reports_of

CORPUS = os.environ.get("TAGRAIL_CORPUS", "")
FOLDER = Path(CORPUS or "TAGRAIL_CORPUS-is-not-set") / "cost-data"
COST_COLUMNS = ("BilledCost", "lineItem/UnblendedCost", "line_item_unblended_cost")
# What is no bill of AWS with costs in it, and why.
REFUSED = {
    "finopsfoundation__focus-spec-validator__focus-sample.parquet": "must have costs: .* got InvoiceIssuer, ResourceID",
    "finopsfoundation__focus_converters__azure-ea-export.csv": "must have costs: .* got InvoiceSectionName",
    "keboola__component-aws-cost-and-usage-reports__cur1-manifest.json": "must have costs|must be a whole CSV",
}
BILLS = sorted(
    file for file in FOLDER.glob("*") if file.name not in REFUSED and file.suffix in {".csv", ".zip", ".parquet", ".gz"}
)

pytestmark = pytest.mark.skipif(not CORPUS, reason="needs the folder of public bills in TAGRAIL_CORPUS")


def rows_of(file: Path) -> list[dict[str, str]]:
    if file.suffix == ".zip":
        with zipfile.ZipFile(file) as archive:
            text = archive.read(archive.namelist()[0]).decode("utf-8-sig")
    else:
        text = file.read_text(encoding="utf-8-sig")
    return [row for row in csv.DictReader(io.StringIO(text)) if any(row.values())]


def cost_of(row: dict[str, str]) -> Decimal:
    return Decimal(next(row[name] for name in COST_COLUMNS if name in row))


def currency_of(row: dict[str, str]) -> str:
    names = ("BillingCurrency", "BilledCurrency", "lineItem/CurrencyCode", "line_item_currency_code")
    return next((row[name] for name in names if row.get(name)), "")


def test_corpus_has_bills() -> None:
    assert len(BILLS) >= 10


@pytest.mark.parametrize("file", BILLS, ids=lambda file: file.name[:60])
def test_totals_are_those_of_the_file(tmp_path: Path, file: Path) -> None:
    rows = rows_of(file)
    wanted: dict[str, Decimal] = {}
    for row in rows:
        wanted[currency_of(row)] = wanted.get(currency_of(row), Decimal(0)) + cost_of(row)

    reports = reports_of(tmp_path / "s", file)

    assert {one.currency: one.total.billed for one in reports} == wanted
    assert all(one.reconciliation.agrees for one in reports)
    assert sum(one.lines for one in reports) == len(rows)


@pytest.mark.parametrize("file", BILLS, ids=lambda file: file.name[:60])
def test_every_table_sums_up_to_the_total(tmp_path: Path, file: Path) -> None:
    for report in reports_of(tmp_path / "s", file):
        for shown in report.breakdowns:
            if shown.dimension != "x_Component":
                assert sum(row.costs.billed for row in shown.rows) == report.total.billed, shown.dimension
        for key in report.coverage:
            assert sum(key.amounts.values()) == report.total.effective
        assert sum(row[-3] for row in report.cube.rows) == pytest.approx(float(report.total.billed) * 100, abs=0.51)


def test_coverage_of_the_focus_sample_is_that_of_plain_sql(tmp_path: Path) -> None:
    (file,) = FOLDER.glob("*focus-1.0-sample.csv")
    (report,) = reports_of(tmp_path / "s", file, wanted=_wanted())

    assert _amounts(report, "application") == _plain(file, "application", "TRUE")
    assert _amounts(report, "environment") == _plain(file, "environment", "value IN ('dev', 'prod')")


@pytest.mark.parametrize(("name", "message"), REFUSED.items())
def test_what_is_no_bill_is_refused_by_name(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(TagrailError, match=message):
        reports_of(tmp_path / "s", FOLDER / name)


def _wanted() -> Wanted:

    keys = (KeyRule("application", ("*",)), KeyRule("environment", ("*",), values=("dev", "prod")))
    return Wanted(Requirements(keys))


def _amounts(report: Report, key: str) -> dict[str, Decimal]:
    found = next(one for one in report.coverage if one.key == key)
    return {verdict: amount for verdict, amount in found.amounts.items() if amount}


def _plain(file: Path, key: str, allowed: str) -> dict[str, Decimal]:
    """Count in one plain query: the right value covers, what is no usage of a resource cannot be tagged."""
    rows = duckdb.sql(
        f"""
        SELECT verdict, SUM(cost) FROM (
            SELECT EffectiveCost::DECIMAL(38, 12) AS cost, Tags::JSON ->> '$.{key}' AS value,
                CASE WHEN value <> '' AND {allowed} THEN 'covered' WHEN value IS NOT NULL THEN 'wrong'
                    WHEN ChargeCategory <> 'Usage' OR ResourceId IS NULL THEN 'untaggable' ELSE 'missing' END AS verdict
            FROM read_csv('{file}', all_varchar = true, nullstr = 'NULL'))
        GROUP BY verdict HAVING SUM(cost) <> 0
        """  # noqa: S608 (a public file)
    ).fetchall()
    return dict(rows)
