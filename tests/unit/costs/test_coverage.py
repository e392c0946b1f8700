"""Which cost carries its keys, which cannot, which is wrong; how spellings are joined."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from harness.costs.model import Report
from tests.unit.costs.bills import focus, report_of, write_csv


def tags(**held: str) -> str:
    return json.dumps({key.replace("_", ":"): value for key, value in held.items()})


RIGHT = tags(team_owner="ml", team_unit="Retail")
# what a line holds -> verdict on team:unit
CASES = {
    "allowed value": ({"Tags": RIGHT}, "covered"),
    "value not in the list": ({"Tags": tags(team_unit="Marketing")}, "wrong"),
    "other capitals": ({"Tags": tags(team_unit="retail")}, "wrong"),
    "empty value": ({"Tags": tags(team_unit="")}, "wrong"),
    "old key": ({"Tags": json.dumps({"bu": "Retail"})}, "wrong"),
    "key in other capitals": ({"Tags": json.dumps({"Team:Unit": "Retail"})}, "wrong"),
    "old key beside the right one": ({"Tags": json.dumps({"bu": "x", "team:unit": "Sales"})}, "covered"),
    "no such key": ({"Tags": tags(team_owner="ml")}, "missing"),
    "no tags": ({"Tags": ""}, "missing"),
    "key as billing prefixes it": ({"Tags": json.dumps({"user:team:unit": "Retail"})}, "covered"),
    "key as Athena writes it": ({"Tags": json.dumps({"user_team_unit": "Retail"})}, "covered"),
    "tax": ({"ChargeCategory": "Tax", "ResourceId": ""}, "untaggable"),
    "tax of a tagged account": ({"ChargeCategory": "Tax", "ResourceId": "", "Tags": RIGHT}, "covered"),
    "credit": ({"ChargeCategory": "Credit"}, "untaggable"),
    "support": ({"ChargeCategory": "Purchase", "ResourceId": ""}, "untaggable"),
    "usage without a resource": ({"ResourceId": ""}, "untaggable"),
}


def amounts(report: Report, key: str = "team:unit") -> dict[str, Decimal]:
    found = next(one for one in report.coverage if one.key == key)
    return {verdict: amount for verdict, amount in found.amounts.items() if amount}


@pytest.mark.parametrize(("line", "verdict"), CASES.values(), ids=CASES)
def test_verdict(tmp_path: Path, line: dict[str, str], verdict: str) -> None:
    file = write_csv(tmp_path / "bill.csv", [focus(**line)])

    assert amounts(report_of(tmp_path / "s", file)) == {verdict: 1}


def test_tags_of_a_report_that_holds_all_kinds_have_a_prefix(tmp_path: Path) -> None:
    held = {"resourceTags/team:unit": "Retail", "accountTag/team:unit": "x", "costCategory/team:unit": "y"}
    line = {
        "line_item_line_item_type": "Usage",
        "line_item_unblended_cost": "1",
        "line_item_usage_start_date": "2026-10-01T00:00:00Z",
        "line_item_usage_account_id": "222222222222",
        "line_item_product_code": "AmazonEC2",
        "line_item_resource_id": "i-1",
        "line_item_currency_code": "USD",
        "tags": json.dumps(held),
    }

    assert amounts(report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", [line]))) == {"covered": 1}


def test_bill_without_tags_is_unknown_and_no_share(tmp_path: Path) -> None:
    line = {key: value for key, value in focus().items() if key != "Tags"}

    report = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", [line]))

    assert amounts(report) == {"unknown": 1}
    assert [(one.share, one.taggable_share, one.months) for one in report.coverage] == [(None, None, (None,))] * 2


def test_tags_that_cannot_be_read_are_said(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "bill.csv", [focus(Tags='{"team:unit": '), focus(Tags="Retail")])

    report = report_of(tmp_path / "s", file)

    assert amounts(report) == {"missing": 2}
    assert "tags of 2 lines are neither a map nor a JSON object of text, and count as none" in report.notes


def test_shares_and_their_trend(tmp_path: Path) -> None:
    lines = [
        focus(Tags=RIGHT, EffectiveCost="30"),
        focus(EffectiveCost="10"),
        focus(ChargeCategory="Tax", EffectiveCost="60"),
        focus(Tags=RIGHT, EffectiveCost="5", BillingPeriodStart="2026-11-01", ChargePeriodStart="2026-11-01"),
    ]
    report = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", lines))

    found = next(one for one in report.coverage if one.key == "team:unit")

    assert found.share == pytest.approx(35 / 105)
    assert found.taggable_share == pytest.approx(35 / 45)
    assert found.months == (pytest.approx(0.3), 1.0)
    assert [(one.reason, one.effective) for one in report.untaggable] == [("taxes", 60)]


def test_key_that_is_nowhere_is_said(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "bill.csv", [focus(Tags=tags(team_owner="ml"))])

    found = {one.key: one.note for one in report_of(tmp_path / "s", file).coverage}

    assert found["team:owner"] == ""
    assert found["team:unit"].startswith("is nowhere in this bill")


def test_spellings_are_shown_joined_and_apart(tmp_path: Path) -> None:
    values = {"retail": "2", "Retail": "1", "RETAIL": "4", "Sales": "8"}
    lines = [focus(Tags=tags(team_unit=value), EffectiveCost=cost) for value, cost in values.items()]

    report = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", lines))

    shown = next(one for one in report.breakdowns if one.dimension == "team:unit")
    assert [(row.value, row.costs.effective) for row in shown.rows] == [("Sales", 8), ("Retail", 7)]
    (variant,) = report.variants
    assert (variant.key, variant.value) == ("team:unit", "Retail")
    assert variant.spellings == {"RETAIL": 4, "retail": 2, "Retail": 1}


def test_free_values_join_by_spelling_alone(tmp_path: Path) -> None:
    values = ("fraud model", "Fraud-Model", "fraud_model", "fraud")
    lines = [focus(Tags=tags(team_owner=value)) for value in values]

    report = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", lines))

    shown = next(one for one in report.breakdowns if one.dimension == "team:owner")
    assert sorted(row.costs.effective for row in shown.rows) == [1, 3]


def test_columns_of_old_reports_are_tags_too(tmp_path: Path) -> None:
    line = {
        "lineItem/UnblendedCost": "1",
        "lineItem/LineItemType": "Usage",
        "lineItem/ResourceId": "i-1",
        "lineItem/UsageAccountId": "222222222222",
        "resourceTags/user:team:unit": "Sales",
        "resourceTags/user:bu": "",
        "costCategory/Team": "Platform",
    }
    report = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", [line]))

    assert amounts(report) == {"covered": 1}
    assert [row.value for one in report.breakdowns if one.kind == "category" for row in one.rows] == ["Platform"]


def test_keys_that_differ_in_capitals_alone_are_columns_of_their_own(tmp_path: Path) -> None:
    line = {
        "lineItem/UnblendedCost": "1",
        "lineItem/LineItemType": "Usage",
        "lineItem/ResourceId": "i-1",
        "resourceTags/user:Team:Unit": "",
        "resourceTags/user:team:unit": "Sales",
    }
    other = line | {"resourceTags/user:Team:Unit": "Sales", "resourceTags/user:team:unit": ""}

    report = report_of(tmp_path / "s", write_csv(tmp_path / "bill.csv", [line, other]))

    assert amounts(report) == {"covered": 1, "wrong": 1}
