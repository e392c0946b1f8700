"""Find the line on which a place of a JSON text stands."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}:,]|[^\s\[\]{}:,"]+', re.DOTALL)
_STEP = re.compile(r'\["([^"]*)"\]|\[(\d+)\]|\.?([^.\[\]]+)')
_TO_VALUE = re.compile(r'"(?:[^"\\]|\\.)*"\s*:\s*')

_Steps = tuple[str, ...]


def line_of(text: str, path: str) -> int:
    r"""Return the line, from 1, of a path such as `Statement[2].Condition` or `tags["a"].tag_key`.

    Where the text has less of the path, it is the line of the last step that is there; 1 where it has none of it.
    Raises: nothing; the text has been read as JSON before.

    >>> line_of('{"a": [1,\n 2,\n {"b": 3}]}', "a[2].b"), line_of("{}", "a")
    (3, 1)
    """
    lines, wanted = _lines(text), _steps(path)
    return next((lines[wanted[:end]] for end in range(len(wanted), 0, -1) if wanted[:end] in lines), 1)


def value_offset(text: str, path: str) -> int:
    """Return where in the text the value of a member begins.

    >>> '{"a": {"b": [1]}}'[value_offset('{"a": {"b": [1]}}', "a.b") :]
    '[1]}}'

    Raises: StopIteration for a path that the text does not have.
    """
    wanted = _steps(path)
    name = next(start for steps, start in _places(text) if steps == wanted)
    found = _TO_VALUE.match(text, name)
    return found.end() if found else name


@lru_cache(maxsize=16)
def _lines(text: str) -> Mapping[_Steps, int]:
    """Return the line on which each place stands first."""
    lines: dict[_Steps, int] = {}
    line, counted = 1, 0
    for steps, start in _places(text):
        line, counted = line + text.count("\n", counted, start), start
        lines.setdefault(steps, line)
    return lines


def _steps(path: str) -> _Steps:
    return tuple(next(step for step in found.groups() if step is not None) for found in _STEP.finditer(path))


def _places(text: str) -> Iterator[tuple[_Steps, int]]:
    """Yield the steps and the offset of each member and each item, in the order of the text."""
    around: list[str | int | None] = []  # per open object its member at hand, per open list its item's index
    wants_name = False
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if wants_name and mark.startswith('"'):
            around[-1], wants_name = mark[1:-1], False
            yield tuple(map(str, around)), token.start()
            continue
        if mark in "]}":
            around.pop()
            wants_name = False
            continue
        if mark == ",":
            wants_name = not isinstance(around[-1], int)
            around[-1] = around[-1] + 1 if isinstance(around[-1], int) else None
            continue
        if mark == ":":
            continue
        if around and isinstance(around[-1], int):
            yield tuple(map(str, around)), token.start()
        if mark in "[{":
            around.append(0 if mark == "[" else None)
            wants_name = mark == "{"
