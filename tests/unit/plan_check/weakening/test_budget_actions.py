"""Budget actions and anomaly monitors before and after a plan."""

import json
from typing import Any

import pytest

from tests.unit.plan_check.weakening.changes import becomes, comes, found, goes

ACTION, MONITOR = "aws_budgets_budget_action.this", "aws_ce_anomaly_monitor.this"


def threshold(value: float, kind: str = "PERCENTAGE") -> list[dict[str, Any]]:
    return [{"action_threshold_type": kind, "action_threshold_value": value}]


def definition(*targets: str) -> list[dict[str, Any]]:
    return [{"scp_action_definition": [{"policy_id": "p-1", "target_ids": list(targets)}]}]


HELD = {
    "budget_name": "ml",
    "account_id": "111111111111",
    "action_type": "APPLY_SCP_POLICY",
    "approval_model": "AUTOMATIC",
    "notification_type": "ACTUAL",
    "action_threshold": threshold(90),
    "definition": definition("1", "2"),
    "subscriber": [{"address": "a@example.com", "subscription_type": "EMAIL"}],
}
SPECIFICATION = {"Tags": {"Key": "owner", "Values": ["a", "b"]}}
WATCHING = {"name": "x", "monitor_type": "CUSTOM", "monitor_specification": json.dumps(SPECIFICATION)}


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ({"action_threshold": threshold(100)}, ("budget-raised", "fail")),
        ({"action_threshold": threshold(80)}, None),
        ({"action_threshold": threshold(80, "ABSOLUTE_VALUE")}, ("budget-raised", "unknown")),
        ({"approval_model": "MANUAL"}, ("budget-raised", "fail")),
        ({"subscriber": []}, ("subscriber-dropped", "fail")),
        ({"definition": definition("2", "1")}, None),
        ({"definition": definition("1")}, ("budget-raised", "unknown")),
        ({"notification_type": "FORECASTED"}, ("budget-raised", "unknown")),
    ],
)
def test_an_action_that_comes_later_or_does_something_else(
    new: dict[str, Any], expected: tuple[str, str] | None
) -> None:
    assert found(becomes(ACTION, HELD, **new)) == ([(*expected, ACTION)] if expected else [])


@pytest.mark.parametrize("name", ["action_threshold", "approval_model", "subscriber", "definition"])
def test_a_part_of_an_action_known_only_after_apply_is_unknown(name: str) -> None:
    assert [verdict for _, verdict, _ in found(becomes(ACTION, HELD, name))] == ["unknown"]


def test_what_goes_is_a_weakening_unless_something_alike_comes() -> None:
    for address, held in ((ACTION, HELD), (MONITOR, WATCHING)):
        assert found(goes(address, **held)) == [("budget-raised", "fail", address)]
        assert found(goes(address, **held), comes(f"{address}_b", **held)) == []
    later = {**HELD, "action_threshold": threshold(100)}
    assert found(goes(ACTION, **HELD), comes(f"{ACTION}_b", **later)) == [("budget-raised", "fail", ACTION)]


def test_a_monitor_that_watches_something_else_is_unknown() -> None:
    other = json.dumps({"Tags": {"Key": "owner", "Values": ["a"]}})
    assert found(becomes(MONITOR, WATCHING, monitor_specification=other)) == [("budget-raised", "unknown", MONITOR)]
    same = json.dumps({"Tags": {"Values": ["b", "a"], "Key": "owner"}}, indent=2)
    assert found(becomes(MONITOR, WATCHING, monitor_specification=same)) == []
