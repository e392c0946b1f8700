"""What the page shows under filters is what the report adds up to in Python."""

import csv
import sys
from pathlib import Path

import pytest
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.browser.pages import METRICS, Page, cents, expected, expected_by, names
from tests.cost_charges import APPLICATION, OWNER, SAGEMAKER, UNIT

VIEWS = ("overview", "breakdown", "drill", "coverage", "faults", "sharing", "budgets", "movers", "values", "sources")
SHOWN = ("ServiceName", "SubAccountId", "RegionId", "ChargeCategory", "x_SageMakerComponent", UNIT, APPLICATION, OWNER)


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_asks_for_nothing_and_has_no_error(page: Page, view: str) -> None:
    page.open(view)
    page.find(f'[data-view="{view}"] .panel')
    page.find("#footer")
    assert page.script("return performance.getEntriesByType('resource').map((one) => one.name)") == []
    assert (page.requests(), page.errors()) == ([], [])


@pytest.mark.parametrize("metric", METRICS)
def test_the_total_is_the_reports_own(page: Page, metric: str) -> None:
    page.open()
    page.click(f"metric:{metric}")
    assert page.amount == cents(str(getattr(page.report.total, metric)))
    others = {one: cents(page.find(f'[data-total="{one}"]').text) for one in METRICS if one != metric}
    assert others == {one: cents(str(getattr(page.report.total, one))) for one in others}


@pytest.mark.parametrize("dimension", SHOWN)
def test_a_breakdown_shows_each_value(page: Page, dimension: str) -> None:
    page.open("breakdown", by=dimension)
    assert page.costs(f"by-{dimension}") == expected_by(page.report, dimension)


@pytest.mark.parametrize("dimension", SHOWN)
@pytest.mark.parametrize("metric", METRICS)
def test_filters_narrow_a_breakdown(page: Page, dimension: str, metric: str) -> None:
    page.open("breakdown", by=dimension, metric=metric, **{"f.ServiceName": SAGEMAKER, f"f.{UNIT}": "Retail"})
    filters = {"ServiceName": SAGEMAKER, UNIT: "Retail"}
    assert page.costs(f"by-{dimension}") == expected_by(page.report, dimension, metric, filters)


def test_a_click_on_a_value_filters_by_it(page: Page) -> None:
    page.open("breakdown", by="ServiceName")
    page.click(f"narrow:ServiceName:{SAGEMAKER}")
    page.click("view:overview")
    assert page.amount == expected(page.report, filters={"ServiceName": SAGEMAKER})
    page.click(f"chip:ServiceName:{SAGEMAKER}")
    assert page.amount == expected(page.report)


def test_the_dialog_filters_by_several_values_at_once(page: Page) -> None:
    page.open()
    page.click("filter:SubAccountId")
    for name in ("ml-prod (111111111111)", "ml-dev (333333333333)"):
        page.find("dialog input[type=search]").clear()
        page.find("dialog input[type=search]").send_keys(name)
        page.find("dialog .option input").click()
    page.find("dialog .dialog-head button").click()
    assert page.amount == expected(page.report, filters={"SubAccountId": "111111111111|333333333333"})


@pytest.mark.parametrize("dimension", ["RegionId", "ChargeCategory", "x_SageMakerComponent", UNIT, OWNER])
def test_the_dialog_has_every_dimension(page: Page, dimension: str) -> None:
    page.open()
    page.click("more-filters")
    Select(page.find("dialog select")).select_by_value(dimension)
    (first, *_) = page.all("dialog .option")
    name = first.find_element("css selector", "span").text
    first.find_element("css selector", "input").click()
    page.find("dialog .dialog-head button").click()
    (value,) = (value for value, called in names(page.report, dimension).items() if called == name)
    assert page.amount == expected(page.report, filters={dimension: value})


def test_months_narrow_everything(page: Page) -> None:
    page.open()
    Select(page.focusable("From")).select_by_value("2026-02")
    Select(page.focusable("To")).select_by_value("2026-04")
    assert page.amount == expected(page.report, months="2026-02..2026-04")
    page.click("view:breakdown")
    assert page.costs("by-ServiceName") == expected_by(page.report, "ServiceName", months="2026-02..2026-04")
    assert page.find('[data-chart="breakdown"]').get_attribute("data-periods") == "3"


def test_drill_down_goes_from_unit_to_application_to_resource(page: Page) -> None:
    page.open("drill")
    assert page.costs(f"drill-{UNIT}") == expected_by(page.report, UNIT)
    page.click(f"narrow:{UNIT}:Retail")
    assert page.costs(f"drill-{APPLICATION}") == expected_by(page.report, APPLICATION, filters={UNIT: "Retail"})
    page.click(f"narrow:{APPLICATION}:llm-chat")
    filters = {UNIT: "Retail", APPLICATION: "llm-chat"}
    assert cents(page.find('[data-drill="amount"]').text) == expected(page.report, filters=filters)
    assert page.costs("drill-SubAccountId") == expected_by(page.report, "SubAccountId", filters=filters)
    table = next(table for table in page.report.faults if table.by == "resource")
    inside = {fault.label for fault in table.rows if filters.items() <= fault.carried.items()}
    assert {cells[0].split("\n")[0] for cells in page.rows("drill-resources") if len(cells) > 1} == inside
    page.click("trail:1")
    assert page.costs(f"drill-{APPLICATION}") == expected_by(page.report, APPLICATION, filters={UNIT: "Retail"})


