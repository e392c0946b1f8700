"""The page of an audit: filters, search, order, rows that open, by mouse and by keyboard, on a phone and on paper."""

import base64
import csv
import json
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.audit_runs import KEYS, NAMED
from tests.browser.audit_pages import AuditPage, Written, written
from tests.browser.probes import CONTRASTS, LEAST_CONTRAST, MOVING, NAMELESS, focused, tab_to

VIEWS = ("overview", "findings", "lineage", "code", "gaps")
FILTERS = {
    "account": "222222222222",
    "owner": "team-risk",
    "key": KEYS[4],
    "type": "AWS::S3::Bucket",
    "rule": "missing-key",
    "verdict": "unknown",
    "region": "eu-west-1",
}
PHONE = 360


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return written(tmp_path_factory.mktemp("audit"))


@pytest.fixture
def page(driver: WebDriver, run: Written) -> AuditPage:
    return AuditPage(driver, run)


def of(page: AuditPage, **filters: str) -> list[dict[str, Any]]:
    return [one for one in page.findings if all(one[name] == value for name, value in filters.items())]


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_asks_for_nothing_and_has_no_error(page: AuditPage, view: str) -> None:
    page.open(view)
    page.find(f'[data-view="{view}"] .panel')
    assert page.script("return performance.getEntriesByType('resource').map((one) => one.name)") == []
    assert (page.requests(), page.errors()) == ([], [])
    assert "NaN" not in page.find("body").text
    assert "undefined" not in page.find("body").text


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_leaves_what_it_names(page: AuditPage, name: str) -> None:
    page.open("findings", **{f"f.{name}": FILTERS[name]})
    wanted = of(page, **{name: FILTERS[name]})
    assert page.count == len(wanted) > 0
    assert page.shown("place") == [one["name"] for one in wanted][: len(page.shown("place"))]


@pytest.mark.parametrize("age", ["new", "old"])
def test_new_and_old_are_told_apart(page: AuditPage, age: str) -> None:
    page.open("findings", **{"f.age": age})
    assert page.count == len(of(page, is_new=age == "new"))


def test_filters_narrow_together(page: AuditPage) -> None:
    page.open("findings", **{"f.account": "222222222222", "f.key": KEYS[4], "f.rule": "missing-key"})
    assert page.count == len(of(page, account="222222222222", key=KEYS[4], rule="missing-key"))
    page.click(f"chip:key:{KEYS[4]}")
    assert page.count == len(of(page, account="222222222222", rule="missing-key"))
    page.click("clear")
    assert page.count == len(page.findings)


def test_the_dialog_filters_by_several_values(page: AuditPage) -> None:
    page.open("findings")
    page.click("filter:owner")
    for name in ("team-risk", "team-data"):
        page.find("dialog input[type=search]").clear()
        page.find("dialog input[type=search]").send_keys(name)
        page.find("dialog .option input").click()
    page.find("dialog .dialog-head button").click()
    assert page.count == len(of(page, owner="team-risk")) + len(of(page, owner="team-data"))


@pytest.mark.parametrize("text", ["fraud-train", "FRAUD-TRAIN sagemaker", "mandatory ml-staging", "nothing of this"])
def test_a_search_finds_every_word_somewhere(page: AuditPage, text: str) -> None:
    names = {"222222222222": "ml-staging"}

    def has(one: dict[str, Any], word: str) -> bool:
        account = f"{names.get(one['account'], '')} ({one['account']})"
        fields = ("arn", "name", "key", "type", "owner", "title", "rule", "what", "region")
        return (
            word
            in "\0".join((account, one["type"].replace("AWS::", "").replace("::", " "), *map(one.get, fields))).lower()
        )

    page.open("findings")
    page.find(".search").send_keys(text)
    wanted = [one for one in page.findings if all(has(one, word) for word in text.lower().split())]
    assert page.count == len(wanted)
    assert focused(page) == "search"
    assert urllib.parse.parse_qs(page.hash)["text"] == [text]


@pytest.mark.parametrize("dimension", ["rule", "account", "key", "type"])
def test_a_bar_shows_its_findings_and_narrows_to_them(page: AuditPage, dimension: str) -> None:
    page.open()
    counts = Counter(one[dimension] for one in page.findings)
    value, count = counts.most_common(1)[0]
    bar = page.focusable(f"rank:{dimension}:{value}")
    assert bar.find_element("css selector", "b").text == f"{count:,}"
    page.click(f"rank:{dimension}:{value}")
    assert page.focusable(f"rank:{dimension}:{value}").get_attribute("aria-pressed") == "true"
    page.click("view:findings")
    assert page.count == count
    page.driver.back()
    page.click(f"rank:{dimension}:{value}")
    page.click("view:findings")
    assert page.count == len(page.findings)


