"""The page of an audit: filters, search, order, charts that narrow, rows that open."""

import csv
import json
import urllib.parse
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.audit_runs import KEYS, NAMED
from tests.browser.audit_pages import VIEWS, AuditPage
from tests.browser.probes import focused

FILTERS = {
    "account": "222222222222",
    "owner": "team-risk",
    "key": KEYS[4],
    "type": "AWS::S3::Bucket",
    "rule": "missing-key",
    "verdict": "unknown",
    "region": "eu-west-1",
}


def of(audit: AuditPage, **filters: str) -> list[dict[str, Any]]:
    return [one for one in audit.findings if all(one[name] == value for name, value in filters.items())]


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_asks_for_nothing_and_has_no_error(audit: AuditPage, view: str) -> None:
    audit.open(view)
    audit.find(f'[data-view="{view}"] .panel')
    assert audit.script("return performance.getEntriesByType('resource').map((one) => one.name)") == []
    assert (audit.requests(), audit.errors()) == ([], [])
    assert "NaN" not in audit.find("body").text
    assert "undefined" not in audit.find("body").text


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_leaves_what_it_names(audit: AuditPage, name: str) -> None:
    audit.open("findings", **{f"f.{name}": FILTERS[name]})
    wanted = of(audit, **{name: FILTERS[name]})
    assert audit.count == len(wanted) > 0
    assert audit.shown("place") == [one["name"] for one in wanted][: len(audit.shown("place"))]


@pytest.mark.parametrize("age", ["new", "old"])
def test_new_and_old_are_told_apart(audit: AuditPage, age: str) -> None:
    audit.open("findings", **{"f.age": age})
    assert audit.count == len(of(audit, is_new=age == "new"))


def test_filters_narrow_together(audit: AuditPage) -> None:
    audit.open("findings", **{"f.account": "222222222222", "f.key": KEYS[4], "f.rule": "missing-key"})
    assert audit.count == len(of(audit, account="222222222222", key=KEYS[4], rule="missing-key"))
    audit.click(f"chip:key:{KEYS[4]}")
    assert audit.count == len(of(audit, account="222222222222", rule="missing-key"))
    audit.click("clear")
    assert audit.count == len(audit.findings)


def test_the_dialog_filters_by_several_values(audit: AuditPage) -> None:
    audit.open("findings")
    audit.click("filter:owner")
    for name in ("team-risk", "team-data"):
        audit.find("dialog input[type=search]").clear()
        audit.find("dialog input[type=search]").send_keys(name)
        audit.find("dialog .option input").click()
    audit.find("dialog .dialog-head button").click()
    assert audit.count == len(of(audit, owner="team-risk")) + len(of(audit, owner="team-data"))


@pytest.mark.parametrize("text", ["fraud-train", "FRAUD-TRAIN sagemaker", "mandatory ml-staging", "nothing of this"])
def test_a_search_finds_every_word_somewhere(audit: AuditPage, text: str) -> None:
    names = {"222222222222": "ml-staging"}

    def has(one: dict[str, Any], word: str) -> bool:
        account = f"{names.get(one['account'], '')} ({one['account']})"
        fields = ("arn", "name", "key", "type", "owner", "title", "rule", "what", "region")
        return (
            word
            in "\0".join((account, one["type"].replace("AWS::", "").replace("::", " "), *map(one.get, fields))).lower()
        )

    audit.open("findings")
    audit.find(".search").send_keys(text)
    wanted = [one for one in audit.findings if all(has(one, word) for word in text.lower().split())]
    assert audit.count == len(wanted)
    assert focused(audit) == "search"
    assert urllib.parse.parse_qs(audit.hash)["text"] == [text]


@pytest.mark.parametrize("dimension", ["rule", "account", "key", "type"])
def test_a_bar_shows_its_findings_and_narrows_to_them(audit: AuditPage, dimension: str) -> None:
    audit.open()
    counts = Counter(one[dimension] for one in audit.findings)
    value, count = counts.most_common(1)[0]
    bar = audit.focusable(f"rank:{dimension}:{value}")
    assert bar.find_element("css selector", "b").text == f"{count:,}"
    audit.click(f"rank:{dimension}:{value}")
    assert audit.focusable(f"rank:{dimension}:{value}").get_attribute("aria-pressed") == "true"
    audit.click("view:findings")
    assert audit.count == count
    audit.driver.back()
    audit.click(f"rank:{dimension}:{value}")
    audit.click("view:findings")
    assert audit.count == len(audit.findings)


def test_spend_counts_each_resource_once(audit: AuditPage) -> None:
    audit.open(measure="spend")
    spend: Counter[str] = Counter()
    for arn, account, cost in {(one["arn"], one["account"], one["cost"]) for one in audit.findings if one["cost"]}:
        assert arn
        spend[account] += round(float(cost) * 100)
    for account, cents in spend.items():
        text = audit.focusable(f"rank:account:{account}").find_element("css selector", "b").text
        assert abs(round(float(text.replace("$", "").replace(",", "")) * 100) - cents) <= 1


