"""Open a bill: which files there are, in which layouts, and the SQL that reads each group of like files."""

import gzip
import hashlib
import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import duckdb

from harness.costs.charges import Charges, charges_of, literal, quoted
from harness.costs.files import BillFile, find_files
from harness.costs.formats import (
    READ_PARQUET,
    Read,
    header_of,
    is_parquet,
    parquet_types,
    read_as,
    read_csv,
    shape_of,
    source_of,
    unreadable,
    widest_types,
)
from harness.costs.layout import Layout, mangled, recognise
from harness.errors import TagrailError

_LEAST_GZIP: Final = 18  # bytes of a header and a trailer


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
    read: Read = ("", "")

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
                yield self.narrowed(held)
                held, size = [], 0
            held.append(file)
            size += length
        yield self.narrowed(held)

    def narrowed(self, files: "Sequence[BillFile]") -> "Part":
        """Return the part with some of its files alone; what is no list of files, but a table, stays whole."""
        return self._replace(files=tuple(files), source=source_of(self.read, files)) if any(self.read) else self

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
    groups: dict[tuple[str, frozenset[tuple[str, str]]], list[_Like]] = defaultdict(list)
    for like in _alike(files, connection):
        shapes = frozenset((name, shape_of(kind)) for name, kind in like.types.items())
        groups[like.export, shapes].append(like)
    return tuple(_part(like) for likes in groups.values() for like in _joined(likes, connection))


class _Like(NamedTuple):
    """Hold files of one export with the same columns of the same types, and the SQL that reads them."""

    export: str
    types: Mapping[str, str]
    read: Read
    files: list[BillFile]


def _alike(files: Iterable[BillFile], connection: Any) -> Iterator[_Like]:
    found: dict[tuple[str, Read, tuple[tuple[str, str], ...]], _Like] = {}
    for file in files:
        if is_parquet(file):
            types, read = parquet_types(connection, file), READ_PARQUET
        else:
            types = dict.fromkeys(header_of(file), "VARCHAR")
            read = read_csv(_apart(types).values())
        key = file.export, read, tuple(types.items())
        found.setdefault(key, _Like(file.export, types, read, [])).files.append(file)
    yield from found.values()


def _joined(likes: Sequence[_Like], connection: Any) -> Iterator[_Like]:
    """Yield as one the Parquet files that some types are wide enough for: writers infer types file by file."""
    parquet = [like for like in likes if like.read == READ_PARQUET]
    wide = widest_types(connection, [like.files[0] for like in parquet]) if len(parquet) > 1 else {}
    if wide.keys() == likes[0].types.keys():
        files = [file for like in parquet for file in like.files]
        yield _Like(parquet[0].export, wide, read_as(wide), files)
        yield from (like for like in likes if like not in parquet)
        return
    yield from likes


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


def _part(like: _Like) -> Part:
    export, types, read, files = like
    apart = _apart(types)
    layout = recognise(list(types), files[0].shown).renamed(apart)
    types = {apart[name]: kind for name, kind in types.items()}
    return Part(export, tuple(files), source_of(read, files), types, layout, charges_of(layout, types), read)


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


@contextmanager
def reading(part: Part, connection: Any) -> Iterator[None]:
    """Name the file of a part that cannot be read to its end; each is read alone to find it. Raises: TagrailError."""
    try:
        yield
    except duckdb.Error as error:
        for file in part.files if any(part.read) and len(part.files) > 1 else ():
            try:
                connection.execute(f"SELECT BIT_XOR(HASH(line)) FROM {part.narrowed([file]).source} AS line").fetchall()
            except duckdb.Error as found:
                raise unreadable(file.shown, found) from found
        raise unreadable(part.files[0].shown, error) from error
