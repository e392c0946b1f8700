"""A call's tags are found by their shape, whatever the service calls them."""

from typing import Any

import pytest

from harness.policy.request_tags import request_tags

SHAPES = [
    {"Tags": [{"Key": "env", "Value": "dev"}]},
    {"tags": [{"key": "env", "value": "dev"}]},
    {"tags": {"env": "dev"}},
    {"Tags": {"env": "dev"}},
    {"Tags": [{"TagKey": "env", "TagValue": "dev"}]},
    {"TagList": [{"Key": "env", "Value": "dev"}]},
    {"jobTags": [{"key": "env", "value": "dev"}]},
    {"Tagging": {"TagSet": [{"Key": "env", "Value": "dev"}]}},
    {"Tagging": "env=dev"},
    {"CreateBucketConfiguration": {"LocationConstraint": "eu-central-1", "Tags": [{"Key": "env", "Value": "dev"}]}},
    {"Tags": [{"ResourceId": "group", "Key": "env", "Value": "dev", "PropagateAtLaunch": True}]},
]
NO_TAGS: list[dict[str, Any]] = [
    {"Name": "env"},
    {"TagFilters": [{"Key": "env", "Values": ["dev"]}]},
    {"Filters": [{"Name": "tag:env", "Values": ["dev"]}]},
    {"Environment": {"env": "dev"}},
    {"Tags": []},
    {"Tags": None},
    {"Tags": [1]},
]


@pytest.mark.parametrize("parameters", SHAPES, ids=str)
def test_tags_of_every_shape(parameters: dict[str, Any]) -> None:
    assert request_tags(parameters).everywhere == {"env": "dev"}


@pytest.mark.parametrize("parameters", NO_TAGS, ids=str)
def test_what_is_no_tag_set(parameters: dict[str, Any]) -> None:
    assert request_tags(parameters).everywhere == {}


def test_ec2_gives_tags_by_type() -> None:
    specification = {"ResourceType": "volume", "Tags": [{"Key": "env", "Value": "dev"}]}
    found = request_tags({"TagSpecifications": [specification]})
    assert found.of("volume") == {"env": "dev"}
    assert found.of("instance") == {}


@pytest.mark.parametrize("name", ["TagKeys", "tagKeys", "ResourceTagKeys"])
def test_untagging_names_keys(name: str) -> None:
    assert request_tags({name: ["env"]}).removed == {"env"}


def test_a_tag_without_a_value_is_empty() -> None:
    assert request_tags({"Tags": [{"Key": "env"}]}).everywhere == {"env": ""}
