"""Cost categories of the emulator: AWS's rules for definitions, and an update that replaces the whole of one."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import ML_DEV, Client, error_code

pytestmark = pytest.mark.emulator

VERSION = "CostCategoryExpression.v1"
TEAM = {"Tags": {"Key": "team", "Values": ["ml"], "MatchOptions": ["EQUALS"]}}
RULE = {"Type": "REGULAR", "Value": "ML", "Rule": TEAM}
VALUES = [{**RULE, "Value": value} for value in "abc"]
INHERITED = {"Type": "INHERITED_VALUE", "InheritedValue": {"DimensionName": "TAG", "DimensionKey": "team"}}


@pytest.fixture
def billing(client: Client) -> Iterator[Any]:
    """The payer's Cost Explorer, without cost categories afterwards."""
    made = client("ce")
    yield made
    for held in made.list_cost_category_definitions()["CostCategoryReferences"]:
        made.delete_cost_category_definition(CostCategoryArn=held["CostCategoryArn"])


def create(billing: Any, name: str = "Unit", **fields: Any) -> str:
    wanted = {"Name": name, "RuleVersion": VERSION, "Rules": [RULE], **fields}
    return str(billing.create_cost_category_definition(**wanted)["CostCategoryArn"])


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(ClientError) as failure:
        call()
    return error_code(failure)


def test_a_definition_is_kept_as_it_was_given_and_holds_from_this_month_on(billing: Any) -> None:
    split = {"Source": "ML", "Targets": ["None"], "Method": "EVEN"}
    tags = [{"Key": "owner", "Value": "finops"}]
    arn = create(billing, Rules=[INHERITED, RULE], DefaultValue="None", SplitChargeRules=[split], ResourceTags=tags)
    held = billing.describe_cost_category_definition(CostCategoryArn=arn)["CostCategory"]
    assert (held["Rules"], held["DefaultValue"], held["SplitChargeRules"]) == ([INHERITED, RULE], "None", [split])
    assert held["EffectiveStart"].endswith("-01T00:00:00Z")
    assert billing.list_tags_for_resource(ResourceArn=arn)["ResourceTags"] == tags
    references = billing.list_cost_category_definitions()["CostCategoryReferences"]
    (listed,) = (each for each in references if each["CostCategoryArn"] == arn)
    assert (listed["Name"], listed["NumberOfRules"], listed["Values"]) == ("Unit", 2, ["ML"])


def test_an_update_replaces_the_whole_definition(billing: Any) -> None:
    arn = create(billing, DefaultValue="None")
    billing.update_cost_category_definition(CostCategoryArn=arn, RuleVersion=VERSION, Rules=[INHERITED])
    held = billing.describe_cost_category_definition(CostCategoryArn=arn)["CostCategory"]
    assert held["Rules"] == [INHERITED]
    assert "DefaultValue" not in held


def test_a_name_is_unique_and_what_is_gone_is_not_found(billing: Any) -> None:
    arn = create(billing)
    assert refused(lambda: create(billing)) == "ValidationException"
    billing.delete_cost_category_definition(CostCategoryArn=arn)
    assert (
        refused(lambda: billing.describe_cost_category_definition(CostCategoryArn=arn)) == "ResourceNotFoundException"
    )


def test_members_of_an_organization_make_none(client: Client) -> None:
    assert refused(lambda: create(client("ce", ML_DEV))) == "AccessDeniedException"


@pytest.mark.parametrize(
    "rule",
    [
        {"Type": "REGULAR", "Rule": TEAM},
        {"Type": "REGULAR", "Value": "ML"},
        {**RULE, "InheritedValue": {"DimensionName": "LINKED_ACCOUNT_NAME"}},
        {**INHERITED, "Rule": TEAM},
        {"Type": "INHERITED_VALUE", "InheritedValue": {"DimensionName": "TAG"}},
        {"Type": "INHERITED_VALUE", "InheritedValue": {"DimensionName": "LINKED_ACCOUNT_NAME", "DimensionKey": "x"}},
        {**RULE, "Rule": {**TEAM, "Not": TEAM}},
        {**RULE, "Rule": {"And": [TEAM]}},
        {**RULE, "Rule": {"Dimensions": {"Key": "SERVICE", "Values": ["Amazon SageMaker"]}}},
        {**RULE, "Rule": {"Tags": {"Key": "team", "Values": ["1"], "MatchOptions": ["GREATER_THAN_OR_EQUAL"]}}},
        {**RULE, "Rule": {"Not": {"Tags": {"Key": "team"}}}},
    ],
)
def test_a_rule_that_aws_refuses_is_refused(billing: Any, rule: dict[str, Any]) -> None:
    assert refused(lambda: create(billing, Rules=[rule])) == "ValidationException"


def shares(*values: str) -> dict[str, Any]:
    return {"Method": "FIXED", "Parameters": [{"Type": "ALLOCATION_PERCENTAGES", "Values": [*values]}]}


@pytest.mark.parametrize(
    "splits",
    [
        [{"Source": "a", "Targets": ["b"], "Method": "EVEN"}, {"Source": "b", "Targets": ["c"], "Method": "EVEN"}],
        [{"Source": "a", "Targets": ["b"], "Method": "EVEN"}, {"Source": "a", "Targets": ["c"], "Method": "EVEN"}],
        [{"Source": "a", "Targets": ["b", "b"], "Method": "EVEN"}],
        [{"Source": "a", "Targets": ["b"], **shares("99")}],
        [{"Source": "a", "Targets": ["b", "c"], **shares("100")}],
        [{"Source": "a", "Targets": ["b"], **shares("all")}],
        [{"Source": "a", "Targets": ["b"], **shares("100"), "Method": "EVEN"}],
    ],
)
def test_split_charges_that_aws_refuses_are_refused(billing: Any, splits: list[dict[str, Any]]) -> None:
    assert refused(lambda: create(billing, Rules=VALUES, SplitChargeRules=splits)) == "ValidationException"


def test_shares_of_100_are_taken(billing: Any) -> None:
    create(billing, Rules=VALUES, SplitChargeRules=[{"Source": "a", "Targets": ["b", "c"], **shares("33.4", "66.6")}])


@pytest.mark.parametrize("names", [("ML", "x"), ("x", "ML")])
def test_split_charges_name_values_of_the_cost_category(billing: Any, names: tuple[str, str]) -> None:
    split = {"Source": names[0], "Targets": [names[1]], "Method": "EVEN"}
    assert refused(lambda: create(billing, SplitChargeRules=[split])) == "ValidationException"


@pytest.mark.parametrize("start", ["2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "2026-11-02T00:00:00Z"])
def test_a_definition_begins_with_a_month_of_the_last_year(billing: Any, start: str) -> None:
    assert refused(lambda: create(billing, EffectiveStart=start)) == "ValidationException"
