"""Write plain data as YAML that every reader takes for the same: blocks outside, one line for what is short.

PyYAML would write `y`, `1e3` or `0o17` without quotes, which readers of YAML 1.1 and 1.2 understand differently
(yaml_source.py refuses them), and policies as endless escapes.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./@-]*(:[A-Za-z0-9_./@-]+)*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
# What YAML does not print (yaml.org/spec/1.2.2, 5.1), or takes for a line break.
_AWKWARD = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_INDENT = "  "


def render_yaml(data: Mapping[str, Any], blocks: frozenset[str]) -> str:
    """Return a document; members named in `blocks`, at any depth, are written over several lines, others on one.

    >>> print(render_yaml({"a": [{"b": "yes", "c": 1}], "d": "x"}, frozenset({"a"})), end="")
    a:
      - {b: "yes", c: 1}
    d: x

    Raises: TypeError for data that is none of text, number, true or false, date, list and mapping.
    """
    return "".join(f"{line}\n" for line in _block(data, "", blocks))


def _block(data: Mapping[str, Any], indent: str, blocks: frozenset[str]) -> Iterator[str]:
    for name, value in data.items():
        key = f"{indent}{scalar(name)}:"
        inner = indent + _INDENT
        if name in blocks and isinstance(value, Mapping) and value:
            yield key
            yield from _block(value, inner, blocks)
        elif name in blocks and isinstance(value, list | tuple) and value:
            yield key
            for item in value:
                yield from _item(item, inner, blocks)
        elif isinstance(value, str) and _is_literal(value):
            yield f"{key} |{'' if value.endswith(chr(10)) else '-'}"
            yield from (f"{inner}{line}" if line else "" for line in value.removesuffix("\n").split("\n"))
        else:
            yield f"{key} {_flow(value)}"


def _item(item: Any, indent: str, blocks: frozenset[str]) -> Iterator[str]:
    wide = isinstance(item, Mapping) and any(
        name in blocks or (isinstance(value, str) and _is_literal(value)) for name, value in item.items()
    )
    if not wide:
        yield f"{indent}- {_flow(item)}"
        return
    lines = _block(item, indent + _INDENT, blocks)
    yield f"{indent}- {next(lines).lstrip(' ')}"
    yield from lines


def _flow(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | date):
        return str(value)
    if isinstance(value, str):
        return scalar(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(name)}: {_flow(each)}" for name, each in value.items()) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(_flow, value)) + "]"
    raise TypeError(f"must be plain data; got {type(value).__name__}")


def scalar(text: str) -> str:
    r"""Return a text as one line of YAML, in quotes unless every reader takes it for text without.

    >>> scalar("eu-central-1"), scalar("5045"), scalar('{"a": 1}'), scalar("a'b")
    ('eu-central-1', '"5045"', '\'{"a": 1}\'', '"a\'b"')

    Raises: nothing.
    """
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    if '"' in text and not _AWKWARD.search(text) and not re.search(r"[\t\n]", text) and text == text.strip():
        return "'" + text.replace("'", "''") + "'"
    return _AWKWARD.sub(lambda found: f"\\U{ord(found[0]):08x}", json.dumps(text, ensure_ascii=False))


def _is_literal(text: str) -> bool:
    """Tell whether a text of several lines can stand as it is: no blank before it, and one break behind at most."""
    lines = text.removesuffix("\n").split("\n")
    plain = len(lines) > 1 and lines[0] == lines[0].lstrip() and all((lines[0], lines[-1].strip()))
    return plain and not _AWKWARD.search(text)
