"""Parse the SQL that AWS Data Exports documents: SELECT columns FROM table [WHERE conditions] [LIMIT number].

docs.aws.amazon.com/cur/latest/userguide/dataexports-data-query.html. Keywords may be written in any case, columns and
tables may not; text stands in single quotes; `<` and its like compare with numbers. LIKE, IS NULL and BETWEEN are not
among the operators.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from harness.spelling import nearest

Kind = Literal["text", "number", "word", "operator", "sign"]
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'[^']*')|(?P<number>-?(?:\d+(?:\.\d*)?|\.\d+)(?![A-Za-z_0-9]))"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?)|(?P<operator><=|>=|!=|<>|=|<|>)|(?P<sign>[(),*]))"
)
_ORDERING = frozenset({"<", "<=", ">", ">="})
_KEYWORDS = frozenset({"SELECT", "AS", "FROM", "WHERE", "AND", "OR", "NOT", "IN", "LIMIT"})
_KNOWN = "=, !=, <>, <, <=, >, >=, IN (...), AND, OR, NOT and parentheses"


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Kind
    text: str

    def is_word(self, *words: str) -> bool:
        """Tell whether it is one of these keywords."""
        return self.kind == "word" and self.text.upper() in words


_END = _Token("sign", "")


@dataclass(frozen=True, slots=True)
class Statement:
    """Hold a statement: source column -> name in the export, in order; the table; the filter's text, empty without.

    `limit` is the number of rows behind LIMIT, None without.
    """

    columns: tuple[tuple[str, str], ...]
    table: str
    where: str
    limit: int | None


class StatementError(Exception):
    """Say in what a text is no statement that Data Exports documents."""


def render_statement(columns: Iterable[str], table: str, where: str | None) -> str:
    """Return the statement that selects these columns, of the rows that a filter lets pass. Raises: nothing.

    >>> render_statement(["BilledCost", "Tags"], "FOCUS_1_2_AWS", "BilledCost <> 0")
    'SELECT BilledCost, Tags FROM FOCUS_1_2_AWS WHERE BilledCost <> 0'
    """
    condition = f" WHERE {where}" if where else ""
    return f"SELECT {', '.join(columns)} FROM {table}{condition}"  # noqa: S608 (AWS runs it, on the caller's own bill)


def filter_fault(text: str, types: Mapping[str, str]) -> str | None:
    """Return what is wrong with a filter, what stands behind WHERE, as `must …; got …. Do …`; None when it holds.

    `types` maps the columns that the table has to their types. Raises: nothing.
    """
    try:
        tokens = _tokens(text)
        if not tokens:
            return 'must be a condition; got "". Do write one, or remove it'
        _Conditions(tokens, types).check()
    except StatementError as error:
        return str(error)
    return None


def parse_statement(text: str, tables: Mapping[str, Mapping[str, str]]) -> Statement:
    """Return the statement; `tables` maps names of tables to their columns with types.

    Raises: StatementError in the words of `filter_fault`.
    """
    found = re.fullmatch(
        r"\s*SELECT\s+(?P<columns>.*?)\s+FROM\s+(?P<table>[A-Za-z0-9_]+)"
        r"(?:\s+WHERE\s+(?P<where>.*?))?(?:\s+LIMIT\s+(?P<limit>\d+))?\s*;?\s*",
        text,
        re.IGNORECASE | re.DOTALL,
    )
    if not found:
        raise StatementError("must be SELECT columns FROM table, with a WHERE and a LIMIT if wanted")
    table, where = found["table"], found["where"] or ""
    if table not in tables:
        guess = nearest(table, tables) or f" Do choose one of {', '.join(tables)}"
        raise StatementError(f'must select from a table of Data Exports; got "{table}".{guess}')
    types = tables[table]
    columns = tuple(_selected(each.strip(), types) for each in found["columns"].split(","))
    if fault := filter_fault(where, types) if where else None:
        raise StatementError(fault)
    return Statement(columns, table, where, None if found["limit"] is None else int(found["limit"]))


def _selected(text: str, types: Mapping[str, str]) -> tuple[str, str]:
    found = re.fullmatch(r"(?P<column>[A-Za-z0-9_]+)(?P<part>\.[A-Za-z0-9_]+)?(?:\s+AS\s+(?P<name>\w+))?", text, re.I)
    if not found:
        raise StatementError(f'must name columns, since Data Exports selects no *; got "{text}". Do list them')
    column, part = found["column"], found["part"] or ""
    if column not in types:
        raise StatementError(_unknown(column, types))
    if part and not types[column].startswith("map<"):
        raise StatementError(f'must take a part of a map only; got "{column}{part}". Do select {column}')
    return f"{column}{part}", found["name"] or part.removeprefix(".") or column


def _unknown(column: str, types: Mapping[str, str]) -> str:
    guess = nearest(column, types) or " Do choose a column of modules/cost-export/columns.yaml"
    return f'must be a column of the table, with its settings; got "{column}".{guess}'


def _tokens(text: str) -> tuple[_Token, ...]:
    return tuple(_scan(text.rstrip()))


def _scan(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            rest = text[at:].strip()
            rule = f"must be made of columns, numbers, 'text' and {_KNOWN}"
            raise StatementError(f'{rule}; got "{rest}". Do correct it')
        kind: Kind = found.lastgroup  # type: ignore[assignment]  # the groups are named as the kinds
        yield _Token(kind, found[kind])
        at = found.end()


class _Conditions:
    """Read conditions from left to right; parentheses are counted, so that no depth is too deep."""

    def __init__(self, tokens: tuple[_Token, ...], types: Mapping[str, str]) -> None:
        self._tokens, self._types, self._at = tokens, types, 0

    def check(self) -> None:
        """Raise: StatementError when they are none."""
        depth = 0
        while True:
            while self._here().is_word("NOT") or self._here().text == "(":
                depth += self._next().text == "("
            self._condition()
            while self._here().text == ")" and depth:
                self._next()
                depth -= 1
            token = self._next()
            if token is _END:
                break
            if not token.is_word("AND", "OR"):
                raise _expected("AND or OR between conditions", token)
        if depth:
            raise StatementError("must close each parenthesis; got one that stays open. Do add )")

    def _condition(self) -> None:
        column = self._next()
        if column.kind != "word" or column.text.upper() in _KEYWORDS:
            raise _expected("a column before an operator", column)
        if column.text not in self._types:
            raise StatementError(_unknown(column.text, self._types))
        kind = self._types[column.text]
        if kind not in ("string", "double"):
            rule = "must filter on columns of text or numbers, which is all that Data Exports documents"
            raise StatementError(f'{rule}; got "{column.text}", a {kind}. Do filter when you query')
        token = self._next()
        if token.is_word("NOT") and self._here().is_word("IN"):
            token = self._next()
        if token.is_word("IN"):
            self._list(column.text, kind)
        elif token.kind == "operator":
            self._value(column.text, kind, ordering=token.text in _ORDERING)
        else:
            raise _expected(f"one of {_KNOWN}", token)

    def _list(self, column: str, kind: str) -> None:
        if (token := self._next()).text != "(":
            raise _expected("( behind IN", token)
        while True:
            self._value(column, kind, ordering=False)
            token = self._next()
            if token.text == ")":
                return
            if token.text != ",":
                raise _expected(", or ) in the list of IN", token)

    def _value(self, column: str, kind: str, *, ordering: bool) -> None:
        token = self._next()
        if ordering and kind == "string":
            rule = "must compare text by =, !=, <> or IN, since only numbers have an order"
            raise StatementError(f'{rule}; got "{column}". Do correct it')
        if token.kind not in ("text", "number"):
            raise _expected("a number or 'text' behind an operator", token)
        wanted = "number" if kind == "double" else "text"
        if token.kind != wanted:
            what = "a number" if wanted == "number" else "text in single quotes"
            raise StatementError(f'must compare "{column}" with {what}; got {token.text}. Do correct it')

    def _here(self) -> _Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else _END

    def _next(self) -> _Token:
        token = self._here()
        self._at += 1
        return token


def _expected(what: str, token: _Token) -> StatementError:
    found = f'"{token.text}"' if token is not _END else "the end"
    return StatementError(f"must have {what}; got {found}. Do correct it")