def test_spend_counts_each_resource_once(page: AuditPage) -> None:
    page.open(measure="spend")
    spend: Counter[str] = Counter()
    for arn, account, cost in {(one["arn"], one["account"], one["cost"]) for one in page.findings if one["cost"]}:
        assert arn
        spend[account] += round(float(cost) * 100)
    for account, cents in spend.items():
        text = page.focusable(f"rank:account:{account}").find_element("css selector", "b").text
        assert abs(round(float(text.replace("$", "").replace(",", "")) * 100) - cents) <= 1


def test_dearest_come_first_and_those_without_a_cost_last(page: AuditPage) -> None:
    page.open("findings")
    costs = [float(one["cost"]) for one in page.findings if one["cost"]]
    assert costs == sorted(costs, reverse=True)
    assert page.shown("cost")[0] == f"${costs[0]:,.2f}"
    page.click("sort:findings:cost")
    assert float(page.shown("cost")[0].strip("$")) == round(min(costs), 2)
    page.focusable("grid:findings").send_keys(Keys.END)
    assert page.shown("cost")[-1] == "\u2013"


@pytest.mark.parametrize("name", ["place", "account", "owner", "key", "type"])
def test_a_column_sorts(page: AuditPage, name: str) -> None:
    page.open("findings")
    page.click(f"sort:findings:{name}")
    field = {"place": "arn"}.get(name, name)
    shown = page.script(
        "return [...document.querySelectorAll('.grid-body .grid-row')].map((one) => Number(one.dataset.row))"
    )

    def label(one: dict[str, Any]) -> str:
        text = NAMED[one[field]] if name == "account" else one[field]
        return text or f"No {name}"

    values = [label(page.findings[row]) for row in shown]
    assert values == sorted(map(label, page.findings), key=str.lower)[: len(values)]
    assert page.find(".grid [aria-sort]").get_attribute("aria-sort") == "ascending"


def test_of_all_rows_only_those_in_sight_are_there(page: AuditPage) -> None:
    page.open("findings")
    assert len(page.all(".grid-body .grid-row")) < 60
    assert page.find(".grid").get_attribute("aria-rowcount") == str(len(page.findings) + 1)
    page.script("document.querySelector('.grid').scrollTop = 46 * 1000")
    WebDriverWait(page.driver, 20).until(lambda _: page.find(".grid-body .grid-row").get_attribute("data-row") == "992")


