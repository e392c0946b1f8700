"""Read the payer's cost categories: their rules, in order, and how they divide shared costs."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from harness.documents import CategoryRuleDocument, ConditionDocument, SplitChargeDocument, split_charge
from harness.packing import canonical_json
from harness.state.model import LiveCostCategory, Unreadable
from harness.state.reading import read_each

_LEAVES = {"Dimensions": "DIMENSION", "Tags": "TAG"}


def read_cost_categories(client: Any, names: AbstractSet[str]) -> dict[str, LiveCostCategory | Unreadable]:
    """Return the cost categories of these names; one that cannot be read does not hide the others.

    Raises: ClientError, BotoCoreError as boto3 does when they cannot be listed.
    """
    arns = {each["Name"]: each["CostCategoryArn"] for each in _references(client) if each["Name"] in names}
    return read_each(lambda name: _category(client, arns[name]), sorted(arns))


def _references(client: Any) -> Iterator[Mapping[str, Any]]:
    token: dict[str, str] = {}
    while True:
        page = client.list_cost_category_definitions(MaxResults=100, **token)
        yield from page.get("CostCategoryReferences") or ()
        if not page.get("NextToken"):
            return
        token = {"NextToken": page["NextToken"]}


def _category(client: Any, arn: str) -> LiveCostCategory:
    raw = client.describe_cost_category_definition(CostCategoryArn=arn)["CostCategory"]
    splits = (_split(each) for each in raw.get("SplitChargeRules") or ())
    return LiveCostCategory(
        arn=arn,
        default=raw.get("DefaultValue"),
        rules=tuple(_rule(each) for each in raw["Rules"]),
        split_charges=tuple(sorted(splits, key=lambda each: each.source)),
    )


def _rule(raw: Mapping[str, Any]) -> CategoryRuleDocument | str:
    """Return a rule, as its JSON where tagrail makes none such."""
    if inherited := raw.get("InheritedValue"):
        return CategoryRuleDocument(inherits=inherited["DimensionName"], inherited_key=inherited.get("DimensionKey"))
    expression = raw.get("Rule") or {}
    parts = expression.get("And") or [expression]
    conditions = [_condition(part) for part in parts]
    known = tuple(sorted(each for each in conditions if each is not None))
    return CategoryRuleDocument(raw.get("Value"), known) if len(known) == len(parts) else canonical_json(raw)


def _condition(raw: Mapping[str, Any], *, negated: bool = False) -> ConditionDocument | None:
    if len(raw) != 1:
        return None
    ((root, inner),) = raw.items()
    if root == "Not":
        return None if negated else _condition(inner, negated=True)
    match = {*inner.get("MatchOptions", ())} - {"CASE_SENSITIVE"} if root in _LEAVES else set()
    match = match or {"EQUALS"}
    if root not in _LEAVES or len(match) > 1:
        return None
    return ConditionDocument(negated, _LEAVES[root], inner["Key"], match.pop(), tuple(sorted(inner.get("Values", ()))))


def _split(raw: Mapping[str, Any]) -> SplitChargeDocument:
    shares = [float(text) for parameter in raw.get("Parameters") or () for text in parameter["Values"]]
    return split_charge(raw["Source"], raw["Method"], raw["Targets"], shares)
