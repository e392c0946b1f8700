"""Build plain data from a template in YAML, with the line of each resource.

From the parser's events, not from its nodes: ten times faster, no recursion that deep nesting could exhaust, and an
alias is one more reference to what it names.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

import yaml

from harness.errors import InputError, Problem
from harness.plan_check.cloudformation.text import DEEPEST, MOST_ALIASED, plain_scalar, refuse

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NO_KEY: Final[Any] = object()
_STANDARD: Final = "tag:yaml.org,2002:"
_PLAIN_TAGS: Final = frozenset(_STANDARD + kind for kind in ("int", "float", "bool", "null"))
_MOST_PROBLEMS: Final = 100  # keys that stand twice, before the rest is left unread
_TEXT_TAGS: Final = frozenset(("!", *(_STANDARD + kind for kind in ("str", "map", "seq"))))
_SHORT: Final = {"!Ref": "Ref", "!Condition": "Condition"}


class _Frame:
    """Hold a mapping or list that is being read."""

    __slots__ = ("anchor", "before", "held", "is_map", "key", "line", "merged", "tag")

    def __init__(self, event: Any, *, is_map: bool, before: int) -> None:
        self.held: Any = {} if is_map else []
        self.is_map = is_map
        self.key: Any = _NO_KEY
        self.merged: list[dict[Any, Any]] = []
        self.anchor = event.anchor
        self.tag = event.tag
        self.line = event.start_mark.line + 1
        self.before = before


class _Builder:
    """Take one event after the other; `data` is the document at the end."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.data: Any = None
        self.lines: dict[str, int] = {}
        self.problems: list[Problem] = []
        self.frames: list[_Frame] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.values = 0
        self.aliased = 0
        self.documents = 0
        self.takers: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self.scalar,
            yaml.MappingStartEvent: self.mapping,
            yaml.SequenceStartEvent: self.sequence,
            yaml.MappingEndEvent: self.close,
            yaml.SequenceEndEvent: self.close,
            yaml.AliasEvent: self.alias,
            yaml.DocumentStartEvent: self.document,
        }

    def document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            message = "must hold one YAML document; a second begins here. Do put each into a file of its own"
            refuse(self.name, event.start_mark.line + 1, message)

    def scalar(self, event: Any) -> None:
        tag, value = event.tag, event.value
        line = event.start_mark.line + 1
        if self.frames and self.frames[-1].is_map and self.frames[-1].key is _NO_KEY:
            self.key(value, line, is_merge=value == "<<" and not event.style)
            return
        if tag is None:
            if not event.style:
                value = plain_scalar(value)
        elif tag in _PLAIN_TAGS:
            value = plain_scalar(value)
        else:
            value = self.tagged(tag, value, line)
        self.place(value, event.anchor, self.values)

    def mapping(self, event: Any) -> None:
        self.open(_Frame(event, is_map=True, before=self.values))

    def sequence(self, event: Any) -> None:
        self.open(_Frame(event, is_map=False, before=self.values))

    def open(self, frame: _Frame) -> None:
        if self.frames and self.frames[-1].is_map and self.frames[-1].key is _NO_KEY:
            message = "must have text as key; got a list or a mapping. Do write a plain key"
            refuse(self.name, frame.line, message)
        self.frames.append(frame)
        if len(self.frames) > DEEPEST:
            refuse(self.name, frame.line, f"must be nested at most {DEEPEST} levels deep. Do make it flatter")

    def close(self, _: Any) -> None:
        frame = self.frames.pop()
        held = frame.held
        for other in frame.merged:
            held = {**other, **held}
        if frame.tag is not None:
            held = self.tagged(frame.tag, held, frame.line)
        self.place(held, frame.anchor, frame.before)

    def alias(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if event.anchor not in self.anchors:
            message = f'must name an anchor that ends above; got "*{event.anchor}". Do write the value out'
            refuse(self.name, line, message)
        value, weight = self.anchors[event.anchor]
        if self.frames and self.frames[-1].is_map and self.frames[-1].key is _NO_KEY:
            if not isinstance(value, str):
                refuse(self.name, line, "must have text as key; the alias names something else. Do write a plain key")
            self.key(value, line, is_merge=False)
            return
        self.values += weight
        self.aliased += weight
        if self.aliased > MOST_ALIASED:
            message = f"must stand for at most {MOST_ALIASED:,} values with its aliases. Do write fewer aliases"
            refuse(self.name, line, message)
        self.place(value, None, self.values)

    def key(self, key: str, line: int, *, is_merge: bool) -> None:
        frame = self.frames[-1]
        frame.key = "<<" if is_merge else key
        if is_merge:
            return
        if key in frame.held:
            message = f'must hold each key once; "{key}" stands above too. Do merge the two'
            self.problems.append(Problem(self.name, line, "", message))
            if len(self.problems) > _MOST_PROBLEMS:
                raise InputError(self.problems)
        frame.held[key] = None
        if len(self.frames) == 2 and self.frames[0].key == "Resources":
            self.lines.setdefault(key, line)

    def place(self, value: Any, anchor: str | None, before: int) -> None:
        self.values += 1
        if anchor is not None:
            self.anchors[anchor] = (value, self.values - before)
        if not self.frames:
            self.data = value
            return
        frame = self.frames[-1]
        if not frame.is_map:
            frame.held.append(value)
            return
        if frame.key == "<<" and "<<" not in frame.held:
            self.merge(frame, value)
        else:
            frame.held[frame.key] = value
        frame.key = _NO_KEY

    def merge(self, frame: _Frame, value: Any) -> None:
        """Take over the keys of what "<<" names; the first that has a key wins, what is written out before all."""
        others = value if isinstance(value, list) else [value]
        if not all(isinstance(other, dict) for other in others):
            refuse(self.name, frame.line, "must merge mappings with <<; got something else. Do alias a mapping")
        frame.merged.extend(others)

    def tagged(self, tag: str, value: Any, line: int) -> Any:
        """Return the long form of a function in short form."""
        if tag.startswith("!") and len(tag) > 1:
            return {_SHORT.get(tag, f"Fn::{tag[1:]}"): value}
        if tag not in _TEXT_TAGS:
            rule = "must use the YAML tags of CloudFormation's functions only"
            refuse(self.name, line, f'{rule}; got "{tag.removeprefix(_STANDARD)}". Do remove the tag')
        return value


def parse_yaml(text: str, name: str) -> tuple[Any, dict[str, int]]:
    """Return the data of a YAML document and the line of each key of `Resources`.

    Functions in short form come back in long form. Plain scalars are what YAML 1.1 takes them for, or Unclear.
    Raises: InputError for what is no single YAML document, is nested too deeply, holds a key twice, or expands its
    aliases beyond bounds; each problem with its line.
    """
    builder = _Builder(name)
    takers = builder.takers
    try:
        for event in _events(text):
            take = takers.get(type(event))
            if take is not None:
                take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f" at column {mark.column + 1}" if mark else ""
        message = f"must be YAML; {error.problem or error.context}{place}. Do mend the syntax there"
        raise InputError([*builder.problems, Problem(name, mark.line + 1 if mark else 0, "", message)]) from error
    except yaml.YAMLError as error:
        message = f"must be YAML; {str(error).splitlines()[0]}. Do remove that character"
        raise InputError([Problem(name, 0, "", message)]) from error
    if builder.problems:
        raise InputError(builder.problems)
    return builder.data, builder.lines


def _events(text: str) -> Iterator[Any]:
    return yaml.parse(text, Loader=_LOADER)
