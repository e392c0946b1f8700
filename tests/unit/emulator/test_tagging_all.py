"""The tagging API over the whole inventory: what it shows, page by page, and what it writes where services read it."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError

from harness.emulator import process
from tests.clients import Client, client_maker

from .conftest import error_code
from .test_seed import SMALL

pytestmark = pytest.mark.emulator

MEMBER, REGION = "222222222222", "eu-central-1"
PLACE = f"arn:aws:athena:{REGION}:{MEMBER}:workgroup"
LISTED = {
    "tagged": {"account": "member", "tags": {"Owner": "ml"}, "arns": [f"{PLACE}/tagged-{n}" for n in range(130)]},
    "never": {"account": "member", "arns": [f"{PLACE}/never-{n}" for n in range(10_000)]},
    "once": {"account": "member", "arns": [f"{PLACE}/once"], "once_tagged": True, "created_days_ago": 3},
}


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("tagging")
    seed = {**SMALL, "resources": [], "tagged_resources": [{**each, "region": REGION} for each in LISTED.values()]}
    (folder / "seed.yaml").write_text(yaml.safe_dump(seed), encoding="utf-8")
    running = process.start("tagging", folder, folder / "seed.yaml")
    yield client_maker(running.url)
    process.stop("tagging", folder)


@pytest.fixture
def tagging(make: Client) -> Any:
    return make("resourcegroupstaggingapi", MEMBER, REGION)


def shown(tagging: Any, **arguments: Any) -> dict[str, dict[str, str]]:
    """Return what GetResources shows in all its pages: tags by ARN."""
    pages = tagging.get_paginator("get_resources").paginate(**arguments)
    found = [each for page in pages for each in page["ResourceTagMappingList"]]
    assert len({each["ResourceARN"] for each in found}) == len(found)
    return {each["ResourceARN"]: {tag["Key"]: tag["Value"] for tag in each["Tags"]} for each in found}


def test_what_was_never_tagged_is_not_shown_and_what_was_once_is(tagging: Any) -> None:
    found = shown(tagging, ResourceTypeFilters=["athena"])
    assert len(found) == 131
    assert found[f"{PLACE}/once"] == {}
    assert found[f"{PLACE}/tagged-0"] == {"Owner": "ml"}


def test_pages_hold_what_is_asked_for_and_a_token_serves_twice(tagging: Any) -> None:
    first = tagging.get_resources(ResourcesPerPage=100)
    assert len(first["ResourceTagMappingList"]) == 100
    again = [
        tagging.get_resources(ResourcesPerPage=100, PaginationToken=first["PaginationToken"])["ResourceTagMappingList"]
        for _ in range(2)
    ]
    assert again[0] == again[1]
    assert len(tagging.get_resources(TagsPerPage=100)["ResourceTagMappingList"]) == 100


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"ResourcesPerPage": 101}, "InvalidParameterException"),
        ({"TagsPerPage": 150}, "InvalidParameterException"),
        ({"ResourceARNList": [PLACE], "TagFilters": [{"Key": "Owner"}]}, "InvalidParameterException"),
        ({"PaginationToken": "gone"}, "PaginationTokenExpiredException"),
        ({"IncludeComplianceDetails": True}, "NotImplemented"),
    ],
)
def test_what_cannot_be_asked_is_refused(tagging: Any, arguments: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as failure:
        tagging.get_resources(**arguments)
    assert error_code(failure) == code


def test_filters_are_and_and_their_values_or(tagging: Any) -> None:
    arn = f"{PLACE}/tagged-1"
    tagging.tag_resources(ResourceARNList=[arn], Tags={"Stage": "dev"})
    wanted = [{"Key": "Owner", "Values": ["other", "ml"]}, {"Key": "Stage"}]
    assert set(shown(tagging, TagFilters=wanted)) == {arn}
    assert set(shown(tagging, TagFilters=[{"Key": "Stage", "Values": ["prod"]}])) == set()
    assert shown(tagging, ResourceARNList=[arn]) == {arn: {"Owner": "ml", "Stage": "dev"}}
    assert tagging.get_tag_keys()["TagKeys"] == ["Owner", "Stage"]
    assert tagging.get_tag_values(Key="Stage")["TagValues"] == ["dev"]
    tagging.untag_resources(ResourceARNList=[arn], TagKeys=["Stage"])


def test_one_that_loses_its_last_tag_stays_shown_whoever_takes_it(make: Client, tagging: Any) -> None:
    topic = make("sns", MEMBER, REGION).create_topic(Name="t", Tags=[{"Key": "a", "Value": "b"}])["TopicArn"]
    bare = make("sns", MEMBER, REGION).create_topic(Name="bare")["TopicArn"]
    make("sns", MEMBER, REGION).untag_resource(ResourceArn=topic, TagKeys=["a"])
    make("sns", MEMBER, REGION).untag_resource(ResourceArn=bare, TagKeys=["a"])
    assert shown(tagging, ResourceTypeFilters=["sns:topic"]) == {topic: {}}
    bucket = {"Bucket": "emptied", "CreateBucketConfiguration": {"LocationConstraint": REGION}}
    make("s3", MEMBER, REGION).create_bucket(**bucket)
    tagging.tag_resources(ResourceARNList=["arn:aws:s3:::emptied"], Tags={"a": "b"})
    make("s3", MEMBER, REGION).delete_bucket_tagging(Bucket="emptied")
    assert shown(tagging, ResourceTypeFilters=["s3"]) == {"arn:aws:s3:::emptied": {}}


def test_a_bucket_is_shown_and_tagged_in_its_own_region_alone(make: Client, tagging: Any) -> None:
    make("s3", MEMBER, "us-east-1").create_bucket(Bucket="elsewhere")
    arn, home = "arn:aws:s3:::elsewhere", make("resourcegroupstaggingapi", MEMBER, "us-east-1")
    assert set(tagging.tag_resources(ResourceARNList=[arn], Tags={"a": "b"})["FailedResourcesMap"]) == {arn}
    assert home.tag_resources(ResourceARNList=[arn], Tags={"a": "b"})["FailedResourcesMap"] == {}
    assert shown(home, ResourceTypeFilters=["s3"]) == {arn: {"a": "b"}}
    assert arn not in shown(tagging)
    make("s3", MEMBER, "us-east-1").delete_bucket(Bucket="elsewhere")


def test_an_empty_value_of_a_bucket_is_an_empty_text(make: Client, tagging: Any) -> None:
    s3 = make("s3", MEMBER, REGION)
    s3.create_bucket(Bucket="valueless", CreateBucketConfiguration={"LocationConstraint": REGION})
    empty = {"TagSet": [{"Key": "x", "Value": ""}]}
    s3.put_bucket_tagging(Bucket="valueless", Tagging=empty)
    assert s3.get_bucket_tagging(Bucket="valueless")["TagSet"] == empty["TagSet"]
    assert shown(tagging, ResourceTypeFilters=["s3"])["arn:aws:s3:::valueless"] == {"x": ""}
    assert tagging.get_tag_values(Key="x")["TagValues"] == [""]


def test_fifty_tags_are_the_most_that_a_resource_takes(tagging: Any) -> None:
    full, free = f"{PLACE}/never-0", f"{PLACE}/never-1"
    tagging.tag_resources(ResourceARNList=[full], Tags={f"k{n}": "v" for n in range(50)})
    failed = tagging.tag_resources(ResourceARNList=[full, free], Tags={"new": "v"})["FailedResourcesMap"]
    assert {arn: why["ErrorCode"] for arn, why in failed.items()} == {full: "InvalidParameterException"}
    assert tagging.tag_resources(ResourceARNList=[full], Tags={"k0": "w"})["FailedResourcesMap"] == {}
    assert shown(tagging, TagFilters=[{"Key": "new"}]) == {free: {"new": "v"}}


@pytest.mark.parametrize(
    "arguments",
    [
        {"ResourceARNList": [f"{PLACE}/never-{n}" for n in range(21)], "Tags": {"a": "b"}},
        {"ResourceARNList": [f"{PLACE}/never-2"], "Tags": {f"k{n}": "v" for n in range(51)}},
        {"ResourceARNList": [f"{PLACE}/never-2"], "Tags": {"aws:name": "b"}},
        {"ResourceARNList": [f"{PLACE}/never-2"], "Tags": {"k" * 129: "b"}},
        {"ResourceARNList": ["nothing"], "Tags": {"a": "b"}},
    ],
)
def test_more_than_a_call_takes_is_refused_whole(tagging: Any, arguments: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as failure:
        tagging.tag_resources(**arguments)
    assert error_code(failure) == "InvalidParameterException"


def test_what_is_not_there_fails_alone(tagging: Any) -> None:
    gone, there = f"arn:aws:dynamodb:{REGION}:{MEMBER}:table/gone", f"{PLACE}/never-3"
    failed = tagging.tag_resources(ResourceARNList=[gone, there], Tags={"a": "b"})["FailedResourcesMap"]
    assert set(failed) == {gone}
    elsewhere = f"arn:aws:athena:us-east-1:{MEMBER}:workgroup/never-3"
    assert set(tagging.untag_resources(ResourceARNList=[elsewhere], TagKeys=["a"])["FailedResourcesMap"]) == {elsewhere}


def test_roles_are_written_in_us_east_1_and_never_shown(make: Client, tagging: Any) -> None:
    arn = f"arn:aws:iam::{MEMBER}:role/OrganizationAccountAccessRole"
    assert set(tagging.tag_resources(ResourceARNList=[arn], Tags={"a": "b"})["FailedResourcesMap"]) == {arn}
    home = make("resourcegroupstaggingapi", MEMBER, "us-east-1")
    assert home.tag_resources(ResourceARNList=[arn], Tags={"a": "b"})["FailedResourcesMap"] == {}
    role = make("iam", MEMBER).list_role_tags(RoleName="OrganizationAccountAccessRole")
    assert role["Tags"] == [{"Key": "a", "Value": "b"}]
    assert shown(home) == {}
