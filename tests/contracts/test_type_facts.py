"""What the check knows of resource types is what the provider and CloudFormation say of them."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from harness.plan_check.terraform.carriers import Carrier, all_carriers
from harness.type_facts import terraform_type
from harness.type_facts_refresh import TYPES_FILE, cloudformation_schemas, provider_schema, render, resource_types

pytestmark = pytest.mark.terraform

CARRIERS = all_carriers()


@pytest.fixture(scope="module")
def provider() -> Mapping[str, Any]:
    return provider_schema()


def test_the_facts_are_current(provider: Mapping[str, Any]) -> None:
    text = render(resource_types(provider, dict(cloudformation_schemas())))
    assert TYPES_FILE.read_text(encoding="utf-8") == text, "Do run make type-facts"


def test_every_type_with_tags_is_taggable(provider: Mapping[str, Any]) -> None:
    """747 of provider 5.100.0 have `tags` and `tags_all`, one has blocks; of another, `tags` choose instances."""
    with_tags = {name for name, row in provider["resource_schemas"].items() if "tags" in row["block"]["attributes"]}
    known = {name for name in provider["resource_schemas"] if (terraform_type(name) or no_type(name)).tags}
    assert known == with_tags - {"aws_inspector_resource_group"} | {"aws_autoscaling_group"}
    assert len(known) == 748


def no_type(name: str) -> Any:
    raise AssertionError(f"{name} is a type that the facts do not have")


@pytest.mark.parametrize("carrier", CARRIERS, ids=lambda carrier: f"{carrier.type}.{carrier.path}")
def test_a_carrier_is_where_the_provider_has_it(provider: Mapping[str, Any], carrier: Carrier) -> None:
    block = provider["resource_schemas"][carrier.type]["block"]
    assert [path for path in paths(carrier) if not has(block, path)] == []


@pytest.mark.parametrize("carrier", CARRIERS, ids=lambda carrier: f"{carrier.type}.{carrier.path}")
def test_the_type_of_a_part_takes_tags(carrier: Carrier) -> None:
    assert not carrier.part or (terraform_type(carrier.part) or no_type(carrier.part)).tags


def paths(carrier: Carrier) -> Iterator[str]:
    yield from (path for path in (carrier.path, carrier.all, carrier.unless, *carrier.only[:1]) if path)


def has(block: Mapping[str, Any], path: str) -> bool:
    first, _, rest = path.partition(".")
    name = first.removesuffix("[]")
    if name in block.get("block_types", {}):
        return not rest or has(block["block_types"][name]["block"], rest)
    return name in block.get("attributes", {}) and not rest


def nested_tags(block: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """Paths of maps named tags below the top: each is a carrier, or one of the filters below."""
    for name, attribute in block.get("attributes", {}).items():
        if path and name == "tags" and attribute.get("type") == ["map", "string"]:
            yield f"{path}tags"
    for name, inner in block.get("block_types", {}).items():
        repeats = "[]" if inner["nesting_mode"] in ("list", "set") else ""
        yield from nested_tags(inner["block"], f"{path}{name}{repeats}.")


# Maps named tags that choose resources, or that tag something only for a moment.
NOT_CARRIERS = {
    "aws_backup_framework": "chooses resources",
    "aws_cloudwatch_event_target": "tags tasks, which propagate_tags is about",
    "aws_pipes_pipe": "tags tasks, which propagate_tags is about",
    "aws_s3_bucket": "chooses objects",
    "aws_s3_bucket_analytics_configuration": "chooses objects",
    "aws_s3_bucket_intelligent_tiering_configuration": "chooses objects",
    "aws_s3_bucket_lifecycle_configuration": "chooses objects",
    "aws_s3_bucket_metric": "chooses objects",
    "aws_s3_bucket_replication_configuration": "chooses objects",
    "aws_s3_object": "default_tags of one object, which tags_all shows",
    "aws_s3_object_copy": "default_tags of one object, which tags_all shows",
    "aws_s3control_bucket_lifecycle_configuration": "chooses objects",
    "aws_scheduler_schedule": "tags tasks, which propagate_tags is about",
}


def test_no_map_of_tags_inside_of_a_resource_is_forgotten(provider: Mapping[str, Any]) -> None:
    read = {(carrier.type, path) for carrier in CARRIERS for path in (carrier.path, f"{carrier.path}[].tags")}
    forgotten = {
        (name, path)
        for name, row in provider["resource_schemas"].items()
        for path in nested_tags(row["block"])
        if (name, path) not in read and name not in NOT_CARRIERS and not name.startswith("aws_quicksight_")
    }
    assert forgotten == set()
