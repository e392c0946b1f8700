"""Trim the provider's schema to the types that a configuration uses: terraform reads all of 1,500 at every command."""

import re
from collections.abc import Collection
from pathlib import Path

from harness.warm_provider.wire import content, fields

# Fields of GetProviderSchema.Response that are maps by the name of a type or function.
_RESOURCES, _DATA_SOURCES, _FUNCTIONS, _EPHEMERAL = 2, 3, 7, 8
_TRIMMED = frozenset({_RESOURCES, _DATA_SOURCES, _FUNCTIONS, _EPHEMERAL})

_TYPE = re.compile(r"\baws_[a-z0-9_]+")
_FUNCTION = re.compile(r"\bprovider::aws::([a-z0-9_]+)")
_READ_SUFFIXES = (".tf", ".tf.json", ".tfstate", ".hcl")
_SKIPPED_FOLDERS = frozenset({".terraform", ".git"})


def trim_schema(schema: bytes, names: Collection[str]) -> bytes:
    """Return a GetProviderSchema.Response without the types and functions that `names` lacks; all else stays.

    Raises: nothing.
    """
    kept = [
        raw
        for number, value, raw in fields(schema)
        if number not in _TRIMMED or content(value, 1).decode("utf-8") in names
    ]
    return b"".join(kept)


def used_names(folder: Path) -> frozenset[str]:
    """Return every AWS type and function that a file of terraform's below the folder names, its local state included.

    What a comment names counts too: one type too many costs nothing, one too few would fail the run.
    Raises: OSError when a file cannot be read.
    """
    found: set[str] = set()
    for file in folder.rglob("*"):
        if file.name.endswith(_READ_SUFFIXES) and not _SKIPPED_FOLDERS.intersection(file.relative_to(folder).parts):
            text = file.read_text(encoding="utf-8", errors="replace")
            found.update(_TYPE.findall(text), _FUNCTION.findall(text))
    return frozenset(found)
