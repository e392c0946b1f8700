"""Limits are renewed from botocore's models; what stands on a page of AWS is named when it grows old."""

import datetime

import yaml

from harness.facts import FACTS_FILE, load_facts
from harness.facts_refresh import Row, modelled, regions, renewed, rows, to_read, with_regions

TEXT = FACTS_FILE.read_text(encoding="utf-8")


def test_every_limit_is_a_row() -> None:
    assert {row.id: row.value for row in rows(TEXT)} == dict(load_facts().limits)


def test_what_a_model_states_is_read_there() -> None:
    stated = {row.id: modelled(row) for row in rows(TEXT) if modelled(row) is not None}
    assert len(stated) >= 8
    assert stated == {name: load_facts().limits[name] for name in stated}, "run make aws-facts"
    assert modelled(Row("x", 1, "botocore budgets NoSuchShape", "2026-11")) is None
    assert modelled(Row("x", 1, "botocore nothing Shape", "2026-11")) is None
    assert modelled(Row("x", 1, "docs.aws.amazon.com/page.html", "2026-11")) is None


def test_a_changed_value_gets_its_month_and_nothing_else_changes() -> None:
    new = renewed(TEXT, "2027-03", lambda row: 99 if row.id == "budget_name_characters" else None)
    assert [line for line in new.splitlines() if line not in TEXT.splitlines()] == [
        "    {value: 99, source: botocore budgets BudgetName, date: 2027-03}"
    ]
    assert renewed(TEXT, "2027-03") == TEXT


def test_old_pages_are_named() -> None:
    assert to_read(TEXT, datetime.date(2026, 12, 1)) == ()
    old = {row.id for row in to_read(TEXT, datetime.date(2028, 1, 1))}
    assert "tag_policy_document_characters" in old
    assert "budget_name_characters" not in old


def test_the_list_of_regions_is_renewed() -> None:
    text = "a: 1\nregions:\n  source: x\n  names: [\n    old-west-1\n  ]\nb: 2\n"
    renewed_text = with_regions(text, ["eu-west-1", "eu-central-1"])
    assert renewed_text == "a: 1\nregions:\n  source: x\n  names: [\n    eu-central-1, eu-west-1\n  ]\nb: 2\n"
    assert {"eu-central-1", "us-gov-west-1", "cn-north-1"} <= regions()


def test_each_region_of_the_list_is_whole() -> None:
    written = with_regions("regions:\n  source: x\n  names: [\n    x\n  ]\n", regions())
    assert frozenset(yaml.safe_load(written)["regions"]["names"]) == regions()
    assert load_facts().regions == regions()
