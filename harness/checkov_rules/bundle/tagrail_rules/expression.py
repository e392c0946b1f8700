"""Evaluate the HCL expressions that tags are written in; everything else is UNKNOWN, never a guess."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from harness.checkov_rules.bundle.tagrail_rules.syntax import Token, template_end, tokenize
from harness.checkov_rules.bundle.tagrail_rules.tags import NOTHING_KNOWN, Tags


class _Unknown:
    pass


UNKNOWN = _Unknown()
Reference = Callable[[str, str], Any]  # "var" or "local", and the name -> value

_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)|([$%])[$%]\{", re.DOTALL)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t"}
_END: Token = ("mark", "")


@dataclass
class Map:
    """Hold an object: values by key, and whether it may have keys that are not known."""

    entries: dict[str, Any] = field(default_factory=dict)
    is_open: bool = False

    def put_all(self, other: Any) -> None:
        """Lay another map over this one, as merge does; null adds nothing. Raises: nothing."""
        if other is None:
            return
        if not isinstance(other, Map) or other.is_open:
            self.entries = dict.fromkeys(self.entries, UNKNOWN)
            self.is_open = True
        if isinstance(other, Map):
            self.entries.update(other.entries)


def to_tags(value: Any) -> Tags:
    """Return a value as tags; null is no tag. Raises: nothing."""
    if value is None:
        return Tags()
    if not isinstance(value, Map):
        return NOTHING_KNOWN
    known = {key: one if isinstance(one, str) else None for key, one in value.entries.items() if one is not None}
    return Tags(known, value.is_open)


def evaluate(tokens: Sequence[Token], reference: Reference) -> Any:
    """Return the value of an expression: text (numbers and booleans too), Map, None for null, or UNKNOWN.

    Raises: ValueError when it is no HCL.
    """
    return _Expression(tokens, reference).value(frozenset({""}))


class _Expression:
    """Walk the tokens of one expression."""

    def __init__(self, tokens: Sequence[Token], reference: Reference) -> None:
        self.tokens, self.reference, self.at = [*tokens, _END], reference, 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def value(self, stops: frozenset[str]) -> Any:
        """Return the value up to one of these marks; UNKNOWN for anything but a single term."""
        if "\n" not in stops:
            self.skip_newlines()
        start = self.at
        found = self.term()
        if "\n" not in stops:
            self.skip_newlines()
        if self.is_at(stops) and self.at > start:
            return found
        self.skip_to(stops)
        return UNKNOWN

    def is_at(self, stops: frozenset[str]) -> bool:
        return self.token == _END or (self.token[0] in ("mark", "newline") and self.token[1] in stops)

    def skip_newlines(self) -> None:
        while self.token[0] == "newline":
            self.at += 1

    def skip_to(self, stops: frozenset[str]) -> None:
        depth = 0
        while self.token != _END and (depth or not self.is_at(stops)):
            if self.token[0] == "mark":
                depth += (self.token[1] in "([{") - (self.token[1] in ")]}")
            self.at += 1

    def take(self, mark: str) -> bool:
        if self.token == ("mark", mark):
            self.at += 1
            return True
        return False

    def term(self) -> Any:
        kind, text = self.token
        if self.take("{"):
            return self.object()
        if self.take("("):
            found = self.value(frozenset({")"}))
            self.at += self.token != _END
            return found
        if kind in ("mark", "newline"):
            return UNKNOWN
        self.at += 1
        if kind == "string":
            return template(text, self.reference)
        if kind == "number":
            return format(Decimal(text).normalize(), "f")
        return self.named(text) if kind == "name" else UNKNOWN

    def named(self, name: str) -> Any:
        if name in ("true", "false"):
            return name
        if name == "null":
            return None
        if self.take("("):
            return self.call(name)
        steps: list[Any] = []
        while self.token[1] in (".", "[") and self.token[0] == "mark":
            if self.take("."):
                steps.append(self.token[1] if self.token[0] in ("name", "number") else UNKNOWN)
                self.at += self.token != _END
            elif self.take("["):
                steps.append(self.value(frozenset({"]"})))
                self.at += self.token != _END
        if name not in ("var", "local") or not steps or not isinstance(steps[0], str):
            return UNKNOWN
        found = self.reference(name, steps[0])
        for step in steps[1:]:
            found = found.entries.get(step, UNKNOWN) if isinstance(found, Map) and isinstance(step, str) else UNKNOWN
        return found

    def call(self, name: str) -> Any:
        given: list[Any] = []
        stops = frozenset({",", ")"})
        self.skip_newlines()
        while self.token != _END and not self.take(")"):
            given.append(self.value(stops))
            self.take(",")
            self.skip_newlines()
        if name == "merge":
            merged = Map()
            for one in given:
                merged.put_all(one)
            return merged
        return given[0] if name in ("tomap", "tostring") and len(given) == 1 else UNKNOWN

    def object(self) -> Any:
        made = Map()
        self.skip_newlines()
        if self.token == ("name", "for"):
            self.skip_to(frozenset({"}"}))
            self.at += self.token != _END
            return UNKNOWN
        while self.token != _END and not self.take("}"):
            key = self.key()
            if not (self.take("=") or self.take(":")):
                return UNKNOWN
            found = self.value(frozenset({",", "\n", "}"}))
            if isinstance(key, str):
                made.entries[key] = found
            else:
                made.put_all(UNKNOWN)
            self.take(",")
            self.skip_newlines()
        return made

    def key(self) -> Any:
        """Return the key of an entry; a bare name is text, an expression stands in parentheses."""
        kind, text = self.token
        if kind == "name" and self.tokens[self.at + 1][1] in ("=", ":"):
            self.at += 1
            return text
        return self.value(frozenset({"=", ":"}))


def template(text: str, reference: Reference) -> Any:
    """Return what stands between the quotes of a string, with what is written in ${}. Raises: ValueError."""
    parts: list[Any] = []
    literal = at = 0
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text.startswith(("$${", "%%{"), at):
            at += 3
        elif text.startswith("%{", at):
            return UNKNOWN
        elif text.startswith("${", at):
            end = template_end(text, at + 2)
            parts += [_unescaped(text[literal:at]), evaluate(tokenize(text[at + 2 : end].strip("~")), reference)]
            literal = at = end + 1
        else:
            at += 1
    parts.append(_unescaped(text[literal:]))
    whole = [part for part in parts if part != ""]
    if len(whole) == 1:
        return whole[0]
    return "".join(whole) if all(isinstance(part, str) for part in whole) else UNKNOWN


def _unescaped(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        if found[2]:
            return found[2] + "{"
        letter = found[1]
        return chr(int(letter[1:], 16)) if letter[0] in "uU" and len(letter) > 1 else _LETTERS.get(letter, letter)

    return _ESCAPE.sub(one, text)
