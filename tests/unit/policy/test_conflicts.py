"""Two policies at one node conflict where their order would count."""

from typing import Any

import pytest

from harness.policy.conflicts import attachment_conflicts
from harness.policy.tag_policy import CONTROL

from .attached import attached


@pytest.mark.parametrize(
    ("one", "two", "kind"),
    [
        ({"tag_value": {"@@assign": ["x"]}}, {"tag_value": {"@@assign": ["y"]}}, "assign"),
        ({"tag_key": {"@@assign": "Key"}}, {"tag_key": {"@@assign": "KEY"}}, "assign"),
        ({"tag_value": {"@@assign": ["x"]}}, {"tag_value": {"@@append": ["y"]}}, "mixed"),
        ({"tag_value": {"@@remove": ["x"]}}, {"tag_value": {"@@assign": ["x"]}}, "mixed"),
        ({"tag_value": {"@@append": ["x"]}}, {"tag_value": {"@@remove": ["x"]}}, "mixed"),
        ({"tag_value": {"@@assign": ["x", "y"]}}, {"tag_value": {"@@assign": ["y", "x"]}}, None),
        ({"tag_value": {"@@assign": ["x"]}}, {"tag_value": {"@@append": ["x"], "@@remove": ["y"]}}, None),
        ({"tag_value": {"@@append": ["x"]}}, {"tag_value": {"@@append": ["y"], "@@remove": ["z"]}}, None),
        ({"tag_value": {"@@assign": ["x"]}}, {"enforced_for": {"@@assign": ["s3:bucket"]}}, None),
        ({"tag_value": {CONTROL: ["@@append"]}}, {"tag_value": {CONTROL: ["@@remove"]}}, None),
        ({"tag_value": {CONTROL: ["@@none"]}}, {"tag_value": {"@@assign": ["x"]}}, None),
    ],
)
def test_a_conflict_is_named_by_kind(one: dict[str, Any], two: dict[str, Any], kind: str | None) -> None:
    policies = attached("one", {"key": one}), attached("two", {"KEY": two})
    found = attachment_conflicts(policies)
    assert [conflict.kind for conflict in found] == ([kind] if kind else [])
    assert all((conflict.first, conflict.second) == policies and conflict.key == "key" for conflict in found)


def test_a_policy_alone_conflicts_with_nothing() -> None:
    assert attachment_conflicts([attached("a", {"key": {"tag_value": {"@@append": ["x"], "@@remove": ["x"]}}})]) == ()


def test_conflicts_come_by_key_and_element() -> None:
    tags = {key: {name: {"@@assign": ["s3:bucket"]} for name in ("tag_value", "enforced_for")} for key in ("b", "a")}
    other = {key: {name: {"@@assign": []} for name in ("tag_value", "enforced_for")} for key in ("a", "b")}
    found = attachment_conflicts([attached("one", tags), attached("two", {"c": {}}), attached("three", other)])
    assert [(conflict.key, conflict.element) for conflict in found] == [
        ("a", "enforced_for"),
        ("a", "tag_value"),
        ("b", "enforced_for"),
        ("b", "tag_value"),
    ]
