"""The tagging API under tag policies: keys that are wanted, effective policies that are invalid, and enforcement."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import ML_DEV, ML_LAB, ML_PROD, PAYER, Client, delete_policies, error_code

pytestmark = pytest.mark.emulator

KEY = "Stage"


@pytest.fixture
def attach(client: Client) -> Iterator[Callable[[dict[str, Any], str], str]]:
    organizations = client("organizations")
    made: list[str] = []

    def create(elements: dict[str, Any], target: str) -> str:
        text = json.dumps({"tags": {KEY: {"tag_key": {"@@assign": KEY}, **elements}}})
        policy = organizations.create_policy(Name=f"t{len(made)}", Description="", Type="TAG_POLICY", Content=text)
        identity: str = policy["Policy"]["PolicySummary"]["Id"]
        organizations.attach_policy(PolicyId=identity, TargetId=target)
        made.append(identity)
        return identity

    yield create
    delete_policies(organizations, made)


def test_required_tags_are_those_of_the_effective_policy(client: Client, attach: Callable[..., str]) -> None:
    attach({"report_required_tag_for": {"@@assign": ["ec2:instance", "rds:db", "s3:bucket"]}}, "r-tgrl")
    attach({"report_required_tag_for": {"@@remove": ["s3:bucket"]}}, "ou-tgrl-sandbox0")
    tagging = client("resourcegroupstaggingapi", ML_LAB)
    assert tagging.list_required_tags()["RequiredTags"] == [
        {
            "ResourceType": "ec2:instance",
            "CloudFormationResourceTypes": ["AWS::EC2::Instance"],
            "ReportingTagKeys": [KEY],
        },
        {
            "ResourceType": "rds:db",
            "CloudFormationResourceTypes": ["AWS::RDS::DBInstance"],
            "ReportingTagKeys": [KEY],
        },
    ]
    first = client("resourcegroupstaggingapi", ML_DEV).list_required_tags(MaxResults=2)
    assert [entry["ResourceType"] for entry in first["RequiredTags"]] == ["ec2:instance", "rds:db"]
    rest = client("resourcegroupstaggingapi", ML_DEV).list_required_tags(NextToken=first["NextToken"])
    assert [entry["ResourceType"] for entry in rest["RequiredTags"]] == ["s3:bucket"]


def test_nothing_is_required_without_a_policy(client: Client) -> None:
    assert client("resourcegroupstaggingapi", ML_DEV).list_required_tags()["RequiredTags"] == []


def test_a_key_that_lost_all_its_values_makes_an_effective_policy_invalid(
    client: Client, attach: Callable[..., str]
) -> None:
    organizations = client("organizations")
    given = attach({"tag_value": {"@@assign": ["dev"]}}, "r-tgrl")
    taken = attach({"tag_value": {"@@remove": ["dev"]}}, ML_PROD)
    invalid = organizations.list_accounts_with_invalid_effective_policy(PolicyType="TAG_POLICY")["Accounts"]
    assert [account["Id"] for account in invalid] == [ML_PROD]
    found = organizations.list_effective_policy_validation_errors(AccountId=ML_PROD, PolicyType="TAG_POLICY")
    assert found["Path"] == f"o-tagraillocal/r-tgrl/ou-tgrl-workload/ou-tgrl-workprod/{ML_PROD}/"
    (error,) = found["EffectivePolicyValidationErrors"]
    assert (error["ErrorCode"], error["PathToError"]) == ("ELEMENTS_TOO_FEW", "tags/stage/tag_value")
    assert error["ContributingPolicies"] == [given, taken]
    valid = organizations.list_effective_policy_validation_errors(AccountId=PAYER, PolicyType="TAG_POLICY")
    assert valid["EffectivePolicyValidationErrors"] == []


def test_a_key_that_is_assigned_no_value_is_forbidden_and_makes_nothing_invalid(
    client: Client, attach: Callable[..., str]
) -> None:
    attach({"tag_value": {"@@assign": []}, "enforced_for": {"@@assign": ["s3:bucket"]}}, ML_DEV)
    organizations = client("organizations")
    assert organizations.list_accounts_with_invalid_effective_policy(PolicyType="TAG_POLICY")["Accounts"] == []
    bucket = {"Bucket": "without-stage"}
    client("s3", ML_DEV).create_bucket(**bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    arn, tagging = f"arn:aws:s3:::{bucket['Bucket']}", client("resourcegroupstaggingapi", ML_DEV)
    assert set(tagging.tag_resources(ResourceARNList=[arn], Tags={KEY: "dev"})["FailedResourcesMap"]) == {arn}
    client("s3", ML_DEV).delete_bucket(**bucket)


def test_an_unknown_account_has_no_errors_to_list(client: Client) -> None:
    with pytest.raises(ClientError) as failure:
        client("organizations").list_effective_policy_validation_errors(AccountId="9" * 12, PolicyType="TAG_POLICY")
    assert error_code(failure) == "AccountNotFoundException"


def test_tagging_many_names_those_that_may_not_be(client: Client, attach: Callable[..., str]) -> None:
    attach({"tag_value": {"@@assign": ["dev"]}, "enforced_for": {"@@assign": ["dynamodb:table"]}}, ML_DEV)
    table = client("dynamodb", ML_DEV).create_table(
        TableName="tagged-by-many",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )["TableDescription"]["TableArn"]
    topic = client("sns", ML_DEV).create_topic(Name="tagged-by-many")["TopicArn"]
    tagging = client("resourcegroupstaggingapi", ML_DEV)
    failed = tagging.tag_resources(ResourceARNList=[table, topic], Tags={KEY: "live"})["FailedResourcesMap"]
    assert {arn: found["ErrorCode"] for arn, found in failed.items()} == {table: "InvalidParameterException"}
    assert KEY in failed[table]["ErrorMessage"]
    assert client("sns", ML_DEV).list_tags_for_resource(ResourceArn=topic)["Tags"] == [{"Key": KEY, "Value": "live"}]
    assert client("dynamodb", ML_DEV).list_tags_of_resource(ResourceArn=table)["Tags"] == []
    assert tagging.tag_resources(ResourceARNList=[table], Tags={KEY: "dev"})["FailedResourcesMap"] == {}
    client("dynamodb", ML_DEV).delete_table(TableName="tagged-by-many")
    client("sns", ML_DEV).delete_topic(TopicArn=topic)


def test_a_wrong_tag_may_be_removed_where_none_may_be_set(client: Client, attach: Callable[..., str]) -> None:
    ec2 = client("ec2", ML_DEV)
    wrong = [{"Key": KEY, "Value": "live"}]
    specification = [{"ResourceType": "volume", "Tags": wrong}]
    volume = ec2.create_volume(AvailabilityZone="eu-central-1a", Size=1, TagSpecifications=specification)["VolumeId"]
    attach({"tag_value": {"@@assign": ["dev"]}, "enforced_for": {"@@assign": ["ec2:volume"]}}, ML_DEV)
    with pytest.raises(ClientError) as failure:
        ec2.create_tags(Resources=[volume], Tags=wrong)
    assert error_code(failure) == "TagPolicyViolation"
    ec2.delete_tags(Resources=[volume], Tags=wrong)
    assert ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [volume]}])["Tags"] == []
    ec2.delete_volume(VolumeId=volume)


def test_tagging_many_knows_types_that_no_arn_says(client: Client, attach: Callable[..., str]) -> None:
    attach({"tag_value": {"@@assign": ["dev"]}, "enforced_for": {"@@assign": ["sqs:queue"]}}, ML_DEV)
    sqs = client("sqs", ML_DEV)
    url = sqs.create_queue(QueueName="tagged-by-many")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    tagging = client("resourcegroupstaggingapi", ML_DEV)
    assert set(tagging.tag_resources(ResourceARNList=[arn], Tags={KEY: "live"})["FailedResourcesMap"]) == {arn}
    sqs.delete_queue(QueueUrl=url)
