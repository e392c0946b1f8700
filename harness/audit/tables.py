"""Write rows as they come and make a Parquet file of them in the end, so that memory stays flat."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from harness.audit.model import AuditResource
from harness.costs.charges import literal
from harness.costs.engine import connect as connect_within

MEMORY_MEBIBYTES = 200
_ROWS = 20_000
# One line of JSON at most, in bytes: DuckDB holds several times as much. 50 tags of 128 and 256 characters fit.
_LINE = 1 << 20

_FINDING = {
    **dict.fromkeys(("fingerprint", "rule", "verdict", "arn", "account", "region", "type", "name"), "VARCHAR"),
    "key": "VARCHAR",
    "held": "VARCHAR",
    "wanted": "VARCHAR[]",
    **dict.fromkeys(("because", "owner", "cost"), "VARCHAR"),
    "is_new": "BOOLEAN",
}
COLUMNS = {
    "resources": {
        **dict.fromkeys(("arn", "account", "region", "type", "name", "created"), "VARCHAR"),
        "tags": "MAP(VARCHAR, VARCHAR)",
        "sources": "VARCHAR[]",
        "cost": "VARCHAR",
    },
    "findings": _FINDING,
    "fixed": _FINDING,  # what the last run found and this one does not, though it looked there
    "edges": dict.fromkeys(("parent", "child", "relation"), "VARCHAR"),
}


def connect(scratch: Path) -> Any:
    """Return a small DuckDB, which spills to a folder. Raises: nothing."""
    return connect_within(MEMORY_MEBIBYTES, 2, str(scratch))


class Table:
    """Take rows of a table of COLUMNS, structs whose fields are its columns, and make `NAME.parquet` of them."""

    def __init__(self, folder: Path, name: str) -> None:
        """Begin with no row. Raises: OSError."""
        self._name = name
        self._lines = folder / f"{name}.ndjson"
        self._out = self._lines.open("wb")
        self._encoder = msgspec.json.Encoder()
        self.rows = 0

    def __enter__(self) -> "Table":
        """Return the table."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Make the file, unless something went wrong; the lines are removed either way."""
        self._out.close()
        if kind is None:
            self._finish()
        self._lines.unlink()

    def add(self, rows: Iterable[msgspec.Struct]) -> None:
        """Write rows, some at a time. Raises: OSError."""
        left = iter(rows)
        while some := list(islice(left, _ROWS)):
            self.rows += len(some)
            self._out.write(self._encoder.encode_lines(some))

    def _finish(self) -> None:
        columns = ", ".join(f"{name}: '{kind}'" for name, kind in COLUMNS[self._name].items())
        lines = f"read_json({literal(str(self._lines))}, format = 'newline_delimited', columns = {{{columns}}}"
        file = self._lines.with_suffix(".parquet")
        half = file.with_suffix(".half")
        connection = connect(self._lines.parent)
        import duckdb  # noqa: PLC0415 (50 ms, for audits alone)

        copy = (
            f"COPY (SELECT * FROM {lines}, maximum_object_size = {_LINE})) TO {literal(str(half))} "
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROWS})"
        )
        try:
            connection.execute(copy)
        except duckdb.IOException as error:  # a full disk, above all
            raise OSError(str(error)) from error
        finally:
            connection.close()
        half.replace(file)


def read_table(folder: Path, name: str) -> str:
    """Return what reads a table of a run's folder, as SQL. Raises: nothing."""
    return f"read_parquet({literal(str(folder / f'{name}.parquet'))})"


def read_rows(folder: Path, name: str, columns: Iterable[str], where: str = "") -> Iterator[tuple[Any, ...]]:
    """Yield rows of a table in a run's folder, batch by batch. Raises: duckdb.Error for a file that is broken."""
    yield from stream(folder, f"SELECT {', '.join(columns)} FROM {read_table(folder, name)} {where}")


def stream(scratch: Path, sql: str) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query, batch by batch; what memory does not hold spills to a folder. Raises: duckdb.Error."""
    connection = connect(scratch)
    answer = connection.execute(sql)
    while batch := answer.fetchmany(_ROWS):
        yield from batch
    connection.close()


def read_resources(folder: Path, where: str = "") -> Iterator[AuditResource]:
    """Yield the resources of a run's folder, or those of a SQL condition. Raises: duckdb.Error for a broken file."""
    names = [name for name in COLUMNS["resources"] if name != "tags"]
    columns = [*names, "MAP_KEYS(tags)", "MAP_VALUES(tags)"]
    for *held, keys, values in read_rows(folder, "resources", columns, f"WHERE {where}" if where else ""):
        plain = dict(zip(names, held, strict=True))
        tags = None if keys is None else dict(zip(keys, values, strict=True))
        yield AuditResource(**plain | {"tags": tags, "sources": tuple(plain["sources"])})
