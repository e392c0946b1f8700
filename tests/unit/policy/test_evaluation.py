"""Every level must allow, a Deny anywhere denies, and the decision names who decided and why."""

import json
from typing import Any

import pytest

from harness.policy.context import Context, Unknown, context_of
from harness.policy.evaluation import Access, Decision, Layer, Level, Policy, judge, judge_all
from harness.policy.statement import parse_policy

ALLOW_ALL: dict[str, Any] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
DENY_ALL: dict[str, Any] = {**ALLOW_ALL, "Effect": "Deny"}
QUEUE = "arn:aws:sqs:eu-central-1:444444444443:jobs"
NOTHING = context_of({})
HIDDEN = context_of({"aws:SourceVpce": Unknown("condition key aws:SourceVpce")})
IF_HIDDEN = {"StringEquals": {"aws:SourceVpce": "vpce-1"}}
NO_OWNER = {"Null": {"aws:RequestTag/Owner": "true"}}


def policy(*statements: dict[str, Any], name: str = "p-1", layer: Layer = "service control policy") -> Policy:
    body = json.dumps({"Version": "2012-10-17", "Statement": statements})
    return Policy(name, name, parse_policy(body, "scp" if layer == "service control policy" else "identity"))


FULL = policy(ALLOW_ALL, name="p-FullAWSAccess")


def tree(*nodes: list[Policy]) -> list[Level]:
    names = ("r-root", "ou-unit", "444444444443")
    return [
        Level("service control policy", name, tuple(policies)) for name, policies in zip(names, nodes, strict=False)
    ]


def access(context: Context = NOTHING, action: str = "sqs:CreateQueue", arn: str = QUEUE) -> Access:
    return Access(action, arn, context)


def verdict(levels: list[Level], one: Access | None = None) -> str:
    decision = judge(levels, one or access())
    return f"{decision.verdict} by {decision.policy.id}" if decision.explicit and decision.policy else decision.verdict


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [
        ({"Action": "sqs:*", "Resource": "*"}, "denied by p-1"),
        ({"Action": "SQS:createqueue", "Resource": "*"}, "denied by p-1"),  # actions fold case
        ({"Action": "sqs:*Queue", "Resource": "*"}, "denied by p-1"),
        ({"Action": ["sns:*", "sqs:Create?ueue"], "Resource": "*"}, "denied by p-1"),
        ({"Action": "*:CreateQueue", "Resource": "*"}, "denied by p-1"),
        ({"NotAction": "iam:*", "Resource": "*"}, "denied by p-1"),
        ({"NotAction": ["iam:*", "sqs:Create*"], "Resource": "*"}, "allowed"),
        ({"Action": "sqs:*", "Resource": "arn:aws:sqs:*:*:jobs"}, "denied by p-1"),
        ({"Action": "sqs:*", "Resource": "arn:aws:sqs:*:*:Jobs"}, "allowed"),
        ({"Action": "sqs:*", "NotResource": "arn:aws:sqs:*:*:jobs"}, "allowed"),
        ({"Action": "sqs:*", "NotResource": "arn:aws:sqs:*:*:${aws:userid}"}, "denied by p-1"),
        ({"Action": "sqs:*", "Resource": "*", "Condition": {"Null": {"aws:TagKeys": "true"}}}, "denied by p-1"),
        ({"Action": "sqs:*", "Resource": "*", "Condition": {"Null": {"aws:TagKeys": "false"}}}, "allowed"),
        ({"Action": "sqs:*", "Resource": "*", "Condition": {"Null": {"a:b": "true"}, "Bool": {"a:b": 1}}}, "allowed"),
    ],
    ids=str,
)
def test_a_deny_anywhere_denies(statement: dict[str, Any], wanted: str) -> None:
    denies = policy({"Effect": "Deny", **statement})
    assert verdict(tree([FULL], [FULL, denies])) == wanted
    assert verdict(tree([FULL, denies], [FULL])) == wanted