def test_rows_are_walked_and_opened_by_keyboard(page: AuditPage) -> None:
    page.open("findings")
    tab_to(page, "grid:findings")
    page.press(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    assert page.find(".grid").get_attribute("aria-activedescendant") == "findings-2"
    page.press(Keys.END)
    assert page.find(".grid-row.at").get_attribute("aria-rowindex") == str(len(page.findings) + 1)
    page.press(Keys.HOME, Keys.ENTER)
    assert page.part("What is wrong") == page.findings[0]["what"]
    page.press(Keys.ESCAPE)
    WebDriverWait(page.driver, 20).until(lambda _: not page.all("dialog"))
    assert focused(page) == "grid:findings"


def test_an_open_row_says_what_holds_and_how_to_mend_it(page: AuditPage) -> None:
    row = next(n for n, one in enumerate(page.findings) if one["rule"] == "missing-key")
    one = page.findings[row]
    page.open("findings", row=str(row))
    assert one["arn"] in page.part("Resource")
    assert page.part("What must hold") == one["must_hold"]
    assert page.part("Repair").startswith(one["repair"])
    assert one["arn"] in page.part("Repair")
    assert page.part("Cost, last whole month") == f"${float(one['cost']):,.2f}"
    pairs = (
        "return [...document.querySelectorAll('.tags div')]"
        ".map((one) => [...one.children].map((held) => held.textContent))"
    )
    assert dict(page.script(pairs)) == page.tags[one["arn"]]


def test_tags_that_nobody_read_are_unknown(page: AuditPage) -> None:
    row = next(n for n, one in enumerate(page.findings) if one["rule"] == "tags-unread")
    page.open("findings", row=str(row))
    assert page.part("Tags now").startswith("Unknown")
    assert page.find("dialog .status").text == "Unknown"


def test_lineage_shows_the_place_of_the_cut(page: AuditPage) -> None:
    page.open("lineage")
    cuts = of(page, rule="lineage-cut")
    figures = page.all("[data-cut]")
    assert len(figures) == len(cuts)
    for figure in figures:
        links = figure.find_elements("css selector", ".link:not(.more)")
        assert "Pipeline" in links[0].text
        assert "The tag stops here" in links[-1].text
        assert "not tagged" in links[-1].text
        assert all(f"{KEYS[4]} = " in link.text for link in links[:-1])


def test_what_was_not_seen_stands_first(page: AuditPage) -> None:
    page.open()
    assert page.find('[data-card="gaps"] .figure-big').text == "3 gaps"
    assert "AccessDeniedException" in page.find(".notes").text
    page.open("gaps")
    assert len(page.rows("gaps")) == 3


def test_the_trend_is_that_of_the_two_runs(page: AuditPage) -> None:
    page.open()
    trend = json.loads((page.run.folder / "audit.json").read_text(encoding="utf-8"))["trend"]
    assert page.find('[data-card="new"] .figure-big').text == f"{trend['new']:,}"
    assert f"{trend['fixed']} are fixed" in page.find('[data-card="new"]').text


def test_code_is_on_the_same_page(page: AuditPage) -> None:
    page.open("code")
    assert [cells[1] for cells in page.rows("static")] == ["Fails", "Unknown"]
    assert "1 check passed" in page.find(".lead").text


def test_findings_are_downloaded_as_csv(page: AuditPage, downloads: Path) -> None:
    page.open("findings", **{"f.rule": "wrong-value"})
    page.click("csv:findings")
    file = downloads / "findings.csv"
    WebDriverWait(page.driver, 20).until(lambda _: file.exists())
    rows = [*csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())]
    assert [row["What is wrong"] for row in rows] == [one["what"] for one in of(page, rule="wrong-value")]


@pytest.mark.parametrize("fragment", ["view=nowhere", "f.key=none&row=x", "row=999999999", "s.findings=x.y", "%%%&=&"])
def test_an_address_of_another_run_falls_back(page: AuditPage, fragment: str) -> None:
    page.open_hash(fragment)
    page.find(".panel")
    page.click("view:findings")
    assert page.count == len(page.findings)
    assert page.errors() == []


@pytest.mark.parametrize("view", VIEWS)
def test_a_phone_scrolls_the_body_one_way_alone(page: AuditPage, view: str) -> None:
    page.open(view, width=PHONE, **{"f.account": "111111111111"})
    page.find(f'[data-view="{view}"] .panel')
    assert page.script("return document.documentElement.scrollWidth") == PHONE


def test_an_open_row_fits_a_phone(page: AuditPage) -> None:
    page.open("findings", width=PHONE, row="0")
    assert page.script("const one = document.querySelector('.dialog-body'); return one.scrollWidth <= one.clientWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_texts_can_be_told_from_their_ground(page: AuditPage, view: str, scheme: str) -> None:
    page.open(view, scheme=scheme, **{"f.account": "111111111111"})
    page.find(f'[data-view="{view}"] .panel')
    assert page.script(CONTRASTS, LEAST_CONTRAST) == []
    assert page.script(NAMELESS) == []
    assert page.script(MOVING) == 0


@pytest.fixture
def _light_again(page: AuditPage) -> Iterator[None]:
    yield
    page.script("localStorage.clear()")


@pytest.mark.usefixtures("_light_again")
def test_the_theme_can_be_chosen(page: AuditPage) -> None:
    page.open()
    ground = "return getComputedStyle(document.body).backgroundColor"
    light = page.script(ground)
    page.click("theme")
    page.click("theme")
    assert page.script(ground) != light


def test_paper_has_all_views_and_the_first_findings(page: AuditPage) -> None:
    page.open()
    page.script("window.dispatchEvent(new Event('beforeprint'))")
    assert [one.get_attribute("data-view") for one in page.all("#main > .view")] == [*VIEWS]
    assert len(page.all('[data-view="findings"] tbody tr')) == 300
    page.script("window.dispatchEvent(new Event('afterprint'))")
    assert [one.get_attribute("data-view") for one in page.all("#main > .view")] == ["overview"]
    printed = page.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True, "preferCSSPageSize": True})
    assert base64.b64decode(printed["data"]).count(b"/Type /Page\n") >= len(VIEWS)
