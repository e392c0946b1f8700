"""Remember running emulators: `<folder>/<name>.json` says where one listens and who it is.

`<name>.log` holds its output, and `<name>.lock` keeps two starts of one name apart.
"""

import fcntl
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from harness.errors import TagrailError

HEALTH_PATH = "/_tagrail/health"
ALERTS_PATH = "/_tagrail/alerts"
BILLING_PATH = "/_tagrail/billing"
CALLS_PATH = "/_tagrail/calls"
CLOCK_PATH = "/_tagrail/clock"
FAULTS_PATH = "/_tagrail/faults"
STEPS_PATH = "/_tagrail/pipeline-steps"
# What a starter writes to its server's standard input when it needs it no longer to end with itself.
KEEP = "keep"

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class EmulatorStatus:
    """Describe a running emulator; `started_at` is UTC in ISO 8601, `seed` an absolute path or None."""

    name: str
    pid: int
    port: int
    url: str
    instance_id: str
    started_at: str
    seed: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """Hold the state file: the status, and when the process was created (seconds since 1970)."""

    status: EmulatorStatus
    create_time: float


def read_record(name: str, folder: Path) -> Record | None:
    """Return the state file's record; None when there is none or another version wrote it."""
    try:
        data = json.loads(state_file(name, folder).read_text(encoding="utf-8"))
        return Record(EmulatorStatus(**data["status"]), float(data["create_time"]))
    except (FileNotFoundError, json.JSONDecodeError, KeyError, TypeError):
        return None


def write_record(record: Record, folder: Path) -> None:
    """Write the state file in one step.

    Raises: OSError.
    """
    target = state_file(record.status.name, folder)
    draft = target.with_suffix(".json.draft")
    draft.write_text(json.dumps(asdict(record), indent=2, sort_keys=True) + "\n", encoding="utf-8")
    draft.replace(target)


class BusyError(TagrailError):
    """Report that another process starts or stops the same emulator."""


@contextmanager
def hold_lock(name: str, folder: Path, seconds: float) -> Iterator[None]:
    """Hold the name's lock; the system frees it when this process ends, however it ends.

    Raises: BusyError when another process holds it for longer than `seconds`.
    """
    deadline = time.monotonic() + seconds
    with (folder / f"{name}.lock").open("a", encoding="utf-8") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() >= deadline:
                    reason = f"is being started or stopped by another process for more than {seconds} seconds"
                    raise BusyError(f"emulator {name}: {reason}. Do try again") from error
                time.sleep(0.1)
        yield


def check_name(name: str) -> None:
    """Refuse what is no name of an emulator.

    Raises: TagrailError.
    """
    if not _NAME.fullmatch(name):
        rule = "must be 1 to 40 of a-z, 0-9 and -, and start with a letter or digit"
        raise TagrailError(f'emulator name: {rule}; got "{name}". Do choose another')


def state_file(name: str, folder: Path) -> Path:
    """Return the path of the state file."""
    return folder / f"{name}.json"


def log_file(name: str, folder: Path) -> Path:
    """Return the path of the log."""
    return folder / f"{name}.log"
