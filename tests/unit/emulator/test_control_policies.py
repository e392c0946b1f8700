"""Service control policies in Organizations: syntax, quotas, and who is bound by them."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from .conftest import ML_DEV, PAYER, Client, delete_policies, error_code

pytestmark = pytest.mark.emulator

FULL = "p-FullAWSAccess"


def content(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))


DENY_QUEUES = {"Effect": "Deny", "Action": "sqs:CreateQueue", "Resource": "*"}


@pytest.fixture
def organizations(client: Client) -> Any:
    return client("organizations")


@pytest.fixture
def attach(organizations: Any) -> Iterator[Callable[[str, str], str]]:
    made: list[str] = []

    def create(text: str, target: str = ML_DEV) -> str:
        policy = organizations.create_policy(
            Name=f"scp-{len(made)}", Description="", Type="SERVICE_CONTROL_POLICY", Content=text
        )
        made.append(policy["Policy"]["PolicySummary"]["Id"])
        organizations.attach_policy(PolicyId=made[-1], TargetId=target)
        return made[-1]

    yield create
    delete_policies(organizations, made)


def denied(client: Client, account: str, name: str = "jobs") -> str:
    """Return the message with which a queue is refused, empty when it is made."""
    sqs = client("sqs", account)
    try:
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
    except ClientError as error:
        return str(error.response["Error"]["Message"])
    sqs.delete_queue(QueueUrl=url)
    return ""


def test_a_deny_binds_the_account_below_it_and_no_other(client: Client, attach: Callable[..., str]) -> None:
    assert not denied(client, ML_DEV)
    attach(content(DENY_QUEUES))
    assert "with an explicit deny in a service control policy: arn:aws:organizations::" in denied(client, ML_DEV)
    assert not denied(client, "444444444443")


def test_the_management_account_is_not_bound(client: Client, attach: Callable[..., str]) -> None:
    attach(content(DENY_QUEUES), "r-tgrl")
    assert denied(client, ML_DEV)
    assert not denied(client, PAYER)


def test_without_an_allow_nothing_is_allowed(client: Client, organizations: Any, attach: Callable[..., str]) -> None:
    attach(content({"Effect": "Allow", "Action": "sns:*", "Resource": "*"}))
    organizations.detach_policy(PolicyId=FULL, TargetId=ML_DEV)
    try:
        assert denied(client, ML_DEV).endswith("because no service control policy allows the sqs:CreateQueue action")
        client("sns", ML_DEV).list_topics()
    finally:
        organizations.attach_policy(PolicyId=FULL, TargetId=ML_DEV)


def test_several_keys_in_one_null_block_deny_only_when_all_are_missing(
    client: Client, attach: Callable[..., str]
) -> None:
    keys = {"aws:RequestTag/owner": "true", "aws:RequestTag/env": "true"}
    attach(content({**DENY_QUEUES, "Condition": {"Null": keys}}))
    sqs = client("sqs", ML_DEV)
    assert denied(client, ML_DEV)
    sqs.delete_queue(QueueUrl=sqs.create_queue(QueueName="one-of-two", tags={"env": "dev"})["QueueUrl"])


def test_request_tags_fold_the_case_of_keys_and_tag_keys_do_not(client: Client, attach: Callable[..., str]) -> None:
    sqs = client("sqs", ML_DEV)
    attach(content({**DENY_QUEUES, "Condition": {"Null": {"aws:RequestTag/Owner": "true"}}}))
    sqs.delete_queue(QueueUrl=sqs.create_queue(QueueName="folded", tags={"OWNER": "x"})["QueueUrl"])
    attach(content({**DENY_QUEUES, "Condition": {"ForAllValues:StringNotEquals": {"aws:TagKeys": ["Owner"]}}}))
    with pytest.raises(ClientError, match="explicit deny"):
        sqs.create_queue(QueueName="not-folded", tags={"OWNER": "x"})


def test_the_tags_of_an_existing_resource_count(client: Client, attach: Callable[..., str]) -> None:
    sqs = client("sqs", ML_DEV)
    url = sqs.create_queue(QueueName="kept", tags={"keep": "yes"})["QueueUrl"]
    other = sqs.create_queue(QueueName="other")["QueueUrl"]
    condition = {"StringEquals": {"aws:ResourceTag/keep": "yes"}}
    policy = attach(content({"Effect": "Deny", "Action": "sqs:DeleteQueue", "Resource": "*", "Condition": condition}))
    with pytest.raises(ClientError, match="explicit deny"):
        sqs.delete_queue(QueueUrl=url)
    sqs.delete_queue(QueueUrl=other)
    client("organizations").detach_policy(PolicyId=policy, TargetId=ML_DEV)
    sqs.delete_queue(QueueUrl=url)


def test_the_tags_of_what_an_id_names_count(client: Client, attach: Callable[..., str]) -> None:
    ec2 = client("ec2", ML_DEV)
    tags = [{"ResourceType": "volume", "Tags": [{"Key": "keep", "Value": "yes"}]}]
    volume = ec2.create_volume(AvailabilityZone="eu-central-1a", Size=1, TagSpecifications=tags)["VolumeId"]
    condition = {"StringEquals": {"aws:ResourceTag/keep": "yes"}}
    attach(content({"Effect": "Deny", "Action": "ec2:*", "Resource": "*", "Condition": condition}))
    with pytest.raises(ClientError, match="explicit deny"):
        ec2.delete_volume(VolumeId=volume)
    with pytest.raises(ClientError, match="explicit deny"):
        ec2.create_tags(Resources=[volume], Tags=[{"Key": "keep", "Value": "no"}])


def test_a_break_glass_role_is_let_through(client: Client, attach: Callable[..., str]) -> None:
    condition = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/OrganizationAccountAccessRole"}}
    attach(content({**DENY_QUEUES, "Condition": condition}))
    assert not denied(client, ML_DEV)


def test_a_role_is_known_by_its_path_and_its_tags(client: Client, attach: Callable[..., str]) -> None:
    """A session's ARN has no path, the role's has."""
    iam = client("iam", ML_DEV)
    role = iam.create_role(
        RoleName="deployer", Path="/ops/", AssumeRolePolicyDocument="{}", Tags=[{"Key": "team", "Value": "ml"}]
    )["Role"]["Arn"]
    keys = client("sts", ML_DEV).assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]
    queue = {"QueueName": "of-a-role"}
    sqs = client("sqs", ML_DEV)
    session = boto3.client(
        "sqs",
        region_name=sqs.meta.region_name,
        endpoint_url=sqs.meta.endpoint_url,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    attach(content({**DENY_QUEUES, "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/ops/*"}}}))
    attach(content({**DENY_QUEUES, "Condition": {"StringNotEquals": {"aws:PrincipalTag/team": "ml"}}}))
    assert denied(client, ML_DEV)
    sqs.delete_queue(QueueUrl=session.create_queue(**queue)["QueueUrl"])
    iam.delete_role(RoleName="deployer")


def test_an_operation_is_denied_by_the_action_that_allows_it(client: Client, attach: Callable[..., str]) -> None:
    actions = ["s3:ListAllMyBuckets", "cloudwatch:DescribeAlarms"]
    attach(content({"Effect": "Deny", "Action": actions, "Resource": "*"}))
    for call in (client("s3", ML_DEV).list_buckets, client("cloudwatch", ML_DEV).describe_alarms):
        with pytest.raises(ClientError, match="explicit deny"):
            call()


def test_a_condition_that_cannot_be_judged_is_refused_and_not_guessed(
    client: Client, attach: Callable[..., str]
) -> None:
    attach(content({**DENY_QUEUES, "Condition": {"StringEquals": {"aws:SourceVpcArnOfMine": "x"}}}))
    with pytest.raises(ClientError, match="does not implement sqs:CreateQueue") as failure:
        client("sqs", ML_DEV).create_queue(QueueName="jobs")
    assert error_code(failure) == "NotImplemented"


def test_a_disabled_type_binds_nobody(client: Client, organizations: Any, attach: Callable[..., str]) -> None:
    attach(content(DENY_QUEUES))
    assert denied(client, ML_DEV)
    organizations.disable_policy_type(RootId="r-tgrl", PolicyType="SERVICE_CONTROL_POLICY")
    assert not denied(client, ML_DEV)
    organizations.enable_policy_type(RootId="r-tgrl", PolicyType="SERVICE_CONTROL_POLICY")
    assert not denied(client, ML_DEV)
    held = organizations.list_policies_for_target(TargetId=ML_DEV, Filter="SERVICE_CONTROL_POLICY")["Policies"]
    assert [policy["Id"] for policy in held] == [FULL]


@pytest.mark.parametrize("text", ["{", "{}", content({"Effect": "Deny"}), content({**DENY_QUEUES, "Principal": "*"})])
def test_malformed_documents(organizations: Any, text: str) -> None:
    with pytest.raises(ClientError) as failure:
        organizations.create_policy(Name="x", Description="", Type="SERVICE_CONTROL_POLICY", Content=text)
    assert error_code(failure) == "MalformedPolicyDocumentException"


def test_document_size(organizations: Any) -> None:
    def statement(length: int) -> str:
        return content({**DENY_QUEUES, "Sid": "x" * length})

    most = 10_240 - len(statement(0))
    made = organizations.create_policy(
        Name="fits", Description="", Type="SERVICE_CONTROL_POLICY", Content=statement(most)
    )
    organizations.delete_policy(PolicyId=made["Policy"]["PolicySummary"]["Id"])
    with pytest.raises(ClientError) as failure:
        organizations.create_policy(
            Name="x", Description="", Type="SERVICE_CONTROL_POLICY", Content=statement(most + 1)
        )
    assert failure.value.response["Reason"] == "POLICY_CONTENT_LIMIT_EXCEEDED"


def test_ten_a_target_and_never_none(organizations: Any, attach: Callable[..., str]) -> None:
    for _ in range(9):
        attach(content(DENY_QUEUES), "ou-tgrl-sandbox0")
    with pytest.raises(ClientError) as failure:
        attach(content(DENY_QUEUES), "ou-tgrl-sandbox0")
    assert failure.value.response["Reason"] == "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED"
    with pytest.raises(ClientError) as failure:
        organizations.detach_policy(PolicyId=FULL, TargetId=ML_DEV)
    assert failure.value.response["Reason"] == "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED"
