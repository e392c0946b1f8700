"""What AWS answers about cost categories, as it is read: rules in order, shares at their targets, one apart."""

from typing import Any

import pytest

from harness.documents import CategoryRuleDocument, ConditionDocument
from harness.state import LiveCostCategory, Unreadable
from harness.state.cost_categories import read_cost_categories
from tests.unit.state.aws import aws_client, error

ARN = "arn:aws:ce::111111111111:costcategory/"
TEAM = {"Tags": {"Key": "team", "Values": ["b", "a"], "MatchOptions": ["EQUALS"]}}
TAX = {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Tax"]}}


class Billing:
    """Answer for cost categories, one a page; `refusals` maps a name to an error code."""

    def __init__(self, *raw: dict[str, Any], refusals: dict[str, str] | None = None) -> None:
        self.raw = {f"{ARN}{each['Name']}": each for each in raw}
        self.refusals = refusals or {}

    def __call__(self, operation: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if operation == "ListCostCategoryDefinitions":
            at, arns = int(request.get("NextToken", 0)), list(self.raw)
            found = [{"Name": self.raw[arn]["Name"], "CostCategoryArn": arn} for arn in arns[at : at + 1]]
            return 200, {"CostCategoryReferences": found, **({"NextToken": str(at + 1)} if at + 1 < len(arns) else {})}
        raw = self.raw[request["CostCategoryArn"]]
        if raw["Name"] in self.refusals:
            return error(self.refusals[raw["Name"]])
        return 200, {"CostCategory": raw}

    def read(self, *names: str) -> dict[str, LiveCostCategory | Unreadable]:
        return read_cost_categories(aws_client("ce", self), frozenset(names))


def raw(name: str, *rules: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"Name": name, "Rules": list(rules), "DefaultValue": "Other", **fields}


def rule_of(expression: dict[str, Any]) -> CategoryRuleDocument | str:
    found = Billing(raw("A", {"Value": "x", "Rule": expression, "Type": "REGULAR"})).read("A")["A"]
    assert isinstance(found, LiveCostCategory)
    return found.rules[0]


def test_every_page_is_read_for_the_names_that_are_wanted() -> None:
    assert list(Billing(raw("B"), raw("Foreign"), raw("A")).read("A", "B", "None")) == ["A", "B"]


def test_one_that_cannot_be_read_hides_no_other() -> None:
    found = Billing(raw("A"), raw("B"), refusals={"A": "AccessDeniedException"}).read("A", "B")
    assert isinstance(found["A"], Unreadable)
    assert found["B"] == LiveCostCategory(f"{ARN}B", "Other", ())


def test_conditions_are_sorted_and_an_option_that_aws_fills_in_is_the_same_as_none() -> None:
    tag = ConditionDocument(negated=False, kind="TAG", key="team", match="EQUALS", values=("a", "b"))
    tax = ConditionDocument(negated=True, kind="DIMENSION", key="RECORD_TYPE", match="EQUALS", values=("Tax",))
    assert rule_of({"And": [{"Not": TAX}, TEAM]}) == CategoryRuleDocument("x", (tag, tax))
    assert rule_of(TEAM) == CategoryRuleDocument("x", (tag,))
    sensitive = {"Tags": {**TEAM["Tags"], "MatchOptions": ["EQUALS", "CASE_SENSITIVE"]}}
    assert rule_of(sensitive) == CategoryRuleDocument("x", (tag,))


@pytest.mark.parametrize(
    "expression",
    [
        {"Or": [TEAM, TAX]},
        {"And": [TEAM, {"Or": [TEAM, TAX]}]},
        {"Not": {"Not": TAX}},
        {"CostCategories": {"Key": "Other", "Values": ["x"]}},
        {"Tags": {"Key": "team", "Values": ["a"], "MatchOptions": ["STARTS_WITH", "CASE_INSENSITIVE"]}},
    ],
    ids=["or", "nested-or", "not-not", "cost-category", "two-options"],
)
def test_a_rule_that_tagrail_never_makes_is_kept_as_its_text(expression: dict[str, Any]) -> None:
    assert isinstance(rule_of(expression), str)


def test_inherited_values_and_shares() -> None:
    inherited = {"InheritedValue": {"DimensionName": "TAG", "DimensionKey": "team"}, "Type": "INHERITED_VALUE"}
    shares = {"Type": "ALLOCATION_PERCENTAGES", "Values": ["60", "40"]}
    split = {"Source": "x", "Targets": ["Finance", "Retail"], "Method": "FIXED", "Parameters": [shares]}
    found = Billing(raw("A", inherited, SplitChargeRules=[split])).read("A")["A"]
    assert isinstance(found, LiveCostCategory)
    assert found.rules == (CategoryRuleDocument(inherits="TAG", inherited_key="team"),)
    assert (found.split_charges[0].targets, found.split_charges[0].percents) == (("Retail", "Finance"), (40.0, 60.0))
