"""The report of a generated bill, in each layout: every amount is what plain sums and the bill's own truth say."""

import csv
import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

from harness.costs.model import Breakdown, Report
from harness.costs.report import Wanted
from harness.plan_check.compiled import read_requirements
from tests.bench.bill_layouts import CATEGORIES, LAYOUTS
from tests.bench.bill_resources import ROOT, SERVICES
from tests.bench.bills import TRUTH, write_bill
from tests.unit.costs.bills import report_of

LINES = 20_000
OWNER = "anycompany:finance:owner"


class Line(NamedTuple):
    month: str
    day: str
    account: str
    service: str
    region: str
    category: str
    division: str
    usage: str
    billed: Decimal
    effective: Decimal


class Case(NamedTuple):
    report: Report
    lines: list[Line]
    truth: dict[str, Any]


@pytest.fixture(scope="module", params=sorted(LAYOUTS))
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp(request.param)
    bill = write_bill(folder / "bill", LINES, accounts=40, seed=7, layout=request.param)
    keys = read_requirements(ROOT / "envs" / "tags.yaml", None, "", None)
    report = report_of(folder / "scratch", bill, wanted=Wanted(keys, owner=OWNER))
    return Case(report, [*read_lines(bill, request.param)], json.loads((bill / TRUTH).read_text()))


def read_lines(bill: Path, layout: str) -> Iterator[Line]:
    if layout == "cur1":
        for file in sorted(bill.rglob("*.csv.gz")):
            with gzip.open(file, "rt", encoding="utf-8", newline="") as content:
                yield from (line_of_report(row.__getitem__) for row in csv.DictReader(content))
        return
    found = duckdb.read_parquet(f"{bill}/**/*.parquet")
    for values in found.fetchall():
        row = dict(zip(found.columns, values, strict=True))
        if layout == "focus":
            yield line_of_focus(row)
        else:
            plain = {name.replace("_", "").lower(): str(value or "") for name, value in row.items()}
            plain["costcategorydivision"] = row["cost_category"]["Division"]
            yield line_of_report(lambda name, row=plain: row[name.replace("/", "").lower()])  # type: ignore[misc]


def line_of_report(row: Callable[[str], str]) -> Line:
    kind = row("lineItem/LineItemType")
    category = next(name for name, kinds in CATEGORIES.items() if kind in kinds)
    billed = effective = amount(row("lineItem/UnblendedCost"))
    if kind == "SavingsPlanCoveredUsage":
        billed, effective = Decimal(0), amount(row("savingsPlan/SavingsPlanEffectiveCost"))
    elif kind == "SavingsPlanNegation":
        billed = effective = Decimal(0)
    elif kind == "DiscountedUsage":
        effective = amount(row("reservation/EffectiveCost"))
    elif kind == "RIFee":
        effective = amount(row("reservation/UnusedAmortizedUpfrontFeeForBillingPeriod"))
        effective += amount(row("reservation/UnusedRecurringFee"))
    elif kind == "SavingsPlanRecurringFee":
        effective = amount(row("savingsPlan/TotalCommitmentToDate")) - amount(row("savingsPlan/UsedCommitment"))
    day = row("lineItem/UsageStartDate")[:10]
    return Line(
        row("bill/BillingPeriodStartDate")[:7],
        day,
        row("lineItem/UsageAccountId"),
        row("product/servicename"),
        row("product/regionCode"),
        category,
        row("costCategory/Division"),
        row("lineItem/UsageType"),
        billed,
        effective,
    )


def line_of_focus(row: dict[str, Any]) -> Line:
    return Line(
        str(row["BillingPeriodStart"])[:7],
        str(row["ChargePeriodStart"])[:10],
        row["SubAccountId"],
        row["ServiceName"],
        row["RegionId"],
        row["ChargeCategory"],
        row["x_CostCategories"]["Division"],
        row["x_UsageType"],
        amount(str(row["BilledCost"])),
        amount(str(row["EffectiveCost"])),
    )


def amount(text: str) -> Decimal:
    return Decimal(text or 0).quantize(Decimal("1e-12"))


def sums(lines: list[Line], by: Callable[[Line], str]) -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
    found: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for line in lines:
        held = found[by(line), line.month]
        held[0] += line.billed
        held[1] += line.effective
    return {key: (billed, effective) for key, (billed, effective) in found.items() if billed or effective}


def shown(report: Report, table: Breakdown) -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
    return {
        (row.value, month): (billed, effective)
        for row in table.rows
        for month, billed, effective in zip(report.months, row.billed, row.effective, strict=True)
        if billed or effective
    }


def table_of(report: Report, dimension: str) -> Breakdown:
    return next(table for table in report.breakdowns if table.dimension == dimension)


def amounts(texts: dict[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(text) for name, text in texts.items() if Decimal(text)}


def test_totals_and_months(case: Case) -> None:
    assert case.report.lines == len(case.lines) == LINES
    assert case.report.reconciliation.agrees
    assert case.report.total.billed == sum(line.billed for line in case.lines)
    assert case.report.total.effective == sum(line.effective for line in case.lines)
    months = sums(case.lines, lambda _: "")
    truth = case.truth["months"]
    assert list(case.report.months) == list(truth)
    assert {month: (Decimal(one["billed"]), Decimal(one["effective"])) for month, one in truth.items()} == {
        month: costs for (_, month), costs in months.items()
    }


@pytest.mark.parametrize(
    ("dimension", "column"),
    [
        ("SubAccountId", "account"),
        ("ServiceName", "service"),
        ("RegionId", "region"),
        ("ChargeCategory", "category"),
        ("Division", "division"),
    ],
)
def test_breakdowns_by_column(case: Case, dimension: str, column: str) -> None:
    assert shown(case.report, table_of(case.report, dimension)) == sums(
        case.lines, lambda line: str(getattr(line, column))
    )


def test_components_of_sagemaker(case: Case) -> None:
    components = {usage: component for _, _, usage, component in SERVICES}
    lines = [line for line in case.lines if line.service == "Amazon SageMaker"]
    assert shown(case.report, table_of(case.report, "x_Component")) == sums(lines, lambda line: components[line.usage])


def test_days(case: Case) -> None:
    wanted: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for line in case.lines:
        wanted[line.day, line.service] += line.effective
    found = {(day.day, name): costs.effective for day in case.report.days for name, costs in day.services.items()}
    assert found == wanted
    assert len(case.report.days) == 365


def test_coverage(case: Case) -> None:
    found = {row.key: {name: cost for name, cost in row.amounts.items() if cost} for row in case.report.coverage}
    assert found == {key: amounts(held) for key, held in case.truth["coverage"].items()}


def test_breakdowns_by_key(case: Case) -> None:
    for key, values in case.truth["values"].items():
        table = table_of(case.report, key)
        assert {row.value: row.costs.effective for row in table.rows} == {
            value: Decimal(cost) for value, cost in values.items()
        }, key


def test_dearest_resources(case: Case) -> None:
    table = next(table for table in case.report.faults if table.by == "resource")
    assert {row.name: row.effective for row in table.rows} == amounts(case.truth["resources"])


def test_one_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    one, same, other = (write_bill(tmp_path / name, 2_000, seed=seed) for name, seed in (("a", 1), ("b", 1), ("c", 2)))
    files = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert len(files) == 25
    assert all((one / file).read_bytes() == (same / file).read_bytes() for file in files)
    assert all((one / file).read_bytes() != (other / file).read_bytes() for file in files if file.suffix == ".parquet")
