"""Compare a call's parameters with its botocore model: what has another type, and what is missing.

moto trusts its clients, and fails in the middle of a call that no AWS SDK would send.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

_SCALARS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "character": (str,),
    "integer": (int,),
    "long": (int,),
    "boolean": (bool,),
    "float": (int, float),
    "double": (int, float),
}


def wrong_types(shape: Shape, value: Any, path: str = "") -> Iterator[str]:
    """Yield the places of a request whose values have another type than the model says, with what was found."""
    if value is None:
        return
    if not _fits(shape, value):
        yield f"{path or 'request'}: {shape.type_name} expected, {type(value).__name__} found"
    elif isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            yield from wrong_types(member, value.get(name), _below(path, name))
    elif isinstance(shape, ListShape):
        for index, item in enumerate(value):
            yield from wrong_types(shape.member, item, f"{path}[{index}]")
    elif isinstance(shape, MapShape):
        for key, item in value.items():
            yield from wrong_types(shape.value, item, _below(path, str(key)))


def missing_members(shape: Shape, value: Any, path: str = "") -> Iterator[str]:
    """Yield the places of the members that a request must have and has not; `wrong_types` must have found nothing."""
    if value is None:
        return
    if isinstance(shape, StructureShape):
        for name in shape.required_members:
            if value.get(name) is None:
                yield _below(path, name)
        for name, member in shape.members.items():
            yield from missing_members(member, value.get(name), _below(path, name))
    elif isinstance(shape, ListShape):
        for index, item in enumerate(value):
            yield from missing_members(shape.member, item, f"{path}[{index}]")


def _fits(shape: Shape, value: Any) -> bool:
    if isinstance(shape, StructureShape):
        # A document (`"document": true`) is any JSON at all.
        return getattr(shape, "is_document_type", False) or isinstance(value, Mapping)
    if isinstance(shape, ListShape):
        return isinstance(value, list)
    if isinstance(shape, MapShape):
        return isinstance(value, Mapping)
    expected = _SCALARS.get(shape.type_name, (object,))
    return isinstance(value, expected) and (not isinstance(value, bool) or bool in expected or object in expected)


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