def test_dearest_come_first_and_those_without_a_cost_last(audit: AuditPage) -> None:
    audit.open("findings")
    costs = [float(one["cost"]) for one in audit.findings if one["cost"]]
    assert costs == sorted(costs, reverse=True)
    assert audit.shown("cost")[0] == f"${costs[0]:,.2f}"
    audit.click("sort:findings:cost")
    assert float(audit.shown("cost")[0].strip("$")) == round(min(costs), 2)
    audit.focusable("grid:findings").send_keys(Keys.END)
    assert audit.shown("cost")[-1] == "\u2013"


@pytest.mark.parametrize("name", ["place", "account", "owner", "key", "type"])
def test_a_column_sorts(audit: AuditPage, name: str) -> None:
    audit.open("findings")
    audit.click(f"sort:findings:{name}")
    field = {"place": "arn"}.get(name, name)
    shown = audit.script(
        "return [...document.querySelectorAll('.grid-body .grid-row')].map((one) => Number(one.dataset.row))"
    )

    def label(one: dict[str, Any]) -> str:
        text = NAMED[one[field]] if name == "account" else one[field]
        return text or f"No {name}"

    values = [label(audit.findings[row]) for row in shown]
    assert values == sorted(map(label, audit.findings), key=str.lower)[: len(values)]
    assert audit.find(".grid [aria-sort]").get_attribute("aria-sort") == "ascending"


def test_of_all_rows_only_those_in_sight_are_there(audit: AuditPage) -> None:
    audit.open("findings")
    assert len(audit.all(".grid-body .grid-row")) < 60
    assert audit.find(".grid").get_attribute("aria-rowcount") == str(len(audit.findings) + 1)
    audit.script("document.querySelector('.grid').scrollTop = 46 * 1000")
    WebDriverWait(audit.driver, 20).until(
        lambda _: audit.find(".grid-body .grid-row").get_attribute("data-row") == "992"
    )


def test_an_open_row_says_what_holds_and_how_to_mend_it(audit: AuditPage) -> None:
    row = next(n for n, one in enumerate(audit.findings) if one["rule"] == "missing-key")
    one = audit.findings[row]
    audit.open("findings", row=str(row))
    assert one["arn"] in audit.part("Resource")
    assert audit.part("What must hold") == one["must_hold"]
    assert audit.part("Repair").startswith(one["repair"])
    assert audit.part("Cost, October 2026") == f"${float(one['cost']):,.2f}"
    pairs = (
        "return [...document.querySelectorAll('.tags div')]"
        ".map((one) => [...one.children].map((held) => held.textContent))"
    )
    assert dict(audit.script(pairs)) == audit.tags[one["arn"]]


def test_tags_that_nobody_read_are_unknown(audit: AuditPage) -> None:
    row = next(n for n, one in enumerate(audit.findings) if one["rule"] == "tags-unread")
    audit.open("findings", row=str(row))
    assert audit.part("Tags now").startswith("Unknown")
    assert audit.find("dialog .status").text == "Unknown"


def test_lineage_shows_the_place_of_the_cut(audit: AuditPage) -> None:
    audit.open("lineage")
    cuts = of(audit, rule="lineage-cut")
    figures = audit.all("[data-cut]")
    assert len(figures) == len(cuts)
    for figure in figures:
        links = figure.find_elements("css selector", ".link:not(.more)")
        assert "Pipeline" in links[0].text
        assert "The tag stops here" in links[-1].text
        assert "not tagged" in links[-1].text
        assert all(f"{KEYS[4]} = " in link.text for link in links[:-1])


def test_what_was_not_seen_stands_first(audit: AuditPage) -> None:
    audit.open()
    assert audit.find('[data-card="gaps"] .figure-big').text == "3 gaps"
    assert "AccessDeniedException" in audit.find(".notes").text
    audit.open("gaps")
    assert len(audit.rows("gaps")) == 3


def test_what_changed_is_that_of_the_record(audit: AuditPage) -> None:
    audit.open()
    held = json.loads((audit.run.folder / "audit.json").read_text(encoding="utf-8"))["change"]
    assert audit.find('[data-card="new"] .figure-big').text == f"{held['new']:,}"
    assert f"{held['fixed']} are fixed" in audit.find('[data-card="new"]').text


def test_code_is_on_the_same_page(audit: AuditPage) -> None:
    audit.open("code")
    assert [cells[1] for cells in audit.rows("static")] == ["Fails", "Unknown"]
    assert "1 check passed" in audit.find(".lead").text


def test_findings_are_downloaded_as_csv(audit: AuditPage, downloads: Path) -> None:
    audit.open("findings", **{"f.rule": "wrong-value"})
    audit.click("csv:findings")
    file = downloads / "findings.csv"
    WebDriverWait(audit.driver, 20).until(lambda _: file.exists())
    rows = [*csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())]
    assert [row["What is wrong"] for row in rows] == [one["what"] for one in of(audit, rule="wrong-value")]
