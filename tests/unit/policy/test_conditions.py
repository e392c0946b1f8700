"""Condition entries are judged as IAM does: absent keys, sets, variables, types, and what cannot be known."""

import pytest

from harness.policy.conditions import judge_entry
from harness.policy.context import Unknown, context_of
from harness.policy.statement import ConditionEntry
from harness.policy.truth import Truth

HELD = context_of(
    {
        "aws:RequestTag/Owner": "ml",
        "aws:RequestTag/Star": "a*b",
        "aws:RequestTag/Empty": "",
        "aws:TagKeys": ["Owner", "env"],
        "aws:PrincipalArn": "arn:aws:iam::444444444443:role/admin/break-glass",
        "aws:PrincipalAccount": "444444444443",
        "aws:PrincipalTag/team": "ml",
        "aws:PrincipalTag/wild": "*",
        "aws:SourceArn": "arn:aws:sns:eu-central-1:444444444443:a:b:c",
        "aws:SourceIp": "10.1.2.3",
        "aws:VpcSourceIp": "2001:db8::7",
        "aws:CurrentTime": "2026-11-25T08:00:00Z",
        "aws:EpochTime": "1795593600",
        "aws:ViaAWSService": "false",
        "aws:CalledVia": [""],
        "ec2:VolumeSize": "100",
        "ec2:Odd": "many",
        "x:Bytes": "QUJD",
        "x:Nothing": [],
        "x:Hidden": Unknown("condition key x:Hidden"),
    }
)
OWNER, ABSENT = "aws:RequestTag/Owner", "aws:RequestTag/Absent"
MATCH = [
    ("StringEquals", OWNER, "web", "ml"),
    ("StringEquals", "AWS:requesttag/OWNER", "ml"),
    ("StringEquals", "aws:RequestTag/Star", "a*b"),
    ("StringNotEquals", OWNER, "web", "ops"),
    ("StringNotEquals", ABSENT, "x"),
    ("StringEqualsIgnoreCase", OWNER, "ML"),
    ("StringNotEqualsIgnoreCase", OWNER, "web"),
    ("StringLike", OWNER, "m?"),
    ("StringLike", "aws:RequestTag/Empty", "*"),
    ("StringNotLike", "aws:RequestTag/Empty", "?*"),
    ("StringNotLike", ABSENT, "?*"),
    ("StringEqualsIfExists", ABSENT, "x"),
    ("StringNotEqualsIfExists", ABSENT, "x"),
    ("Null", ABSENT, "true"),
    ("Null", OWNER, "false"),
    ("Null", OWNER, "true", "false"),
    ("Null", "aws:RequestTag/Empty", "false"),
    ("Null", "x:Nothing", "true"),
    ("ForAllValues:StringEquals", "aws:TagKeys", "Owner", "env", "team"),
    ("ForAllValues:StringEquals", "aws:AbsentKeys", "Owner"),
    ("ForAllValues:StringEquals", "aws:CalledVia", "x"),  # an empty text is a null data set
    ("ForAllValues:StringNotEquals", "aws:TagKeys", "team"),
    ("ForAllValues:StringLike", "aws:TagKeys", "*n*"),
    ("ForAnyValue:StringEquals", "aws:TagKeys", "env", "team"),
    ("ForAnyValue:StringNotEquals", "aws:TagKeys", "env"),
    ("ForAnyValue:StringEqualsIfExists", "aws:AbsentKeys", "x"),
    ("ForAnyValue:Null", "aws:TagKeys", "false"),
    ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/admin/*"),
    ("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::*:role/admin/*"),
    ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::${aws:PrincipalAccount}:role/*"),
    ("ArnLike", "aws:SourceArn", "arn:aws:sns:*:*:a*c"),
    ("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/ops/*"),
    ("ArnNotEquals", ABSENT, "arn:aws:iam::*:role/ops/*"),
    ("IpAddress", "aws:SourceIp", "10.0.0.0/8"),
    ("IpAddress", "aws:SourceIp", "10.1.2.3"),
    ("IpAddress", "aws:VpcSourceIp", "10.0.0.0/8", "2001:DB8::/32"),
    ("NotIpAddress", "aws:SourceIp", "192.168.0.0/16", "::/0"),
    ("DateGreaterThan", "aws:CurrentTime", "2026-01-01T00:00:00Z"),
    ("DateEquals", "aws:CurrentTime", "2026-11-25T09:00:00+01:00"),
    ("DateLessThan", "aws:CurrentTime", "2026-12"),
    ("DateLessThan", "aws:CurrentTime", "1800000000"),
    ("DateEquals", "aws:EpochTime", "2026-11-25T08:00:00Z"),
    ("DateNotEquals", "aws:CurrentTime", "2026-11-25"),
    ("NumericLessThanEquals", "ec2:VolumeSize", "100"),
    ("NumericEquals", "ec2:VolumeSize", "100.0"),
    ("NumericNotEquals", "ec2:VolumeSize", "99", "101"),
    ("NumericGreaterThan", "aws:EpochTime", "1795593599.5"),
    ("NumericGreaterThanEquals", "ec2:VolumeSize", "100"),
    ("DateGreaterThanEquals", "aws:CurrentTime", "2026-11-25T08:00:00Z"),
    ("DateLessThanEquals", "aws:CurrentTime", "2026-11-25T08:00:00Z"),
    ("Bool", "aws:ViaAWSService", "False"),
    ("BinaryEquals", "x:Bytes", "QUJD"),
    ("StringEquals", OWNER, "${aws:RequestTag/Owner}"),
    ("StringEquals", OWNER, "${aws:PrincipalTag/absent, 'ml'}"),
    ("StringEquals", OWNER, "${aws:PrincipalTag/team, 'web'}"),
    ("StringNotEquals", OWNER, "${aws:PrincipalTag/absent}"),
    ("StringEquals", "aws:RequestTag/Star", "a${*}b"),
    ("StringLike", "aws:RequestTag/Star", "?${*}?"),
    ("StringNotEquals", OWNER),
]
NO_MATCH = [
    ("StringEquals", OWNER, "ML"),
    ("StringEquals", ABSENT, "x"),
    ("StringLike", ABSENT, "*"),
    ("StringNotEquals", OWNER, "web", "ml"),
    ("StringNotLike", OWNER, "x", "m*"),
    ("Null", OWNER, "true"),
    ("Null", ABSENT, "false"),
    ("ForAllValues:StringEquals", "aws:TagKeys", "Owner"),
    ("ForAllValues:StringEquals", "aws:TagKeys", "OWNER", "ENV"),  # the values of aws:TagKeys keep their case
    ("ForAllValues:StringNotEquals", "aws:TagKeys", "env"),
    ("ForAnyValue:StringEquals", "aws:TagKeys", "owner", "ENV"),
    ("ForAnyValue:StringEquals", "aws:AbsentKeys", "Owner"),
    ("ForAnyValue:StringNotEquals", "aws:AbsentKeys", "Owner"),
    ("ForAnyValue:StringNotEquals", "aws:TagKeys", "env", "Owner"),
    ("ForAnyValue:StringLike", "aws:CalledVia", "*"),
    ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*"),  # a star does not stand for several parts of an ARN
    ("ArnLike", "aws:PrincipalArn", "*"),
    ("ArnLike", "aws:SourceArn", "arn:aws:*:c"),
    ("ArnEquals", OWNER, "arn:aws:iam::*:role/*"),
    ("IpAddress", "aws:SourceIp", "192.168.0.0/16"),
    ("IpAddress", "aws:SourceIp", "::/0"),
    ("NotIpAddress", "aws:SourceIp", "0.0.0.0/0"),
    ("DateLessThan", "aws:CurrentTime", "2026-01-01T00:00:00Z"),
    ("DateLessThan", "aws:CurrentTime", "2026-11-25T08:00"),
    ("NumericGreaterThan", "ec2:VolumeSize", "100"),
    ("NumericLessThan", "ec2:VolumeSize", "100"),
    ("DateGreaterThan", "aws:CurrentTime", "2026-11-25T08:00:00Z"),
    ("Bool", "aws:ViaAWSService", "true"),
    ("BoolIfExists", "aws:ViaAWSService", "true"),
    ("BinaryEquals", "x:Bytes", "QUJE"),
    ("StringEquals", OWNER, "${aws:PrincipalTag/absent}"),
    ("StringLike", OWNER, "${aws:PrincipalTag/absent}*"),
    ("StringLike", OWNER, "${aws:PrincipalTag/wild}"),  # the value of a variable is no pattern
    ("StringEquals", OWNER, "${aws:TagKeys}"),  # a list is no variable
    ("StringEquals", OWNER, "${aws:PrincipalTag/absent,'ml'}"),  # a default comes after comma and space
    ("StringEquals", OWNER),
]
UNKNOWN = [
    (("StringEquals", "x:Hidden", "x"), "condition key x:Hidden"),
    (("Null", "x:Hidden", "true"), "condition key x:Hidden"),
    (("StringLikeIfExists", "x:Hidden", "*"), "condition key x:Hidden"),
    (("StringEquals", OWNER, "${x:Hidden}"), "condition key x:Hidden"),
    (("NumericLessThan", "ec2:Odd", "5"), "values of condition key ec2:Odd that NumericLessThan cannot compare"),
    (("NumericNotEquals", "ec2:Odd", "5"), "values of condition key ec2:Odd that NumericNotEquals cannot compare"),
    (("DateLessThan", OWNER, "2026-11-25"), f"values of condition key {OWNER} that DateLessThan cannot compare"),
    (("NotIpAddress", OWNER, "::/0"), f"values of condition key {OWNER} that NotIpAddress cannot compare"),
    (("StringAlmost", OWNER, "x"), "condition operator StringAlmost"),
    (
        ("StringNotEquals", "aws:TagKeys", "x"),
        "condition operator StringNotEquals on the list aws:TagKeys, which takes ForAllValues or ForAnyValue",
    ),
]


def entry(operator: str, key: str, *values: str) -> ConditionEntry:
    return ConditionEntry(operator, key, values)


@pytest.mark.parametrize("row", MATCH, ids=str)
def test_matches(row: tuple[str, ...]) -> None:
    assert judge_entry(entry(*row), HELD, variables=True).truth is Truth.YES


@pytest.mark.parametrize("row", NO_MATCH, ids=str)
def test_does_not_match(row: tuple[str, ...]) -> None:
    assert judge_entry(entry(*row), HELD, variables=True).truth is Truth.NO


@pytest.mark.parametrize(("row", "reason"), UNKNOWN, ids=str)
def test_what_cannot_be_known_is_unknown(row: tuple[str, ...], reason: str) -> None:
    judged = judge_entry(entry(*row), HELD, variables=True)
    assert (judged.truth, judged.reason) == (Truth.UNKNOWN, reason)


def test_one_value_that_surely_matches_settles_it() -> None:
    assert judge_entry(entry("StringEquals", OWNER, "${x:Hidden}", "ml"), HELD, variables=True).truth is Truth.YES
    assert judge_entry(entry("StringNotEquals", OWNER, "${x:Hidden}", "ml"), HELD, variables=True).truth is Truth.NO


def test_without_a_version_variables_are_plain_text() -> None:
    held = context_of({OWNER: "${aws:username}", "aws:username": "bob"})
    assert judge_entry(entry("StringEquals", OWNER, "${aws:username}"), held, variables=False).truth is Truth.YES
    assert judge_entry(entry("StringEquals", OWNER, "${aws:username}"), held, variables=True).truth is Truth.NO


def test_a_truth_is_no_bool() -> None:
    with pytest.raises(TypeError, match="compare a Truth with `is`"):
        bool(Truth.YES)
