"""Register faults: a change of a right state, and the one finding that must name it."""

import dataclasses
from collections.abc import Callable
from typing import Any

from harness.state import LiveAlerts, LiveBudget, LiveKey, LivePolicy, LiveRegion, LiveRule, State, Unreadable
from tests.unit.verify.live import with_policies

Break = Callable[[State], State]
BROKEN: dict[str, tuple[Break, str, str, str]] = {}
ROOT_POLICY = "anycompany-tags-root-1"
RULE = "anycompany-required-tags-1"
GUARD = "anycompany-required-tags-guard-1"
BUDGET = "anycompany-ml-platform"


def fault(plane: str, subject: str, held: str) -> Callable[[Break], Break]:
    """Register a fault with the plane, the subject and a part of what held that its one finding must have."""

    def register(change: Break) -> Break:
        BROKEN[change.__name__] = (change, plane, subject, held)
        return change

    return register


def policies(state: State) -> tuple[LivePolicy, ...]:
    assert not isinstance(state.policies, Unreadable)
    return state.policies


def changed_policy(state: State, name: str, change: Callable[[LivePolicy], LivePolicy | None]) -> State:
    found = [change(policy) if policy.name == name else policy for policy in policies(state)]
    return with_policies(state, [policy for policy in found if policy is not None])


def changed_rule(state: State, name: str, **fields: Any) -> State:
    region = state.regions["eu-central-1"]
    assert isinstance(region, LiveRegion)
    rules = {**region.rules, name: dataclasses.replace(region.rules[name], **fields)}
    return changed_region(state, rules=rules)


def changed_region(state: State, **fields: Any) -> State:
    region = state.regions["eu-central-1"]
    assert isinstance(region, LiveRegion)
    return dataclasses.replace(state, regions={**state.regions, "eu-central-1": dataclasses.replace(region, **fields)})


def rule(state: State, name: str) -> LiveRule:
    region = state.regions["eu-central-1"]
    assert isinstance(region, LiveRegion)
    return region.rules[name]


def budget(state: State, name: str = BUDGET) -> LiveBudget:
    assert not isinstance(state.budgets, Unreadable)
    held = state.budgets[name]
    assert isinstance(held, LiveBudget)
    return held


def changed_budget(state: State, **fields: Any) -> State:
    assert not isinstance(state.budgets, Unreadable)
    return dataclasses.replace(state, budgets={**state.budgets, BUDGET: dataclasses.replace(budget(state), **fields)})


def alerts(state: State) -> LiveAlerts:
    assert isinstance(state.alerts, LiveAlerts)
    return state.alerts


def changed_alerts(state: State, **fields: Any) -> State:
    return dataclasses.replace(state, alerts=dataclasses.replace(alerts(state), **fields))


def key(state: State) -> LiveKey:
    held = alerts(state).key
    assert isinstance(held, LiveKey)
    return held


def changed_key(state: State, /, **fields: Any) -> State:
    return changed_alerts(state, key=dataclasses.replace(key(state), **fields))


def foreign_policy(node: str, key: str = "anycompany:finance:owner") -> LivePolicy:
    """Return a policy that tagrail did not make, and that lets one key have another value."""
    content = {"tags": {key: {"tag_key": {"@@assign": key}, "tag_value": {"@@assign": ["nobody"]}}}}
    return LivePolicy("p-f", "other", content, frozenset({node}))