def test_every_node_must_allow() -> None:
    queues = policy({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"})
    topics = policy({"Effect": "Allow", "Action": "sns:*", "Resource": "*"})
    assert verdict(tree([FULL], [queues])) == "allowed"
    assert verdict(tree([FULL], [topics, queues])) == "allowed"
    refused = judge(tree([FULL], [topics], [FULL]), access())
    assert (refused.verdict, refused.explicit, refused.level and refused.level.name) == ("denied", False, "ou-unit")
    assert judge(tree([FULL], [FULL], []), access()).level == Level("service control policy", "444444444443", ())
    assert judge([], access()) == Decision("allowed")


def test_a_decision_names_node_policy_statement_and_conditions() -> None:
    statement = {"Sid": "Owner", "Effect": "Deny", "Action": "sqs:*", "Resource": "*"}
    condition = {**NO_OWNER, "StringNotLike": {"aws:PrincipalArn": "*admin*"}}
    denies = policy(ALLOW_ALL, {**statement, "Condition": condition}, name="p-2")
    decision = judge(tree([FULL], [FULL, denies], [FULL]), access(context_of({"aws:PrincipalArn": "me"})))
    assert decision.level
    assert decision.policy
    assert (decision.level.name, decision.policy.id, decision.index, decision.sid) == ("ou-unit", "p-2", 1, "Owner")
    assert [(matched.entry.operator, matched.entry.key, matched.held) for matched in decision.conditions] == [
        ("Null", "aws:RequestTag/Owner", None),
        ("StringNotLike", "aws:PrincipalArn", ("me",)),
    ]
    allowed = judge(tree([FULL], [policy(ALLOW_ALL, name="p-3")]), access())
    assert allowed.policy
    assert (allowed.policy.id, allowed.index) == ("p-3", 0)


@pytest.mark.parametrize(
    ("nodes", "wanted"),
    [
        (
            [[FULL], [FULL, policy({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": IF_HIDDEN})]],
            "unknown",
        ),
        ([[FULL], [policy({**ALLOW_ALL, "Condition": IF_HIDDEN})]], "unknown"),
        ([[policy({**ALLOW_ALL, "Condition": IF_HIDDEN})], [FULL]], "unknown"),
        # What is known settles it.
        ([[FULL], [policy({**ALLOW_ALL, "Condition": IF_HIDDEN}), FULL]], "allowed"),
        ([[policy({**ALLOW_ALL, "Condition": IF_HIDDEN})], []], "denied"),
        (
            [[FULL], [FULL, policy({**DENY_ALL, "Action": "sns:*", "Condition": IF_HIDDEN})]],
            "allowed",
        ),
        (
            [
                [FULL],
                [
                    FULL,
                    policy({**DENY_ALL, "Condition": IF_HIDDEN}),
                    policy(DENY_ALL, name="p-sure"),
                ],
            ],
            "denied by p-sure",
        ),
    ],
)
def test_unknown_is_never_allowed(nodes: list[list[Policy]], wanted: str) -> None:
    assert verdict(tree(*nodes), access(HIDDEN)) == wanted


def test_an_unknown_decision_says_what_is_not_known() -> None:
    statement = {
        "Sid": "Vpce",
        "Effect": "Deny",
        "Action": "*",
        "Resource": "*",
        "Condition": {**NO_OWNER, **IF_HIDDEN},
    }
    decision = judge(tree([FULL], [FULL, policy(statement)]), access(HIDDEN))
    assert (decision.verdict, decision.sid, decision.reasons) == ("unknown", "Vpce", ("condition key aws:SourceVpce",))
    assert [matched.entry.key for matched in decision.conditions] == ["aws:RequestTag/Owner"]
    hidden = {"Effect": "Deny", "Action": "*", "Resource": "arn:aws:sqs:*:*:${aws:SourceVpce}"}
    assert judge(tree([FULL, policy(hidden)]), access(HIDDEN)).reasons == ("condition key aws:SourceVpce",)
    absent = {**hidden, "Condition": {"Null": {"aws:RequestTag/Owner": "false"}}}
    assert judge(tree([FULL, policy(absent)]), access(HIDDEN)).verdict == "allowed"


def test_every_touched_resource_must_pass() -> None:
    volumes = {"Effect": "Deny", "Action": "ec2:RunInstances", "Resource": "arn:aws:ec2:*:*:volume/*"}
    levels = tree([FULL], [FULL, policy({**volumes, "Condition": NO_OWNER})])
    tagged = context_of({"aws:RequestTag/OWNER": "ml"})
    instance = access(tagged, "ec2:RunInstances", "arn:aws:ec2:eu-central-1:1:instance/*")
    volume = access(NOTHING, "ec2:RunInstances", "arn:aws:ec2:eu-central-1:1:volume/*")
    judgement = judge_all(levels, [instance, volume])
    assert [decision.verdict for _, decision in judgement.decisions] == ["allowed", "denied"]
    assert judgement.overall.verdict == "denied"
    assert judge_all(levels, [instance]).overall.verdict == "allowed"
    assert judge_all(levels, []).overall.verdict == "unknown"
    hidden = access(HIDDEN, "ec2:RunInstances", "arn:aws:ec2:eu-central-1:1:volume/*")
    doubtful = tree([FULL, policy({**volumes, "Condition": IF_HIDDEN})])
    assert judge_all(doubtful, [instance, hidden]).overall.verdict == "unknown"


def test_an_identity_needs_its_policies_its_boundary_and_the_organization() -> None:
    def level(layer: Layer, *statements: dict[str, Any]) -> Level:
        return Level(layer, "arn:aws:iam::1:role/dev", (policy(*statements, layer=layer),))

    queues = {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}
    topics = {"Effect": "Allow", "Action": "sns:*", "Resource": "*"}
    identity, boundary = level("identity-based policy", queues), level("permissions boundary", queues)
    assert verdict([*tree([FULL]), identity, boundary]) == "allowed"
    refused = judge([*tree([FULL]), identity, level("permissions boundary", topics)], access())
    assert refused.level
    assert (refused.verdict, refused.level.layer) == ("denied", "permissions boundary")
    assert verdict([*tree([FULL]), level("identity-based policy", topics), boundary]) == "denied"
    assert verdict(
        [*tree([FULL]), identity, level("permissions boundary", ALLOW_ALL, {**queues, "Effect": "Deny"})]
    ) == ("denied by p-1")
