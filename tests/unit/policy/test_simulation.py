"""What becomes of a request: the verdict, who decided, and what it lacks."""

import json
from typing import Any

import pytest

from harness.policy.attachment import AttachedPolicy, Node
from harness.policy.evaluation import Level, Policy
from harness.policy.request import Request, touched
from harness.policy.simulation import Rules, Simulation, simulate
from harness.policy.statement import parse_policy

ACCOUNT = "444444444441"
ALLOW = {"Effect": "Allow", "Action": "*", "Resource": "*"}
INSTANCE = f"arn:aws:ec2:eu-central-1:{ACCOUNT}:instance/i-1"


def deny(condition: dict[str, Any], action: str = "ec2:*", sid: str = "No") -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Deny", "Action": action, "Resource": "*", "Condition": condition}


def rules(*statements: dict[str, Any], tags: dict[str, Any] | None = None) -> Rules:
    text = json.dumps({"Version": "2012-10-17", "Statement": [ALLOW, *statements]})
    level = Level("service control policy", "Prod", (Policy("p-1", "guard", parse_policy(text, "scp")),))
    node = Node("r-1", "root", (AttachedPolicy("p-2", "tags", tags),) if tags else ())
    return Rules((level,), (node,))


def outcome(request: Request, *statements: dict[str, Any], tags: dict[str, Any] | None = None) -> Simulation:
    return simulate(request, rules(*statements, tags=tags))


def request(action: str = "sqs:CreateQueue", **fields: Any) -> Request:
    return Request(action, ACCOUNT, "eu-central-1", **fields)


def test_instances_and_volumes_carry_the_tags_and_subnets_do_not() -> None:
    found = {one.type: one.tags for one in touched(request("ec2:RunInstances", tags={"a": "b"}))}
    assert found["instance"] == found["volume"] == found["network-interface"] == {"a": "b"}
    assert found["subnet"] is None


def test_a_resource_that_is_named_is_the_one_that_is_touched() -> None:
    (found,) = touched(request("ec2:CreateTags", resource=INSTANCE))
    assert (found.type, found.arn) == ("instance", INSTANCE)


def test_a_denial_on_what_carries_no_tags_denies_every_call() -> None:
    missing = deny({"Null": {"aws:RequestTag/team": "true"}}, "ec2:RunInstances")
    found = outcome(request("ec2:RunInstances", tags={"team": "ml"}), missing)
    assert found.verdict == "denied"
    assert {reason.resource.rpartition(":")[2].split("/")[0] for reason in found.reasons} >= {"subnet", "image"}
    assert found.repairs == ()


@pytest.mark.parametrize(
    ("condition", "tags", "repairs"),
    [
        ({"Null": {"aws:RequestTag/team": "true"}}, {}, ("Do add --tag team=<value>",)),
        ({"StringNotLike": {"aws:RequestTag/team": ["ml", "bi"]}}, {}, ("Do add --tag team=ml",)),
        ({"StringNotLike": {"aws:RequestTag/team": ["ml"]}}, {"team": "x"}, ("Do change team to ml",)),
        ({"StringNotLike": {"aws:RequestTag/team": "?*"}}, {"team": ""}, ("Do change team to <value>",)),
        (
            {"ForAllValues:StringNotEquals": {"aws:TagKeys": ["team"]}},
            {"Team": "ml"},
            ("Do write the key team exactly so",),
        ),
        ({"Bool": {"aws:SecureTransport": "true"}}, {}, ()),
    ],
)
def test_what_a_request_lacks_is_said(
    condition: dict[str, Any], tags: dict[str, str], repairs: tuple[str, ...]
) -> None:
    found = outcome(request(tags=tags), deny(condition, "sqs:CreateQueue"))
    assert (found.verdict, found.repairs) == ("denied", repairs)
    assert found.reasons[0].text == "service control policy guard (p-1) at Prod: No"


