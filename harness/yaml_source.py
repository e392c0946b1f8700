"""Read a YAML file into plain data with the line of every value; refuse what YAML readers understand differently.

Terraform reads the same files by another version of YAML: `0123`, `1e3`, `yes` or `1:30` mean something else there.
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from harness.errors import InputError, Problem
from harness.text_file import read_text

Path_ = tuple[str | int, ...]

_CANONICAL_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_SOME_NUMBER = re.compile(
    r"[-+]?(0[xobXOB][0-9a-fA-F_]+|[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?|\.[0-9_]+([eE][-+]?[0-9]+)?"
    r"|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?|\.(inf|Inf|INF|nan|NaN|NAN))"
)
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_OTHER_BOOLEANS = frozenset(
    word for base in ("y", "n", "yes", "no", "on", "off") for word in (base, base.capitalize(), base.upper())
)
_MOST_NODES = 200_000
_DEEPEST = 64  # far below where Python would run out of stack
_LONGEST_NUMBER = 15  # digits that every reader keeps exactly
_RESOLVER = yaml.resolver.Resolver()


@dataclass(frozen=True, slots=True)
class Source:
    """Hold a file's data and where each value stands; `lines` maps a path to a line that counts from 1."""

    file: str
    data: object
    lines: Mapping[Path_, int]

    def line(self, path: Path_) -> int:
        """Return the line of `path`, or of the nearest enclosing value that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: Path_, message: str) -> Problem:
        """Return a problem at `path` with its file, line and readable path."""
        return Problem(self.file, self.line(path), show_path(path), message)


def show_path(path: Path_) -> str:
    """Return a path as people write it.

    >>> show_path(("tags", "a:b", "values", 0))
    'tags["a:b"].values[0]'
    """
    shown = ""
    for part in path:
        if isinstance(part, int):
            shown += f"[{part}]"
        elif re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", part):
            shown += f".{part}" if shown else part
        else:
            shown += f'["{part}"]'
    return shown


def read_source(path: Path, shown: str, *, most: int | None = None) -> Source:
    """Return the data and lines of the YAML file at `path`; `shown` is its name in messages.

    `most` is how many values it may hold, 200,000 if not given.

    Raises: InputError when the file is absent, unreadable, no UTF-8, no single YAML document or nested too deeply, or
    holds duplicate keys, keys that are no text, merge keys, or plain scalars that readers of YAML 1.1 and 1.2
    understand differently.
    """
    text = read_text(path, shown)
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        column = mark.column + 1 if mark else 0
        message = f"must be YAML; {error.problem} at column {column}. Do mend the syntax there"
        raise InputError([Problem(shown, line, "", message)]) from error
    except yaml.YAMLError as error:
        message = f"must be YAML; {str(error).splitlines()[0]}. Do remove that character"
        raise InputError([Problem(shown, 0, "", message)]) from error
    reader = _Reader(shown, _MOST_NODES if most is None else most)
    data = reader.read(node, ()) if node is not None else None
    if reader.problems:
        raise InputError(reader.problems)
    return Source(shown, data, reader.lines)


class _Loader(yaml.SafeLoader):
    """Refuse a document that is nested too deeply while it is read."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self.depth += 1
        if self.depth > _DEEPEST:
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem=f"nested more than {_DEEPEST} levels deep", problem_mark=mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


