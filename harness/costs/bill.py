"""Open a bill: which files there are, in which layouts, and the SQL that reads each group of like files."""

import csv
import gzip
import hashlib
import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, Final, NamedTuple

import duckdb

from harness.costs.charges import Charges, charges_of, literal, quoted
from harness.costs.files import BillFile, find_files
from harness.costs.layout import Layout, mangled, recognise
from harness.errors import TagrailError

# What stands for nothing in files that were written by hand or by other tools.
_NOTHING: Final = "['', 'NULL', 'null']"
_CSV: Final = (
    f"auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', nullstr = {_NOTHING}, "
    "null_padding = false, strict_mode = true"
)
_OTHERS: Final = (";", "\t", "|")
_LEAST_GZIP: Final = 18  # bytes of a header and a trailer
_MOST_HEADER: Final = 1 << 20  # characters of a line of column names


class Part(NamedTuple):
    """Hold files that are read together: those of one export whose columns are the same.

    `source` is what stands behind FROM, a list of files between both halves of `read`; `types` maps the columns to SQL
    types.
    """

    export: str
    files: tuple[BillFile, ...]
    source: str
    types: Mapping[str, str]
    layout: Layout
    charges: Charges
    read: tuple[str, str] = ("", "")

    def batches(self, most_bytes: int) -> "Iterator[Part]":
        """Yield parts with some of the files each, month by month, of so many bytes together or one file alone.

        What is no list of files, but a table, is one part.
        """
        if not any(self.read):
            yield self
            return
        held: list[BillFile] = []
        size = 0
        for file in sorted(self.files, key=lambda one: (one.period, str(one.path))):
            length = file.path.stat().st_size
            if held and size + length > most_bytes:
                yield self._replace(files=tuple(held), source=_source(self.read, held))
                held, size = [], 0
            held.append(file)
            size += length
        yield self._replace(files=tuple(held), source=_source(self.read, held))

    @property
    def has_tags(self) -> bool:
        """Whether the files have columns of tags."""
        return bool(self.layout.tag_map or self.layout.tags)

    def tag_columns(self) -> Iterator[tuple[str, str]]:
        """Yield alias and SQL of each column that holds tags."""
        if self.layout.tag_map:
            yield "Tags", quoted(self.layout.tag_map)
        for number, column in enumerate(self.layout.tags.values()):
            yield f"Tag{number}", quoted(column)

    def tag_texts(self, key: str) -> list[str]:
        """Return SQL of each place where the value of a key may stand, spelled as the dictionary or Athena does."""
        names: tuple[str, ...] = (key, f"user:{key}", f"user_{mangled(key)}", mangled(key))
        if self.layout.kind == "cur" and self.layout.tag_map == "tags":
            # docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2-tag-columns.html
            names = (f"resourceTags/{key}", *names)
        if self.layout.tag_map:
            column = quoted(self.layout.tag_map)
            if self.types.get(self.layout.tag_map, "VARCHAR").startswith("MAP"):
                return [f"{column}[{literal(name)}]" for name in dict.fromkeys(names)]
            paths = (literal('$."' + name + '"') for name in dict.fromkeys(names))
            return [f"JSON_EXTRACT_STRING(TRY_CAST({column} AS JSON), {path})" for path in paths]
        return [quoted(column) for name, column in self.layout.tags.items() if name in names]

    def tags_of(self, row: Sequence[Any]) -> dict[str, str]:
        """Return the tags of a row of an answer whose first columns are those of `tag_columns`."""
        if not self.layout.tag_map:
            return {key: str(value) for key, value in zip(self.layout.tags, row, strict=False) if value}
        try:
            held = json.loads(row[0]) if isinstance(row[0], str) else row[0]
        except ValueError:  # the ledger counts the lines whose tags cannot be read
            return {}
        return (
            {str(key): str(value) for key, value in held.items() if value is not None} if isinstance(held, dict) else {}
        )

    def category_columns(self) -> Iterator[tuple[str, str]]:
        """Yield alias and SQL of each column that holds cost categories."""
        if self.layout.category_map:
            yield "Categories", quoted(self.layout.category_map)
        for number, column in enumerate(self.layout.categories.values()):
            yield f"Category{number}", quoted(column)


def open_files(
    places: Sequence[str], connection: Any, scratch: Path, fetched: Mapping[str, Path] | None = None
) -> tuple[Part, ...]:
    """Return the parts of a bill in files and folders.

    `connection` is DuckDB's; `scratch` a folder for what has to be unpacked; `fetched` has the folders of places that
    are elsewhere.
    Raises: TagrailError for a path that holds no bill, a file that cannot be read or is of no known layout.
    """
    files = [file for place in places for file in find_files(place, scratch, (fetched or {}).get(place))]
    _refuse_copies(files)
    groups: dict[tuple[str, bool, tuple[tuple[str, str], ...]], list[BillFile]] = defaultdict(list)
    for file in files:
        is_parquet = _is_parquet(file)
        types = _parquet_types(connection, file) if is_parquet else dict.fromkeys(_header(file), "VARCHAR")
        groups[file.export, is_parquet, tuple(types.items())].append(file)
    return tuple(
        _part(export, held, dict(types), is_parquet=is_parquet) for (export, is_parquet, types), held in groups.items()
    )


