"""Find the tags that a call's parameters carry, whatever its service calls them.

A tag set is known by its shape: a list of key and value pairs, or a map of texts, under a name that speaks of tags
(`Tags`, `TagList`, `jobTags`, `Tagging`), at the top or one structure deeper (S3's `CreateBucketConfiguration.Tags`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

_SPECIFICATIONS = ("TagSpecifications", "TagSpecification")
_KEY, _VALUE = ("key", "tagkey"), ("value", "tagvalue")


@dataclass(frozen=True, slots=True)
class RequestTags:
    """Hold the tags of a call: `by_type` those that EC2 gives per resource type, `removed` the keys to be untagged."""

    everywhere: Mapping[str, str]
    by_type: Mapping[str, Mapping[str, str]]
    removed: frozenset[str]

    def of(self, resource_type: str) -> Mapping[str, str]:
        """Return the tags that a resource of this type would get."""
        return {**self.everywhere, **self.by_type.get(resource_type, {})}


def request_tags(parameters: Mapping[str, Any]) -> RequestTags:
    """Return what a call tags and untags.

    >>> request_tags({"Name": "a", "Tags": [{"Key": "env", "Value": "dev"}]}).everywhere
    {'env': 'dev'}

    Raises: nothing; what has no tag set's shape is none.
    """
    by_type: dict[str, dict[str, str]] = {}
    for name in _SPECIFICATIONS:
        for entry in parameters.get(name) or ():
            by_type.setdefault(str(entry.get("ResourceType", "")), {}).update(_tag_set(entry.get("Tags")) or {})
    everywhere: dict[str, str] = {}
    removed: set[str] = set()
    for name, value in _members(parameters):
        if name in _SPECIFICATIONS or "tag" not in name.lower():
            continue
        if "keys" in name.lower() and isinstance(value, list):
            removed.update(key for key in value if isinstance(key, str))
        else:
            everywhere.update(_tag_set(value) or {})
    return RequestTags(everywhere, by_type, frozenset(removed))


def _members(parameters: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in parameters.items():
        yield name, value
        if isinstance(value, Mapping) and "tag" not in name.lower():
            yield from ((inner, item) for inner, item in value.items())


def _tag_set(value: Any) -> dict[str, str] | None:
    """Return the tags of a value that has a tag set's shape."""
    if isinstance(value, str):
        return dict(parse_qsl(value, keep_blank_values=True))  # S3's x-amz-tagging header
    if isinstance(value, Mapping):
        if "TagSet" in value:
            return _tag_set(value["TagSet"])
        texts = all(isinstance(text, str) for pair in value.items() for text in pair)
        return dict(value) if texts else None
    if isinstance(value, list):
        pairs = [_pair(item) for item in value]
        return dict(pair for pair in pairs if pair) if pairs and all(pairs) else None
    return None


def _pair(item: Any) -> tuple[str, str] | None:
    if not isinstance(item, Mapping):
        return None
    members = {name.lower(): member for name, member in item.items()}
    if "values" in members:
        return None  # a filter
    key = next((members[name] for name in _KEY if name in members), None)
    value = next((members[name] for name in _VALUE if name in members), "")
    return (key, value or "") if isinstance(key, str) and isinstance(value or "", str) else None
