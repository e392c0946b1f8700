"""The page of an audit shows what is fixed where it is asked for: filtered as the rest, marked, and in no figure."""

import csv
from pathlib import Path

import pytest
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.audit_pages import VIEWS, AuditPage
from tests.browser.probes import CONTRASTS, LEAST_CONTRAST, NAMELESS

FIXED = {"f.age": "fixed"}


def lead(audit: AuditPage) -> str:
    return audit.find("[data-count]").text


def test_what_is_fixed_is_not_shown_unless_it_is_asked_for(audit: AuditPage) -> None:
    audit.open("findings")
    assert audit.count == len(audit.findings)
    assert lead(audit).startswith(f"{audit.count:,} of {audit.count:,} findings, $")
    audit.find(".search").send_keys(audit.fixed[0]["arn"])
    assert audit.count == 0


def test_the_overview_leads_to_what_is_fixed(audit: AuditPage) -> None:
    audit.open()
    audit.click("fixed")
    assert audit.count == len(audit.fixed) > 0
    assert lead(audit) == f"{audit.count} of {audit.count} that are fixed"
    rows = audit.script("return [...document.querySelectorAll('.grid-body .grid-row')].map((one) => one.innerText)")
    assert rows
    assert all(row.startswith("Fixed: ") for row in rows)
    assert set(audit.shown("age")) == {"Fixed"}
    assert set(audit.shown("cost")) == {"\u2013"}


def test_the_dialog_of_filters_has_new_old_and_fixed(audit: AuditPage) -> None:
    audit.open("findings")
    audit.click("more-filters")
    audit.script(
        "const field = document.querySelector('dialog select');"
        "field.value = 'age'; field.dispatchEvent(new Event('change'))"
    )
    options = {one.text.partition("\n")[0]: one for one in audit.all("dialog .option")}
    assert {*options} == {"New", "Seen before", "Fixed"}
    assert options["Fixed"].text.split() == ["Fixed", str(len(audit.fixed))]
    for name in ("Fixed", "New"):
        next(one for one in audit.all("dialog .option") if one.text.startswith(name)).click()
    new = sum(one["is_new"] for one in audit.findings)
    assert audit.count == new + len(audit.fixed)
    fixed = f"{len(audit.fixed)} of {len(audit.fixed)} that are fixed"
    assert lead(audit).startswith(f"{new} of {len(audit.findings):,} findings, {fixed}")


@pytest.mark.parametrize("name", ["account", "key", "type", "rule", "owner", "region"])
def test_the_other_filters_narrow_it_too(audit: AuditPage, name: str) -> None:
    value = audit.fixed[0][name]
    audit.open("findings", **FIXED, **{f"f.{name}": value})
    wanted = [one["name"] for one in audit.fixed if one[name] == value]
    assert audit.count == len(wanted) > 0
    assert {*audit.shown("place")} <= {*wanted}


def test_a_search_finds_it(audit: AuditPage) -> None:
    audit.open("findings", **FIXED, text=audit.fixed[0]["arn"])
    assert audit.count == sum(one["arn"] == audit.fixed[0]["arn"] for one in audit.fixed)


@pytest.mark.parametrize("order", ["cost.up", "cost.down", "place.up", "age.down", "owner.up"])
def test_open_findings_keep_their_order_beside_it(audit: AuditPage, order: str) -> None:
    rows = "return [...document.querySelectorAll('.grid-body .grid-row')].map((one) => Number(one.dataset.row))"
    ages = [("f.age", age) for age in ("new", "old", "fixed")]
    audit.open_hash("&".join(f"{name}={value}" for name, value in [("view", "findings"), ("s.findings", order), *ages]))
    assert audit.count == len(audit.findings) + len(audit.fixed)
    shown = audit.script(rows)
    assert len({*shown}) == len(shown) > 0
    if order == "cost.down":
        assert shown == [*range(len(shown))]
    if order == "age.down":
        assert all(row < len(audit.findings) for row in shown)


def test_its_spend_is_in_no_chart(audit: AuditPage) -> None:
    audit.open(measure="spend", **FIXED)
    assert audit.all("[data-ranks=rule]") == []
    assert "No cost is known of these findings." in audit.find("#main").text


def test_charts_count_it_where_it_is_asked_for(audit: AuditPage) -> None:
    audit.open(**FIXED)
    shown = [int(one.text) for one in audit.all("[data-ranks=rule] b")]
    assert sum(shown) == len(audit.fixed)


def test_an_open_row_says_what_was_wrong_and_no_repair(audit: AuditPage) -> None:
    one = audit.fixed[0]
    audit.open("findings", **FIXED, row=str(len(audit.findings)))
    assert audit.part("What was wrong") == one["what"]
    assert one["arn"] in audit.part("Resource")
    assert audit.find("dialog .status").text == "Fixed"
    assert audit.find("#finding-title").text == f"Fixed: {one['title']}"
    titles = [each.text for each in audit.all("dialog .section h3")]
    assert "Repair" not in titles
    assert audit.part("Tags now").startswith("None that are known")


def test_it_is_downloaded_as_csv(audit: AuditPage, downloads: Path) -> None:
    audit.open("findings", **FIXED)
    file = downloads / "findings.csv"
    file.unlink(missing_ok=True)
    audit.click("csv:findings")
    WebDriverWait(audit.driver, 20).until(lambda _: file.exists())
    rows = [*csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())]
    assert [row["What is wrong"] for row in rows] == [one["what"] for one in audit.fixed]
    assert {row["New"] for row in rows} == {"fixed"}
    file.unlink()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_of_it_can_be_read(audit: AuditPage, view: str, scheme: str) -> None:
    audit.open(view, scheme=scheme, **FIXED)
    audit.find(f'[data-view="{view}"] .panel')
    assert audit.script(CONTRASTS, LEAST_CONTRAST) == []
    assert audit.script(NAMELESS) == []
    assert audit.errors() == []
    assert "undefined" not in audit.find("body").text
