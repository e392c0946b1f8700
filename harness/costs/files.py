"""Find the files of a bill in a folder, as AWS delivers exports: by manifest where there is one, each month once."""

import json
import re
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from harness.errors import TagrailError

SUFFIXES: Final = (".csv", ".csv.gz", ".gz", ".parquet", ".csv.zip", ".zip")
_PERIOD = re.compile(r"(?:BILLING_PERIOD=|billing_period=)?(\d{4})-(\d{2})|(\d{4})(\d{2})\d{2}-\d{8}", re.IGNORECASE)
_DELIVERY = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{8}T\d{6}Z(?:-\w+)?|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*"
)
_PARTITION = re.compile(r"(?:year|month)=\d+", re.IGNORECASE)
_INNER: Final = ("data", "metadata")
MOST_ZIPPED: Final = 8 << 30  # bytes that an archive may grow to


class BillFile(NamedTuple):
    """Name a file of a bill: `export` is the folder that one export delivers into, `period` its month or "".

    `is_named` tells that a manifest names it, so that no other delivery of the month lies beside it.
    """

    path: Path
    shown: str
    export: str
    period: str
    is_named: bool = False


def find_files(place: str, scratch: Path, folder: Path | None = None) -> tuple[BillFile, ...]:
    """Return the files of a bill at a path, of each month the delivery that counts; archives are unpacked in `scratch`.

    `folder` is where the files of a place elsewhere, which messages name, have been fetched to.

    Raises: TagrailError naming the path for one that is not there or holds no bill, a manifest that cannot be read or
    names files that are not there, and a month that was delivered twice while no manifest says which counts.
    """
    root = folder or Path(place)
    if not root.exists():
        raise TagrailError(f"{place}: must be a file or folder of a bill; nothing is there. Do check the path")
    if root.is_file():
        return tuple(_unpacked([BillFile(root, place, str(root.parent.resolve()), "")], scratch))
    held = [path for path in root.rglob("*") if path.is_file()]
    return tuple(_unpacked(chosen_files(held, root, place), scratch))


def chosen_files(paths: Iterable[Path], root: Path, place: str) -> tuple[BillFile, ...]:
    """Return those of a folder's files that count; of all but the manifests the names are enough.

    Raises: as find_files.
    """
    held = [path for path in sorted(paths) if not _is_hidden(path, root)]
    files = [_placed(path, root, place) for path in held if path.name.lower().endswith(SUFFIXES)]
    if not files:
        rule = "must hold CSV, gzip, zip or Parquet files of a bill"
        raise TagrailError(f"{place}: {rule}; got {len(held)} other files. Do name the export's folder")
    manifests = [path for path in held if path.name.lower().endswith("manifest.json")]
    return tuple(_chosen(files, _deliveries(manifests, root, place)))


def _is_hidden(path: Path, root: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.relative_to(root).parts)


def _placed(path: Path, root: Path, place: str) -> BillFile:
    parts = path.relative_to(root).parent.parts
    period = next((_month(part) for part in parts if _PERIOD.fullmatch(part)), "")
    outer = [part for part in parts if not _is_inner(part)]
    return BillFile(path, f"{place.rstrip('/')}/{path.relative_to(root)}", _export(root, outer), period)


def _export(root: Path, outer: Iterable[str]) -> str:
    return "/".join((str(root.resolve()), *outer))


def _is_inner(part: str) -> bool:
    patterns = (_PERIOD, _DELIVERY, _PARTITION)
    return part in _INNER or any(pattern.fullmatch(part) for pattern in patterns)


def _month(part: str) -> str:
    found = _PERIOD.fullmatch(part)
    return "-".join(group for group in found.groups() if group) if found else ""


class _Delivery(NamedTuple):
    """Hold what a manifest says: the names of the files that one delivery of a month is made of."""

    manifest: Path
    export: str
    period: str
    names: frozenset[str]
    is_outer: bool


