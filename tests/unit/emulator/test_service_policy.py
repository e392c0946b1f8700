"""Whether a resource's policy lets a service in."""

import json
from typing import Any

import pytest

from harness.emulator.budgets.service_policy import ServiceCall, UnknownConditionError, refusal

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
    return refusal(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}), CALL)


def changed(change: dict[str, Any]) -> dict[str, Any]:
    """Return the allowing statement with other elements; None takes one away."""
    return {name: value for name, value in {**ALLOW, **change}.items() if value is not None}


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
        {"Condition": {"ForAllValues:StringEquals": {"aws:SourceAccount": "111122223333"}}},
        {"Condition": {"StringEquals": {"aws:SourceAccount": ["${aws:PrincipalAccount}", "111122223333"]}}},
    ],
    ids=str,
)
def test_lets_in(change: dict[str, Any]) -> None:
    assert judge(changed(change)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"Principal": {"Service": "budget.amazonaws.com"}},
        {"Principal": {"AWS": "arn:aws:iam::111122223333:root"}},
        {"Action": "SNS:Subscribe"},
        {"Action": None, "NotAction": ["sns:Publish"]},
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
    assert judge(changed(change)) == "no statement allows SNS:Publish to budgets.amazonaws.com"


def test_a_deny_wins_and_is_named() -> None:
    deny = {**ALLOW, "Effect": "Deny", "Sid": "OnlyOurs", "Principal": "*"}
    assert judge(ALLOW, deny) == "statement OnlyOurs denies SNS:Publish to budgets.amazonaws.com"
    elsewhere = {**deny, "Condition": {"StringNotEquals": {"aws:SourceAccount": "111122223333"}}}
    assert judge(ALLOW, elsewhere) is None


@pytest.mark.parametrize(
    ("condition", "named"),
    [
        ({"StringEquals": {"aws:SourceVpce": "vpce-1"}}, "key aws:SourceVpce"),
        ({"StringEquals": {"aws:SourceAccount": "${aws:PrincipalAccount}"}}, "key aws:PrincipalAccount"),
    ],
)
def test_what_is_not_known_is_said(condition: dict[str, Any], named: str) -> None:
    with pytest.raises(UnknownConditionError, match=named):
        judge({**ALLOW, "Condition": condition})


def test_what_is_not_known_does_not_matter_where_the_rest_settles_it() -> None:
    doubtful = {**ALLOW, "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}
    assert judge(doubtful, ALLOW) is None
    assert judge(doubtful, {**ALLOW, "Effect": "Deny", "Sid": "Sure"}) == (
        "statement Sure denies SNS:Publish to budgets.amazonaws.com"
    )
    with pytest.raises(UnknownConditionError, match="key aws:SourceVpce"):
        judge(ALLOW, {**doubtful, "Effect": "Deny"})


def test_a_deny_can_spare_the_service() -> None:
    spared = {**ALLOW, "Effect": "Deny", "NotPrincipal": {"Service": "budgets.amazonaws.com"}}
    del spared["Principal"]
    assert judge(ALLOW, spared) is None
    assert judge(ALLOW, {**spared, "NotPrincipal": {"Service": "events.amazonaws.com"}}) is not None


def test_a_malformed_policy_lets_nobody_in() -> None:
    refused = judge({**ALLOW, "Condition": {"StringNotEqualsSometimes": {"aws:SourceAccount": "1"}}})
    assert refused is not None
    assert refused.startswith("it is malformed: Statement[0].Condition.StringNotEqualsSometimes: must be a condition")


def test_a_condition_on_what_does_not_concern_the_call_is_not_judged() -> None:
    other = {**ALLOW, "Action": "SNS:Subscribe", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}
    assert judge(ALLOW, other) is None
