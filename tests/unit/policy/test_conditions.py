"""Condition blocks are judged as IAM does, absent keys and sets among them."""

import pytest

from harness.policy.conditions import UnknownConditionError, like, matches

HELD = {
    "aws:RequestTag/Owner": ["ml"],
    "aws:TagKeys": ["Owner", "env"],
    "aws:PrincipalArn": ["arn:aws:iam::444444444443:role/admin/break-glass"],
    "aws:SourceIp": ["10.1.2.3"],
    "aws:CurrentTime": ["2026-11-25T08:00:00Z"],
    "aws:ViaAWSService": ["false"],
    "ec2:VolumeSize": ["100"],
}
MATCH = [
    {"StringEquals": {"aws:RequestTag/Owner": ["web", "ml"]}},
    {"StringNotEquals": {"aws:RequestTag/Owner": ["web", "ops"]}},
    {"StringNotEquals": {"aws:RequestTag/Absent": "x"}},
    {"StringEqualsIfExists": {"aws:RequestTag/Absent": "x"}},
    {"StringLike": {"aws:RequestTag/Owner": "m?"}},
    {"StringEqualsIgnoreCase": {"aws:RequestTag/Owner": "ML"}},
    {"Null": {"aws:RequestTag/Absent": "true"}},
    {"Null": {"aws:RequestTag/Absent": True}},
    {"Null": {"aws:RequestTag/Owner": "false", "aws:RequestTag/Absent": "true"}},
    {"ForAllValues:StringEquals": {"aws:TagKeys": ["Owner", "env", "team"]}},
    {"ForAllValues:StringEquals": {"aws:AbsentKeys": ["Owner"]}},
    {"ForAnyValue:StringEquals": {"aws:TagKeys": ["env", "team"]}},
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin/*"}},
    {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/ops/*"}},
    {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
    {"NotIpAddress": {"aws:SourceIp": "192.168.0.0/16"}},
    {"DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}},
    {"NumericLessThanEquals": {"ec2:VolumeSize": "100"}},
    {"Bool": {"aws:ViaAWSService": "false"}},
    {"Bool": {"aws:ViaAWSService": False}},
    {"StringEquals": {"aws:RequestTag/Owner": "${aws:RequestTag/Owner}"}},
    {},
]
NO_MATCH = [
    {"StringEquals": {"aws:RequestTag/Owner": "ML"}},
    {"StringEquals": {"aws:RequestTag/Absent": "x"}},
    {"StringNotEquals": {"aws:RequestTag/Owner": ["web", "ml"]}},
    {"Null": {"aws:RequestTag/Owner": "true"}},
    # Several keys in one Null block are joined by "and": it matches only where all are missing.
    {"Null": {"aws:RequestTag/Owner": "true", "aws:RequestTag/Absent": "true"}},
    {"ForAllValues:StringEquals": {"aws:TagKeys": ["Owner"]}},
    {"ForAnyValue:StringEquals": {"aws:TagKeys": ["owner", "ENV"]}},  # aws:TagKeys compares with case
    {"ForAnyValue:StringEquals": {"aws:AbsentKeys": ["Owner"]}},
    {"ForAnyValue:StringNotEquals": {"aws:AbsentKeys": ["Owner"]}},
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*"}},  # a star does not stand for several parts of an ARN
    {"IpAddress": {"aws:SourceIp": "192.168.0.0/16"}},
    {"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}},
    {"NumericGreaterThan": {"ec2:VolumeSize": "100"}},
    {"Bool": {"aws:ViaAWSService": "true"}},
    {"StringEquals": {"aws:RequestTag/Owner": "${aws:PrincipalTag/team}"}},
]


@pytest.mark.parametrize("condition", MATCH, ids=str)
def test_matches(condition: dict[str, dict[str, object]]) -> None:
    assert matches(condition, HELD.get)


@pytest.mark.parametrize("condition", NO_MATCH, ids=str)
def test_does_not_match(condition: dict[str, dict[str, object]]) -> None:
    assert not matches(condition, HELD.get)


def test_an_operator_that_iam_does_not_have_is_no_guess() -> None:
    with pytest.raises(UnknownConditionError, match="condition operator StringAlmost"):
        matches({"StringAlmost": {"aws:RequestTag/Owner": "x"}}, HELD.get)


def test_brackets_are_no_pattern() -> None:
    assert like("a[b]*", "a[b]c")
    assert not like("a[b]*", "abc")
