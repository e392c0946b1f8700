"""Build plain data from a template in JSON, with the line of each resource.

The document and its `Resources` are walked here, each value below is decoded by the standard library in one go.
"""

import json
import re
from collections.abc import Callable, Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, Final, NoReturn

from harness.errors import InputError, Problem
from harness.plan_check.cloudformation.text import DEEPEST, number, refuse

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_PARTS: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]', re.DOTALL)


def parse_json(text: str, name: str) -> tuple[Any, dict[str, int]]:
    """Return the data of a JSON document and the line of each key of `Resources`.

    Raises: InputError for what is no JSON, is nested too deeply or holds a key twice; each problem with its line.
    """
    reader = _Reader(text)
    try:
        data = reader.read()
    except json.JSONDecodeError as error:
        message = f"must be JSON; {error.msg} at column {error.colno}. Do mend the syntax there"
        raise InputError([Problem(name, error.lineno, "", message)]) from error
    except RecursionError as error:
        raise InputError([Problem(name, 0, "", _TOO_DEEP)]) from error
    if reader.has_duplicates:
        raise InputError(_duplicates(text, name))
    if _is_deeper(data, DEEPEST):
        refuse(name, 0, _TOO_DEEP)
    if _SURROGATE.search(text) and not _is_unicode(data):
        refuse(name, 0, r"must be Unicode; half of a pair such as \ud800 is not. Do write the whole pair")
    return data, reader.lines


_TOO_DEEP: Final = f"must be nested at most {DEEPEST} levels deep. Do make it flatter"


class _Reader:
    """Decode a text; `lines` and `has_duplicates` are filled on the way."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: dict[str, int] = {}
        self.has_duplicates = False
        self.counted = (0, 1)
        self.decoder = json.JSONDecoder(
            object_pairs_hook=self.pairs, parse_int=number, parse_float=number, parse_constant=self.constant
        )

    def pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            self.has_duplicates = True
        return found

    def constant(self, word: str) -> NoReturn:
        raise json.JSONDecodeError(f"{word} is no number of JSON", self.text, self.text.find(word))

    def read(self) -> Any:
        start = self.skip(0)
        data, end = self.object(start, self.section) if self.text[start : start + 1] == "{" else self.value("", start)
        end = self.skip(end)
        if end != len(self.text):
            raise json.JSONDecodeError("extra data", self.text, end)
        return data

    def section(self, key: str, at: int) -> tuple[Any, int]:
        is_resources = key == "Resources" and self.text[at : at + 1] == "{"
        return self.object(at, self.resource) if is_resources else self.value(key, at)

    def resource(self, key: str, at: int) -> tuple[Any, int]:
        done, line = self.counted
        self.counted = (at, line + self.text.count("\n", done, at))
        self.lines.setdefault(key, self.counted[1])
        return self.value(key, at)

    def value(self, _: str, at: int) -> tuple[Any, int]:
        return self.decoder.raw_decode(self.text, at)

    def object(self, at: int, value: Callable[[str, int], tuple[Any, int]]) -> tuple[dict[str, Any], int]:
        pairs: list[tuple[str, Any]] = []
        at = self.skip(at + 1)
        if self.text[at : at + 1] == "}":
            return {}, at + 1
        while True:
            self.expect('"', at, "a key in double quotes is missing")
            key, at = scanstring(self.text, at + 1, True)  # noqa: FBT003 (the standard library's own signature)
            at = self.skip(at)
            self.expect(":", at, "a colon is missing after the key")
            held, at = value(key, self.skip(at + 1))
            pairs.append((key, held))
            at = self.skip(at)
            if self.text[at : at + 1] == "}":
                return self.pairs(pairs), at + 1
            self.expect(",", at, "a comma is missing")
            at = self.skip(at + 1)

    def skip(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def expect(self, mark: str, at: int, message: str) -> None:
        if self.text[at : at + 1] != mark:
            raise json.JSONDecodeError(message, self.text, at)


def _is_deeper(data: Any, levels: int) -> bool:
    level = [data] if isinstance(data, dict | list) else []
    for _ in range(levels + 1):
        level = [
            child
            for held in level
            for child in (held.values() if type(held) is dict else held)
            if type(child) is dict or type(child) is list
        ]
        if not level:
            return False
    return True


def _is_unicode(data: Any) -> bool:
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _duplicates(text: str, name: str) -> Iterator[Problem]:
    """Yield a problem for each key that its object already has. Slow, and only for texts that have one."""
    keys: list[set[str] | None] = []
    held, start = "", 0
    for part in _PARTS.finditer(text):
        mark = part.group()
        if mark in "{[":
            keys.append(set() if mark == "{" else None)
        elif mark in "}]":
            keys.pop()
        elif mark == ":":
            known = keys[-1] if keys else None
            key = json.loads(held)
            if known is not None and key in known:
                line = text.count("\n", 0, start) + 1
                message = f'must hold each key once; "{key}" stands above too. Do merge the two'
                yield Problem(name, line, "", message)
            elif known is not None:
                known.add(key)
        elif mark != ",":
            held, start = mark, part.start()
