"""Say where a bill's queries run: here in DuckDB, or in Athena, whose answers come back to DuckDB."""

from collections.abc import Mapping
from typing import Any, Final, Protocol

from harness.costs.amounts import MONEY
from harness.costs.charges import COSTS, literal

_TYPES: Mapping[str, str] = {
    **dict.fromkeys(COSTS, MONEY),
    "FileCost": MONEY,
    "ChargePeriodStart": "DATE",
    "BillingPeriodStart": "DATE",
    "FirstDay": "DATE",
    "LastDay": "DATE",
    **dict.fromkeys(("Lines", "EmptyLines", "HasResource"), "BIGINT"),
}
BROKEN: Final = "Broken"  # begins the name of a count of lines; a number follows


def answer_type(alias: str) -> str:
    """Return the SQL type of a column of an answer, by its alias. Raises: nothing."""
    return "BIGINT" if alias.startswith(BROKEN) else _TYPES.get(alias, "VARCHAR")


class Engine(Protocol):
    """Run queries over the whole bill."""

    name: str

    def relation(self, sql: str) -> str:
        """Return what stands for the answer of a query behind FROM, in DuckDB.

        Raises: TagrailError for a bill that cannot be read.
        """
        ...


class DuckDb:
    """Run queries in DuckDB itself, which spills to disk what memory cannot hold."""

    name = "DuckDB"

    def relation(self, sql: str) -> str:
        """Return the query itself, in brackets. Raises: nothing."""
        return f"({sql})"


def connect(memory_mebibytes: int, threads: int, scratch: str) -> Any:
    """Return a connection to a database in memory, with these bounds; `scratch` is the folder that it spills to."""
    import duckdb  # noqa: PLC0415 (50 ms, for reports alone)

    connection = duckdb.connect()
    connection.execute(f"SET memory_limit = '{memory_mebibytes}MiB'")
    connection.execute(f"SET threads = {threads}")
    connection.execute(f"SET temp_directory = {literal(scratch)}")
    connection.execute("SET TimeZone = 'UTC'")  # in which bills write their days
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET enable_progress_bar = false")
    if connection.execute("SELECT * FROM duckdb_optimizers() WHERE name = 'type_pushdown'").fetchall():
        # makes the CSV reader cast in place of TRY_CAST, which stops at what is no number
        connection.execute("SET disabled_optimizers = 'type_pushdown'")
    connection.execute("SET autoinstall_known_extensions = false")
    return connection
