"""Turn the queries of harness/costs/queries.py into Athena's SQL, which is Trino's.

sqlglot writes the dialect. What the two engines mean differently by the same words is put right here.
docs.aws.amazon.com/athena/latest/ug/functions.html names Trino's functions as Athena's.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import sqlglot
from sqlglot import exp

from harness.costs.engine import answer_type

_DAY: Final = 10  # characters of a day, with which AWS's times in text begin
_MAPS: Final = ("Tags", "Categories")
# Athena's types that DuckDB writes otherwise: docs.aws.amazon.com/athena/latest/ug/data-types.html
_TYPES: Final = {"string": "VARCHAR", "varchar": "VARCHAR", "char": "VARCHAR", "int": "INTEGER", "float": "FLOAT"}


class Translated(NamedTuple):
    """Hold a query in Athena's SQL, and the columns of its answer by name, with those that were maps."""

    sql: str
    columns: tuple[str, ...]
    maps: frozenset[str]


def column_type(athena: str) -> str:
    """Return the type of a column of a table of Glue, as DuckDB writes it. Raises: nothing.

    >>> column_type("map<string,string>"), column_type("decimal(38,12)"), column_type("varchar(20)")
    ('MAP(VARCHAR, VARCHAR)', 'DECIMAL(38,12)', 'VARCHAR')
    """
    plain = athena.strip().lower()
    name = plain.partition("(")[0].partition("<")[0]
    if name == "map":
        return "MAP(VARCHAR, VARCHAR)"
    if name in ("struct", "row"):
        return "STRUCT"
    return _TYPES.get(name, plain.upper())


def translate(sql: str, types: Mapping[str, str]) -> Translated:
    """Return a query of DuckDB's SQL in Athena's; `types` maps the table's columns to DuckDB's types. Raises: nothing.

    - A map's entry that is not there is an error of `map[key]`, and NULL of ELEMENT_AT.
    - Maps are grouped by, and come back, as JSON text, whose keys Trino sorts.
    - Text tables have empty text where nothing stands.
    - A cast of text to JSON makes a text of it in Trino, where JSON_PARSE reads it; that of a struct means the same.
    - TRY_STRPTIME with several forms becomes as many DATE_PARSE, and text is cast to a time by its day alone, since
      Trino's cast knows neither T nor Z.
    """
    tree: Any = sqlglot.parse_one(sql, read="duckdb")
    held = frozenset(_map_aliases(tree, types))
    tree = tree.transform(lambda node: _rewritten(node, types))
    return Translated(tree.sql(dialect="athena"), tuple(tree.named_selects), held & set(tree.named_selects))


def answer(source: str, translated: Translated) -> str:
    """Return SQL that reads an answer, of which `source` holds text alone, with the types that DuckDB would give it."""
    shown = (_typed(name, is_map=name in translated.maps) for name in translated.columns)
    return f"(SELECT {', '.join(shown)} FROM {source})"


def _typed(name: str, *, is_map: bool) -> str:
    if is_map:
        return f"CAST(CAST({name} AS JSON) AS MAP(VARCHAR, VARCHAR)) AS {name}"
    kind = answer_type(name)
    return f"{name} AS {name}" if kind == "VARCHAR" else f"CAST({name} AS {kind}) AS {name}"


def _is_map(node: object, types: Mapping[str, str]) -> bool:
    return isinstance(node, exp.Column) and types.get(node.name, "").startswith(("MAP", "STRUCT"))


def _is_text(node: object, types: Mapping[str, str]) -> bool:
    return isinstance(node, exp.Column) and types.get(node.name, "") == "VARCHAR"


def _map_aliases(tree: Any, types: Mapping[str, str]) -> Iterator[str]:
    for alias in tree.find_all(exp.Alias):
        if alias.alias in _MAPS and _is_map(alias.this, types):
            yield alias.alias


def _rewritten(node: Any, types: Mapping[str, str]) -> Any:
    if isinstance(node, exp.Bracket) and _is_map(node.this, types):
        return exp.Anonymous(this="ELEMENT_AT", expressions=[node.this, *node.expressions])
    if isinstance(node, exp.Alias) and node.alias in _MAPS and _is_map(node.this, types):
        node.set("this", exp.JSONFormat(this=exp.cast(node.this.copy(), "json")))
        return node
    if isinstance(node, exp.Anonymous) and node.name.upper() == "TRY_STRPTIME":
        return _parsed(node)
    if isinstance(node, exp.TryCast) and node.to.is_type("timestamp", "timestampntz") and _is_text(node.this, types):
        day = exp.Substring(this=node.this.copy(), start=exp.Literal.number(1), length=exp.Literal.number(_DAY))
        return exp.TryCast(this=day, to=node.to.copy())
    if isinstance(node, exp.TryCast) and node.to.is_type("json"):
        return exp.Try(this=_json(node.this.copy(), types))
    if isinstance(node, exp.Is) and isinstance(node.expression, exp.Null) and _is_text(node.this, types):
        node.set("this", exp.Nullif(this=node.this.copy(), expression=exp.Literal.string("")))
    return node


def _json(node: Any, types: Mapping[str, str]) -> Any:
    return exp.cast(node, "json") if _is_map(node, types) else exp.ParseJSON(this=node)


def _parsed(node: Any) -> Any:
    """Return a COALESCE of one DATE_PARSE for each form; TRY makes NULL of what is not of it.

    Forms are those of MySQL, in which %M is the name of a month: trino.io/docs/current/functions/datetime.html
    """
    text, forms = node.expressions
    written = (exp.Literal.string(form.name.replace("%M", "%i").replace("%S", "%s")) for form in forms.expressions)
    tries = [exp.Try(this=exp.Anonymous(this="DATE_PARSE", expressions=[text.copy(), form])) for form in written]
    return exp.Coalesce(this=tries[0], expressions=tries[1:])
