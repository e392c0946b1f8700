"""Decode a plan and nothing else, as lean as msgspec can: the yardstick of `make bench-check`."""

import gc
import mmap
import sys
from typing import Any

import msgspec


class Tags(msgspec.Struct, gc=False):
    """Hold the tags of a resource."""

    tags: dict[str, str | None] | None = None
    tags_all: dict[str, str | None] | None = None


class Marks(msgspec.Struct, gc=False):
    """Hold what is known after apply."""

    tags: Any = None
    tags_all: Any = None


class Change(msgspec.Struct, gc=False):
    """Hold what becomes of a resource."""

    actions: list[str]
    after: Tags | None = None
    after_unknown: Marks | bool = False


class ResourceChange(msgspec.Struct, gc=False):
    """Hold one entry of resource_changes."""

    address: str
    type: str
    change: Change


class Plan(msgspec.Struct, gc=False):
    """Hold a plan."""

    resource_changes: list[ResourceChange]


gc.disable()
with open(sys.argv[1], "rb") as file:  # noqa: PTH123 (pathlib takes 8 ms to load)
    content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
print(len(msgspec.json.decode(content, type=Plan).resource_changes))
