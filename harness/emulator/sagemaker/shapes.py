"""Cut what is known of a resource to the members that an operation answers with."""

import datetime
from collections.abc import Mapping
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape
from moto.core.utils import get_service_model

from harness.emulator.clock import unix_time


def output_of(operation: str) -> StructureShape:
    """Return the shape of an operation's answer. Raises: OperationNotFoundError."""
    found: StructureShape = get_service_model("sagemaker").operation_model(operation).output_shape
    return found


def fitting(shape: Shape, value: Any) -> Any:
    """Return the part of a value that a shape has, with times in seconds. Raises: nothing."""
    if isinstance(value, datetime.datetime):
        return unix_time(value.astimezone(datetime.UTC).replace(tzinfo=None) if value.tzinfo else value)
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        found = {name: fitting(member, value[name]) for name, member in shape.members.items() if name in value}
        return {name: item for name, item in found.items() if item is not None}
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [fitting(shape.member, item) for item in value]
    if isinstance(shape, MapShape) and isinstance(value, Mapping):
        return {key: fitting(shape.value, item) for key, item in value.items()}
    return value