def _deliveries(manifests: Iterable[Path], root: Path, place: str) -> dict[tuple[str, str], _Delivery]:
    """Return export and month -> the delivery that counts: of the manifest outside of delivery folders, or the last.

    Raises: TagrailError for a manifest that cannot be read, and two for a month of which neither is the later one.
    """
    found: dict[tuple[str, str], _Delivery] = {}
    for path in sorted(manifests):
        one = _delivery(path, root, place)
        before = found.get((one.export, one.period))
        if before and before.names != one.names and before.is_outer and one.is_outer:
            rule = f"must be the only manifest of {one.period or 'its month'}"
            other = f"another, {before.manifest.name}, that names other files"
            raise TagrailError(f"{place}/{path.relative_to(root)}: {rule}; got {other}. Do remove the one out of date")
        if before is None or one.is_outer or not before.is_outer:
            found[one.export, one.period] = one
    return found


def _delivery(path: Path, root: Path, place: str) -> _Delivery:
    shown = f"{place}/{path.relative_to(root)}"
    try:
        content = json.loads(path.read_bytes())
    except ValueError as error:
        raise TagrailError(f"{shown}: must be a manifest in JSON; got {error}. Do fetch the file again") from error
    keys = content.get("reportKeys") or content.get("dataFiles") if isinstance(content, dict) else None
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise TagrailError(f"{shown}: must have reportKeys or dataFiles; got neither. Do fetch the file again")
    parts = path.relative_to(root).parent.parts
    period = next((_month(part) for part in parts if _PERIOD.fullmatch(part)), "") or _period_of(content)
    outer = _export(root, (part for part in parts if not _is_inner(part)))
    names = frozenset("/".join(key.split("/")[-2:]) for key in keys)
    return _Delivery(path, outer, period, names, not any(_DELIVERY.fullmatch(part) for part in parts))


def _period_of(content: Mapping[str, object]) -> str:
    period = content.get("billingPeriod")
    start = str(period.get("start", "")) if isinstance(period, dict) else ""
    return f"{start[:4]}-{start[4:6]}" if re.match(r"\d{8}", start) else ""


def _chosen(files: Iterable[BillFile], deliveries: Mapping[tuple[str, str], _Delivery]) -> Iterator[BillFile]:
    months: dict[tuple[str, str], list[BillFile]] = defaultdict(list)
    for file in files:
        months[file.export, file.period].append(file)
    for (export, period), held in months.items():
        delivery = deliveries.get((export, period))
        if delivery is None:
            yield from _one_delivery(held, period)
            continue
        named = {name: file for file in held for name in delivery.names if _is_named(file.path, name)}
        gone = sorted(delivery.names - named.keys())
        if gone:
            rule = f"must find every file that {delivery.manifest.name} names"
            raise TagrailError(f"{held[0].export or held[0].shown}: {rule}; got no {gone[0]}. Do fetch it too")
        yield from (file._replace(is_named=True) for file in named.values())


def _is_named(path: Path, name: str) -> bool:
    return "/".join(path.parts[-2:]) == name or ("/" not in name and path.name == name)


def _one_delivery(held: list[BillFile], period: str) -> list[BillFile]:
    folders = {file.path.parent for file in held if _DELIVERY.fullmatch(file.path.parent.name)}
    if len(folders) > 1:
        names = " and ".join(sorted(folder.name for folder in folders)[:2])
        rule = "must be one delivery of a month, or have the manifest that says which counts"
        raise TagrailError(f"{held[0].shown}: {rule}; got {names} of {period or 'one month'}. Do keep the newest")
    return held


def _unpacked(files: Iterable[BillFile], scratch: Path) -> Iterator[BillFile]:
    for file in files:
        if not file.path.name.lower().endswith(".zip"):
            yield file
            continue
        try:
            with zipfile.ZipFile(file.path) as archive:
                folder = Path(tempfile.mkdtemp(dir=scratch))
                for number, member in enumerate(archive.infolist()):
                    if member.is_dir() or member.filename.startswith("__MACOSX/"):
                        continue
                    if member.file_size > MOST_ZIPPED:
                        rule = f"must grow to {MOST_ZIPPED >> 30} GiB at most"
                        raise TagrailError(f"{file.shown}: {rule}; got {member.file_size >> 30}. Do unpack it by hand")
                    target = folder / f"{number}-{Path(member.filename).name}"
                    with archive.open(member) as packed, target.open("wb") as plain:
                        while chunk := packed.read(1 << 20):
                            plain.write(chunk)
                    yield file._replace(path=target, shown=f"{file.shown}/{member.filename}")
        except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
            raise TagrailError(f"{file.shown}: must be a zip archive; got {error}. Do fetch it again") from error
