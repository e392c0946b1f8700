"""Hold a run of the audit: its folder, and what is known of it as a whole."""

import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import msgspec

from harness.audit.model import Gap

_FILE = "run.json"
_SEEN = "seen"
_FORM = "%Y-%m-%dT%H-%M-%SZ"


class AuditedAccount(msgspec.Struct, frozen=True):
    """Name an account that the organisation has; `unit` is the path of its organizational unit, "" at the root."""

    id: str
    name: str
    unit: str
    status: str


class Coverage(msgspec.Struct, frozen=True):
    """Count the resources that must carry a key, by what they carry: an allowed value, something wrong, nothing."""

    key: str
    covered: int = 0
    wrong: int = 0
    missing: int = 0


class Change(msgspec.Struct, frozen=True):
    """Compare a run with the last one: findings that are new, gone, still there, or not seen again.

    `fixed` are the rows of fixed.parquet, which runs of earlier versions do not have.
    """

    previous: str = ""
    new: int = 0
    fixed: int = 0
    remaining: int = 0
    unseen: int = 0


class Run(msgspec.Struct, frozen=True):
    """State what a run looked at and found; times are ISO 8601 in UTC.

    `asked_regions` are those that were named, () for all that are enabled; `lineage` tells whether that was asked for.
    `counts` are resources by what became of them, `unheard` how many resources there are of types of which nobody knows
    whether they take tags; `calls` are answers by source. `tagged_alone` are types that the tagging API alone
    showed: what of these never had a tag was seen by nobody. `month` and `currency` are those of the
    costs that were given, "" where none were.
    """

    environment: str
    target: str
    started: str
    asked_regions: tuple[str, ...] = ()
    lineage: bool = True
    ended: str = ""
    state: Literal["running", "interrupted", "finished"] = "running"
    accounts: tuple[AuditedAccount, ...] = ()
    regions: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    calls: Mapping[str, int] = {}
    counts: Mapping[str, int] = {}
    unheard: Mapping[str, int] = {}
    findings: Mapping[str, int] = {}
    tagged_alone: tuple[str, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    change: Change = Change()
    month: str = ""
    currency: str = ""


def new_folder(parent: Path, now: datetime.datetime) -> Path:
    """Return a new folder for a run that starts now. Raises: OSError."""
    folder = parent / now.strftime(_FORM)
    number = 2
    while folder.exists():
        folder = parent / f"{now.strftime(_FORM)}-{number}"
        number += 1
    folder.mkdir(parents=True)
    return folder


def seen_folder(folder: Path) -> Path:
    """Return where a run keeps what sources saw until it is finished. Raises: nothing."""
    return folder / _SEEN


def write_run(folder: Path, run: Run) -> None:
    """Write what is known of a run, in one step. Raises: OSError."""
    half = folder / f"{_FILE}.half"
    half.write_bytes(msgspec.json.format(msgspec.json.encode(run), indent=2) + b"\n")
    half.replace(folder / _FILE)


def read_run(folder: Path) -> Run:
    """Return a run. Raises: OSError; msgspec.ValidationError for what is none."""
    return msgspec.json.decode((folder / _FILE).read_bytes(), type=Run)


def runs(parent: Path) -> Iterator[tuple[Path, Run]]:
    """Yield the runs below a folder, the newest first. Raises: OSError."""
    if parent.is_dir():
        for folder in sorted((each for each in parent.iterdir() if (each / _FILE).is_file()), reverse=True):
            yield folder, read_run(folder)


def finished(parent: Path, target: str = "") -> Path | None:
    """Return the folder of the newest run that was finished, on one target or any; None where there is none.

    Raises: OSError.
    """
    found = ((folder, run) for folder, run in runs(parent) if run.state == "finished")
    return next((folder for folder, run in found if target in ("", run.target)), None)


def unread(folder: Path, run: Run, *, only_new: bool) -> tuple[Gap, ...]:
    """Return what AWS did not let a run see, or that alone which it still let the run before see.

    What nobody asked for, as in an account that is suspended, is not among it. Raises: OSError.
    """
    before = folder.parent / run.change.previous
    known = read_run(before).gaps if only_new and run.change.previous and (before / _FILE).is_file() else ()
    places = {(gap.source, gap.account, gap.region) for gap in known}
    return tuple(gap for gap in run.gaps if gap.code and (gap.source, gap.account, gap.region) not in places)


def unfinished(parent: Path) -> Path | None:
    """Return the folder of the newest run if it can go on; None where it cannot. Raises: OSError."""
    found = next(runs(parent), None)
    return found[0] if found and found[1].state != "finished" and seen_folder(found[0]).is_dir() else None
