"""Read the JSON text of a policy strictly: no member twice, numbers as they were written, places by their path.

AWS refuses a document in which an object has the same member twice, where Python's own reader keeps the last one
(docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeGuard

from harness.errors import TagrailError

_MOST_LEVELS = 100
_TOO_DEEP = "document: must be nested a few levels deep; got hundreds. Do flatten it"
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class PolicyError(TagrailError):
    """Report every fault of a policy document, one a line."""

    def __init__(self, problems: Iterable[str]) -> None:
        """Keep the problems in `problems`, in document order."""
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class Number(str):
    """Hold a JSON number as it was written; IAM takes `5` and `"5"` for the same condition value."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return the number without quotes."""
        return str(self)


def is_text(value: object) -> TypeGuard[str]:
    """Tell whether a value of `read_json` is a text in JSON, not a number. Raises: nothing."""
    return isinstance(value, str) and not isinstance(value, Number)


class _Object(dict[str, Any]):
    """Hold a JSON object and the names of the members that it has more than once."""

    repeated: tuple[str, ...] = ()


def read_json(content: str) -> Any:
    """Return the value of a JSON text; its numbers are texts of the type Number.

    >>> read_json('{"a": [1.50]}')
    {'a': [1.50]}

    Raises: PolicyError for what is no JSON, and for every member that stands twice in its object.
    """
    value = _loads(content, object_pairs_hook=_object, parse_constant=_refused)
    problems = list(_repetitions("", value))
    if problems:
        raise PolicyError(problems)
    return value


def parse_loosely(content: str) -> Any:
    """Return the value of a JSON text as `read_json` does; a member that stands twice has its last value.

    Raises: PolicyError for what is no JSON.
    """
    return _loads(content)


def shown(value: object, most: int = 60) -> str:
    """Return a JSON value as a message shows it, in `most` characters at most.

    >>> shown("a"), shown(None), shown({"a": [True]}), shown([Number("1.50")])
    ('"a"', 'null', '{"a": [true]}', '[1.50]')

    Raises: nothing.
    """
    text = _written(value)
    return text if len(text) <= most else f"{text[: most - 3]}..."


def member(path: str, name: str) -> str:
    """Return the path of a member: `a.b`, or `a["b:c"]` where the name is no plain word. Raises: nothing."""
    step = name if _PLAIN.fullmatch(name) else f'["{name}"]'
    return f"{path}.{step}" if path and not step.startswith("[") else f"{path}{step}"


def _loads(content: str, **hooks: Any) -> Any:
    try:
        value = json.loads(content, parse_int=Number, parse_float=Number, **hooks)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}: must be JSON; {error.msg} at column {error.colno}. Do mend the syntax"
        raise PolicyError([place]) from error
    except RecursionError as error:
        raise PolicyError([_TOO_DEEP]) from error
    if _is_deep(value):
        raise PolicyError([_TOO_DEEP])
    return value


def _is_deep(value: object) -> bool:
    """Tell whether a value has more levels than a walk through it may take."""
    level = [value]
    for _ in range(_MOST_LEVELS):
        if not level:
            return False
        level = [item for each in level if isinstance(each, dict | list) for item in _items(each)]
    return bool(level)


def _items(value: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value


def _written(value: object) -> str:
    """Return a value as JSON, its numbers as they were written."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_written(str(name))}: {_written(item)}' for name, item in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_written, value))}]"
    return json.dumps(value, ensure_ascii=False, default=str)


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        found.repeated = tuple(name for name in found if names.count(name) > 1)
    return found


def _refused(name: str) -> None:
    raise PolicyError([f"document: must be JSON; got the constant {name}. Do write a number or a text"])


def _repetitions(path: str, value: object) -> Iterator[str]:
    if isinstance(value, _Object):
        for name in value.repeated:
            yield f"{member(path, name)}: must stand once in its object; got it twice. Do merge the two"
        for name, item in value.items():
            yield from _repetitions(member(path, name), item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _repetitions(f"{path}[{index}]", item)
