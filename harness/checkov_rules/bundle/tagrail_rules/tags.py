"""Hold the tags that a resource will carry, as far as they are known."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Tags:
    """Map keys to values, None for a value that is not known; `is_open` when keys may come that are not known."""

    values: Mapping[str, "str | None"] = field(default_factory=dict)
    is_open: bool = False


NOTHING_KNOWN = Tags({}, is_open=True)


def over(defaults: Tags, own: Tags) -> Tags:
    """Return a resource's own tags over its provider's default_tags.

    A default keeps its key whatever comes; its value is unknown where an unknown tag may replace it. Raises: nothing.

    >>> over(Tags({"a": "1", "b": "2"}), Tags({"b": "3"}))
    Tags(values={'a': '1', 'b': '3'}, is_open=False)
    >>> over(Tags({"a": "1"}), NOTHING_KNOWN)
    Tags(values={'a': None}, is_open=True)
    """
    below = {key: None if own.is_open else value for key, value in defaults.values.items()}
    return Tags({**below, **own.values}, defaults.is_open or own.is_open)
