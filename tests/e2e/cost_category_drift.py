"""Drifts of cost categories: what somebody does to one by hand, and takes back."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

UNIT, WORKLOAD = "Business unit", "Workload"
_KEPT = ("CostCategoryArn", "EffectiveStart", "RuleVersion", "Rules", "DefaultValue", "SplitChargeRules")


def definition(client: Any, name: str) -> dict[str, Any]:
    """Return what an update of the cost category takes."""
    listed = client.list_cost_category_definitions()["CostCategoryReferences"]
    arn = next(each["CostCategoryArn"] for each in listed if each["Name"] == name)
    held = client.describe_cost_category_definition(CostCategoryArn=arn)["CostCategory"]
    return {key: held[key] for key in _KEPT if key in held}


@contextmanager
def _changed(tagrail: Any, name: str, change: Callable[[dict[str, Any]], object]) -> Iterator[None]:
    client = tagrail.client("ce")
    changed = definition(client, name)
    change(changed)
    before = definition(client, name)
    client.update_cost_category_definition(**changed)
    yield
    client.update_cost_category_definition(**before)


def rules_exchanged(tagrail: Any) -> AbstractContextManager[None]:
    return _changed(tagrail, WORKLOAD, lambda held: held["Rules"].insert(0, held["Rules"].pop(1)))


def rule_removed(tagrail: Any) -> AbstractContextManager[None]:
    return _changed(tagrail, WORKLOAD, lambda held: held["Rules"].pop())


def shares_exchanged(tagrail: Any) -> AbstractContextManager[None]:
    return _changed(tagrail, UNIT, lambda held: held["SplitChargeRules"][0]["Targets"].reverse())


def default_dropped(tagrail: Any) -> AbstractContextManager[None]:
    return _changed(tagrail, UNIT, lambda held: held.pop("DefaultValue"))


def cost_categories_spoilt(tagrail: Any) -> None:
    """Exchange shares of one cost category, which terraform does not see, and change the rules of another."""
    client = tagrail.client("ce")
    unit, workload = (definition(client, name) for name in (UNIT, WORKLOAD))
    unit["SplitChargeRules"][0]["Targets"].reverse()
    client.update_cost_category_definition(**unit)
    workload["Rules"].reverse()
    client.update_cost_category_definition(**workload)
