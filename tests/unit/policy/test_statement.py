"""Control policies are read strictly and joined along the path: every node must allow, any Deny denies."""

import json
from typing import Any

import pytest

from harness.policy.evaluation import Policy, judge
from harness.policy.statement import ControlPolicyError, parse_control_policy

ALLOW_ALL: dict[str, Any] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
QUEUE = "arn:aws:sqs:eu-central-1:444444444443:jobs"


def policy(*statements: dict[str, Any], identity: str = "p-1") -> Policy:
    return Policy(
        identity, "name", parse_control_policy(json.dumps({"Version": "2012-10-17", "Statement": statements}))
    )


def decide(nodes: list[list[Policy]], action: str = "sqs:CreateQueue", arn: str = QUEUE) -> str:
    decision = judge(nodes, action, arn, dict[str, list[str]]().get)
    if decision is None:
        return "allowed"
    return f"denied by {decision.policy.id}" if decision.policy else "allowed by none"


FULL = policy(ALLOW_ALL, identity="p-FullAWSAccess")


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [
        ({"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}, "denied by p-1"),
        ({"Effect": "Deny", "Action": "SQS:createqueue", "Resource": "*"}, "denied by p-1"),  # actions fold case
        ({"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}, "denied by p-1"),
        ({"Effect": "Deny", "NotAction": "sqs:Create*", "Resource": "*"}, "allowed"),
        ({"Effect": "Deny", "Action": "sqs:*", "Resource": "arn:aws:sqs:*:*:jobs"}, "denied by p-1"),
        ({"Effect": "Deny", "Action": "sqs:*", "Resource": "arn:aws:sqs:*:*:Jobs"}, "allowed"),
        ({"Effect": "Deny", "Action": "sqs:*", "NotResource": "arn:aws:sqs:*:*:jobs"}, "allowed"),
        (
            {"Effect": "Deny", "Action": "sqs:*", "Resource": "*", "Condition": {"Null": {"aws:TagKeys": "true"}}},
            "denied by p-1",
        ),
        (
            {"Effect": "Deny", "Action": "sqs:*", "Resource": "*", "Condition": {"Null": {"aws:TagKeys": "false"}}},
            "allowed",
        ),
    ],
    ids=str,
)
def test_a_deny_anywhere_denies(statement: dict[str, Any], wanted: str) -> None:
    assert decide([[FULL], [FULL, policy(statement)]]) == wanted
    assert decide([[FULL, policy(statement)], [FULL]]) == wanted


def test_every_node_must_allow() -> None:
    queues = policy({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"})
    topics = policy({"Effect": "Allow", "Action": "sns:*", "Resource": "*"})
    assert decide([[FULL], [queues]]) == "allowed"
    assert decide([[FULL], [topics]]) == "allowed by none"
    assert decide([[FULL], [topics, queues]]) == "allowed"
    assert decide([[FULL], []]) == "allowed by none"


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{", "line 1"),
        ("[]", "Version and Statement"),
        ('{"Version": "2012-10-17"}', "Statement is missing"),
        ('{"Version": "2020-01-01", "Statement": []}', "Version '2020-01-01'"),
        ('{"Statement": [{"Effect": "Maybe", "Action": "*"}]}', "Effect must be Allow or Deny"),
        ('{"Statement": [{"Effect": "Deny"}]}', "exactly one of Action and NotAction"),
        ('{"Statement": [{"Effect": "Deny", "Action": "*", "Principal": "*"}]}', "element Principal is not supported"),
        ('{"Statement": [{"Effect": "Deny", "Action": "CreateQueue"}]}', "must be \\* or service:action"),
        ('{"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "jobs"}]}', "must be \\* or an ARN"),
        ('{"Statement": [{"Effect": "Deny", "Action": "*", "Condition": {"Null": "x"}}]}', "Condition must be"),
    ],
)
def test_what_is_no_control_policy_is_refused(document: str, message: str) -> None:
    with pytest.raises(ControlPolicyError, match=message):
        parse_control_policy(document)
