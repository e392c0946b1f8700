"""What a call touches: types and ARNs by IAM's data and the call's parameters, and which of them get its tags."""

from typing import Any

import pytest
from moto.core.utils import get_service_model

from harness.emulator.enforcement.call import Call
from harness.emulator.enforcement.resources import Touched, ec2_types, touched_resources
from harness.policy.resource_types import resource_types_of

ACCOUNT = "444444444443"
TAGS = [{"Key": "env", "Value": "dev"}]


def touched(service: str, operation: str, **parameters: Any) -> dict[str, Touched]:
    model = get_service_model(service)
    call = Call(
        service, model.signing_name, operation, parameters, ACCOUNT, "eu-central-1", "aws", "arn", "json",
        model.operation_model(operation),
    )  # fmt: skip
    return {found.arn: found for found in touched_resources(call)}


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "arn"),
    [
        ("s3", "CreateBucket", {"Bucket": "logs"}, "arn:aws:s3:::logs"),
        ("s3", "PutBucketTagging", {"Bucket": "logs"}, "arn:aws:s3:::logs"),
        ("dynamodb", "CreateTable", {"TableName": "t"}, f"arn:aws:dynamodb:eu-central-1:{ACCOUNT}:table/t"),
        ("rds", "CreateDBInstance", {"DBInstanceIdentifier": "d"}, f"arn:aws:rds:eu-central-1:{ACCOUNT}:db:d"),
        ("sns", "CreateTopic", {"Name": "t"}, f"arn:aws:sns:eu-central-1:{ACCOUNT}:t"),
        ("iam", "CreateRole", {"RoleName": "r"}, f"arn:aws:iam::{ACCOUNT}:role/r"),
        ("kms", "CreateKey", {}, "*"),
        ("ec2", "CreateVolume", {}, f"arn:aws:ec2:eu-central-1:{ACCOUNT}:volume/*"),
        ("sagemaker", "CreatePipeline", {"PipelineName": "p"}, f"arn:aws:sagemaker:eu-central-1:{ACCOUNT}:pipeline/p"),
        (
            "sagemaker",
            "AddTags",
            {"ResourceArn": f"arn:aws:sagemaker:eu-central-1:{ACCOUNT}:endpoint/e"},
            f"arn:aws:sagemaker:eu-central-1:{ACCOUNT}:endpoint/e",
        ),
        (
            "sqs",
            "TagQueue",
            {"QueueUrl": f"http://127.0.0.1/{ACCOUNT}/jobs"},
            f"arn:aws:sqs:eu-central-1:{ACCOUNT}:jobs",
        ),
    ],
)  # fmt: skip
def test_the_arn_is_known_as_far_as_aws_knows_it(
    service: str, operation: str, parameters: dict[str, Any], arn: str
) -> None:
    assert arn in touched(service, operation, **parameters)


def test_the_tags_of_a_subnet_are_not_those_of_its_vpc() -> None:
    specification = {"ResourceType": "subnet", "Tags": TAGS}
    found = touched("ec2", "CreateSubnet", VpcId="vpc-1", TagSpecifications=[specification])
    place = f"arn:aws:ec2:eu-central-1:{ACCOUNT}"
    assert found[f"{place}:subnet/*"].tags == {"env": "dev"}
    assert found[f"{place}:vpc/vpc-1"].tags is None


def test_an_instance_brings_a_volume_with_tags_of_its_own() -> None:
    specification = {"ResourceType": "instance", "Tags": TAGS}
    found = touched("ec2", "RunInstances", ImageId="ami-1", TagSpecifications=[specification])
    place = f"arn:aws:ec2:eu-central-1:{ACCOUNT}"
    assert found[f"{place}:instance/*"].tags == {"env": "dev"}
    assert found[f"{place}:volume/*"].tags == {}


def test_an_action_that_knows_no_resource_touches_everything() -> None:
    assert list(touched("s3", "ListBuckets")) == ["*"]


@pytest.mark.parametrize(
    ("operation", "parameters", "name"),
    [
        ("CreateTags", {"Resources": ["vol-0123456789abcdef0"], "Tags": TAGS}, "volume/vol-0123456789abcdef0"),
        ("TerminateInstances", {"InstanceIds": ["i-0123456789abcdef0"]}, "instance/i-0123456789abcdef0"),
        ("DeleteNatGateway", {"NatGatewayId": "nat-0123456789abcdef0"}, "natgateway/nat-0123456789abcdef0"),
        ("ReleaseAddress", {"AllocationId": "eipalloc-01234567"}, "elastic-ip/eipalloc-01234567"),
    ],
)
def test_an_id_of_ec2_says_its_type(operation: str, parameters: dict[str, Any], name: str) -> None:
    found = touched("ec2", operation, **parameters)
    assert not found[f"arn:aws:ec2:eu-central-1:{ACCOUNT}:{name}"].is_new


def test_the_types_of_ec2_s_ids_are_iam_s() -> None:
    assert set(ec2_types().values()) - set(resource_types_of("ec2")) == {
        "iam-instance-profile-association",
        "network-acl-subnet-assoc",
        "network-interface-attachment",
        "reservation",
        "reserved-instance",
        "route-table-association",
        "subnet-ipv6-cidr-block-association",
        "vpc-cidr-association-id",
        "vpc-elastic-ip-association",
    }


def test_what_a_call_makes_is_new() -> None:
    found = touched("ec2", "CreateSnapshot", VolumeId="vol-0123456789abcdef0")
    assert {one.type: one.is_new for one in found.values()} == {"snapshot": True, "volume": False}
    assert touched("s3", "CreateBucket", Bucket="logs")["arn:aws:s3:::logs"].is_new
    assert touched("kms", "CreateKey")["*"].is_new
    assert not touched("s3", "PutBucketTagging", Bucket="logs")["arn:aws:s3:::logs"].is_new
