"""Keep a journal of a repair: what each call is about to change, with the tags before, and what came of it.

JSON lines, each on the disk (fsync) before what follows from it: an intent before its call, the outcome after the
answer. After a crash the last line may be torn; it is cut off, since nothing followed from it.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import BinaryIO

import msgspec

from harness.errors import TagrailError
from harness.repair.model import Failure


class Begin(msgspec.Struct, frozen=True, tag="begin"):
    """Open a journal of the plan with this hash; `at` is the time in UTC."""

    plan: str
    at: str


class Intent(msgspec.Struct, frozen=True, tag="intent", omit_defaults=True):
    """Announce one call: some resources of an account and region get `write`, or lose `remove`.

    `former` are the tags of these keys before, by ARN, null for none; `flags` those of Auto Scaling groups. `undoes`:
    it takes back what the repair has done.
    """

    number: int
    account: str
    region: str
    service: str
    arns: tuple[str, ...]
    write: Mapping[str, str]
    remove: tuple[str, ...]
    former: Mapping[str, Mapping[str, str | None]]
    flags: Mapping[str, Mapping[str, bool]] = {}
    undoes: bool = False


class Outcome(msgspec.Struct, frozen=True, tag="outcome", omit_defaults=True):
    """Say how the call of an intent ended: what failed, by ARN."""

    number: int
    failed: Mapping[str, Failure] = {}


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """Say that every change was carried out, or needed no more; `at` is the time in UTC."""

    at: str


class Undone(msgspec.Struct, frozen=True, tag="undone"):
    """Close what stands before: every resource is as it was, or was told of."""


Entry = Begin | Intent | Outcome | Ended | Undone
_DECODER = msgspec.json.Decoder(Entry)


class StoppedError(Exception):
    """Say that nothing more may be announced, since another account's work has ended with a fault."""


class Journal:
    """Write entries from several threads; `entries` are those that were there before.

    `changed` counts the tags that calls have since written or removed.
    """

    def __init__(self, file: BinaryIO, entries: Sequence[Entry]) -> None:
        """Continue numbering where the file ends."""
        self._file, self._lock, self._is_stopped = file, Lock(), False
        self.entries = tuple(entries)
        self.changed, self._open = 0, dict[int, Intent]()
        self._last = max((one.number for one in entries if isinstance(one, Intent)), default=0)

    def write(self, entry: Entry) -> None:
        """Return once the entry is on the disk. Raises: OSError."""
        with self._lock:
            self._append(entry)

    def announce(self, intent: Intent) -> int:
        """Return the number that an intent got, once it is on the disk. Raises: OSError; StoppedError after `stop`."""
        with self._lock:
            self.check()
            self._last += 1
            self._append(msgspec.structs.replace(intent, number=self._last))
            return self._last

    def stop(self) -> None:
        """Take no more intents: calls that were announced still end. Raises: nothing."""
        self._is_stopped = True

    def check(self) -> None:
        """End work that should not go on. Raises: StoppedError after `stop`."""
        if self._is_stopped:
            raise StoppedError

    def _append(self, entry: Entry) -> None:
        self._file.write(msgspec.json.encode(entry) + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        if isinstance(entry, Intent):
            self._open[entry.number] = entry
        elif isinstance(entry, Outcome) and (intent := self._open.pop(entry.number, None)):
            reached = len(intent.arns) - len(set(intent.arns) & entry.failed.keys())
            self.changed += reached * len((*intent.write, *intent.remove))


def read_entries(content: bytes, shown: str) -> tuple[list[Entry], int]:
    """Return the entries of a journal, and how many bytes of it are whole lines.

    Raises: TagrailError for a line before the last one that is no entry.
    """
    whole = content.rfind(b"\n") + 1
    found: list[Entry] = []
    for number, line in enumerate(content[:whole].splitlines(), start=1):
        try:
            found.append(_DECODER.decode(line))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            rule = f"{shown}:{number}: must be an entry of a journal"
            raise TagrailError(f"{rule}; got {error}. Do restore the file from a copy") from error
    return found, whole


def journal_of(plan: Path) -> Path:
    """Return where the journal of a plan lies: beside it. Raises: nothing."""
    return plan.with_name(f"{plan.name}.journal.jsonl")


@contextmanager
def opened(path: Path) -> Iterator[Journal]:
    """Open a journal, made when it is not there, for this process alone.

    Raises: TagrailError when another process has it open or it is no journal; OSError.
    """
    is_new = not path.exists()
    with path.open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise TagrailError(f"{path}: must be open once; another repair has it open. Do wait for it") from error
        if is_new:
            _sync_folder(path.parent)
        file.seek(0)
        content = file.read()
        entries, whole = read_entries(content, str(path))
        if whole < len(content):
            file.truncate(whole)
        yield Journal(file, entries)


def _sync_folder(folder: Path) -> None:
    """Have the name of a new file on the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def since_undone(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the entries that count: those behind the last undo that was finished. Raises: nothing."""
    at = max((index for index, one in enumerate(entries) if isinstance(one, Undone)), default=-1)
    return tuple(entries[at + 1 :])
