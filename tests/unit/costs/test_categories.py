"""Cost categories that the bill does not have: rules in order, and shared costs by their stated shares."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from harness.costs.model import Report
from harness.documents import CategoryRuleDocument, ConditionDocument, CostCategoryDocument, SplitChargeDocument
from tests.unit.costs.bills import WANTED, focus, report_of, write_csv


def on(key: str, *values: str, kind: str = "TAG", match: str = "EQUALS", negated: bool = False) -> ConditionDocument:
    return ConditionDocument(negated, kind, key, match, values)


def rule(value: str, *conditions: ConditionDocument) -> CategoryRuleDocument:
    return CategoryRuleDocument(value, conditions)


def report(tmp_path: Path, document: CostCategoryDocument, *lines: dict[str, str]) -> Report:
    file = write_csv(tmp_path / "bill.csv", lines)
    return report_of(tmp_path / "s", file, wanted=WANTED._replace(categories={"Team": document}))


def values(found: Report) -> dict[str, Decimal]:
    return {row.value: row.costs.effective for one in found.breakdowns if one.dimension == "Team" for row in one.rows}


def billed(found: Report) -> dict[str, Decimal]:
    return {row.value: row.costs.billed for one in found.breakdowns if one.dimension == "Team" for row in one.rows}


def tagged(key: str, value: str) -> str:
    return json.dumps({key: value})


# condition -> the lines of LINES that it takes
LINES = [
    focus(ResourceId="a", EffectiveCost="1", Tags=tagged("team:owner", "ml-chat")),
    focus(ResourceId="b", EffectiveCost="2", Tags=tagged("team:owner", "web")),
    focus(ResourceId="c", EffectiveCost="4", SubAccountId="333333333333", SubAccountName="dev"),
    focus(ResourceId="d", EffectiveCost="8", Tags=tagged("bu", "Retail")),
]
CONDITIONS = {
    "tag": ((on("team:owner", "web"),), 2),
    "tag that begins so": ((on("team:owner", "ml-", match="STARTS_WITH"),), 1),
    "tag that ends so": ((on("team:owner", "eb", match="ENDS_WITH"),), 2),
    "tag that contains it": ((on("team:owner", "-", match="CONTAINS"),), 1),
    "old key": ((on("bu", "Retail"),), 8),
    "right key alone": ((on("team:unit", "Retail"),), 0),
    "account by id": ((on("LINKED_ACCOUNT", "333333333333", kind="DIMENSION"),), 4),
    "account by name": ((on("LINKED_ACCOUNT", "dev", kind="DIMENSION"),), 4),
    "not": ((on("team:owner", "web", negated=True),), 13),
    "and": ((on("team:owner", "web"), on("LINKED_ACCOUNT", "dev", kind="DIMENSION", negated=True)), 2),
}


@pytest.mark.parametrize(("conditions", "cost"), CONDITIONS.values(), ids=CONDITIONS)
def test_condition(tmp_path: Path, conditions: tuple[ConditionDocument, ...], cost: int) -> None:
    document = CostCategoryDocument("rest", (rule("yes", *conditions),))

    assert values(report(tmp_path, document, *LINES)).get("yes", 0) == cost


@pytest.mark.parametrize(("name", "cost"), [("RIFee", 1), ("Fee", 2), ("Tax", 4), ("Usage", 8)])
def test_charge_types_of_rules_are_those_of_the_report(tmp_path: Path, name: str, cost: int) -> None:
    kinds = (("RIFee", "AmazonEC2"), ("Fee", "AWSSupportBusiness"), ("Tax", "AmazonEC2"), ("Usage", "AmazonEC2"))
    lines = [
        {
            "line_item_line_item_type": kind,
            "line_item_unblended_cost": str(2**index),
            "line_item_usage_start_date": "2026-10-01T00:00:00Z",
            "line_item_usage_account_id": "111111111111",
            "line_item_product_code": product,
            "line_item_currency_code": "USD",
            "resource_tags": "{}",
        }
        for index, (kind, product) in enumerate(kinds)
    ]
    document = CostCategoryDocument("rest", (rule("yes", on("RECORD_TYPE", name, kind="DIMENSION")),))

    assert billed(report(tmp_path, document, *lines))["yes"] == cost


def test_first_rule_that_matches_decides(tmp_path: Path) -> None:
    rules = (rule("first", on("team:owner", "web")), rule("second", on("team:owner", "w", match="STARTS_WITH")))

    assert values(report(tmp_path, CostCategoryDocument("rest", rules), *LINES)) == {"first": 2, "rest": 13}


def test_values_are_inherited_from_tag_and_account(tmp_path: Path) -> None:
    tag = CategoryRuleDocument(inherits="TAG", inherited_key="team:owner")
    account = CategoryRuleDocument(inherits="LINKED_ACCOUNT_NAME")

    found = values(report(tmp_path, CostCategoryDocument("rest", (tag, account)), *LINES))

    assert found == {"ml-chat": 1, "web": 2, "dev": 4, "ml-prod": 8}


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        (on("RECORD_TYPE", "Tax", kind="DIMENSION"), "the bill has no x_RecordType"),
        (on("LINKED_ACCOUNT", "prod", kind="DIMENSION"), "the bill has no account prod"),
        (on("team:else", "x"), "team:else is no key of the dictionary"),
    ],
)
def test_rule_that_the_bill_cannot_tell_leaves_the_category_out(
    tmp_path: Path, condition: ConditionDocument, why: str
) -> None:
    found = report(tmp_path, CostCategoryDocument("rest", (rule("yes", condition),)), *LINES)

    assert values(found) == {}
    assert f"cost category Team is not told: {why}" in found.notes


def test_category_by_tag_of_a_bill_without_tags_is_left_out(tmp_path: Path) -> None:
    lines = [{name: value for name, value in line.items() if name != "Tags"} for line in LINES]
    document = CostCategoryDocument("rest", (rule("yes", on("team:owner", "web")),))

    found = report(tmp_path, document, *lines)

    assert values(found) == {}
    assert "cost category Team is not told: the bill has no tags for some or all charges" in found.notes


def test_category_by_name_of_two_accounts_is_left_out(tmp_path: Path) -> None:
    document = CostCategoryDocument("rest", (rule("yes", on("LINKED_ACCOUNT", "dev", kind="DIMENSION")),))
    twin = focus(SubAccountId="444444444444", SubAccountName="dev")

    found = report(tmp_path, document, *LINES, twin)

    assert values(found) == {}
    said = "cost category Team is not told: the bill has several accounts dev: 333333333333, 444444444444"
    assert said in found.notes


def test_category_of_the_bill_itself_counts(tmp_path: Path) -> None:
    line = focus(x_CostCategories=tagged("Team", "from AWS"))

    assert values(report(tmp_path, CostCategoryDocument("rest", ()), line)) == {"from AWS": 1}


RULES = tuple(rule(name, on("team:owner", name)) for name in ("shared", "a", "b"))
SHARES = {
    "EVEN": ((), {"a": "5", "b": "5"}),
    "FIXED": ((70.0, 30.0), {"a": "7", "b": "3"}),
    "PROPORTIONAL": ((), {"a": "2.5", "b": "7.5"}),
}


def shared(*costs: tuple[str, str, str]) -> list[dict[str, str]]:
    return [
        focus(
            Tags=tagged("team:owner", owner),
            EffectiveCost=cost,
            BillingPeriodStart=f"{month}-01",
            ChargePeriodStart=f"{month}-01",
        )
        for owner, cost, month in costs
    ]


@pytest.mark.parametrize("method", SHARES)
def test_shared_cost_is_split_as_stated(tmp_path: Path, method: str) -> None:
    percents, wanted = SHARES[method]
    document = CostCategoryDocument("rest", RULES, (SplitChargeDocument("shared", method, ("a", "b"), percents),))
    lines = shared(("shared", "10", "2026-10"), ("a", "1", "2026-10"), ("b", "3", "2026-10"))

    (split,) = report(tmp_path, document, *lines).splits

    assert split.amount == 10
    assert {share.value: share.received for share in split.shares} == {
        key: Decimal(cost) for key, cost in wanted.items()
    }
    assert {share.value: share.total - share.own for share in split.shares} == {
        key: Decimal(cost) for key, cost in wanted.items()
    }


def test_shares_are_those_of_each_month(tmp_path: Path) -> None:
    document = CostCategoryDocument("rest", RULES, (SplitChargeDocument("shared", "PROPORTIONAL", ("a", "b")),))
    lines = shared(
        ("shared", "10", "2026-10"), ("a", "1", "2026-10"), ("b", "9", "2026-11"), ("shared", "2", "2026-11")
    )

    (split,) = report(tmp_path, document, *lines).splits

    assert {share.value: share.received for share in split.shares} == {"a": 10, "b": 2}


def test_parts_of_what_does_not_divide_sum_up(tmp_path: Path) -> None:
    document = CostCategoryDocument("rest", RULES, (SplitChargeDocument("shared", "EVEN", ("a", "b", "c")),))

    (split,) = report(tmp_path, document, *shared(("shared", "10", "2026-10"))).splits

    assert sum(share.received for share in split.shares) == 10


def test_nobody_gets_what_has_no_proportion(tmp_path: Path) -> None:
    document = CostCategoryDocument("rest", RULES, (SplitChargeDocument("shared", "PROPORTIONAL", ("a", "b")),))

    found = report(tmp_path, document, *shared(("shared", "10", "2026-10")))

    assert [share.received for share in found.splits[0].shares] == [0, 0]
    assert any(note.startswith("cost category Team: 10.00 of shared go to nobody") for note in found.notes)


def test_what_is_shared_out_is_not_noted(tmp_path: Path) -> None:
    document = CostCategoryDocument("rest", RULES, (SplitChargeDocument("shared", "PROPORTIONAL", ("a", "b")),))

    found = report(
        tmp_path, document, *shared(("shared", "10", "2026-10"), ("a", "3", "2026-10"), ("b", "4", "2026-10"))
    )

    assert not any("nobody" in note for note in found.notes)
