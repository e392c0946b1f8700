"""Read a run's folder: run.json whole, which is small, and the tables through DuckDB, which may be any size."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from harness.audit.model import Gap
from harness.audit.rules import RANKS_OF_AUDIT
from harness.errors import InputError, Problem
from harness.finding import Verdict

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MEMORY = "256MB"


class RunFile(msgspec.Struct, frozen=True):
    """Hold run.json.

    `started` and `ended` are ISO 8601 in UTC. `accounts` are id -> name of those that were looked at, "" for none.
    `counts` are free to hold more than a report shows. `mandatory` says on how many resources of the run each mandatory
    key is asked for; without it the share that carries a key is unknown. `currency` is that of costs.
    """

    env: str
    started: str
    ended: str = ""
    state: Literal["finished", "interrupted"] = "interrupted"
    accounts: Mapping[str, str] = {}
    regions: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    counts: Mapping[str, int] = {}
    mandatory: Mapping[str, int] = {}
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class AuditRun:
    """Hold a run that is open: its file, its name, and a connection with `findings`, `resources`, `edges`, `ranks`.

    `findings` are as the parquet file has them, with `cost` as DECIMAL, NULL where none is known, and `rank`, the
    importance of the rule. `previous` has the findings of the run before, and is empty where there is none.
    """

    file: RunFile
    name: str
    db: "DuckDBPyConnection"
    has_previous: bool

    def rows(self, sql: str, *held: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query. Raises: duckdb.Error."""
        return self.db.execute(sql, list(held)).fetchall()

    def stream(self, sql: str, size: int = 20_000) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the rows of a query, so many at a time. Raises: duckdb.Error."""
        found = self.db.cursor().execute(sql)
        while rows := found.fetchmany(size):
            yield rows


@contextmanager
def open_run(folder: Path, previous: Path | None = None) -> Iterator[AuditRun]:
    """Open a run, and that before it, for the time of a `with`.

    Raises: InputError for a folder that is no run's.
    """
    import duckdb  # noqa: PLC0415 (30 ms that only a report takes)

    file = _run_file(folder / "run.json")
    tables = {name: _table(folder, name) for name in ("findings", "resources", "edges")}
    before = _table(previous, "findings") if previous else ""
    with TemporaryDirectory() as spill:
        db = duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": spill})
        try:
            db.execute("CREATE TABLE ranks AS SELECT UNNEST($1::VARCHAR[]) AS rule, UNNEST($2::INT[]) AS rank", [
                [*RANKS_OF_AUDIT], [*RANKS_OF_AUDIT.values()],
            ])  # fmt: skip
            for name, path in tables.items():
                db.from_parquet(path).create_view(f"{name}_file")
            db.from_parquet(before or tables["findings"]).create_view("previous_file")
            db.execute(_VIEWS.format(limit="" if before else "LIMIT 0"))
            yield AuditRun(file, folder.name, db, bool(before))
        finally:
            db.close()


# A rule that the harness does not know, of a later version, comes last.
_VIEWS = """
CREATE VIEW findings AS
SELECT f.* EXCLUDE cost, TRY_CAST(NULLIF(f.cost, '') AS DECIMAL(38, 6)) AS cost, COALESCE(r.rank, 1000) AS rank
FROM findings_file f LEFT JOIN ranks r USING (rule);
CREATE VIEW resources AS SELECT * FROM resources_file;
CREATE VIEW edges AS SELECT * FROM edges_file;
CREATE VIEW previous AS SELECT * FROM previous_file {limit};
"""


def _run_file(path: Path) -> RunFile:
    try:
        return msgspec.json.decode(path.read_bytes(), type=RunFile)
    except OSError as error:
        raise _refused(path, f"must be the record of an audit; got {error.strerror}. Do name a run's folder") from error
    except msgspec.MsgspecError as error:
        raise _refused(path, f"must be the record of an audit; got: {error}. Do run the audit again") from error


def _table(folder: Path, name: str) -> str:
    path = folder / f"{name}.parquet"
    if not path.is_file():
        raise _refused(path, "must be a table of the run; got no such file. Do name a run's folder")
    return str(path)


def _refused(path: Path, message: str) -> InputError:
    return InputError((Problem(str(path), 0, "", message),))


def verdict_of(file: RunFile, verdicts: Sequence[object]) -> Verdict:
    """Return the verdict of a run from those of its findings: what was not seen is unknown, and never passes.

    Raises: nothing.
    """
    if "fail" in verdicts:
        return "fail"
    seen = file.state == "finished" and not file.gaps and file.accounts and "unknown" not in verdicts
    return "pass" if seen else "unknown"
