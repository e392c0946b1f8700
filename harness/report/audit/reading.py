"""Open a run's folder for reports: its record, which is small, and its tables, of any size, through DuckDB."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from harness.audit.rules import RANKS_OF_AUDIT
from harness.audit.run import Run, read_run
from harness.audit.tables import connect
from harness.errors import InputError, Problem

_TABLES = ("findings", "resources", "edges")
_FIXED = "fixed"  # runs of earlier versions do not have it
_LATER = 1_000  # the rank of a rule of a later version, which this one does not know


@dataclass(frozen=True, slots=True)
class AuditRun:
    """Hold a run that is open: its record, its name, and a connection with its tables.

    `findings`, and `fixed`, those of the last run that are, are as the Parquet files have them, with `cost` as DECIMAL,
    NULL where none is known, and `rank`, the importance of the rule. `resources` are as their file has them; ends of
    `edges` are spelled as resources are.
    """

    record: Run
    name: str
    db: Any

    def rows(self, sql: str, *held: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query. Raises: duckdb.Error."""
        return list(self.db.execute(sql, list(held)).fetchall())

    def stream(self, sql: str, size: int = 20_000) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the rows of a query, so many at a time. Raises: duckdb.Error."""
        found = self.db.cursor().execute(sql)
        while rows := found.fetchmany(size):
            yield rows


@contextmanager
def open_run(folder: Path) -> Iterator[AuditRun]:
    """Open a run for the time of a `with`. Raises: InputError for a folder that is no run's."""
    record = _record(folder / "run.json")
    for name in _TABLES:
        if not (path := folder / f"{name}.parquet").is_file():
            raise _refused(path, "must be a table of the run; got no such file. Do name a run's folder")
    with TemporaryDirectory(prefix="tagrail-report-") as scratch:
        db = connect(Path(scratch))
        try:
            db.execute("SET preserve_insertion_order = true")  # tables that are made in an order are read in it
            _read(db, folder)
            yield AuditRun(record, folder.name, db)
        finally:
            db.close()


def _read(db: Any, folder: Path) -> None:
    for name in _TABLES:
        db.read_parquet(str(folder / f"{name}.parquet")).create_view(f"{name}_file")
    fixed = folder / f"{_FIXED}.parquet"
    held = db.read_parquet(str(fixed)) if fixed.is_file() else db.sql("SELECT * FROM findings_file LIMIT 0")
    held.create_view(f"{_FIXED}_file")
    ranks = [[*RANKS_OF_AUDIT], [*RANKS_OF_AUDIT.values()]]
    db.execute("CREATE TABLE ranks AS SELECT UNNEST($1::VARCHAR[]) AS rule, UNNEST($2::INT[]) AS rank", ranks)
    db.execute(_VIEWS)


_JUDGED = f"""
CREATE VIEW {{0}} AS
SELECT f.* EXCLUDE cost, TRY_CAST(NULLIF(f.cost, '') AS DECIMAL(38, 6)) AS cost, COALESCE(r.rank, {_LATER}) AS rank
FROM {{0}}_file f LEFT JOIN ranks r USING (rule);
"""  # noqa: S608 (a number)
_VIEWS = f"""
{_JUDGED.format("findings")}{_JUDGED.format(_FIXED)}
CREATE VIEW resources AS SELECT * FROM resources_file;
CREATE VIEW ends AS
SELECT LOWER(arn) AS lower, MIN(arn) AS arn FROM resources
WHERE LOWER(arn) IN (SELECT LOWER(parent) FROM edges_file UNION SELECT LOWER(child) FROM edges_file) GROUP BY 1;
CREATE TABLE edges AS
SELECT DISTINCT COALESCE(p.arn, e.parent) AS parent, COALESCE(c.arn, e.child) AS child, e.relation
FROM edges_file e LEFT JOIN ends p ON p.lower = LOWER(e.parent) LEFT JOIN ends c ON c.lower = LOWER(e.child);
"""  # noqa: S608 (names of tables, all ours)


def _record(path: Path) -> Run:
    try:
        return read_run(path.parent)
    except OSError as error:
        raise _refused(path, f"must be the record of an audit; got {error.strerror}. Do name a run's folder") from error
    except msgspec.MsgspecError as error:
        raise _refused(path, f"must be the record of an audit; got: {error}. Do run the audit again") from error


def _refused(path: Path, message: str) -> InputError:
    return InputError((Problem(str(path), 0, "", message),))
