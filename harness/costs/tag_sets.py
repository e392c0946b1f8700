"""Collect the sets of tags and cost categories of a bill, of which its lines hold hashes: tables in DuckDB.

Tags that mean no key of the dictionary are left out: a name for each resource would make a set of each resource.
"""

from collections.abc import Mapping
from typing import Any, Final

from harness.costs.bill import Part
from harness.costs.charges import literal
from harness.costs.meanings import key_meanings
from harness.plan_check.requirements import Requirements

_MAP: Final = "MAP(VARCHAR, VARCHAR)"
_NONE: Final = f"CAST(MAP {{}} AS {_MAP})"


def make_tables(connection: Any) -> None:
    """Make the empty tables `labels` (hashes -> sets), `tag_sets` and `category_sets`. Raises: nothing."""
    connection.execute(
        "CREATE OR REPLACE TABLE labels (Part INTEGER, TagsHash UBIGINT, CategoriesHash UBIGINT, TagSet BIGINT, "
        f"CategorySet BIGINT, IsUnread BOOLEAN); CREATE OR REPLACE TABLE tag_sets (id BIGINT, Tags {_MAP}); "
        f"CREATE OR REPLACE TABLE category_sets (id BIGINT, Categories {_MAP})"
    )


def known_hashes(number: int) -> str:
    """Return a query of the hashes of a part that are known already. Raises: nothing."""
    return f"SELECT TagsHash, CategoriesHash FROM labels WHERE Part = {number}"


def add_sets(part: Part, number: int, answer: str, connection: Any, requirements: Requirements) -> None:
    """Add to the tables what `answer`, a relation, has: both hashes and the columns of tags and cost categories.

    Raises: duckdb.Error for a bill that cannot be read.
    """
    tags, unread = _map(part.layout.tag_map, part, "Tags", part.layout.tags, "Tag")
    categories, _ = _map(part.layout.category_map, part, "Categories", part.layout.categories, "Category")
    connection.execute(
        f"CREATE OR REPLACE TABLE found AS SELECT TagsHash, CategoriesHash, {tags} AS Tags, "
        f"{categories} AS Categories, {unread} AS IsUnread FROM {answer}"
    )
    names = connection.execute("SELECT DISTINCT UNNEST(MAP_KEYS(Tags)) FROM found").fetchall()
    meant = ", ".join(literal(name) for name in sorted(key_meanings((row[0] for row in names), requirements)))
    kept = f"LIST_FILTER(MAP_ENTRIES(Tags), LAMBDA e: e.value IS NOT NULL AND e.key IN ({meant}))"
    reduced = f"MAP_FROM_ENTRIES(LIST_SORT({kept}))" if meant else _NONE
    connection.execute(f"CREATE OR REPLACE TABLE reduced AS SELECT * REPLACE ({reduced} AS Tags) FROM found")
    for table, column in (("tag_sets", "Tags"), ("category_sets", "Categories")):
        connection.execute(
            f"INSERT INTO {table} SELECT (SELECT COUNT(*) FROM {table}) + ROW_NUMBER() OVER (), {column} "
            f"FROM (SELECT DISTINCT {column} FROM reduced) AS new ANTI JOIN {table} USING ({column})"
        )
    connection.execute(
        f"INSERT INTO labels SELECT {number}, TagsHash, CategoriesHash, tag_sets.id, category_sets.id, IsUnread "
        "FROM reduced JOIN tag_sets USING (Tags) JOIN category_sets USING (Categories); "
        "DROP TABLE found; DROP TABLE reduced"
    )


def _map(column: str, part: Part, alias: str, wide: Mapping[str, str], prefix: str) -> tuple[str, str]:
    """Return SQL that makes a map of what a part holds as map, JSON, struct or columns, and tells where it cannot."""
    if column:
        kind = part.types.get(column, "VARCHAR")
        if kind.startswith("MAP"):
            return f"COALESCE(CAST({alias} AS {_MAP}), {_NONE})", "FALSE"
        text = f"TO_JSON({alias})" if kind.startswith("STRUCT") else f"TRY_CAST({alias} AS JSON)"
        made = f"TRY_CAST({text} AS {_MAP})"
        return f"COALESCE({made}, {_NONE})", f"{alias} IS NOT NULL AND {made} IS NULL"
    if not wide:
        return _NONE, "FALSE"
    entries = ", ".join(f"{{'k': {literal(key)}, 'v': {prefix}{number}}}" for number, key in enumerate(wide))
    return f"MAP_FROM_ENTRIES(LIST_FILTER([{entries}], LAMBDA e: e.v IS NOT NULL AND e.v <> ''))", "FALSE"
