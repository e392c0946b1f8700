"""The page of an audit can be used by keyboard alone, read in the dark, on a phone and on paper."""

import base64
from collections.abc import Iterator

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.audit_pages import VIEWS, AuditPage
from tests.browser.probes import CONTRASTS, LEAST_CONTRAST, MOVING, NAMELESS, focused, tab_to

PHONE = 360


def test_rows_are_walked_and_opened_by_keyboard(audit: AuditPage) -> None:
    audit.open("findings")
    tab_to(audit, "grid:findings")
    audit.press(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    assert audit.find(".grid").get_attribute("aria-activedescendant") == "findings-2"
    audit.press(Keys.END)
    assert audit.find(".grid-row.at").get_attribute("aria-rowindex") == str(len(audit.findings) + 1)
    audit.press(Keys.HOME, Keys.ENTER)
    assert audit.part("What is wrong") == audit.findings[0]["what"]
    audit.press(Keys.ESCAPE)
    WebDriverWait(audit.driver, 20).until(lambda _: not audit.all("dialog"))
    assert focused(audit) == "grid:findings"


@pytest.mark.parametrize("fragment", ["view=nowhere", "f.key=none&row=x", "row=999999999", "s.findings=x.y", "%%%&=&"])
def test_an_address_of_another_run_falls_back(audit: AuditPage, fragment: str) -> None:
    audit.open_hash(fragment)
    audit.find(".panel")
    audit.click("view:findings")
    assert audit.count == len(audit.findings)
    assert audit.errors() == []


@pytest.mark.parametrize("view", VIEWS)
def test_a_phone_scrolls_the_body_one_way_alone(audit: AuditPage, view: str) -> None:
    audit.open(view, width=PHONE, **{"f.account": "111111111111"})
    audit.find(f'[data-view="{view}"] .panel')
    assert audit.script("return document.documentElement.scrollWidth") == PHONE


def test_an_open_row_fits_a_phone(audit: AuditPage) -> None:
    audit.open("findings", width=PHONE, row="0")
    assert audit.script("const one = document.querySelector('.dialog-body'); return one.scrollWidth <= one.clientWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_texts_can_be_told_from_their_ground(audit: AuditPage, view: str, scheme: str) -> None:
    audit.open(view, scheme=scheme, **{"f.account": "111111111111"})
    audit.find(f'[data-view="{view}"] .panel')
    assert audit.script(CONTRASTS, LEAST_CONTRAST) == []
    assert audit.script(NAMELESS) == []
    assert audit.script(MOVING) == 0


@pytest.fixture
def _light_again(audit: AuditPage) -> Iterator[None]:
    yield
    audit.script("localStorage.clear()")


@pytest.mark.usefixtures("_light_again")
def test_the_theme_can_be_chosen(audit: AuditPage) -> None:
    audit.open()
    ground = "return getComputedStyle(document.body).backgroundColor"
    light = audit.script(ground)
    audit.click("theme")
    audit.click("theme")
    assert audit.script(ground) != light


def test_paper_has_all_views_and_the_first_findings(audit: AuditPage) -> None:
    audit.open()
    audit.script("window.dispatchEvent(new Event('beforeprint'))")
    assert [one.get_attribute("data-view") for one in audit.all("#main > .view")] == [*VIEWS]
    assert len(audit.all('[data-view="findings"] tbody tr')) == 300
    audit.script("window.dispatchEvent(new Event('afterprint'))")
    assert [one.get_attribute("data-view") for one in audit.all("#main > .view")] == ["overview"]
    printed = audit.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True, "preferCSSPageSize": True})
    assert base64.b64decode(printed["data"]).count(b"/Type /Page\n") >= len(VIEWS)
