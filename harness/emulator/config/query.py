"""Run one query of AWS Config's advanced queries over configuration items: sqlglot reads it, DuckDB runs it.

docs.aws.amazon.com/config/latest/developerguide/querying-AWS-resources.html: SELECT without FROM; of several properties
in an array, each is matched against all of its elements; a wildcard stands at the end of a text alone.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

import duckdb
import sqlglot
from sqlglot import exp

from harness.emulator.wire import AwsError

# What `SELECT *` gives: the top-level properties that hold one value.
SCALARS = (
    "accountId",
    "arn",
    "availabilityZone",
    "awsRegion",
    "configurationItemCaptureTime",
    "configurationItemStatus",
    "resourceCreationTime",
    "resourceId",
    "resourceName",
    "resourceType",
    "version",
)
_TAG = ("key", "tag", "value")
# Properties of AWS's that moto's models do not give.
_NOT_HELD = frozenset(
    {"configuration", "configurationStateId", "relatedEvents", "relationships", "supplementaryConfiguration"}
)
_PREDICATES = (exp.EQ, exp.NEQ, exp.In, exp.Between, exp.Like, exp.Is, exp.GT, exp.GTE, exp.LT, exp.LTE)
_ALLOWED = (
    *(exp.Select, exp.Column, exp.Identifier, exp.Literal, exp.Star, exp.Boolean, exp.Null, exp.Paren, exp.Where),
    *(exp.And, exp.Or, exp.Not, exp.Group, exp.Order, exp.Ordered, exp.Count, exp.Max, exp.Min, *_PREDICATES),
)
_ITEM = json.dumps(
    [{**dict.fromkeys(SCALARS, "VARCHAR"), "tags": [dict.fromkeys(_TAG, "VARCHAR")]}], separators=(",", ":")
)


def run_query(expression: str, items: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[str]]:
    """Return the names of the selected fields, and each result as the JSON text that AWS sends.

    Raises: AwsError InvalidExpressionException; NotImplementedError for a property that the emulator does not hold.
    """
    tree = _parse(expression)
    fields = list(_fields(tree))
    names = [field.sql() if not isinstance(field, exp.Column) else _path(field) for field in fields]
    chosen = ", ".join(_value(field) for field in fields)
    computed: list[str] = []
    tree = tree.transform(lambda node: _computed(node, computed))
    source = ", ".join(["*", *(f"{text} AS p{number}" for number, text in enumerate(computed))])
    rest = " ".join(tree.args[part].sql("duckdb") for part in ("where", "group", "order") if tree.args.get(part))
    table = "SELECT unnest(from_json($1, $2), max_depth := 2)"
    sql = f"SELECT {chosen} FROM (SELECT {source} FROM ({table})) {rest}"  # noqa: S608 (of nodes that are _ALLOWED)
    try:
        with duckdb.connect() as connection:
            rows = connection.execute(sql, [json.dumps(items), _ITEM]).fetchall()
    except duckdb.Error as error:
        _refuse(str(error).splitlines()[0])
    return names, [json.dumps(_nested(names, row), separators=(",", ":")) for row in rows]


def _parse(expression: str) -> exp.Expression:
    try:
        tree = sqlglot.parse_one(expression, read="duckdb")
    except sqlglot.errors.SqlglotError as error:
        _refuse(str(error).splitlines()[0])
    for node in tree.walk():
        if not isinstance(node, _ALLOWED):
            _refuse(f"{node.key} is not supported")
    if not isinstance(tree, exp.Select) or any(tree.args.get(part) for part in ("from_", "distinct", "limit", "with_")):
        _refuse("only SELECT ... [WHERE ...] [GROUP BY ...] [ORDER BY ...] is supported")
    return tree


def _fields(tree: exp.Expression) -> Iterator[exp.Expression]:
    """Yield the selected fields, `*` as what it stands for."""
    for field in tree.expressions:
        if isinstance(field, exp.Star):
            yield from (exp.column(name) for name in SCALARS)
        else:
            for column in field.find_all(exp.Column):
                _check(_path(column))
            yield field


def _path(column: exp.Column) -> str:
    return ".".join(part.name for part in column.parts)


def _check(path: str) -> None:
    """Refuse what is no property, and what the emulator does not hold."""
    top, _, below = path.partition(".")
    if top in _NOT_HELD:
        raise NotImplementedError(f"a query of {path}")
    if not (path in (*SCALARS, "tags") or (top == "tags" and below in _TAG)):
        _refuse(f"the property {path} does not exist")


def _value(field: exp.Expression) -> str:
    if isinstance(field, exp.Column) and _path(field).startswith("tags."):
        name = _path(field).removeprefix("tags.")
        return f"list_transform(tags, lambda t: {{'{name}': t.{name}}})"
    return field.sql("duckdb")


def _computed(node: exp.Expression, computed: list[str]) -> exp.Expression:
    """Return a predicate as DuckDB has it; one about tags holds when one tag fulfils it, and is computed before."""
    if not isinstance(node, _PREDICATES):
        return node
    columns = list(node.find_all(exp.Column))
    for column in columns:
        _check(_path(column))
    plain = _prefix(node) if isinstance(node, exp.Like) else node
    tags = [_path(column).removeprefix("tags.") for column in columns if _path(column).startswith("tags")]
    if not tags:
        return plain
    if isinstance(node, exp.Is):
        computed.append("coalesce(len(tags), 0) = 0")
    else:
        text = plain.transform(lambda each: exp.column("t_") if isinstance(each, exp.Column) else each).sql("duckdb")
        computed.append(f"len(list_filter(list_transform(tags, lambda t: t.{tags[0]}), lambda t_: {text})) > 0")
    return exp.column(f"p{len(computed) - 1}")


def _prefix(node: exp.Like) -> exp.Expression:
    pattern = str(node.expression.this)
    start = pattern.removesuffix("%")
    if "%" in start:
        _refuse(f"a wildcard stands at the end alone; got {pattern}")
    if start == pattern:
        return exp.EQ(this=node.this, expression=node.expression)
    return exp.Anonymous(this="starts_with", expressions=[node.this, exp.Literal.string(start)])


def _nested(names: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    """Return a result; several members of a tag stand in one list, and what a resource has not is left out."""
    found: dict[str, Any] = {}
    for name, value in zip(names, row, strict=True):
        if name.startswith("tags."):
            held = found.setdefault("tags", [{} for _ in value or ()])
            found["tags"] = [{**one, **more} for one, more in zip(held, value or (), strict=True)]
        elif value is not None:
            found[name] = value
    return found


def _refuse(reason: str) -> NoReturn:
    raise AwsError("InvalidExpressionException", f"The query is not valid: {reason}.")