@pytest.mark.parametrize(
    ("action", "key", "verdict"),
    [
        ("kms:Decrypt", "kms:EncryptionContext:SecretARN", "unknown"),
        ("s3:GetObject", "s3:ExistingObjectTag/team", "unknown"),
        ("kms:ListKeys", "kms:EncryptionContext:SecretARN", "denied"),
    ],
)
def test_a_key_that_a_request_may_have_is_unknown_and_not_absent(action: str, key: str, verdict: str) -> None:
    found = outcome(request(action), deny({"StringNotEquals": {key: "x"}}, action))
    assert found.verdict == verdict


def test_a_repair_is_not_changed_by_the_next_one() -> None:
    wide = deny({"StringNotLike": {"aws:RequestTag/stage": ["dev", "prod"]}}, "sqs:CreateQueue", "Wide")
    narrow = deny({"StringNotLike": {"aws:RequestTag/stage": ["prod"]}}, "sqs:CreateQueue", "Narrow")
    assert outcome(request(), wide, narrow).repairs == ("Do add --tag stage=prod",)
    assert outcome(request(tags={"stage": "x"}), wide, narrow).repairs == ("Do change stage to prod",)


def test_several_lacks_are_said_together() -> None:
    statements = [deny({"Null": {f"aws:RequestTag/{key}": "true"}}, "sqs:CreateQueue", f"No{key}") for key in "abc"]
    assert outcome(request(), *statements).repairs == tuple(f"Do add --tag {key}=<value>" for key in "abc")


def test_a_level_that_allows_nothing_denies() -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": [{**ALLOW, "Action": "s3:*"}]})
    level = Level("service control policy", "Prod", (Policy("p-1", "guard", parse_policy(text, "scp")),))
    found = simulate(request(), Rules((level,), ()))
    assert (found.verdict, found.reasons[0].text) == ("denied", "service control policy: nothing at Prod allows it")


def test_an_enforced_tag_policy_denies_a_value_and_says_by_whom() -> None:
    entry = {
        "tag_key": {"@@assign": "Team"},
        "tag_value": {"@@assign": ["ml", "bi"]},
        "enforced_for": {"@@assign": ["sqs:queue"]},
    }
    policy = {"tags": {"team": entry}}
    found = outcome(request(tags={"team": "x"}), tags=policy)
    assert found.verdict == "denied"
    assert 'enforced by policy "tags" (p-2) at root (r-1)' in found.reasons[0].text
    assert set(found.repairs) == {"Do write the key Team exactly so", "Do change Team to ml"}
    assert outcome(request(tags={"Team": "bi"}), tags=policy).verdict == "allowed"
    assert outcome(request(), tags=policy).verdict == "allowed", "untagged passes, as on AWS"


def test_what_is_not_known_is_neither_allowed_nor_denied() -> None:
    change = deny({"StringNotEquals": {"aws:RequestTag/team": "${aws:ResourceTag/team}"}}, "ec2:CreateTags")
    tagging = request("ec2:CreateTags", tags={"team": "ml"}, resource=INSTANCE)
    found = outcome(tagging, change)
    assert found.verdict == "unknown"
    assert "not known: the tag team that instance has" in found.reasons[0].text
    known = request("ec2:CreateTags", tags={"team": "ml"}, resource=INSTANCE, resource_tags={"team": "ml"})
    assert outcome(known, change).verdict == "allowed"
    by_address = deny({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, "sqs:CreateQueue")
    assert outcome(request(), by_address).verdict == "unknown"
    assert outcome(request(context={"aws:SourceIp": "192.0.2.1"}), by_address).verdict == "allowed"


def test_no_control_policy_binds_a_service_linked_role() -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
    missing = deny({"Null": {"aws:RequestTag/team": "true"}}, "sqs:CreateQueue")
    assert outcome(request(principal_arn=role), missing).verdict == "allowed"


def test_an_action_that_iam_does_not_know_is_refused() -> None:
    with pytest.raises(KeyError, match="sqs:MakeQueue"):
        outcome(request("sqs:MakeQueue"))
