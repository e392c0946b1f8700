"""Resources that are one tag of another resource: the tag is judged, and no other is missed."""

from collections.abc import Mapping
from typing import Any

import pytest

from harness.plan_check.judge import Judge
from harness.plan_check.requirements import KeyRule, Requirements
from harness.plan_check.terraform import decode_plan, read_resources
from harness.plan_check.wording import describe
from tests.unit.plan_check.plans import change, faults, plan, read

REQUIRED = Requirements(
    (
        KeyRule("stage", checked_for=("*",), values=("dev", "prod")),
        KeyRule("owner", checked_for=("*",), deprecated=("Team",)),
    ),
    prohibited={"temp*": "not for long"},
)
TYPES = ("aws_dynamodb_tag", "aws_ec2_tag", "aws_ecs_tag", "aws_transfer_tag", "aws_autoscaling_group_tag")


def after(name: str, key: Any, value: Any) -> dict[str, Any]:
    """A tag as the type has it."""
    tag = {"key": key, "value": value}
    return {"tag": [{**tag, "propagate_at_launch": True}]} if name == "aws_autoscaling_group_tag" else tag


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("stage", "dev", []),
        ("Name", "a", []),
        ("stage", "DEV", ["value-case"]),
        ("stage", "x", ["wrong-value"]),
        ("stage", "", ["empty-value"]),
        ("Stage", "dev", ["key-case"]),
        ("Team", "ml", ["deprecated-key"]),
        ("temporary", "a", ["prohibited-key"]),
        ("aws:x", "a", ["reserved-key"]),
        ("Name", "jane.doe@example.com", ["personal-data"]),
    ],
)
def test_a_single_tag_is_judged(name: str, key: str, value: str, expected: list[str]) -> None:
    found = faults(read(plan([change(f"{name}.t", after(name, key, value))])), REQUIRED)
    assert [fault.rule for fault in found[f"{name}.t"]] == expected


@pytest.mark.parametrize(
    ("held", "unknown", "expected"),
    [
        ({"key": "stage"}, {"value": True}, ["unknown-value"]),
        ({"key": "Name"}, {"value": True}, []),
        ({"value": "dev"}, {"key": True}, []),
        ({}, True, []),
    ],
)
def test_what_of_a_single_tag_is_known_after_apply(held: Mapping[str, Any], unknown: Any, expected: list[str]) -> None:
    found = faults(read(plan([change("aws_ec2_tag.t", held, unknown=unknown)])), REQUIRED)
    assert [fault.rule for fault in found["aws_ec2_tag.t"]] == expected


def test_a_single_tag_that_is_right_passes_at_once() -> None:
    judge = Judge(REQUIRED)
    changes = [change(f"aws_ec2_tag.t[{index}]", after("aws_ec2_tag", "stage", "dev")) for index in range(3)]
    found = read_resources(decode_plan(plan(changes), "plan.json"), "plan.json", passes=judge.passing)
    assert [judge.faults(resource) for resource in found.resources] == [[]]
    assert (found.passed, found.skipped) == (2, {})


@pytest.mark.parametrize(
    ("name", "key", "value", "text", "place"),
    [
        ("aws_ec2_tag", "stage", "DEV", 'key   = "stage"\nvalue = "dev"', 'in aws_ec2_tag.t, in place of "stage"'),
        ("aws_ec2_tag", "Team", "ml", 'key   = "owner"\nvalue = "ml"', 'in aws_ec2_tag.t, in place of "Team"'),
        ("aws_ec2_tag", "temporary", "a", "", 'remove "temporary" from aws_ec2_tag.t'),
        (
            "aws_autoscaling_group_tag",
            "Stage",
            "dev",
            'key   = "stage"\nvalue = "dev"',
            'in the block tag of aws_autoscaling_group_tag.t, in place of "Stage"',
        ),
    ],
)
def test_a_single_tag_is_repaired_where_it_stands(name: str, key: str, value: str, text: str, place: str) -> None:
    found = read(plan([change(f"{name}.t", after(name, key, value))]))
    (resource,) = found.resources
    (finding,) = describe(found, resource, Judge(REQUIRED).faults(resource))
    assert (finding.repair, finding.repair_at) == (text, place)


def test_a_sensitive_value_of_a_single_tag_is_not_shown() -> None:
    entry = change("aws_ec2_tag.t", after("aws_ec2_tag", "stage", "hidden"), sensitive={"value": True})
    found = read(plan([entry]))
    (resource,) = found.resources
    (finding,) = describe(found, resource, Judge(REQUIRED).faults(resource))
    assert "hidden" not in finding.what
