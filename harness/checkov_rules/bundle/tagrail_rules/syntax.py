"""Read the structure of HCL: blocks, their attributes as tokens. Only what tags can stand in is told apart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

Token = tuple[str, str]  # kind: name, number, string, heredoc, newline or mark; text

_HEREDOC = re.compile(r"<<-?([A-Za-z_][\w-]*)\r?\n")
_PLAIN = re.compile(
    r"(?P<skip>[ \t\r\ufeff]+|(?:\#|//)[^\n]*|/\*.*?\*/)"
    r"|(?P<newline>\n)"
    r"|(?P<name>[^\W\d][\w-]*)"
    r"|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<mark>\.\.\.|=>|==|!=|<=|>=|&&|\|\||::|[^\s\w\"])",
    re.DOTALL,
)
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")


@dataclass
class Block:
    """Hold a block: its type and labels, its attributes as tokens by name, and the blocks inside it."""

    kind: str
    labels: tuple[str, ...] = ()
    attributes: dict[str, tuple[Token, ...]] = field(default_factory=dict)
    blocks: list["Block"] = field(default_factory=list)

    def inner(self, kind: str) -> "list[Block]":
        """Return the blocks of a kind inside this one. Raises: nothing."""
        return [block for block in self.blocks if block.kind == kind]

    def is_generated(self, kind: str) -> bool:
        """Tell whether a dynamic block makes further blocks of a kind. Raises: nothing."""
        return any(block.labels == (kind,) for block in self.inner("dynamic"))


def parse(text: str) -> Block:
    """Return the body of a file as a block without type. Raises: ValueError when it is no HCL."""
    tokens = tokenize(text)
    body = Block("")
    if _body(body, tokens, 0) != len(tokens):
        raise ValueError("unmatched }")
    return body


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a text, without spaces and comments. Raises: ValueError when it is no HCL."""
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        if text[at] == '"':
            end = _string_end(text, at + 1)
            tokens.append(("string", text[at + 1 : end]))
            at = end + 1
        elif heredoc := _HEREDOC.match(text, at):
            end_line = re.compile(rf"^[ \t]*{re.escape(heredoc[1])}[ \t]*\r?$", re.MULTILINE).search(
                text, heredoc.end()
            )
            if not end_line:
                raise ValueError(f"heredoc {heredoc[1]} without end")
            tokens.append(("heredoc", heredoc[1]))
            at = end_line.end()
        else:
            found = _PLAIN.match(text, at)
            if not found or not found.lastgroup:
                raise ValueError(f"no token at {text[at : at + 20]!r}")
            if found.lastgroup != "skip":
                tokens.append((found.lastgroup, found[0]))
            at = found.end()
    return tokens


def _string_end(text: str, at: int) -> int:
    """Return where the closing quote of a string stands; `at` is behind its opening one."""
    while at < len(text):
        if text[at] == '"':
            return at
        if text[at] == "\\":
            at += 2
        elif text.startswith(("$${", "%%{"), at):
            at += 3
        elif text.startswith(("${", "%{"), at):
            at = template_end(text, at + 2) + 1
        else:
            at += 1
    raise ValueError("string without end")


def template_end(text: str, at: int) -> int:
    """Return where the brace stands that closes `${`; `at` is behind it. Raises: ValueError when none does."""
    depth = 1
    while at < len(text):
        if text[at] == '"':
            at = _string_end(text, at + 1)
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if not depth:
            return at
        at += 1
    raise ValueError("${ without end")


def _body(into: Block, tokens: Sequence[Token], at: int) -> int:
    """Read attributes and blocks up to the closing brace or the end; return where that is."""
    while at < len(tokens) and tokens[at] != ("mark", "}"):
        if tokens[at][0] == "newline":
            at += 1
            continue
        name = tokens[at][1]
        if tokens[at + 1 : at + 2] == [("mark", "=")]:
            end = _expression_end(tokens, at + 2)
            into.attributes[name] = tuple(tokens[at + 2 : end])
            at = end
            continue
        end = at
        while tokens[end : end + 1] != [("mark", "{")]:
            if tokens[end : end + 1] == [] or tokens[end][0] not in ("name", "string"):
                raise ValueError(f"no block at {name!r}")
            end += 1
        block = Block(name, tuple(text for _, text in tokens[at + 1 : end]))
        into.blocks.append(block)
        at = _body(block, tokens, end + 1) + 1
        if at > len(tokens):
            raise ValueError(f"block {name!r} without end")
    return at


def _expression_end(tokens: Sequence[Token], at: int) -> int:
    depth = 0
    while at < len(tokens):
        kind, text = tokens[at]
        if depth == 0 and (kind == "newline" or (kind, text) == ("mark", "}")):
            return at
        if kind == "mark":
            depth += (text in _OPENING) - (text in _CLOSING)
        at += 1
    return at
