import datetime
import importlib
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from harness.emulator.inventory import LiveResource, resources
from harness.emulator.inventory_types import HELD_TYPES, STUDIO
from harness.facts import load_facts

from .resource_calls import ACCOUNT, AS_LIST, MADE, REGION, ROLE, TAGS, TRUSTS_LAMBDA

pytestmark = pytest.mark.emulator


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "k")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s")
    with mock_aws():
        yield


def client(service: str, region: str = REGION) -> Any:
    made: Any = boto3.Session().client(service, region_name=region)  # type: ignore[call-overload]  # service is data
    return made


def of_type(resource_type: str) -> list[LiveResource]:
    return list(resources(ACCOUNT, REGION, frozenset({resource_type})))


@pytest.mark.parametrize(
    ("resource_type", "service", "operation", "arguments", "id_"), MADE, ids=[row[0] for row in MADE]
)
def test_a_resource_is_listed_with_its_tags(
    resource_type: str, service: str, operation: str, arguments: dict[str, Any], id_: str | None
) -> None:
    if service == "lambda":
        client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=TRUSTS_LAMBDA)
    getattr(client(service), operation)(**arguments)
    if service == "s3":
        client("s3").put_bucket_tagging(Bucket="tagged", Tagging={"TagSet": AS_LIST})
    tags = {key: value for key, value in TAGS.items() if value} if service == "cloudformation" else TAGS
    (found,) = of_type(resource_type)
    assert found.tags == tags
    assert found.arn.startswith("arn:aws:")
    assert (found.account_id, found.region) == (ACCOUNT, REGION)
    assert found.id == id_ or (id_ is None and found.id)
    if found.created:
        assert abs(datetime.datetime.now(datetime.UTC) - found.created) < datetime.timedelta(days=1)


def test_an_endpoint_configuration_has_its_arn_though_moto_keeps_it_in_a_tuple() -> None:
    sagemaker = client("sagemaker")
    sagemaker.create_model(ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer={"Image": "i"})
    variant = {"VariantName": "a", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(EndpointConfigName="e", ProductionVariants=[variant], Tags=AS_LIST)
    (found,) = of_type("AWS::SageMaker::EndpointConfig")
    assert found.arn == f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint-config/e"
    assert found.tags == TAGS


def test_what_comes_with_an_instance_is_listed_untagged() -> None:
    ec2 = client("ec2")
    tags = [{"ResourceType": "instance", "Tags": AS_LIST}]
    image = ec2.describe_images()["Images"][0]["ImageId"]
    made = ec2.run_instances(ImageId=image, MinCount=2, MaxCount=2, TagSpecifications=tags)["Instances"]
    first, second = (instance["InstanceId"] for instance in made)
    found = {resource.id: resource for resource in of_type("AWS::EC2::Instance")}
    assert set(found) == {first, second}
    assert found[first].arn == f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/{first}"
    assert found[first].tags == TAGS
    assert [resource.tags for resource in of_type("AWS::EC2::Volume")] == [{}, {}]
    assert {len(of_type(f"AWS::EC2::{name}")) for name in ("VPC", "NetworkAcl", "RouteTable")} == {1}
    ec2.terminate_instances(InstanceIds=[first])
    assert [resource.id for resource in of_type("AWS::EC2::Instance")] == [second]


def test_regions_are_kept_apart_and_buckets_stand_in_theirs() -> None:
    for region in (REGION, "us-east-1"):
        client("sns", region).create_topic(Name="t")
    client("s3", "us-east-1").create_bucket(Bucket="bucket")
    assert [found.arn for found in resources(ACCOUNT, REGION)] == [f"arn:aws:sns:{REGION}:{ACCOUNT}:t"]
    found = [(resource.resource_type, resource.region) for resource in resources(ACCOUNT, "us-east-1")]
    assert sorted(found) == [("AWS::S3::Bucket", "us-east-1"), ("AWS::SNS::Topic", "us-east-1")]
    assert len(list(resources(ACCOUNT))) == 3
    assert list(resources("999999999999")) == []


def test_listing_makes_no_backend() -> None:
    client("sns").create_topic(Name="t")
    ec2 = importlib.import_module("moto.ec2.models").ec2_backends
    before = {account: set(held.keys()) for account, held in ec2.items()}
    assert list(resources("999999999999", "eu-west-3")) == []
    list(resources(ACCOUNT, "eu-west-3"))
    assert {account: set(held.keys()) for account, held in ec2.items()} == before


def test_every_type_that_required_tags_sees_is_in_the_table() -> None:
    assert set(load_facts().required_tags_resource_types) - {held.type for held in HELD_TYPES} == set()


OF_MOTO = [held for held in HELD_TYPES if held.service != STUDIO]


@pytest.mark.parametrize("held", OF_MOTO, ids=[held.type for held in OF_MOTO])
def test_moto_still_keeps_a_type_where_the_table_says(held: Any) -> None:
    models = importlib.import_module(f"moto.{held.service}.models")
    name = {"awslambda": "lambda_backends"}.get(held.service, f"{held.service}_backends")
    backend = getattr(models, name)[ACCOUNT]["aws" if held.service == "s3" else REGION]
    assert hasattr(backend, held.held_at.split(".")[0])
