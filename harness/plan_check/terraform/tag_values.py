"""Read tags as providers write them: maps of text, or lists of key and value, with what is known after apply."""

from collections.abc import Mapping
from typing import Any

from harness.plan_check.model import UNKNOWN


def known_tags(held: Any, marks: Any) -> Mapping[str, Any]:
    """Return the tags of a map; `marks` says which are known after apply, as `after_unknown` does.

    A key without a value (null) is no tag: the provider leaves it out.

    >>> known_tags({"team": "ml", "old": None}, {"id": True})
    {'team': 'ml', 'id': (known after apply)}
    """
    tags: Mapping[str, Any] = held if isinstance(held, dict) else {}
    if None in tags.values():
        tags = {key: value for key, value in tags.items() if value is not None}
    if isinstance(marks, dict) and (later := {key: UNKNOWN for key, mark in marks.items() if mark}):
        tags = {**tags, **later}
    return tags


def pairs(held: Any, marks: Any) -> Mapping[str, Any]:
    """Return the tags of a list of objects with `key` and `value`.

    >>> pairs([{"key": "team", "value": "ml"}, {"key": "id"}], [{}, {"value": True}])
    {'team': 'ml', 'id': (known after apply)}
    """
    found: dict[str, Any] = {}
    rows = held if isinstance(held, list) else []
    later = marks if isinstance(marks, list) else []
    for index, row in enumerate(rows):
        if isinstance(row, dict) and isinstance(row.get("key"), str):
            mark = later[index] if index < len(later) else None
            is_later = isinstance(mark, dict) and mark.get("value")
            found[row["key"]] = UNKNOWN if is_later else row.get("value")
    return found
