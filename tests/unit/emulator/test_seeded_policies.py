"""Policies and listed resources of a seed, as an emulator holds them."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from harness.emulator import process
from harness.emulator.seed import load_seed
from harness.errors import InputError
from tests.clients import PAYER, Client, client_maker

from .conftest import error_code
from .test_seed import SMALL, write

pytestmark = pytest.mark.emulator

MEMBER, HOME = "222222222222", "eu-central-1"
UNIT = "ou-tgrl-workload"
TABLE = f"arn:aws:dynamodb:{HOME}:{MEMBER}:table/orders"
BUCKET = "arn:aws:s3:::anycompany-orders"
KEY = "arn:aws:kms:us-east-1:222222222222:key/k"
DENY = {"Effect": "Deny", "Action": "sqs:CreateQueue", "Resource": "*"}


def tag_policy(values: list[str]) -> str:
    entry = {"tag_key": {"@@assign": "Stage"}, "tag_value": {"@@assign": values}}
    return json.dumps({"tags": {"stage": {**entry, "enforced_for": {"@@assign": ["dynamodb:table"]}}}}, indent=1)


POLICIES: list[dict[str, Any]] = [
    {"id": "p-second02", "name": "second", "type": "TAG_POLICY", "content": tag_policy(["b"])},
    {"id": "p-first001", "name": "first", "type": "TAG_POLICY", "description": "d", "content": tag_policy(["a"])},
    {
        "id": "p-control1",
        "name": "control",
        "type": "SERVICE_CONTROL_POLICY",
        "content": json.dumps({"Version": "2012-10-17", "Statement": [DENY]}),
    },
]
SEED: dict[str, Any] = {
    **copy.deepcopy(SMALL),
    "policies": POLICIES,
    "attachments": {"r-tgrl": ["p-first001", "p-second02"], MEMBER: ["p-FullAWSAccess", "p-control1"]},
    # Both would be denied once the policies are attached.
    "resources": [
        {"account": "member", "region": HOME, "call": "sqs.create_queue", "arguments": {"QueueName": "q"}},
        {
            "account": "member",
            "region": HOME,
            "call": "dynamodb.create_table",
            "arguments": {
                "TableName": "made",
                "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
                "BillingMode": "PAY_PER_REQUEST",
                "Tags": [{"Key": "Stage", "Value": "wrong"}],
            },
        },
    ],
    "tagged_resources": [
        {"account": "member", "region": HOME, "tags": {"Stage": "b", "Team": "t"}, "arns": [TABLE, BUCKET]},
        {"account": MEMBER, "region": "us-east-1", "tags": {"Stage": "a"}, "arns": [KEY]},
    ],
    "catalog_items": [{"id": "port-aaaaaaaaaaaaa", "region": HOME}, {"id": "prod-bbbbbbbbbbbbb", "region": HOME}],
    "config_recorders": [{"accounts": ["member"], "regions": [HOME], "bucket_name": "b"}],
}
SEED["organization"]["policy_types"] = ["TAG_POLICY", "SERVICE_CONTROL_POLICY", "BACKUP_POLICY"]
SEED["organization"]["accounts"][0]["id"] = PAYER


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("seeded")
    yield client_maker(process.start("seeded", folder, write(folder, SEED)).url)
    process.stop("seeded", folder)


def listed(client: Client, region: str = HOME, **filters: Any) -> dict[str, dict[str, str]]:
    pages = client("resourcegroupstaggingapi", MEMBER, region).get_paginator("get_resources").paginate(**filters)
    return {
        found["ResourceARN"]: {tag["Key"]: tag["Value"] for tag in found["Tags"]}
        for page in pages
        for found in page["ResourceTagMappingList"]
    }


def test_policies_have_their_ids_texts_and_order(client: Client) -> None:
    organizations = client("organizations")
    found = organizations.describe_policy(PolicyId="p-first001")["Policy"]
    assert found["Content"] == POLICIES[1]["content"]
    assert found["PolicySummary"]["Description"] == "d"
    attached = organizations.list_policies_for_target(TargetId="r-tgrl", Filter="TAG_POLICY")["Policies"]
    assert [policy["Id"] for policy in attached] == ["p-first001", "p-second02"]
    effective = organizations.describe_effective_policy(PolicyType="TAG_POLICY", TargetId=MEMBER)
    assert json.loads(effective["EffectivePolicy"]["PolicyContent"])["tags"]["stage"]["tag_value"] == ["a"]


@pytest.mark.parametrize(("node", "names"), [(MEMBER, ["FullAWSAccess", "control"]), (UNIT, ["FullAWSAccess"])])
def test_a_node_has_the_control_policies_of_the_seed_or_the_one_of_aws(
    client: Client, node: str, names: list[str]
) -> None:
    found = client("organizations").list_policies_for_target(TargetId=node, Filter="SERVICE_CONTROL_POLICY")
    assert [policy["Name"] for policy in found["Policies"]] == names


def test_what_the_policies_deny_was_there_before(client: Client) -> None:
    assert client("sqs", MEMBER).list_queues()["QueueUrls"]
    assert client("dynamodb", MEMBER).list_tables()["TableNames"] == ["made"]
    with pytest.raises(ClientError, match="explicit deny"):
        client("sqs", MEMBER).create_queue(QueueName="another")


def test_listed_resources_stand_beside_those_of_moto(client: Client) -> None:
    made = f"arn:aws:dynamodb:{HOME}:{MEMBER}:table/made"
    assert set(listed(client)) == {TABLE, BUCKET, made}
    assert listed(client, "us-east-1") == {KEY: {"Stage": "a"}}


@pytest.mark.parametrize(
    ("filters", "arns"),
    [
        ({"ResourceTypeFilters": ["s3"]}, {BUCKET}),
        ({"TagFilters": [{"Key": "Stage", "Values": ["b"]}], "ResourceTypeFilters": ["dynamodb:table"]}, {TABLE}),
        ({"TagFilters": [{"Key": "Team"}]}, {TABLE, BUCKET}),
        ({"ResourcesPerPage": 1, "TagFilters": [{"Key": "Team"}]}, {TABLE, BUCKET}),
    ],
)
def test_listed_resources_are_filtered_and_paged(client: Client, filters: dict[str, Any], arns: set[str]) -> None:
    assert set(listed(client, **filters)) == arns


def test_listed_resources_can_be_asked_for_by_arn(client: Client) -> None:
    tagging = client("resourcegroupstaggingapi", MEMBER)
    found = tagging.get_resources(ResourceARNList=[BUCKET, KEY])["ResourceTagMappingList"]
    assert [one["ResourceARN"] for one in found] == [BUCKET]
    assert set(tagging.get_tag_keys()["TagKeys"]) == {"Stage", "Team"}
    assert set(tagging.get_tag_values(Key="Stage")["TagValues"]) == {"b", "wrong"}


def test_listed_resources_are_tagged_within_the_tag_policy(client: Client) -> None:
    tagging = client("resourcegroupstaggingapi", MEMBER)
    failed = tagging.tag_resources(ResourceARNList=[TABLE, BUCKET], Tags={"Stage": "c", "Extra": "x"})
    assert set(failed["FailedResourcesMap"]) == {TABLE}
    assert listed(client)[BUCKET] == {"Stage": "c", "Team": "t", "Extra": "x"}
    tagging.untag_resources(ResourceARNList=[BUCKET], TagKeys=["Extra"])
    tagging.tag_resources(ResourceARNList=[BUCKET], Tags={"Stage": "b"})
    assert listed(client)[BUCKET] == listed(client)[TABLE] == {"Stage": "b", "Team": "t"}


def test_config_judges_listed_resources(client: Client) -> None:
    config = client("config", MEMBER)
    source = {"Owner": "AWS", "SourceIdentifier": "REQUIRED_TAGS"}
    rule = {"ConfigRuleName": "r", "Source": source, "InputParameters": json.dumps({"tag1Key": "Team"})}
    config.put_config_rule(ConfigRule=rule)
    found = config.get_compliance_details_by_config_rule(ConfigRuleName="r")["EvaluationResults"]
    results = {
        one["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"]: one["ComplianceType"]
        for one in found
    }
    assert results["orders"] == results["anycompany-orders"] == "COMPLIANT"
    assert results["made"] == "NON_COMPLIANT"
    config.delete_config_rule(ConfigRuleName="r")


@pytest.mark.parametrize("identity", ["port-aaaaaaaaaaaaa", "prod-bbbbbbbbbbbbb"])
def test_a_tag_option_can_be_offered_by_what_is_known_by_id_alone(client: Client, identity: str) -> None:
    catalog = client("servicecatalog")
    option = catalog.create_tag_option(Key=identity, Value="v")["TagOptionDetail"]["Id"]
    catalog.associate_tag_option_with_resource(TagOptionId=option, ResourceId=identity)
    found = catalog.list_resources_for_tag_option(TagOptionId=option)["ResourceDetails"]
    assert [one["Id"] for one in found] == [identity]


def test_a_member_cannot_read_the_policies(client: Client) -> None:
    with pytest.raises(ClientError) as failure:
        client("organizations", MEMBER).list_policies(Filter="TAG_POLICY")
    assert error_code(failure) == "AccessDeniedException"


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (("policies", 0, "id"), "p-1", "policies.0..id: must hold"),
        (("policies", 0, "id"), "p-first001", 'policies.1..id: must be unique; "p-first001" stands above too'),
        (("policies", 0, "type"), "TAG_POLICIES", "must be TAG_POLICY or SERVICE_CONTROL_POLICY"),
        (("policies", 0, "aws_managed"), True, "must be true for p-FullAWSAccess and for no other policy"),
        (("policies", 0, "content"), "{", "policies.0..content: line 1: must be JSON"),
        (("policies", 0, "content"), '{"tags": {"a": {"tag_kee": {}}}}', 'content: tags."a".*must be one of tag_key'),
        (("policies", 2, "content"), '{"Statement": []}', "policies.2..content: "),
        (
            ("attachments", "r-tgrl"),
            ["p-frist001"],
            'attachments."r-tgrl"..0.: .*"p-frist001". Did you mean "p-first001"',
        ),
        (("attachments", "r-tgrl"), ["p-first001"] * 2, 'must be attached once; "p-first001" stands before it too'),
        (("attachments", "r-tgrx"), ["p-first001"], 'must be the id of the root, a unit or an account; got "r-tgrx"'),
        (("organization", "policy_types"), ["TAG_POLICY"], "got p-FullAWSAccess, a SERVICE_CONTROL_POLICY. Do enable"),
        (("organization", "organizational_units", 0, "name"), "R/D", 'must end the path "Workloads"; got "R/D"'),
        (("tagged_resources", 0, "account"), "membre", 'tagged_resources.0..account: .*Did you mean "member"'),
        (("tagged_resources", 0, "arns"), ["orders"], "tagged_resources.0..arns.0.: must hold"),
        (("tagged_resources", 0, "arns"), [], "must hold 1 item or more"),
        (
            ("tagged_resources", 0, "tag"),
            {},
            'must be one of account, arns, .*, tags; got "tag". Did you mean "tags"',
        ),
        (("catalog_items", 0, "id"), "port-1", "catalog_items.0..id: must hold"),
        (("unreadable",), [{"part": "tag policies"}], "unreadable.0..reason: must be given"),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else None,
)
def test_faults_of_policies_and_resources_are_named(
    tmp_path: Path, place: tuple[Any, ...], value: object, message: str
) -> None:
    data = copy.deepcopy(SEED)
    inner: Any = data
    for part in place[:-1]:
        inner = inner[part]
    inner[place[-1]] = value
    with pytest.raises(InputError, match=message) as failure:
        load_seed(write(tmp_path, data))
    assert f"{tmp_path / 'seed.yaml'}:" in str(failure.value)


def test_a_unit_may_have_a_slash_in_its_name(tmp_path: Path) -> None:
    data = copy.deepcopy(SEED)
    data["organization"]["organizational_units"].append(
        {"id": "ou-tgrl-research", "path": "Workloads/R/D", "name": "R/D"}
    )
    found = client_maker(process.start("slash", tmp_path, write(tmp_path, data)).url)
    try:
        units = found("organizations").list_organizational_units_for_parent(ParentId=UNIT)["OrganizationalUnits"]
        assert [(unit["Id"], unit["Name"]) for unit in units] == [("ou-tgrl-research", "R/D")]
    finally:
        process.stop("slash", tmp_path)
