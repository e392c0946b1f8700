"""Read tags as providers write them: maps of text, or lists of key and value, with what is known after apply."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from harness.plan_check.model import UNKNOWN, TagSet


def known_tags(held: Any, marks: Any, *, null: str | None = None) -> Mapping[str, Any]:
    """Return the tags of a map; `marks` says which are known after apply, as `after_unknown` does.

    A key without a value (null) is no tag, or one with the value `null` where that is given.

    >>> known_tags({"team": "ml", "old": None}, {"id": True})
    {'team': 'ml', 'id': (known after apply)}
    >>> known_tags({"old": None}, {}, null="")
    {'old': ''}
    """
    tags: Mapping[str, Any] = held if isinstance(held, dict) else {}
    if None in tags.values():
        both = ((key, null if value is None else value) for key, value in tags.items())
        tags = {key: value for key, value in both if value is not None}
    if isinstance(marks, dict) and (later := {key: UNKNOWN for key, mark in marks.items() if mark}):
        tags = {**tags, **later}
    return tags


class Pairs(NamedTuple):
    """Hold the tags of a list: `is_open` tells that further ones may come, `twice` are keys that stand in it again."""

    tags: Mapping[str, Any]
    is_open: bool
    twice: tuple[str, ...]

    def and_those(self, others: "Pairs") -> "Pairs":
        """Return the tags of both lists. Raises: nothing."""
        return Pairs({**self.tags, **others.tags}, self.is_open or others.is_open, self.twice + others.twice)


def pairs(held: Any, marks: Any) -> Pairs:
    """Return the tags of a list of objects with `key` and `value`; a key or an item may be known after apply.

    >>> pairs([{"key": "team", "value": "ml"}, {"key": "id"}], [{}, {"value": True}]).tags
    {'team': 'ml', 'id': (known after apply)}
    >>> pairs([{"value": "ml"}], [{"key": True}]).is_open, pairs([{"key": "a"}, {"key": "a"}], []).twice
    (True, ('a',))
    """
    rows = held if isinstance(held, list) else []
    later = marks if isinstance(marks, list) else []
    found = {} if marks is True or any(later) else _settled(rows)
    if len(found) == len(rows) and marks is not True:
        return Pairs(found, is_open=False, twice=())
    found = {}
    twice: dict[str, None] = {}
    is_open = marks is True
    for index, row in enumerate(rows):
        mark = later[index] if index < len(later) else None
        key = row.get("key") if isinstance(row, dict) else None
        if isinstance(key, str):
            twice |= {key: None} if key in found else {}
            found[key] = UNKNOWN if is_marked(mark, "value") else row.get("value")
        elif is_marked(mark, "key"):
            is_open = True
    return Pairs(found, is_open, tuple(twice))


def single_tag(path: str, after: Any, unknown: Any) -> TagSet:
    """Return the one tag that a resource sets on another: in its block `path`, or at the top. Raises: nothing."""
    if path != "value":
        found = pairs(getattr(after, path), marks_in(unknown, path))
    else:
        marks = {name: marks_in(unknown, name) for name in ("key", "value")}
        found = pairs([{"key": after.key, "value": after.value}], [marks])
    return TagSet(path, found.tags, "the key is known after apply" if found.is_open else "", shape="single")


def _settled(rows: list[Any]) -> dict[str, Any]:
    """Return the tags of rows that have nothing out of the common, as most have, and fewer than rows of all others."""
    try:
        found = {row["key"]: row["value"] for row in rows}
    except (TypeError, KeyError):  # a row that is no object, lacks one of both, or has a key that is no text
        return {}
    return found if set(map(type, found)) <= {str} else {}


def is_marked(mark: Any, name: str) -> bool:
    """Tell whether a member of an item is known after apply, by the marks of the item. Raises: nothing."""
    return mark is True or (isinstance(mark, dict) and bool(mark.get(name)))


def marks_in(unknown: Any, name: str) -> Any:
    """Return what is marked in an attribute: None for nothing, True for all of it, or marks of its parts.

    `unknown` is True where the whole resource is. Raises: nothing.
    """
    return unknown if unknown is True else getattr(unknown, name, None) or None
