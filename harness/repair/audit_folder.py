"""Read of an audit's run folder what a repair needs: findings in order, and the resources that they and proofs name."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from harness.audit.model import AuditFinding, AuditResource, Edge
from harness.audit.sources.accounts import TYPE as ACCOUNT_TYPE
from harness.errors import TagrailError

STACK_KEY = "aws:cloudformation:stack-id"
_FILES = ("findings.parquet", "resources.parquet")
_EDGES = "edges.parquet"
_PAGE = 10_000

# Resources with a finding, accounts, and the stacks that made any of them: what lies beside is never loaded.
_WANTED = f"""
WITH broken AS (SELECT DISTINCT arn FROM read_parquet($findings)),
stacks AS (SELECT DISTINCT tags['{STACK_KEY}'] AS arn FROM read_parquet($resources) SEMI JOIN broken USING (arn))
SELECT r.* FROM read_parquet($resources) r
WHERE r.arn IN (FROM broken) OR r.type = '{ACCOUNT_TYPE}' OR r.arn IN (SELECT arn FROM stacks WHERE arn IS NOT NULL)
"""  # noqa: S608 (constants of this file)
_TOUCHED = """
SELECT * FROM read_parquet($resources) WHERE lower(arn) IN
(SELECT lower(parent) FROM read_parquet($edges) UNION SELECT lower(child) FROM read_parquet($edges))
"""


class AuditFolder(NamedTuple):
    """Hold what was read, by ARN."""

    findings: tuple[AuditFinding, ...]
    resources: Mapping[str, AuditResource]


def newest_folder(runs: Path) -> Path:
    """Return the folder of the newest run that has written its tables, of those below `runs`.

    Raises: TagrailError when there is none.
    """
    found = [each for each in runs.glob("*/") if all((each / name).is_file() for name in _FILES)]
    if not found:
        raise TagrailError(
            f"{runs}: must hold an audit; got none. Do run tagrail audit first, or name one with --audit"
        )
    return max(found, key=lambda each: each.name)  # named by their time in UTC


def read_audit(folder: Path) -> AuditFolder:
    """Return the findings of an audit and the resources that matter. Raises: TagrailError for no folder of an audit."""
    import duckdb  # noqa: PLC0415 (50 ms, for this command alone)

    lacking = [name for name in _FILES if not (folder / name).is_file()]
    if lacking:
        raise TagrailError(f"--audit {folder}: must hold {lacking[0]}; got none. Do name the folder of an audit's run")
    findings, resources = (str(folder / name) for name in _FILES)
    try:
        with duckdb.connect() as connection:
            order = "SELECT * FROM read_parquet($findings) ORDER BY account, region, arn, key, rule, held"
            rows = _rows(connection.execute(order, {"findings": findings}))
            found = tuple(msgspec.convert(row, AuditFinding, strict=False) for row in rows)
            rows = _rows(connection.execute(_WANTED, {"findings": findings, "resources": resources}))
            return AuditFolder(found, {row["arn"]: msgspec.convert(row, AuditResource, strict=False) for row in rows})
    except (duckdb.Error, msgspec.ValidationError) as error:
        raise _unreadable(folder, error) from error


def read_lineage(folder: Path) -> tuple[list[Edge], list[AuditResource]]:
    """Return the edges that an audit saw, none where it looked for none, and the resources that they touch.

    Raises: TagrailError for a table that cannot be read.
    """
    import duckdb  # noqa: PLC0415 (50 ms, for this command alone)

    edges, resources = str(folder / _EDGES), str(folder / _FILES[1])
    if not Path(edges).is_file():
        return [], []
    try:
        with duckdb.connect() as connection:
            rows = _rows(connection.execute("SELECT * FROM read_parquet($edges)", {"edges": edges}))
            found = [msgspec.convert(row, Edge, strict=False) for row in rows]
            rows = _rows(connection.execute(_TOUCHED, {"edges": edges, "resources": resources}))
            return found, [msgspec.convert(row, AuditResource, strict=False) for row in rows]
    except (duckdb.Error, msgspec.ValidationError) as error:
        raise _unreadable(folder, error) from error


def _unreadable(folder: Path, error: Exception) -> TagrailError:
    """Return the error, with the first line alone of what DuckDB says: the rest is the query."""
    got = str(error).partition("\n")[0]
    return TagrailError(f"--audit {folder}: must be readable; got {got}. Do run tagrail audit anew")


def _rows(answer: Any) -> Iterator[dict[str, Any]]:
    names = [column[0] for column in answer.description]
    while page := answer.fetchmany(_PAGE):
        for row in page:
            yield {name: value for name, value in zip(names, row, strict=True) if value is not None or name == "tags"}