def test_any_order_of_levels_can_be_drilled(page: Page) -> None:
    page.open_hash("view=drill&level=RegionId&level=ServiceName&f.RegionId=eu-west-1")
    wanted = expected_by(page.report, "ServiceName", filters={"RegionId": "eu-west-1"})
    assert page.costs("drill-ServiceName") == wanted


def test_a_table_is_sorted_by_any_column(page: Page) -> None:
    page.open("breakdown", by="ServiceName")
    costs = expected_by(page.report, "ServiceName")
    assert [cells[0] for cells in page.rows("by-ServiceName")] == sorted(costs, key=lambda name: -costs[name])
    page.click("sort:by-ServiceName:1")
    assert [cells[0] for cells in page.rows("by-ServiceName")] == sorted(costs, key=lambda name: costs[name])
    page.click("sort:by-ServiceName:0")
    assert [cells[0] for cells in page.rows("by-ServiceName")] == sorted(costs, key=str.lower)
    assert page.find('[data-table="by-ServiceName"] [aria-sort]').get_attribute("aria-sort") == "ascending"


def test_the_other_currency_has_its_own_figures(page: Page, reports: tuple[object, ...]) -> None:
    page.open()
    Select(page.focusable("Currency")).select_by_value("EUR")
    assert page.find('[data-card="amount"] .figure-big').text.startswith("€")
    page.report = reports[1]  # type: ignore[assignment]
    assert page.amount == cents(str(page.report.total.effective))


def test_spellings_are_shown_joined_and_apart(page: Page) -> None:
    (variant,) = page.report.variants
    page.open("values")
    assert [cells[3] for cells in page.rows("spellings-joined")] == [f"${variant.effective:,.2f}"]
    page.click("spelling:apart")
    apart = {cells[2]: cents(cells[3]) for cells in page.rows("spellings-apart")}
    assert apart == {name: cents(str(amount)) for name, amount in variant.spellings.items()}


def test_faults_follow_the_filters(page: Page) -> None:
    page.open("faults", faults="resource", **{"f.SubAccountId": "111111111111"})
    table = next(table for table in page.report.faults if table.by == "resource")
    wanted = [fault.label for fault in table.rows if fault.account == "111111111111"]
    assert sorted(cells[0].split("\n")[0] for cells in page.rows("faults-resource")) == sorted(wanted)


def test_a_table_is_downloaded_as_csv(page: Page, downloads: Path) -> None:
    page.open("breakdown", by="ServiceName")
    page.click("csv:by-ServiceName")
    file = downloads / "by-ServiceName.csv"
    WebDriverWait(page.driver, 20).until(lambda _: file.exists())
    rows = [*csv.reader(file.read_text(encoding="utf-8-sig").splitlines())]
    assert rows[0][:2] == ["Service", "Effective cost"]
    assert {row[0]: cents(row[1]) for row in rows[1:]} == expected_by(page.report, "ServiceName")


def test_a_filter_answers_quickly(large_page: Page, capsys: pytest.CaptureFixture[str]) -> None:
    large_page.open("breakdown", by="SubAccountId")
    service = large_page.report.cube.values[2][0]
    taken = {}
    filters = {"ServiceName": service, "RegionId": "eu-central-1", "ChargeCategory": "Usage"}
    for dimension, value in filters.items():
        large_page.click("more-filters")
        Select(large_page.find("dialog select")).select_by_value(dimension)
        large_page.find("dialog input[type=search]").send_keys(value)
        large_page.find("dialog .option input").click()
        taken[dimension] = float(large_page.find("#main").get_attribute("data-milliseconds") or "nan")
        large_page.find("dialog .dialog-head button").click()
    shown = large_page.costs("by-SubAccountId")
    wanted = expected_by(large_page.report, "SubAccountId", filters=filters)
    assert shown == {name: wanted[name] for name in shown}
    assert len(shown) == min(50, len(wanted))
    with capsys.disabled():
        answers = ", ".join(f"{milliseconds:.0f} ms" for milliseconds in taken.values())
        sys.stdout.write(f"\nfilters on 30,000 rows answer within {answers}\n")


def test_a_unit_below_a_cent_keeps_its_digits(page: Page) -> None:
    page.open("movers")
    last = {unit.metric: cells[-1] for unit, cells in zip(page.report.units, page.rows("units"), strict=True)}
    assert last == {"1,000 predictions": "$0.028", "training run": "$43.50"}