def _refuse_copies(files: Sequence[BillFile]) -> None:
    """Refuse a file that is named twice, or is there twice under two names, or packed and unpacked.

    Raises: TagrailError naming both, or a file that cannot be read.
    """
    sizes: dict[int, list[BillFile]] = defaultdict(list)
    for file in files:
        sizes[_unpacked_size(file)].append(file)
    for alike in sizes.values():
        seen: dict[bytes, BillFile] = {}
        for file in alike if len(alike) > 1 else ():
            digest = _digest(file)
            if before := seen.get(digest):
                rule = f"must be read once; got the same bytes as {before.shown}"
                raise TagrailError(f"{file.shown}: {rule}. Do name it once, or remove the copy")
            seen[digest] = file


def _unpacked_size(file: BillFile) -> int:
    """Return the bytes of a file when it is unpacked, modulo 2**32: the last word of gzip (RFC 1952)."""
    size = file.path.stat().st_size
    if not _is_gzip(file) or size < _LEAST_GZIP:
        return size % (1 << 32)
    with file.path.open("rb") as content:
        content.seek(-4, 2)
        return int.from_bytes(content.read(4), "little")


def _digest(file: BillFile) -> bytes:
    digest = hashlib.sha256()
    try:
        with gzip.open(file.path) if _is_gzip(file) else file.path.open("rb") as content:
            while block := content.read(1 << 20):
                digest.update(block)
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(file.shown, error) from error
    return digest.digest()


def _is_gzip(file: BillFile) -> bool:
    return file.path.suffix.lower() == ".gz"


def _part(export: str, files: Sequence[BillFile], types: Mapping[str, str], *, is_parquet: bool) -> Part:
    apart = _apart(types)
    layout = recognise(list(types), files[0].shown).renamed(apart)
    types = {apart[name]: kind for name, kind in types.items()}
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in types)
    read = ("read_parquet(", ")") if is_parquet else ("read_csv(", f", {_CSV}, columns = {{{columns}}})")
    return Part(export, tuple(files), _source(read, files), types, layout, charges_of(layout, types), read)


def _source(read: tuple[str, str], files: Sequence[BillFile]) -> str:
    return f"[{', '.join(literal(str(file.path)) for file in files)}]".join(read)


def _apart(names: Iterable[str]) -> dict[str, str]:
    """Return name -> name in SQL, where capitals do not tell names apart: keys `Owner` and `owner` may both be there.

    >>> _apart(["resourceTags/user:Owner", "resourceTags/user:owner"])
    {'resourceTags/user:Owner': 'resourceTags/user:Owner', 'resourceTags/user:owner': 'resourceTags/user:owner~2'}
    """
    seen: Counter[str] = Counter()
    found = {}
    for name in names:
        seen[name.lower()] += 1
        found[name] = name if seen[name.lower()] == 1 else f"{name}~{seen[name.lower()]}"
    return found


def _is_parquet(file: BillFile) -> bool:
    with file.path.open("rb") as content:
        start = content.read(4)
    if not start:
        raise TagrailError(f"{file.shown}: must be a file of a bill; got an empty one. Do fetch it again")
    if file.path.suffix.lower() == ".parquet" and start != b"PAR1":
        raise TagrailError(f"{file.shown}: must be Parquet, as its name says; got something else. Do fetch it again")
    return start == b"PAR1"


def _parquet_types(connection: Any, file: BillFile) -> dict[str, str]:
    """Return column -> type of a Parquet file. Raises: TagrailError for one that cannot be read."""
    try:
        rows = connection.execute(f"DESCRIBE SELECT * FROM read_parquet([{literal(str(file.path))}])").fetchall()
    except duckdb.Error as error:
        raise unreadable(file.shown, error) from error
    return {str(row[0]): str(row[1]) for row in rows}


def _header(file: BillFile) -> list[str]:
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
    """Return the error of a file that DuckDB cannot read, with the first line of what it says. Raises: nothing."""
    said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return TagrailError(f"{shown}: must be a whole CSV or Parquet file; got {said}. Do fetch it again")


def refuse_overlaps(parts: Sequence[Part], connection: Any) -> None:
    """Refuse two parts that hold the same month of the same payer, which would count it twice.

    Files of one export and month have the same columns, so what overlaps is another export, or a copy in another form.
    Raises: TagrailError naming a file of both, the payer and the month.
    """
    months = [_months(part, connection) for part in parts] if len(parts) > 1 else []
    for (one, held), (other, also) in combinations(zip(parts, months, strict=False), 2):
        if both := held & also:
            payer, month = min(both)
            names = " and ".join(f"{part.files[0].shown} ({part.layout.name})" for part in (one, other))
            rule = f"must hold each month of a payer once; got {month or 'charges without a month'} of"
            raise TagrailError(f"{rule} {payer or 'one payer'} in {names}. Do name one of the two")


def _months(part: Part, connection: Any) -> set[tuple[str, str]]:
    payer, month = (part.charges.expressions[name] for name in ("BillingAccountId", "BillingPeriodStart"))
    try:
        rows = connection.execute(f"SELECT DISTINCT {payer}, {month} FROM {part.source}").fetchall()
    except duckdb.Error as error:
        raise unreadable(part.files[0].shown, error) from error
    return {(str(row[0] or ""), str(row[1] or "")[:7]) for row in rows}
