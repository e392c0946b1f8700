"""Advanced queries of AWS Config: what they find, in which accounts, and what they refuse."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError

from harness.emulator import process
from tests.clients import PAYER, Client, client_maker

from .conftest import error_code
from .test_seed import SMALL

pytestmark = pytest.mark.emulator

MEMBER, REGION = "222222222222", "eu-central-1"
SAGEMAKER = f"arn:aws:sagemaker:{REGION}:{MEMBER}"
ARNS = {
    "models": [f"{SAGEMAKER}:model/m-{number:03}" for number in range(150)],
    "jobs": [f"{SAGEMAKER}:training-job/t"],
    "buckets": ["arn:aws:s3:::bare"],
    "elsewhere": [f"arn:aws:sagemaker:us-west-2:{MEMBER}:model/unrecorded"],
}
TAGGED = {
    "models": {"tags": {"Stage": "dev", "Owner": "ml"}, "created_days_ago": 2},
    "elsewhere": {"region": "us-west-2"},
}


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("select")
    listed = [
        {"account": "member", "region": REGION, "arns": arns, **TAGGED.get(name, {})} for name, arns in ARNS.items()
    ]
    recorders = [{"regions": [REGION], "bucket_name": "config", "recording": True}]
    seed = {**SMALL, "resources": [], "tagged_resources": listed, "config_recorders": recorders}
    (folder / "seed.yaml").write_text(yaml.safe_dump(seed, sort_keys=False), encoding="utf-8")
    running = process.start("select", folder, folder / "seed.yaml")
    yield client_maker(running.url)
    process.stop("select", folder)


@pytest.fixture
def config(make: Client) -> Any:
    return make("config", MEMBER, REGION)


def found(config: Any, expression: str) -> list[dict[str, Any]]:
    pages = config.get_paginator("select_resource_config").paginate(Expression=expression)
    return [json.loads(each) for page in pages for each in page["Results"]]


def test_what_is_not_recorded_is_not_found(config: Any, make: Client) -> None:
    counted = found(config, "SELECT resourceType, COUNT(*) GROUP BY resourceType ORDER BY resourceType")
    assert counted == [
        {"resourceType": "AWS::S3::Bucket", "COUNT(*)": 1},
        {"resourceType": "AWS::SageMaker::Model", "COUNT(*)": 150},
    ]
    assert found(make("config", MEMBER, "us-west-2"), "SELECT arn") == []


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("resourceType = 'AWS::SageMaker::Model' AND awsRegion = 'eu-central-1'", 150),
        ("resourceId IN ('m-000', 'm-001', 'gone')", 2),
        ("resourceName LIKE 'm-00%'", 10),
        ("resourceId BETWEEN 'm-010' AND 'm-019'", 10),
        ("tags.key = 'Stage' AND tags.value = 'ml'", 150),
        ("tags.tag = 'Stage=dev'", 150),
        ("tags.tag LIKE 'Stage=%' AND NOT tags.value = 'gone'", 150),
        ("NOT (tags.key = 'Stage')", 1),
        ("tags.key IS NULL", 1),
        ("tags.key IS NOT NULL OR resourceId = 'bare'", 151),
        ("resourceCreationTime IS NULL", 1),
        ("resourceCreationTime > '2020-01-01T00:00:00.000Z'", 150),
        ("(resourceId = 'm-000' OR resourceId = 'm-001') AND accountId = '111111111111'", 0),
    ],
)
def test_conditions_choose(config: Any, condition: str, count: int) -> None:
    assert len(found(config, f"SELECT resourceId WHERE {condition}")) == count


def test_a_result_has_what_is_selected_as_aws_names_it(config: Any) -> None:
    (one,) = found(config, "SELECT arn, accountId, resourceName, tags WHERE resourceId = 'm-000'")
    assert one == {
        "arn": f"{SAGEMAKER}:model/m-000",
        "accountId": MEMBER,
        "resourceName": "m-000",
        "tags": [
            {"key": "Stage", "tag": "Stage=dev", "value": "dev"},
            {"key": "Owner", "tag": "Owner=ml", "value": "ml"},
        ],
    }
    (members,) = found(config, "SELECT tags.key, tags.value WHERE resourceId = 'm-000'")
    assert members == {"tags": [{"key": "Stage", "value": "dev"}, {"key": "Owner", "value": "ml"}]}
    (everything,) = found(config, "SELECT * WHERE resourceId = 'bare'")
    assert "tags" not in everything
    assert everything["configurationItemStatus"] == "OK"


def test_pages_are_of_a_hundred_at_most(config: Any) -> None:
    first = config.select_resource_config(Expression="SELECT resourceId ORDER BY resourceId DESC")
    assert (len(first["Results"]), first["Results"][0]) == (100, '{"resourceId":"m-149"}')
    assert first["QueryInfo"] == {"SelectFields": [{"Name": "resourceId"}]}
    again = {"Expression": "SELECT resourceId", "NextToken": first["NextToken"]}
    assert len(config.select_resource_config(**again)["Results"]) == 51
    with pytest.raises(ClientError) as failure:
        config.select_resource_config(Expression="SELECT arn", Limit=101)
    assert error_code(failure) == "ValidationException"
    with pytest.raises(ClientError) as failure:
        config.select_resource_config(Expression="SELECT arn", NextToken="gone")
    assert error_code(failure) == "InvalidNextTokenException"


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("SELECT arn FROM items", "InvalidExpressionException"),
        ("SELECT nothing", "InvalidExpressionException"),
        ("SELECT arn WHERE", "InvalidExpressionException"),
        ("SELECT arn WHERE resourceName LIKE '%x'", "InvalidExpressionException"),
        ("SELECT arn WHERE resourceId IN (SELECT arn)", "InvalidExpressionException"),
        ("DELETE FROM items", "InvalidExpressionException"),
        ("SELECT resourceId, read_text('/etc/passwd')", "InvalidExpressionException"),
        ("SELECT configuration.instanceType", "NotImplemented"),
    ],
)
def test_what_is_no_query_is_refused(config: Any, expression: str, code: str) -> None:
    with pytest.raises(ClientError) as failure:
        config.select_resource_config(Expression=expression)
    assert error_code(failure) == code


def test_an_aggregator_finds_in_its_sources(make: Client) -> None:
    config = make("config", PAYER, REGION)
    role = "arn:aws:iam::111111111111:role/config"
    for name, regions in (("all", {"AllAwsRegions": True}), ("other", {"AwsRegions": ["us-west-2"]})):
        source = {"RoleArn": role, **regions}
        config.put_configuration_aggregator(ConfigurationAggregatorName=name, OrganizationAggregationSource=source)
    query = {"Expression": "SELECT accountId, arn WHERE tags.key IS NULL"}
    (one,) = config.select_aggregate_resource_config(ConfigurationAggregatorName="all", **query)["Results"]
    assert json.loads(one) == {"accountId": MEMBER, "arn": "arn:aws:s3:::bare"}
    assert config.select_aggregate_resource_config(ConfigurationAggregatorName="other", **query)["Results"] == []
    with pytest.raises(ClientError) as failure:
        config.select_aggregate_resource_config(ConfigurationAggregatorName="none", **query)
    assert error_code(failure) == "NoSuchConfigurationAggregatorException"
