"""What a request touches and what its condition keys hold: what is open is unknown, and never taken for absent."""

import json
from typing import Any

import pytest

from harness.policy.attachment import AttachedPolicy, Node
from harness.policy.evaluation import Level, Policy
from harness.policy.request import Request, touched
from harness.policy.simulation import Rules, Simulation, simulate
from harness.policy.statement import parse_policy

ACCOUNT, OTHER = "444444444441", "444444444442"
ALLOW = {"Effect": "Allow", "Action": "*", "Resource": "*"}
INSTANCE = f"arn:aws:ec2:eu-central-1:{ACCOUNT}:instance/i-1"
FILTER = f"arn:aws:guardduty:eu-central-1:{ACCOUNT}:detector/d/filter/f"
ENV = {"tag_key": {"@@assign": "Env"}, "tag_value": {"@@assign": ["dev"]}}


def outcome(
    action: str, statement: dict[str, Any] | None = None, policy: dict[str, Any] | None = None, **fields: Any
) -> Simulation:
    """Return what becomes of an action that a statement denies, under a tag policy for the key env."""
    where = {} if statement and "NotResource" in statement else {"Resource": "*"}
    denies = [] if statement is None else [{"Effect": "Deny", "Action": action, **where, **statement}]
    text = json.dumps({"Version": "2012-10-17", "Statement": [ALLOW, *denies]})
    level = Level("service control policy", "Prod", (Policy("p-1", "guard", parse_policy(text, "scp")),))
    node = Node("r-1", "root", (AttachedPolicy("p-2", "tags", {"tags": {"env": policy}}),) if policy else ())
    return simulate(Request(action, ACCOUNT, "eu-central-1", **fields), Rules((level,), (node,)))


def when(operator: str, key: str, *values: str) -> dict[str, Any]:
    return {"Condition": {operator: {key: list(values)}}}


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("ec2:StartInstances", "instance"),  # starts what is there
        ("ec2:CreateRoute", "route-table"),
        ("iam:CreateAccessKey", "user"),
        ("iam:CreateLoginProfile", "user"),
        ("sagemaker:CreatePresignedNotebookInstanceUrl", "notebook-instance"),
        ("ssm:PutParameter", "parameter"),  # may be there already
        ("ec2:CreateTags", "the resource"),
    ],
)
def test_the_tags_of_what_may_be_there_already_are_not_known(action: str, kind: str) -> None:
    for condition in (when("StringEquals", "aws:ResourceTag/env", "x"), when("Null", "aws:ResourceTag/env", "true")):
        found = outcome(action, condition)
        assert found.verdict == "unknown"
        assert f"not known: the tag env that {kind} has" in found.reasons[0].text


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("sqs:CreateQueue", ""),
        ("sqs:CreateQueue", f"arn:aws:sqs:eu-central-1:{ACCOUNT}:jobs"),  # its name is known, and it is new
        ("sagemaker:CreateTrainingPlan", ""),
    ],
)
def test_what_is_made_has_no_tags_yet(action: str, resource: str) -> None:
    found = outcome(action, when("StringEquals", "aws:ResourceTag/env", "prod"), resource=resource)
    assert found.verdict == "allowed"


@pytest.mark.parametrize(
    ("action", "key", "verdict"),
    [
        ("rds:CreateDBInstance", "rds:req-tag/env", "denied"),
        ("rds:CreateDBInstance", "rds:req-tag/absent", "allowed"),
        ("rds:StopDBInstance", "rds:db-tag/env", "unknown"),  # the reference has it with the type alone
        ("s3:PutObject", "s3:RequestObjectTag/env", "unknown"),
        ("ec2:RunInstances", "ec2:Attribute/x", "unknown"),
        ("kms:Decrypt", "kms:EncryptionContext:aws:s3:arn", "unknown"),  # anybody names the last part
        ("kms:Decrypt", "kms:EncryptionContexts:x", "allowed"),
        ("sqs:CreateQueue", "rds:db-tag/env", "allowed"),  # no key of the service
    ],
)
def test_a_service_has_keys_of_tags_of_its_own(action: str, key: str, verdict: str) -> None:
    assert outcome(action, when("StringEquals", key, "prod"), tags={"env": "prod"}).verdict == verdict


@pytest.mark.parametrize(
    ("action", "statement", "verdict"),
    [
        ("s3:CreateBucket", {"Resource": "arn:aws:s3:::logs-*"}, "unknown"),
        ("s3:CreateBucket", {"NotResource": "arn:aws:s3:::logs-*"}, "unknown"),
        ("s3:CreateBucket", {"Resource": "arn:aws:s3:::?"}, "unknown"),
        ("s3:CreateBucket", {"Resource": "arn:aws:s3:::*"}, "denied"),
        ("s3:CreateBucket", {"NotResource": "arn:aws:s3:::*"}, "allowed"),
        ("sqs:CreateQueue", {"Resource": "arn:aws:sqs:eu-west-1:*:logs-*"}, "allowed"),  # another region
        ("sqs:CreateQueue", {"Resource": ["arn:aws:sqs:*:*:logs-*", "arn:aws:sqs"]}, "denied"),
        ("ec2:StopInstances", {"Resource": INSTANCE}, "unknown"),
        ("ec2:RunInstances", {"Resource": INSTANCE}, "allowed"),  # EC2 gives the id afterwards
        ("sns:TagResource", {"Resource": "arn:aws:sns:*:*:prod-*"}, "unknown"),
        ("sns:TagResource", {"Resource": "*"}, "denied"),
        ("ec2:DescribeInstances", {"Resource": INSTANCE}, "allowed"),  # knows no resource
    ],
)
def test_a_name_that_is_not_given_may_be_any(action: str, statement: dict[str, Any], verdict: str) -> None:
    found = outcome(action, statement)
    assert found.verdict == verdict
    if verdict == "unknown":
        assert "not known: which resource " in found.reasons[0].text


