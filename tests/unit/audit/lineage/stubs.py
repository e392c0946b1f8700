"""Answers of SageMaker in the shape of botocore's model, with given members filled in."""

from collections.abc import Mapping
from typing import Any

import boto3
from botocore.model import ListShape, StructureShape
from botocore.stub import Stubber

CLIENT: Any = boto3.client(
    "sagemaker", region_name="eu-central-1", aws_access_key_id="tagrail", aws_secret_access_key="tagrail"
)
_PLAIN = {"string": "x" * 20, "integer": 1, "long": 1, "double": 1.0, "float": 1.0, "boolean": True, "timestamp": 1}


def model(operation: str) -> Any:
    """Return botocore's model of a method of the client."""
    return CLIENT.meta.service_model.operation_model(CLIENT.meta.method_to_api_mapping[operation])


def member(shape: Any, path: str) -> Any:
    """Return the shape of a member by its path through structures and lists. Raises: KeyError where there is none."""
    for name in path.split("."):
        while isinstance(shape, ListShape):
            shape = shape.member
        shape = shape.members[name]
    return shape


def filled(shape: Any, path: str = "", value: str = "") -> Any:
    """Return a document of a shape with what it must have, and a value at a path."""
    if isinstance(shape, ListShape):
        return [filled(shape.member, path, value)] if path or shape.metadata.get("min") else []
    if isinstance(shape, StructureShape):
        name, _, rest = path.partition(".")
        found = {each: filled(shape.members[each]) for each in shape.required_members}
        return {**found, name: filled(shape.members[name], rest, value)} if name else found
    if shape.type_name == "map":
        return {}
    enum = getattr(shape, "enum", None)
    return value or (enum[0] if enum else _PLAIN[shape.type_name])


def answer(operation: str, members: Mapping[str, str]) -> Any:
    """Return the answer of an operation in which these members, by their paths, are what is asked about."""
    shape = model(operation).output_shape
    found: Any = filled(shape)
    for path, value in members.items():
        found = merged(found, filled(shape, path, value))
    return found


def merged(one: Any, other: Any) -> Any:
    """Return two documents in one; of lists, the items of both at the same place."""
    if isinstance(one, dict) and isinstance(other, dict):
        both = one.keys() & other.keys()
        return {**one, **other, **{name: merged(one[name], other[name]) for name in both}}
    if isinstance(one, list) and isinstance(other, list):
        return [merged(a, b) for a, b in zip(one, other, strict=False)] or one or other
    return other


def stubbed() -> tuple[Any, Stubber]:
    """Return a client of its own, and what stubs it."""
    client: Any = boto3.client(
        "sagemaker", region_name="eu-central-1", aws_access_key_id="tagrail", aws_secret_access_key="tagrail"
    )
    return client, Stubber(client)
