"""Make the smallest call of an action that botocore's model allows, with tags where its request takes them."""

import re
from collections.abc import Mapping
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

# IAM's actions whose boto3 service is not their prefix.
SERVICES = {
    "bedrock:CreateAgent": "bedrock-agent",
    "bedrock:CreateDataAutomationProject": "bedrock-data-automation",
    "bedrock:CreateFlow": "bedrock-agent",
    "bedrock:CreateKnowledgeBase": "bedrock-agent",
}
# What a minimal value of these members has to be for the service to look further.
GIVEN: Mapping[str, Any] = {
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "CacheClusterId": "one",
    "ClusterIdentifier": "one",
    "DBClusterIdentifier": "one",
    "Engine": "postgres",
    "ImageId": "ami-12c6146b",
    "MinCount": 1,
    "MaxCount": 1,
    "AvailabilityZone": "eu-central-1a",
    "Size": 1,
}
NEEDED = {
    "ec2.run_instances": ("ImageId",),
    "ec2.create_volume": ("Size",),
    "elasticache.create_cache_cluster": ("CacheClusterId",),
    "dynamodb.create_table": ("BillingMode", "AttributeDefinitions"),
}
SPECIFIED = {
    "ec2.run_instances": ("instance", "volume"),
    "ec2.create_volume": ("volume",),
    "ec2.allocate_address": ("elastic-ip",),
    "ec2.create_nat_gateway": ("natgateway",),
}


def operation_of(action: str) -> str:
    """Return `service.operation` of an IAM action, as boto3 names it."""
    prefix, _, name = action.partition(":")
    return f"{SERVICES.get(action, prefix)}.{snake(name)}"


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def arguments(action: str, tags: Mapping[str, str], model: Any) -> dict[str, Any]:
    """Return the arguments of an action's call with the tags."""
    shape = model.input_shape
    call = operation_of(action)
    wanted = {*shape.required_members, *NEEDED.get(call, ())}
    found = {name: minimal(name, shape.members[name]) for name in sorted(wanted)}
    if call == "s3.create_bucket":
        found["Bucket"] = "guarded"
        tag_set = [{"Key": key, "Value": value} for key, value in tags.items()]
        found["CreateBucketConfiguration"] = {"LocationConstraint": "eu-central-1", "Tags": tag_set}
    elif call in SPECIFIED:
        tag_set = [{"Key": key, "Value": value} for key, value in tags.items()]
        kinds = SPECIFIED[call] if tags else ()
        found["TagSpecifications"] = [{"ResourceType": kind, "Tags": tag_set} for kind in kinds]
    else:
        name = next(name for name in shape.members if name.lower().endswith(("tags", "taglist")))
        found[name] = tag_value(shape.members[name], tags)
    return found


def tag_value(shape: Shape, tags: Mapping[str, str]) -> Any:
    if isinstance(shape, MapShape):
        return dict(tags)
    assert isinstance(shape, ListShape)
    key, value = (next(name for name in shape.member.members if name.lower().endswith(end)) for end in ("key", "value"))
    return [{key: one, value: text} for one, text in tags.items()]


def minimal(name: str, shape: Shape, depth: int = 6) -> Any:
    """Return a value that a member may have; the service may still refuse it."""
    if name in GIVEN:
        return GIVEN[name]
    if isinstance(shape, StructureShape):
        members = list(shape.members)[:1] if shape.is_tagged_union else shape.required_members
        return {member: minimal(member, shape.members[member], depth - 1) for member in members if depth}
    if isinstance(shape, ListShape):
        return [minimal("", shape.member, depth - 1)] if depth else []
    return {} if isinstance(shape, MapShape) else scalar(name, shape)


def scalar(name: str, shape: Shape) -> Any:
    kind = shape.type_name
    if kind in ("integer", "long", "float", "double"):
        return max(1, int(shape.metadata.get("min", 1)))
    if kind in ("boolean", "blob", "timestamp"):
        return {"boolean": False, "blob": b"x"}.get(kind, "2026-01-01T00:00:00Z")
    if enum := getattr(shape, "enum", None):
        return enum[0]
    text = "arn:aws:iam::444444444442:role/any" if name.lower().endswith("arn") else "guarded"
    return text.ljust(int(shape.metadata.get("min", 0)), "x")