@dataclass(slots=True)
class _Reader:
    """Walk a node tree; collects lines and problems."""

    file: str
    most: int
    lines: dict[Path_, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    open_nodes: set[int] = field(default_factory=set)
    nodes: int = 0

    def refuse(self, node: yaml.Node, path: Path_, message: str) -> None:
        self.problems.append(Problem(self.file, node.start_mark.line + 1, show_path(path), message))

    def read(self, node: yaml.Node, path: Path_) -> object:
        self.nodes += 1
        if self.nodes > self.most:
            message = f"must hold at most {self.most} values after aliases are expanded. Do write fewer aliases"
            raise InputError([*self.problems, Problem(self.file, 0, "", message)])
        self.lines.setdefault(path, node.start_mark.line + 1)
        if node.tag != _implicit_tag(node):
            self.refuse(node, path, f'must not use a YAML tag; got "{node.tag}". Do remove it, and quote text')
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node, path)
        if id(node) in self.open_nodes:
            self.refuse(node, path, "must not contain itself. Do remove the alias")
            return None
        self.open_nodes.add(id(node))
        try:
            return self.mapping(node, path) if isinstance(node, yaml.MappingNode) else self.sequence(node, path)
        finally:
            self.open_nodes.discard(id(node))

    def sequence(self, node: yaml.Node, path: Path_) -> list[object]:
        return [self.read(item, (*path, index)) for index, item in enumerate(node.value)]

    def mapping(self, node: yaml.MappingNode, path: Path_) -> dict[str, object]:
        found: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = self.key(key_node, path)
            if key is None:
                continue
            at = (*path, key)
            if key in found:
                message = f"must appear once; it stands on line {self.lines[at]} too. Do merge the two"
                self.refuse(key_node, at, message)
            else:
                self.lines[at] = key_node.start_mark.line + 1
            found[key] = self.read(value_node, at)
        return found

    def key(self, node: yaml.Node, path: Path_) -> str | None:
        """Return the text of a key, even of one that is refused; None when it has none."""
        if node.tag == "tag:yaml.org,2002:merge":
            message = 'must not use the merge key "<<". Do write the keys out, or alias a whole value'
            self.refuse(node, path, message)
            return None
        if not isinstance(node, yaml.ScalarNode):
            self.refuse(node, path, "must have text as key; got a list or a mapping. Do write a plain key")
            return None
        text: str = node.value
        if node.tag != _implicit_tag(node):
            self.refuse(node, path, f'must not use a YAML tag; got "{node.tag}". Do remove it, and quote text')
            return text
        key = self.scalar(node, path)
        if not isinstance(key, str):
            self.refuse(node, path, f'must have text as key; got {text} ({_kind(key)}). Do quote it: "{text}"')
        return text

    def scalar(self, node: yaml.ScalarNode, path: Path_) -> object:
        text: str = node.value
        if node.style is not None:
            return text
        if text in _OTHER_BOOLEANS:
            self.refuse(
                node,
                path,
                f'must be true, false or quoted text; got "{text}". Do write true or false, or "{text}" in quotes',
            )
        elif _SOME_NUMBER.fullmatch(text) and (len(text) > _LONGEST_NUMBER or not _CANONICAL_NUMBER.fullmatch(text)):
            rule = f'must be a plain decimal number or quoted text; got "{text}", which YAML readers disagree on'
            message = f'{rule}. Do write "{text}" in quotes'
            self.refuse(node, path, message)
        elif text in _BOOLEANS:
            return _BOOLEANS[text]
        elif _CANONICAL_NUMBER.fullmatch(text):
            return float(text) if "." in text else int(text)
        elif node.tag in ("tag:yaml.org,2002:null", "tag:yaml.org,2002:timestamp"):
            return self.constructed(node, path)
        return text

    def constructed(self, node: yaml.ScalarNode, path: Path_) -> object:
        """Return null, or the date or time of a timestamp."""
        if node.tag.endswith(":null"):
            return None
        try:
            value = yaml.SafeLoader("").construct_yaml_timestamp(node)
        except ValueError:
            self.refuse(
                node, path, f'must be a date that exists; got "{node.value}". Do correct it, or quote it if it is text'
            )
            return None
        assert isinstance(value, datetime.date)  # noqa: S101 (narrowing for mypy: PyYAML returns date or datetime)
        return value


def _implicit_tag(node: yaml.Node) -> str:
    """Return the tag that a node has when its author wrote none."""
    plain = isinstance(node, yaml.ScalarNode) and node.style is None
    tag: str = _RESOLVER.resolve(type(node), node.value, (plain, not plain))  # type: ignore[no-untyped-call]
    return tag


def _kind(value: object) -> str:
    """Return a YAML type's name as people say it."""
    names: dict[type, str] = {bool: "true or false", int: "a number", float: "a number", type(None): "nothing"}
    names |= {str: "text", dict: "a mapping", list: "a list"}
    return names.get(type(value), "a date")


def describe(value: object) -> str:
    """Return a found value as a message shows it: `"text"`, `5045 (a number)`, `a list`.

    >>> describe("a"), describe(5045), describe(None)
    ('"a"', '5045 (a number)', 'nothing')
    """
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, bool):
        return f"{str(value).lower()} (true or false)"
    if isinstance(value, int | float | datetime.date):
        return f"{value} ({_kind(value)})"
    return _kind(value)
