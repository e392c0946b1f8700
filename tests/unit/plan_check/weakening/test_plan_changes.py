"""Reading changes out of a plan's JSON, and patterns that cover others."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from harness.plan_check.terraform import decode_plan, governance
from harness.plan_check.weakening import TYPES, changes_of, is_governance, weakenings
from harness.plan_check.weakening.globs import covers, overlaps
from harness.policy.patterns import like
from tests.unit.plan_check.weakening.changes import stays

ADDRESS = 'module.a["x"].aws_organizations_policy_attachment.this["y"]'


def test_types_of_governance_are_known_by_name() -> None:
    assert is_governance("aws_budgets_budget")
    assert not is_governance("aws_instance")


def test_changes_come_with_the_references_of_the_configuration() -> None:
    resource = {
        "address": "aws_organizations_policy_attachment.this",
        "type": "aws_organizations_policy_attachment",
        "expressions": {"policy_id": {"references": ["aws_organizations_policy.this", "each.key"]}},
    }
    change = {
        "actions": ["create"],
        "before": None,
        "after": {"target_id": "r-1"},
        "after_unknown": {"policy_id": True},
    }
    plan = {
        "resource_changes": [
            {"address": ADDRESS, "type": resource["type"], "mode": "managed", "change": change},
            {"address": "data.x.y", "type": resource["type"], "mode": "data", "change": change},
            {"address": ADDRESS, "type": resource["type"], "deposed": "0", "change": change},
            {"address": "aws_instance.x", "type": "aws_instance", "change": change},
        ],
        "configuration": {"root_module": {"module_calls": {"a": {"module": {"resources": [resource]}}}}},
    }
    (found,) = changes_of(plan, TYPES)
    assert (found.address, found.references) == (ADDRESS, ("aws_organizations_policy.this", "each.key"))


def test_changes_come_with_the_region_that_their_provider_writes_out() -> None:
    body = {"actions": ["create"], "before": None, "after": {"name": "x"}}
    address = "module.a.aws_config_config_rule.this"
    resource = {"address": "aws_config_config_rule.this", "type": "aws_config_config_rule", "mode": "managed"}
    plan: dict[str, Any] = {
        "format_version": "1.2",
        "resource_changes": [{**resource, "address": address, "change": body}],
        "configuration": {
            "provider_config": {"aws.us": {"expressions": {"region": {"constant_value": "us-east-1"}}}},
            "root_module": {
                "module_calls": {"a": {"module": {"resources": [{**resource, "provider_config_key": "aws.us"}]}}}
            },
        },
    }
    (found,) = changes_of(plan, TYPES)
    (checked,) = governance.changes_of(decode_plan(json.dumps(plan).encode(), "plan.json"))
    assert found.region == checked.region == "us-east-1"
    plan["configuration"]["provider_config"]["aws.us"] = {"expressions": {"region": {"references": ["var.region"]}}}
    (found,) = changes_of(plan, TYPES)
    assert found.region == ""


def test_a_plan_that_changes_nothing_takes_nothing_away() -> None:
    assert weakenings([stays("aws_budgets_budget.this", name="x"), stays("aws_instance.this", name="x")]) == ()


PATTERNS = st.text("ab*?", max_size=6)


@given(PATTERNS, PATTERNS, st.text("ab", max_size=6))
def test_a_pattern_that_covers_another_one_matches_what_it_matches(one: str, two: str, text: str) -> None:
    if covers(one, two):
        assert not like(two, text) or like(one, text)
    if like(one, text) and like(two, text):
        assert overlaps(one, two)


@given(PATTERNS)
def test_every_pattern_covers_itself(pattern: str) -> None:
    assert covers(pattern, pattern)
    assert covers("*", pattern)
