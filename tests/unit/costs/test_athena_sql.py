"""What is sent to Athena is written down for tables of each layout; athena/README.md says how far it was tried."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlglot

from harness.costs.athena_sql import column_type, translate
from harness.costs.bill import Part
from harness.costs.charges import charges_of
from harness.costs.faults import _covered
from harness.costs.files import BillFile
from harness.costs.layout import recognise
from harness.costs.queries import cells_query, days_query, names_query, resources_query, totals_query
from harness.plan_check.requirements import KeyRule, Requirements
from tests.unit.costs.athena_tables import TABLES

EXPECTED = Path(__file__).parent / "athena"
REQUIREMENTS = Requirements(
    (
        KeyRule("team:owner", checked_for=("*",)),
        KeyRule("team:unit", checked_for=("*",), values=("Retail", "It's", "1_0%*")),
    )
)


def part_of(name: str) -> Part:
    types = {column: column_type(kind) for column, kind in TABLES[name].items()}
    layout = recognise(list(types), name)
    file = BillFile(Path("d.t"), "d.t", "d.t", "")
    return Part("d.t", (file,), '"d"."t"', types, layout, charges_of(layout, types))


def queries_of(part: Part) -> Iterator[tuple[str, str]]:
    covered = _covered(part, REQUIREMENTS, ("team:owner", "team:unit"))
    yield "cells", cells_query(part)
    yield "days", days_query(part)
    yield "totals", totals_query(part)
    yield "names", names_query(part)
    yield "resources", resources_query(part, covered, 1_000)


def written(name: str) -> dict[str, str]:
    """Return what is sent for a table, by query."""
    part = part_of(name)
    sent = {query: translate(sql, part.types).sql for query, sql in queries_of(part)}
    return {query: sqlglot.transpile(sql, "athena", "athena", pretty=True)[0] + "\n" for query, sql in sent.items()}


@pytest.mark.parametrize("name", sorted(TABLES))
def test_sql_is_what_was_looked_at(name: str) -> None:
    assert written(name) == {file.stem: file.read_text("utf-8") for file in (EXPECTED / name).glob("*.sql")}


@pytest.mark.parametrize("name", sorted(TABLES))
def test_nothing_is_left_that_only_duckdb_knows(name: str) -> None:
    text = " ".join(written(name).values())

    assert not [word for word in ("STRPTIME", "->>", "JSON_EXTRACT_STRING", "::", '"[') if word in text]


def test_each_layout_is_among_the_tables() -> None:
    assert {part_of(name).layout.name for name in TABLES} == {"CUR 1", "CUR 2.0", "FOCUS 1.0", "FOCUS 1.2"}


def test_text_is_cast_to_a_time_by_its_day() -> None:
    sql = translate('SELECT TRY_CAST("a" AS TIMESTAMP) AS x, TRY_CAST("b" AS TIMESTAMP) AS y FROM t', {"a": "VARCHAR"})

    assert sql.sql == 'SELECT TRY_CAST(SUBSTR("a", 1, 10) AS TIMESTAMP) AS x, TRY_CAST("b" AS TIMESTAMP) AS y FROM t'


def test_maps_come_back_as_text() -> None:
    found = translate('SELECT Tags FROM (SELECT "m" AS Tags FROM t) AS x GROUP BY Tags', {"m": "MAP(VARCHAR, VARCHAR)"})

    assert found.sql == 'SELECT Tags FROM (SELECT JSON_FORMAT(CAST("m" AS JSON)) AS Tags FROM t) AS x GROUP BY Tags'
    assert found.maps == {"Tags"}


if __name__ == "__main__":
    for table in TABLES:
        (EXPECTED / table).mkdir(exist_ok=True)
        for kind, text in written(table).items():
            (EXPECTED / table / f"{kind}.sql").write_text(text, encoding="utf-8")
    sys.stdout.write(f"wrote {len(TABLES)} folders\n")
