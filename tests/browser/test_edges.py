"""Reports with nothing in them, or with what nobody expects, make a page that works all the same."""

import json
from collections.abc import Callable
from decimal import Decimal

import msgspec
import pytest
from selenium.webdriver.chrome.webdriver import WebDriver

from harness.costs.model import (
    Breakdown,
    BudgetLine,
    Costs,
    Cube,
    Forecast,
    Group,
    Grouping,
    KeyCoverage,
    Mover,
    Reconciliation,
    Report,
    Row,
    UnitCost,
)
from tests.browser.pages import Page
from tests.browser.test_figures import VIEWS
from tests.cost_reports import ml_platform

ZERO = Costs(Decimal(0), Decimal(0), Decimal(0))
HOSTILE = "</script><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\"> \u2028"
BASE = ml_platform(count=60)

NO_DIFFERENCE = Reconciliation("BilledCost", Decimal(0), Decimal(0), Decimal(0), agrees=True)
EMPTY = Report(
    *("Nothing", "", "USD", "DuckDB", (), (), (), "", 0, ZERO, NO_DIFFERENCE, {}),
    *((),) * 10,
    Cube((), (), ()),
    (),
)


def one_month() -> Report:
    """A month that has begun, a currency without cents, credits alone, no tag, and all that may be absent."""
    amounts = (Decimal("-12.5"),)
    row = Row("", Costs(*amounts * 3), amounts, amounts, amounts)
    cube = Cube(
        ("BillingPeriodStart", "ServiceName"), (("2026-11-01",), ("", "(others)")), ((0, 0, -1250, -1250, -1250),)
    )
    return msgspec.structs.replace(
        EMPTY,
        currency="JPY",
        months=("2026-11",),
        partial_month="2026-11",
        total=Costs(*amounts * 3),
        reconciliation=Reconciliation(
            "BilledCost", Decimal("-12.5"), Decimal("-12"), Decimal("0.5"), agrees=False, notes=("a line",)
        ),
        breakdowns=(Breakdown("ServiceName", "Service", "column", (row,), others=3),),
        coverage=(KeyCoverage("Owner", {"covered": Decimal(0), "missing": Decimal(0)}, None, None, (None,), "no"),),
        budgets=(BudgetLine("none", "2026", None, Decimal(0), None, "", "unknown", "no filter"),),
        movers=(Mover("ServiceName", "gone", Decimal(0), Decimal(1), Decimal(1), None),),
        units=(UnitCost("run", "Nowhere", "x", {"2026-11": None}),),
        cube=cube,
    )


def hostile() -> Report:
    cube = BASE.cube
    values = tuple((HOSTILE, *held[1:]) if held[0][:2] != "20" else held for held in cube.values)
    wrong = {"name": HOSTILE, "label": HOSTILE, "repair": HOSTILE, "keys": {HOSTILE: HOSTILE}}
    tables = tuple(
        msgspec.structs.replace(table, rows=tuple(msgspec.structs.replace(row, **wrong) for row in table.rows))
        for table in BASE.faults
    )
    return msgspec.structs.replace(
        BASE,
        title=HOSTILE,
        notes=(HOSTILE,),
        engine=HOSTILE,
        cube=msgspec.structs.replace(cube, values=values),
        faults=tables,
    )


def asked() -> Report:
    """What only some reports have: a forecast, and costs by several dimensions by day, more than a page shows."""
    groups = tuple(
        Group(
            ("", f"service {number}"),
            Costs(*(Decimal(1000 - number),) * 3),
            {"2026-10-01": Costs(*(Decimal(900 - number),) * 3), "2026-10-02": Costs(*(Decimal(100),) * 3)},
        )
        for number in range(520)
    )
    return msgspec.structs.replace(
        BASE,
        forecast=(Forecast("2026-12", Decimal("1234.5"), Decimal(1000), Decimal(1500)),),
        grouping=Grouping((BASE.keys[0].key, "ServiceName"), "day", groups),
    )


REPORTS = {
    "empty": EMPTY,
    "one-month": one_month(),
    "no-currency": msgspec.structs.replace(BASE, currency="unknown"),
    "hostile": hostile(),
    "asked": asked(),
}


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_drawn(driver: WebDriver, address_of: Callable[..., str], name: str, view: str) -> None:
    page = Page(driver, address_of(name, REPORTS[name]), REPORTS[name]).open(view)
    assert page.all(f'[data-view="{view}"] .panel')
    assert (page.requests(), page.errors()) == ([], [])
    assert "NaN" not in page.find("body").text
    assert "undefined" not in page.find("body").text
    assert page.driver.title != "taken"


def test_a_difference_is_said_in_the_headline(driver: WebDriver, address_of: Callable[..., str]) -> None:
    page = Page(driver, address_of("one-month", REPORTS["one-month"]), REPORTS["one-month"]).open()
    assert page.find('[data-card="reconciliation"] .figure-big').text.startswith("Differs by")
    assert page.find('[data-card="coverage"] .figure-big').text == "Unknown"


def test_a_report_without_dimensions_has_no_dialog(driver: WebDriver, address_of: Callable[..., str]) -> None:
    page = Page(driver, address_of("empty", EMPTY), EMPTY).open()
    assert page.all('[data-focus="more-filters"]') == []


def test_lines_of_many_keys_can_be_told_apart(driver: WebDriver, address_of: Callable[..., str]) -> None:
    keys = tuple(msgspec.structs.replace(BASE.coverage[0], key=f"key-{number}") for number in range(10))
    report = msgspec.structs.replace(BASE, coverage=keys)
    page = Page(driver, address_of("many-keys", report), report).open("coverage")
    classes = [line.get_attribute("class") for line in page.all('[data-chart="coverage"] path.line')]
    assert len({*classes}) == len(classes) == 10


def test_what_is_unknown_is_never_within(driver: WebDriver, address_of: Callable[..., str]) -> None:
    page = Page(driver, address_of("one-month", REPORTS["one-month"]), REPORTS["one-month"]).open()
    card = page.find('[data-card="budgets"]')
    assert card.find_element("css selector", ".figure-big").text == "1 unknown"
    assert "good" not in (card.get_attribute("class") or "")


def test_a_forecast_is_shown_with_its_bounds(driver: WebDriver, address_of: Callable[..., str]) -> None:
    page = Page(driver, address_of("asked", REPORTS["asked"]), REPORTS["asked"]).open("budgets")
    (row,) = page.all('[data-table="forecast"] tbody tr')
    assert ("December 2026" in row.text, "1,234.50" in row.text, "1,500.00" in row.text) == (True, True, True)


def test_groups_that_were_asked_for_are_shown_and_the_rest_summed(
    driver: WebDriver, address_of: Callable[..., str]
) -> None:
    page = Page(driver, address_of("asked", REPORTS["asked"]), REPORTS["asked"]).open("breakdown")
    rows = page.all('[data-table="grouping"] tbody tr')
    assert ("service 0" in rows[0].text, "1,000.00" in rows[0].text) == (True, True)
    assert rows[0].text.startswith("Not tagged")
    held = json.loads(page.script("return document.getElementById('report-data').textContent"))[0]["grouping"]["groups"]
    assert (len(held), held[-1][0][0], held[-1][1][0]) == (
        501,
        "(others)",
        sum(1000 - n for n in range(500, 520)) * 100,
    )
