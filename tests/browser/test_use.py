"""The page can be used by keyboard alone, passed on by its address, read in the dark, on a phone and on paper."""

import base64
from collections.abc import Iterator

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.pages import Page, expected, expected_by
from tests.browser.probes import CONTRASTS, LEAST_CONTRAST, MOVING, NAMELESS, focused, tab_to
from tests.browser.test_figures import VIEWS
from tests.cost_charges import APPLICATION, SAGEMAKER, UNIT

PHONE = 360


def test_the_address_restores_what_was_shown(page: Page) -> None:
    page.open()
    page.click("metric:billed")
    page.click("view:drill")
    page.click(f"narrow:{UNIT}:Retail")
    page.click(f"sort:drill-{APPLICATION}:0")
    shown, fragment = page.rows(f"drill-{APPLICATION}"), page.hash
    page.open_hash(fragment)
    assert page.rows(f"drill-{APPLICATION}") == shown
    assert page.find('[data-focus="metric:billed"]').is_selected()


def test_back_and_forward_step_through_what_was_shown(page: Page) -> None:
    page.open("drill")
    page.click(f"narrow:{UNIT}:Retail")
    page.click(f"narrow:{APPLICATION}:llm-chat")
    page.driver.back()
    wanted = expected_by(page.report, APPLICATION, filters={UNIT: "Retail"})
    assert page.costs(f"drill-{APPLICATION}") == wanted
    page.driver.back()
    assert page.costs(f"drill-{UNIT}") == expected_by(page.report, UNIT)
    page.driver.forward()
    assert page.costs(f"drill-{APPLICATION}") == wanted


@pytest.mark.parametrize(
    "fragment", ["view=nowhere", "f.Nothing=x", "from=1999-01&to=x", "metric=x&by=y&stack=z", "%%%&=&"]
)
def test_an_address_of_another_report_falls_back(page: Page, fragment: str) -> None:
    page.open_hash(fragment)
    assert page.amount == expected(page.report)
    assert page.errors() == []


def test_everything_is_done_by_keyboard_alone(page: Page) -> None:
    page.open()
    page.press(Keys.TAB)
    assert page.script("return document.activeElement.className") == "skip"
    tab_to(page, "metric:effective")
    page.press(Keys.ARROW_LEFT)
    assert focused(page) == "metric:billed"
    tab_to(page, "view:breakdown")
    page.press(Keys.ENTER)
    assert focused(page) == "view:breakdown"
    tab_to(page, "filter:ServiceName")
    page.press(Keys.ENTER)
    page.press(SAGEMAKER, Keys.TAB)  # the search has the focus; the list and its options follow
    while page.script("return document.activeElement.type") != "checkbox":
        page.press(Keys.TAB)
    page.press(Keys.SPACE, Keys.ESCAPE)
    WebDriverWait(page.driver, 20).until(lambda _: not page.all("dialog"))
    assert focused(page) == "filter:ServiceName"
    wanted = expected_by(page.report, "ServiceName", "billed", {"ServiceName": SAGEMAKER})
    assert page.costs("by-ServiceName") == wanted
    tab_to(page, "chart:breakdown")
    page.press(Keys.ARROW_LEFT)
    assert "November 2026 (so far)" in page.find('[data-chart="breakdown"] .readout').text
    tab_to(page, "sort:by-ServiceName:1")
    page.press(Keys.ENTER)
    assert focused(page) == "sort:by-ServiceName:1"
    assert "Sorted by Billed cost, ascending" in page.find("#spoken").get_attribute("textContent")


def test_a_bar_that_is_pointed_at_is_read_out(page: Page) -> None:
    page.open("breakdown", by="ServiceName")
    chart = page.find('[data-chart="breakdown"] svg')
    page.script("arguments[0].scrollIntoView({ block: 'center' })", chart)
    inner = chart.rect["width"] - 72  # less what axis and edge take
    third = 62 + inner * 2.5 / 13 - chart.rect["width"] / 2  # from the middle of the chart
    ActionChains(page.driver).move_to_element_with_offset(chart, round(third), 0).perform()
    total = expected(page.report, months="2026-01..2026-01")
    assert page.find('[data-chart="breakdown"] .readout strong').text == f"January 2026: ${total / 100:,.2f}"


