"""Tags are judged by spelling and value, and denied where the policy is enforced."""

from typing import Any

import pytest

from harness.policy.compliance import Violation, covers, is_enforced, value_matches, violated_key, violations

POLICY: dict[str, Any] = {
    "tags": {
        "stage": {"tag_key": "Stage", "tag_value": ["dev", "test-*"], "enforced_for": ["ec2:instance", "s3:*"]},
        "color": {"tag_key": "Color", "tag_value": [], "enforced_for": ["dynamodb:ALL_SUPPORTED"]},
        "Owner": {},
    }
}


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"Stage": "dev", "Unknown": "x", "owner": ""}, []),
        ({"Stage": "test-"}, []),
        ({"Stage": "Dev"}, [Violation("Stage", "Dev", "value", ("dev", "test-*"))]),
        ({"STAGE": "dev"}, [Violation("STAGE", "dev", "spelling", ("Stage",))]),
        (
            {"stage": "x"},
            [Violation("stage", "x", "spelling", ("Stage",)), Violation("stage", "x", "value", ("dev", "test-*"))],
        ),
        ({"Color": ""}, [Violation("Color", "", "value", ())]),
        ({"Owner": "ml"}, [Violation("Owner", "ml", "spelling", ("owner",))]),
        ({}, []),
    ],
)
def test_tags_that_a_policy_does_not_want(tags: dict[str, str], expected: list[Violation]) -> None:
    assert list(violations(POLICY, tags)) == expected


@pytest.mark.parametrize(
    ("service", "types", "tags", "key"),
    [
        ("ec2", {"instance"}, {"Stage": "no"}, "Stage"),
        ("ec2", {"volume"}, {"Stage": "no"}, None),
        ("s3", {"bucket"}, {"STAGE": "dev"}, "STAGE"),
        ("dynamodb", {"table"}, {"Stage": "no", "Color": "red"}, "Color"),
        ("dynamodb", {"table"}, {"Stage": "no"}, None),
        ("s3", {"bucket"}, {"Owner": "ml"}, None),
        ("s3", {"bucket"}, {}, None),
    ],
)
def test_the_first_key_that_is_denied(service: str, types: set[str], tags: dict[str, str], key: str | None) -> None:
    assert violated_key(POLICY, service, types, tags) == key


def test_types_are_named_without_case_and_hyphens() -> None:
    assert is_enforced({"enforced_for": ["EC2:Elastic-IP"]}, "ec2", {"elasticip"})
    assert not is_enforced({"enforced_for": ["ec2:instance"]}, "rds", {"instance"})
    assert not is_enforced({}, "ec2", {"instance"})


@pytest.mark.parametrize(
    ("pattern", "value", "matches"),
    [("*", "", True), ("a*", "a", True), ("*@x.com", "me@x.com", True), ("a.c", "abc", False), ("a?c", "abc", False)],
)
def test_one_asterisk_is_all_that_is_special_in_a_value(pattern: str, value: str, matches: bool) -> None:  # noqa: FBT001
    assert value_matches(pattern, value) == matches


@pytest.mark.parametrize(
    ("pattern", "other", "covered"),
    [("*", "a*b", True), ("a*", "*", False), ("a*b", "ax*yb", True), ("a*b", "a*", False), ("ab", "a*b", False)],
)
def test_a_value_with_an_asterisk_covers_others(pattern: str, other: str, covered: bool) -> None:  # noqa: FBT001
    assert covers(pattern, other) == covered
