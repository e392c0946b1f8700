"""Read the table of what SageMaker shows of where a resource comes from: harness/data/sagemaker-lineage.yaml."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

_FILE = Path(__file__).parents[2] / "data" / "sagemaker-lineage.yaml"


class Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Say what a member names: `kind` where it holds a name, "" where it holds an ARN or an S3 URI."""

    kind: str = ""


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hold how the lineage of one kind of resource is read: a row of the file, whose head says what each means."""

    kind: str
    describe: str
    by: str
    search: str = ""
    record: str = ""
    parents: Mapping[str, Names] = {}
    children: Mapping[str, Names] = {}


@cache
def rows() -> tuple[Row, ...]:
    """Return the table. Raises: nothing."""
    return msgspec.convert(yaml.safe_load(_FILE.read_text(encoding="utf-8")), tuple[Row, ...])


def values_at(document: Any, path: str) -> Iterator[str]:
    """Yield the texts at a path of members; a list on the way stands for each of its items.

    >>> list(values_at({"Containers": [{"ModelDataUrl": "s3://b/a"}, {}]}, "Containers.ModelDataUrl"))
    ['s3://b/a']

    Raises: nothing.
    """
    if isinstance(document, list):
        for item in document:
            yield from values_at(item, path)
    elif not path:
        if document and isinstance(document, str):
            yield document
    elif isinstance(document, Mapping):
        name, _, rest = path.partition(".")
        yield from values_at(document.get(name), rest)