def test_the_focus_is_seen(page: Page) -> None:
    page.open()
    tab_to(page, "view:coverage")
    style = "const held = getComputedStyle(document.activeElement); return [held.outlineStyle, held.outlineWidth]"
    assert page.script(style) == ["solid", "3px"]


def test_tables_and_charts_speak_to_screen_readers(page: Page) -> None:
    page.open("breakdown")
    assert page.script(
        "return [...document.querySelectorAll('table')].every((one) => one.caption?.textContent"
        " && [...one.querySelectorAll('thead th')].every((head) => head.scope === 'col' && head.textContent)"
        " && [...one.querySelectorAll('tbody tr')].every((row) => row.cells[0].scope === 'row'))"
    )
    assert page.find('[data-chart="breakdown"] .chart').get_attribute("aria-label")
    page.click("figures:breakdown")
    page.find('[data-table="figures-breakdown"] tbody tr')
    assert next(cells[0] for cells in page.rows("figures-breakdown")) == "November 2025"
    assert page.script(NAMELESS) == []
    assert [
        page.script(f"return document.querySelectorAll('{tag}').length") for tag in ("h1", "main", "header", "nav")
    ] == [1, 1, 1, 1]


@pytest.mark.parametrize("view", VIEWS)
def test_a_phone_scrolls_the_body_one_way_alone(page: Page, view: str) -> None:
    page.open(view, width=PHONE, **{"f.SubAccountId": "111111111111"})
    page.find(f'[data-view="{view}"] .panel')
    assert page.script("return document.documentElement.scrollWidth") == PHONE


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_texts_and_series_can_be_told_from_their_ground(page: Page, view: str, scheme: str) -> None:
    page.open(view, scheme=scheme, **{"f.SubAccountId": "111111111111"})
    page.find(f'[data-view="{view}"] .panel')
    assert page.script(CONTRASTS, LEAST_CONTRAST) == []


@pytest.fixture
def _light_again(page: Page) -> Iterator[None]:
    yield
    page.script("localStorage.clear()")


@pytest.mark.usefixtures("_light_again")
def test_the_theme_can_be_chosen(page: Page) -> None:
    page.open()
    ground = "return getComputedStyle(document.body).backgroundColor"
    light = page.script(ground)
    page.click("theme")
    page.click("theme")
    assert page.focusable("theme").text == "Theme: dark"
    assert page.script(ground) != light
    page.open(scheme="light")
    assert page.script(ground) != light


def test_nothing_moves_for_who_wants_no_motion(page: Page) -> None:
    page.open()
    assert page.script(MOVING) == 0


def test_paper_has_all_views(page: Page) -> None:
    page.open()
    page.script("window.dispatchEvent(new Event('beforeprint'))")
    assert [one.get_attribute("data-view") for one in page.all("#main > .view")] == [*VIEWS]
    page.script("window.dispatchEvent(new Event('afterprint'))")
    assert [one.get_attribute("data-view") for one in page.all("#main > .view")] == ["overview"]
    printed = page.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True, "preferCSSPageSize": True})
    assert base64.b64decode(printed["data"]).count(b"/Type /Page\n") >= len(VIEWS)


def test_a_repair_is_copied(page: Page) -> None:
    page.open("faults", faults="resource")
    page.driver.execute_cdp_cmd(
        "Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    )
    repair = page.find("td.repair code").text
    page.find("td.repair button").click()
    WebDriverWait(page.driver, 20).until(lambda _: page.find("td.repair button").text == "Copied")
    page.open()
    page.click("filter:SubAccountId")
    page.find("dialog input[type=search]").send_keys(Keys.CONTROL, "v")
    assert page.find("dialog input[type=search]").get_attribute("value") == repair
