"""Tell what a file of a bill is, CSV or Parquet, which columns of which types it has, and the SQL that reads it."""

import csv
import gzip
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import duckdb

from harness.costs.charges import literal, quoted
from harness.costs.files import BillFile
from harness.errors import TagrailError

# What stands for nothing in files that were written by hand or by other tools.
_NOTHING: Final = "['', 'NULL', 'null']"
_CSV: Final = (
    f"auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', nullstr = {_NOTHING}, "
    "null_padding = false, strict_mode = true"
)
_OTHERS: Final = (";", "\t", "|")
_MOST_HEADER: Final = 1 << 20  # characters of a line of column names

Read = tuple[str, str]  # the SQL before and after a list of files
READ_PARQUET: Final[Read] = ("read_parquet(", ")")
READ_WIDE: Final[Read] = ("read_parquet(", ", union_by_name = true)")


def source_of(read: Read, files: Sequence[BillFile]) -> str:
    """Return the SQL that reads these files, as stands behind FROM. Raises: nothing."""
    return f"[{', '.join(literal(str(file.path)) for file in files)}]".join(read)


def read_csv(names: Iterable[str]) -> Read:
    """Return the SQL that reads CSV files with these columns, no two of which differ in capitals alone.

    Raises: nothing.
    """
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    return "read_csv(", f", {_CSV}, columns = {{{columns}}})"


def read_as(types: Mapping[str, str]) -> Read:
    """Return the SQL that reads Parquet files with these columns as these types, whatever theirs. Raises: nothing."""
    casts = ", ".join(f"CAST({quoted(name)} AS {kind}) AS {quoted(name)}" for name, kind in types.items())
    before, after = READ_WIDE
    return f"(SELECT {casts} FROM {before}", f"{after})"


def shape_of(kind: str) -> str:
    """Return MAP or STRUCT, or "" for a type that text can be read as: text is no map, though it may hold one as JSON.

    >>> shape_of("MAP(VARCHAR, VARCHAR)"), shape_of("DECIMAL(38,12)")
    ('MAP', '')
    """
    return next((name for name in ("MAP", "STRUCT") if kind.startswith(name)), "")


def widest_types(connection: Any, files: Sequence[BillFile]) -> dict[str, str]:
    """Return column -> the type that all of these Parquet files can be read as, {} for none. Raises: nothing."""
    try:
        rows = connection.execute(f"DESCRIBE SELECT * FROM {source_of(READ_WIDE, files)}").fetchall()
    except duckdb.Error:
        return {}
    return {str(row[0]): str(row[1]) for row in rows}


def is_parquet(file: BillFile) -> bool:
    """Return whether a file is Parquet. Raises: TagrailError for an empty one, and one that only its name makes so."""
    with file.path.open("rb") as content:
        start = content.read(4)
    if not start:
        raise TagrailError(f"{file.shown}: must be a file of a bill; got an empty one. Do fetch it again")
    if file.path.suffix.lower() == ".parquet" and start != b"PAR1":
        raise TagrailError(f"{file.shown}: must be Parquet, as its name says; got something else. Do fetch it again")
    return start == b"PAR1"


def parquet_types(connection: Any, file: BillFile) -> dict[str, str]:
    """Return column -> type of a Parquet file. Raises: TagrailError for one that cannot be read."""
    try:
        rows = connection.execute(f"DESCRIBE SELECT * FROM {source_of(READ_PARQUET, [file])}").fetchall()
    except duckdb.Error as error:
        raise unreadable(file.shown, error) from error
    return {str(row[0]): str(row[1]) for row in rows}


def header_of(file: BillFile) -> list[str]:
    """Return the columns of a CSV file, as its first line names them.

    Raises: TagrailError for one that cannot be read, has another delimiter, or names a column twice.
    """
    opened = gzip.open if file.path.suffix.lower() == ".gz" else open
    try:
        with opened(file.path, "rt", encoding="utf-8-sig", newline="") as content:
            line = content.readline(_MOST_HEADER)
        (names,) = csv.reader([line], strict=True)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, ValueError, csv.Error) as error:
        raise unreadable(file.shown, error) from error
    if len(names) == 1 and (sign := next((sign for sign in _OTHERS if sign in names[0]), "")):
        rule = "must have its columns separated by commas, as AWS writes them"
        raise TagrailError(f"{file.shown}: {rule}; got {sign!r}. Do export it again, or turn it into commas")
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        rule = "must have each column once"
        raise TagrailError(f"{file.shown}: {rule}; got {twice[0]} twice. Do name one of them otherwise")
    return names


def unreadable(shown: str, error: Exception) -> TagrailError:
    """Return the error of a file that cannot be read, with the first line of what is said. Raises: nothing."""
    said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return TagrailError(f"{shown}: must be a whole CSV or Parquet file; got {said}. Do fetch it again")
