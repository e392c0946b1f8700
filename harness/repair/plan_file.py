"""Write a plan as CSV that people filter and edit, and read it back whatever editor or spreadsheet has saved it."""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from harness.errors import InputError, Problem
from harness.repair.cells import guarded, unguarded
from harness.repair.model import Change
from harness.spelling import nearest

COLUMNS: Final = (
    "do",
    "account",
    "region",
    "type",
    "arn",
    "key",
    "now",
    "becomes",
    "remove",
    "evidence",
    "owner",
    "rule",
    "id",
)
_NEEDED: Final = ("do", "account", "region", "arn", "key", "now", "becomes", "remove")
_NUMBERS: Final = ("account", "now", "becomes")
_DECISIONS: Final = {"yes": True, "no": False}
_BYTE_ORDER_MARKS: Final = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SEPARATOR_LINE: Final = re.compile(r"sep=(.)\r?\n", re.I)
_ROUNDED: Final = re.compile(r"\d([.,]\d+)?E\+\d+", re.I)


class Row(NamedTuple):
    """Hold a change and the line that it stands in; `id` is the one that was written, "" for a row people added."""

    line: int
    change: Change
    id: str


def plan_text(changes: Iterable[Change]) -> str:
    """Return the plan as CSV: comma, CRLF, a byte order mark, by which spreadsheets know UTF-8. Raises: nothing."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in changes:
        texts = (str(getattr(one, name)) for name in COLUMNS[1:])
        writer.writerow(("yes" if one.do else "no", *map(guarded, texts)))
    return f"\ufeff{out.getvalue()}"


def plan_hash(changes: Iterable[Change]) -> str:
    """Return what a journal is bound to: the changes that are to be done, however the file is sorted or saved.

    Raises: nothing.
    """
    lines = sorted(f"{one.id} {one.becomes}" for one in changes if one.do)
    return hashlib.sha256("\n".join(lines).encode(errors="surrogatepass")).hexdigest()


def read_plan(path: Path) -> tuple[list[Row], list[Problem]]:
    """Return the rows of a plan, and what is wrong with its form; rows that cannot be read are left out.

    Raises: InputError for a file that holds no rows that could be read: absent, no text, a column that lacks.
    """
    shown = str(path)
    text = _text(path, shown)
    separator = _SEPARATOR_LINE.match(text)
    lines = io.StringIO(text[separator.end() :] if separator else text, newline="")
    skipped = 1 if separator else 0
    first = lines.readline()
    lines.seek(0)
    reader = csv.reader(lines, delimiter=separator[1] if separator else _delimiter(first))
    try:
        header = [unguarded(cell.strip()).lower() for cell in next(reader, [])]
        problems = list(_header_problems(header, shown, 1 + skipped))
        if problems:
            raise InputError(problems)
        return _rows(reader, header, shown, skipped, problems), problems
    except csv.Error as error:
        line = reader.line_num + skipped
        raise InputError([Problem(shown, line, "", f"must be CSV; got {error}. Do save it as CSV UTF-8")]) from error


def _text(path: Path, shown: str) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"must be a file that can be read; got {error.strerror}. Do name a plan of tagrail repair plan"
        raise InputError([Problem(shown, 0, "", message)]) from error
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        message = f"must be UTF-8; byte {error.start} is not. Do save it as CSV UTF-8"
        raise InputError([Problem(shown, 0, "", message)]) from error


def _delimiter(header: str) -> str:
    """Return what stands between cells: spreadsheets write ; where the comma is the decimal sign."""
    return max(",;\t", key=header.count)


def _header_problems(header: list[str], shown: str, line: int) -> Iterator[Problem]:
    for name in header:
        if name and name not in COLUMNS:
            guess = nearest(name, COLUMNS) or " Do remove it"
            yield Problem(shown, line, name, f'must be one of {", ".join(COLUMNS)}; got "{name}".{guess}')
        elif name and header.count(name) > 1:
            yield Problem(shown, line, name, "must be one column; got two. Do remove one")
    for name in _NEEDED:
        if name not in header:
            yield Problem(shown, line, name, "must be a column; got none. Do put it back, as tagrail wrote it")


def _rows(
    reader: Iterator[list[str]], header: list[str], shown: str, skipped: int, problems: list[Problem]
) -> list[Row]:
    found: list[Row] = []
    end = 1
    for cells in reader:
        line, end = end + 1 + skipped, reader.line_num  # type: ignore[attr-defined]  # csv's own reader
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header) and any(cells[len(header) :]):
            message = f"must have {len(header)} cells; got {len(cells)}. Do put quotes around a cell with a separator"
            problems.append(Problem(shown, line, "", message))
            continue
        texts = dict.fromkeys(COLUMNS, "")
        by_name = {name: cell for name, cell in zip(header, cells, strict=False) if name}
        texts |= {name: unguarded(cell) for name, cell in by_name.items()}
        rounded = [name for name in _NUMBERS if _ROUNDED.fullmatch(by_name.get(name, "").strip())]
        row = _row(line, texts, rounded, shown, problems)
        found += [row] if row else []
    return found


def _row(
    line: int, texts: Mapping[str, str], rounded: Sequence[str], shown: str, problems: list[Problem]
) -> Row | None:
    decision = _DECISIONS.get(texts["do"].strip().lower())
    if decision is None:
        message = f'must be yes or no; got "{texts["do"]}". Do choose one of them'
        problems.append(Problem(shown, line, "do", message))
    for name in rounded:
        message = f"must be whole; got {texts[name]}, which a spreadsheet has rounded. Do write it with ' in front"
        problems.append(Problem(shown, line, name, message))
    if decision is None or rounded:
        return None
    trimmed = {name: texts[name].strip() for name in ("account", "region", "type", "arn", "rule")}
    kept = {name: texts[name] for name in ("key", "now", "becomes", "remove", "evidence", "owner")}
    return Row(line, Change(do=decision, **trimmed, **kept), texts["id"].strip())
