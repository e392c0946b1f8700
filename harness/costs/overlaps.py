"""Refuse what would count costs twice: a month in two exports, or lines in two files that no manifest tells apart."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Any, Final, NamedTuple

from harness.costs.bill import Part, reading
from harness.costs.charges import quoted
from harness.costs.files import BillFile
from harness.errors import TagrailError

# What AWS tells lines apart by, beside tags: it sums up those that agree in all of it. Taken as far as a file has it.
_CONTENT: Final = {
    "cur": (
        "line_item_usage_start_date",
        "line_item_usage_end_date",
        "line_item_usage_account_id",
        "line_item_line_item_type",
        "line_item_product_code",
        "line_item_usage_type",
        "line_item_operation",
        "line_item_resource_id",
        "line_item_line_item_description",
    ),
    "focus": (
        "chargeperiodstart",
        "chargeperiodend",
        "subaccountid",
        "chargecategory",
        "servicename",
        "skuid",
        "skupriceid",
        "x_usagetype",
        "x_operation",
        "resourceid",
        "chargedescription",
    ),
}
# An id is that of a line of one delivery only, and not sure to be the only one of its kind even there:
# docs.aws.amazon.com/cur/latest/userguide/identity-columns.html
_IDENTITY: Final = ("identity_line_item_id", "identity_time_interval")
_MOST_LINES: Final = 1_000_000  # that are compared; of more, every second, third and so on by their hash


class _Piece(NamedTuple):
    """Hold some files of a part, read together, and their lines by payer and month, "" for what is not told."""

    part: Part
    lines: Mapping[tuple[str, str], int]

    @property
    def months(self) -> frozenset[str]:
        return frozenset(month for _, month in self.lines if month)


def refuse_overlaps(parts: Sequence[Part], connection: Any) -> None:
    """Refuse what would count a month twice.

    Files of one export and month have the same columns, so that two parts with the same month of a payer are another
    export, or a copy in another form. A payer or month that a part does not tell may be any. Files of one part may be
    two downloads of a month that has grown in the meantime: unless a manifest names them, their lines are compared.

    Raises: TagrailError naming a file of both, the payer and the month; or a file that cannot be read.
    """
    doubtful = [_doubtful(part.files) for part in parts]
    if len(parts) < 2 and not any(doubtful):
        return
    pieces = [[*_pieces(part, files, connection)] for part, files in zip(parts, doubtful, strict=True)]
    for one, other in combinations(pieces, 2):
        _refuse_shared(one, other)
    for held in pieces:
        if repeated := [piece for piece in held if _is_doubtful(piece, held)]:
            _refuse_repeats(repeated, connection)


def _doubtful(files: Sequence[BillFile]) -> frozenset[BillFile]:
    """Return the files beside which another one may hold the same month, as far as folders and manifests tell."""
    held = Counter(file.period for file in files)
    return frozenset(
        file
        for file in files
        if not file.is_named and len(files) > 1 and (not file.period or held[""] or held[file.period] > 1)
    )


def _pieces(part: Part, doubtful: frozenset[BillFile], connection: Any) -> Iterator[_Piece]:
    """Yield each doubtful file of a part by itself, and all others together."""
    sure = [file for file in part.files if file not in doubtful]
    for files in ([sure] if sure else []) + [[file] for file in part.files if file in doubtful]:
        piece = part.narrowed(files)
        yield _Piece(piece, _lines(piece, connection))


def _lines(part: Part, connection: Any) -> dict[tuple[str, str], int]:
    payer, month = (part.charges.expressions[name] for name in ("BillingAccountId", "BillingPeriodStart"))
    rows = _asked(part, connection, f"SELECT {payer}, {month}, COUNT(*) FROM {part.source} GROUP BY ALL")
    return {(str(row[0] or ""), str(row[1] or "")[:7]): row[2] for row in rows}


def _asked(part: Part, connection: Any, sql: str) -> list[tuple[Any, ...]]:
    with reading(part, connection):
        found: list[tuple[Any, ...]] = connection.execute(sql).fetchall()
    return found


def _refuse_shared(one: Sequence[_Piece], other: Sequence[_Piece]) -> None:
    """Refuse two parts with the same month of the same payer. Raises: TagrailError."""
    for piece, also in product(one, other):
        for (payer, month), (also_payer, also_month) in product(sorted(piece.lines), sorted(also.lines)):
            if _may_be_one(payer, also_payer) and _may_be_one(month, also_month):
                names = " and ".join(f"{part.files[0].shown} ({part.layout.name})" for part in (piece.part, also.part))
                rule = f"must hold each month of a payer once; got {month or also_month or 'charges without a month'}"
                whose = f"{payer or also_payer or 'one payer'} in {names}{_difference(piece.part, also.part)}"
                raise TagrailError(f"{rule} of {whose}. Do name one of the two")


def _difference(one: Part, other: Part) -> str:
    """Return why files of one export cannot be read as one, "" where they are of two."""
    if one.export != other.export or one.layout.kind != other.layout.kind:
        return ""
    for name in {**one.types, **other.types}:
        kind, also = (part.types.get(name, "not there") for part in (one, other))
        if kind != also:
            return f", whose column {name} is {kind} and {also}"
    return ""


def _may_be_one(one: str, other: str) -> bool:
    return one == other or not one or not other


def _is_doubtful(piece: _Piece, held: Sequence[_Piece]) -> bool:
    return any(other is not piece and other.months & piece.months for other in held)


def _refuse_repeats(pieces: Sequence[_Piece], connection: Any) -> None:
    """Refuse files of which one repeats lines of another.

    One line with the same id, time and content in both is enough; without ids, half of those of a month. Lines that
    cost nothing change no sum, and may well be alike. Raises: TagrailError naming both files and the month.
    """
    total = sum(count for piece in pieces for count in piece.lines.values())
    step = max(1, total // _MOST_LINES)
    connection.execute("CREATE OR REPLACE TABLE seen (File INTEGER, Month DATE, Id UBIGINT, Content UBIGINT)")
    for number, piece in enumerate(pieces):
        _asked(piece.part, connection, f"INSERT INTO seen {_hashed(piece.part, number, step)}")
    for column, share in (("Id", 0.0), ("Content", 0.5)):
        rows = connection.execute(_repeats(column, share)).fetchall()
        if rows:
            one, other, month, *counts = rows[0]
            name, also = (pieces[number].part.files[0].shown for number in (one, other))
            repeated, lines = (f"{'about ' if step > 1 else ''}{count * step}" for count in counts)
            got = f"{repeated} of {lines} lines with costs of {month}"
            repair = "Do keep the newer one, and the manifest that says which files count"
            raise TagrailError(f"{name}: must hold no line that stands in {also} too; got {got}. {repair}")
    connection.execute("DROP TABLE seen")


def _hashed(part: Part, number: int, step: int) -> str:
    """Return a query of the hashes of a file's lines, of one in `step`."""
    columns = part.layout.columns
    cost = part.charges.raw
    content = [quoted(columns[name]) for name in _CONTENT[part.layout.kind] if name in columns]
    identity = [quoted(columns[name]) for name in _IDENTITY if name in columns]
    hashed = f"HASH({', '.join((*content, cost))})"
    line = f"HASH({', '.join((*identity, hashed))})" if _IDENTITY[0] in columns else "NULL"
    month = part.charges.expressions["BillingPeriodStart"]
    return (
        f"SELECT {number}, {month}, {line}, {hashed} FROM {part.source} "
        f"WHERE {month} IS NOT NULL AND {cost} <> 0 AND {hashed} % {step} = 0"
    )


def _repeats(column: str, least: float) -> str:
    """Return a query of the files of which another one holds more than this share of a month's lines, worst first."""
    lines = f"(SELECT DISTINCT File, Month, {column} FROM seen WHERE {column} IS NOT NULL)"
    return (
        f"SELECT one.File, other.File, STRFTIME(Month, '%Y-%m'), COUNT(*) AS Repeated, ANY_VALUE(Lines) "
        f"FROM {lines} AS one "
        f"JOIN {lines} AS other USING (Month, {column}) "
        f"JOIN (SELECT File, Month, COUNT(*) AS Lines FROM {lines} GROUP BY ALL) AS counts "
        "ON counts.File = one.File AND counts.Month = one.Month WHERE one.File <> other.File "
        f"GROUP BY ALL HAVING COUNT(*) >= ANY_VALUE(Lines) * {least} ORDER BY Repeated DESC, 1, 2 LIMIT 1"
    )
