"""Break one thing of a cost category, and say which one finding must name it."""

import dataclasses
from typing import Any

from harness.documents import CategoryRuleDocument, SplitChargeDocument
from harness.state import LiveCostCategory, State, Unreadable
from tests.unit.verify.fault import fault

UNIT = "Business unit"
KEY = "anycompany:finance:business-unit"


def category(state: State) -> LiveCostCategory:
    assert not isinstance(state.cost_categories, Unreadable)
    held = state.cost_categories[UNIT]
    assert isinstance(held, LiveCostCategory)
    return held


def changed(state: State, **fields: Any) -> State:
    assert not isinstance(state.cost_categories, Unreadable)
    made = dataclasses.replace(category(state), **fields)
    return dataclasses.replace(state, cost_categories={**state.cost_categories, UNIT: made})


@fault("cost category", UNIT, "no such cost category")
def cost_category_deleted(state: State) -> State:
    assert not isinstance(state.cost_categories, Unreadable)
    left = {name: held for name, held in state.cost_categories.items() if name != UNIT}
    return dataclasses.replace(state, cost_categories=left)


@fault("cost category", f"{UNIT}: default", "none")
def cost_category_default_dropped(state: State) -> State:
    return changed(state, default=None)


@fault("cost category", f"{UNIT}: order of rules, from rule 1 on", f"DevOps for {KEY} DevOps")
def cost_category_rules_exchanged(state: State) -> State:
    first, second, *rest = category(state).rules
    return changed(state, rules=(second, first, *rest))


@fault("cost category", f"{UNIT}: rules", "no further rule")
def cost_category_rule_removed(state: State) -> State:
    return changed(state, rules=category(state).rules[1:])


@fault("cost category", f"{UNIT}: rules", "the value of team")
def cost_category_rule_added(state: State) -> State:
    return changed(state, rules=(CategoryRuleDocument(inherits="TAG", inherited_key="team"), *category(state).rules))


@fault("cost category", f"{UNIT}: split of Shared", "FIXED: Finance 50 %, Retail 30 %, Sales 20 %")
def cost_category_shares_exchanged(state: State) -> State:
    return changed(
        state,
        split_charges=(SplitChargeDocument("Shared", "FIXED", ("Retail", "Sales", "Finance"), (30.0, 20.0, 50.0)),),
    )


@fault("cost category", f"{UNIT}: split of Sales", "EVEN among Finance, Retail")
def cost_category_split_added(state: State) -> State:
    more = SplitChargeDocument("Sales", "EVEN", ("Retail", "Finance"))
    return changed(state, split_charges=(more, *category(state).split_charges))