def test_a_resource_of_another_account_is_that_account_s() -> None:
    foreign = when("StringNotEquals", "aws:ResourceAccount", ACCOUNT)
    queue = "arn:aws:sqs:eu-central-1:{}:jobs"
    assert outcome("sqs:SendMessage", foreign, resource=queue.format(OTHER)).verdict == "denied"
    assert outcome("sqs:SendMessage", foreign, resource=queue.format(ACCOUNT)).verdict == "allowed"
    assert outcome("s3:CreateBucket", foreign).verdict == "allowed"
    images = outcome("ec2:RunInstances", foreign)
    assert images.verdict == "unknown"
    assert "not known: the account of the image" in images.reasons[0].text


@pytest.mark.parametrize(
    ("principal", "verdict"),
    [
        (f"arn:aws:iam::{ACCOUNT}:role/team/ci", "allowed"),
        (f"arn:aws:iam::{ACCOUNT}:role/ci", "denied"),
        (f"arn:aws:sts::{ACCOUNT}:assumed-role/ci/build-7", "unknown"),
    ],
)
def test_the_path_of_the_role_behind_a_session_is_not_known(principal: str, verdict: str) -> None:
    exempt = when("ArnNotLike", "aws:PrincipalArn", "arn:*:iam::*:role/team/*")
    found = outcome("sqs:CreateQueue", exempt, principal_arn=principal)
    assert found.verdict == verdict
    if verdict == "unknown":
        assert f"not known: the path of the role behind {principal}" in found.reasons[0].text


def test_a_service_of_no_region_is_asked_in_the_first_one() -> None:
    elsewhere = when("StringNotEquals", "aws:RequestedRegion", "eu-central-1")
    assert outcome("iam:CreateRole", elsewhere).verdict == "denied"
    assert outcome("sqs:CreateQueue", elsewhere).verdict == "allowed"
    assert outcome("iam:CreateRole", elsewhere, partition="aws-cn").verdict == "allowed"


def test_an_arn_names_the_type_that_says_most() -> None:
    (found,) = touched(Request("guardduty:TagResource", ACCOUNT, "eu-central-1", resource=FILTER))
    assert (found.type, found.type_names) == ("filter", {"filter", "detector/filter"})


@pytest.mark.parametrize("name", ["bot/B1", "bot:orders"])
def test_a_type_with_two_arns_is_known_by_either(name: str) -> None:
    arn = f"arn:aws:lex:eu-central-1:{ACCOUNT}:{name}"
    (found,) = touched(Request("lex:TagResource", ACCOUNT, "eu-central-1", resource=arn))
    assert (found.type, found.arn, found.type_names) == ("bot", arn, {"bot"})


def test_of_two_arns_the_first_stands_for_a_name_that_is_not_given() -> None:
    (found, *_) = touched(Request("lex:CreateBot", ACCOUNT, "eu-central-1"))
    assert found.arn == f"arn:aws:lex:eu-central-1:{ACCOUNT}:bot/*"


@pytest.mark.parametrize(
    ("type_", "verdict"), [("guardduty:detector/filter", "denied"), ("guardduty:detector", "allowed")]
)
def test_a_tag_policy_names_types_inside_of_others(type_: str, verdict: str) -> None:
    policy = {**ENV, "enforced_for": {"@@assign": [type_]}}
    assert outcome("guardduty:TagResource", None, policy, tags={"Env": "x"}, resource=FILTER).verdict == verdict
    assert outcome("guardduty:CreateFilter", None, policy, tags={"Env": "x"}).verdict == verdict


def test_a_wrong_tag_on_a_resource_that_is_not_named_may_be_denied() -> None:
    policy = {**ENV, "enforced_for": {"@@assign": ["ec2:instance"]}}
    found = outcome("ec2:CreateTags", None, policy, tags={"Env": "x"})
    assert found.verdict == "unknown"
    assert "not known: the type of the resource" in found.reasons[0].text
    assert outcome("ec2:CreateTags", None, policy, tags={"Env": "dev"}).verdict == "allowed"
    assert outcome("sqs:TagQueue", None, policy, tags={"Env": "x"}).verdict == "allowed"
    whole = {**ENV, "enforced_for": {"@@assign": ["ec2:ALL_SUPPORTED"]}}
    assert outcome("ec2:CreateTags", None, whole, tags={"Env": "x"}).verdict == "denied"


def test_a_wrong_tag_may_be_removed() -> None:
    policy = {**ENV, "enforced_for": {"@@assign": ["ec2:instance"]}}
    assert outcome("ec2:CreateTags", None, policy, tags={"Env": "x"}, resource=INSTANCE).verdict == "denied"
    assert outcome("ec2:DeleteTags", None, policy, tags={"Env": "x"}, resource=INSTANCE).verdict == "allowed"


def test_a_wrong_tag_of_one_type_is_said_with_its_repair() -> None:
    policy = {**ENV, "enforced_for": {"@@assign": ["ec2:instance"]}}
    found = outcome("ec2:RunInstances", None, policy, tags_by_type={"instance": {"Env": "x"}})
    assert (found.verdict, found.repairs) == ("denied", ("Do change Env to dev",))


@pytest.mark.parametrize("operator", ["StringNotLike", "StringNotEquals", "ForAllValues:StringNotEquals"])
def test_a_list_of_no_values_denies_and_no_tag_helps(operator: str) -> None:
    key = "aws:TagKeys" if operator.startswith("ForAll") else "aws:RequestTag/env"
    found = outcome("sqs:CreateQueue", when(operator, key), tags={"env": "x"})
    assert (found.verdict, found.repairs) == ("denied", ())
