"""Whether a resource's policy lets a service in."""

from typing import Any

import pytest

from harness.emulator.budgets.service_policy import ServiceCall, refusal
from harness.policy.conditions import UnknownConditionError

TOPIC = "arn:aws:sns:eu-central-1:111122223333:alerts"
CALL = ServiceCall(
    principal="budgets.amazonaws.com",
    action="SNS:Publish",
    resource=TOPIC,
    context={
        "aws:sourceaccount": "111122223333",
        "aws:sourcearn": "arn:aws:budgets::111122223333:budget/ml",
        "aws:sourceowner": None,
    },
)
ALLOW = {
    "Effect": "Allow",
    "Principal": {"Service": "budgets.amazonaws.com"},
    "Action": "SNS:Publish",
    "Resource": TOPIC,
}


def judge(*statements: dict[str, Any]) -> str | None:
    return refusal({"Version": "2012-10-17", "Statement": list(statements)}, CALL)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"Principal": {"Service": ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]}},
        {"Principal": "*"},
        {"Principal": {"AWS": "*"}},
        {"Action": "sns:*"},
        {"Action": ["SNS:Subscribe", "sns:publish"]},
        {"Resource": "*"},
        {"Resource": "arn:aws:sns:*:111122223333:al?rts"},
        {"Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}},
        {"Condition": {"StringEquals": {"AWS:SourceAccount": ["999999999999", "111122223333"]}}},
        {"Condition": {"StringLike": {"aws:SourceAccount": "1111*"}}},
        {"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:budgets::111122223333:*"}}},
        {"Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:budgets::111122223333:budget/*"}}},
        {"Condition": {"StringNotEquals": {"aws:SourceAccount": "999999999999"}}},
        {"Condition": {"StringEqualsIfExists": {"aws:SourceOwner": "111122223333"}}},
        {"Condition": {"Null": {"aws:SourceAccount": "false"}}},
    ],
    ids=str,
)
def test_lets_in(change: dict[str, Any]) -> None:
    assert judge({**ALLOW, **change}) is None


@pytest.mark.parametrize(
    "change",
    [
        {"Principal": {"Service": "budget.amazonaws.com"}},
        {"Principal": {"AWS": "arn:aws:iam::111122223333:root"}},
        {"NotPrincipal": {"Service": "budgets.amazonaws.com"}},
        {"Action": "SNS:Subscribe"},
        {"Action": (), "NotAction": ["sns:Publish"]},
        {"Resource": "arn:aws:sns:eu-central-1:111122223333:other"},
        {"Resource": "arn:aws:sns:eu-central-1:111122223333:ALERTS"},
        {"Condition": {"StringEquals": {"aws:SourceAccount": "999999999999"}}},
        {"Condition": {"StringEquals": {"aws:SourceAccount": "1111*"}}},
        {"Condition": {"StringEquals": {"AWS:SourceOwner": "111122223333"}}},
        {"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:budgets:*:budget/ml"}}},
        {"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:budgets::999999999999:*"}}},
        {
            "Condition": {
                "StringEquals": {"aws:SourceAccount": "111122223333"},
                "ArnLike": {"aws:SourceArn": "arn:aws:budgets:eu-central-1:111122223333:*"},
            }
        },
    ],
    ids=str,
)
def test_keeps_out(change: dict[str, Any]) -> None:
    assert judge({**ALLOW, **change}) == "no statement allows SNS:Publish to budgets.amazonaws.com"


def test_a_deny_wins_and_is_named() -> None:
    deny = {**ALLOW, "Effect": "Deny", "Sid": "OnlyOurs", "Principal": "*"}
    assert judge(ALLOW, deny) == "statement OnlyOurs denies SNS:Publish to budgets.amazonaws.com"
    elsewhere = {**deny, "Condition": {"StringNotEquals": {"aws:SourceAccount": "111122223333"}}}
    assert judge(ALLOW, elsewhere) is None


@pytest.mark.parametrize(
    ("condition", "named"),
    [
        ({"ForAllValues:StringEquals": {"aws:SourceAccount": "1"}}, "operator ForAllValues:StringEquals"),
        ({"StringNotEqualsSometimes": {"aws:SourceAccount": "1"}}, "operator StringNotEqualsSometimes"),
        ({"StringEquals": {"aws:SourceVpce": "vpce-1"}}, "key aws:SourceVpce"),
        ({"StringEquals": {"aws:SourceAccount": "${aws:PrincipalAccount}"}}, "variable"),
    ],
)
def test_what_is_not_known_is_said(condition: dict[str, Any], named: str) -> None:
    with pytest.raises(UnknownConditionError, match=named):
        judge({**ALLOW, "Condition": condition})


def test_a_condition_on_what_does_not_concern_the_call_is_not_judged() -> None:
    other = {**ALLOW, "Action": "SNS:Subscribe", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}
    assert judge(ALLOW, other) is None
