"""Keep what sources saw in files, spread by ARN, such that a run that was broken off goes on and memory stays flat.

All that is seen of one ARN lies in one of 256 files, so that each can be joined by itself. A task's rows are on disk
before the task is called done: what was written by one that was broken off is no harm, since it was seen.
"""

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar
from zlib import crc32

import msgspec

from harness.audit.model import Edge, Gap, Seen
from harness.audit.places import Place

Row = TypeVar("Row")

_FILES = 257  # the first is for the accounts themselves
_FLUSH_BYTES = 1 << 15


class Done(msgspec.Struct, frozen=True):
    """Name a task that has ended: what was read, where; `kinds` are the kinds of resources that it showed.

    `calls` is how many answers it took, `gaps` what AWS did not let us see.
    """

    task: str
    kinds: tuple[str, ...] = ()
    calls: int = 0
    gaps: tuple[Gap, ...] = ()


class SeenFiles:
    """Write and read the files of a folder; several threads may write."""

    def __init__(self, folder: Path) -> None:
        """Open a folder, which an earlier run may have left: half a last line is cut off. Raises: OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lock = threading.Lock()
        self._encoder = msgspec.json.Encoder()
        self._waiting = [bytearray() for _ in range(_FILES)]
        for file in folder.glob("*.ndjson"):
            _cut_half_line(file)
        self.done = {each.task: each for each in _read(folder / "done.ndjson", Done)}

    def add(self, rows: Iterable[Seen]) -> None:
        """Keep rows. Raises: OSError."""
        lines = [self._line(row) for row in rows]
        with self._lock:
            for number, line in lines:
                waiting = self._waiting[number]
                waiting += line
                waiting += b"\n"
                if len(waiting) > _FLUSH_BYTES:
                    self._flush(number)

    def add_edges(self, edges: Iterable[Edge]) -> None:
        """Keep edges of lineage. Raises: OSError."""
        lines = self._encoder.encode_lines(list(edges))
        with self._lock:
            _append(self._folder / "edges.ndjson", lines)

    def edges(self) -> tuple[Edge, ...]:
        """Return the edges of lineage, each once. Raises: OSError."""
        return tuple(dict.fromkeys(_read(self._folder / "edges.ndjson", Edge)))

    def end(self, done: Done) -> None:
        """Note that a task has ended, once its rows are in the files; of one done twice the last counts.

        Raises: OSError.
        """
        with self._lock:
            for number, waiting in enumerate(self._waiting):
                if waiting:
                    self._flush(number)
            _append(self._folder / "done.ndjson", self._encoder.encode_lines([done]))
            self.done[done.task] = done

    def flush(self) -> None:
        """Write what waits. Raises: OSError."""
        with self._lock:
            for number in range(_FILES):
                self._flush(number)

    def gaps(self) -> tuple[Gap, ...]:
        """Return what tasks could not see. Raises: nothing."""
        return tuple(gap for done in self.done.values() for gap in done.gaps)

    def read(self) -> frozenset[Place]:
        """Return the accounts and regions in which the tagging API was read to its end. Raises: nothing."""
        tasks = (done.task.split(" ") for done in tuple(self.done.values()) if not done.gaps)
        return frozenset((task[1], task[2]) for task in tasks if task[0] == "tagging")

    def groups(self) -> Iterator[list[list[Seen]]]:
        """Yield, file by file, all that was seen, as one list for each ARN, by ARN; the accounts themselves first.

        Raises: OSError.
        """
        self.flush()
        for number in range(_FILES):
            by_arn: dict[str, list[Seen]] = {}
            for row in _read(self._file(number), Seen):
                by_arn.setdefault(row.arn, []).append(row)
            yield [by_arn[arn] for arn in sorted(by_arn)]

    def remove(self) -> None:
        """Remove the files. Raises: OSError."""
        for file in self._folder.iterdir():
            file.unlink()
        self._folder.rmdir()

    def _line(self, row: Seen) -> tuple[int, bytes]:
        try:
            return _number(row), self._encoder.encode(row)
        except UnicodeEncodeError:  # half a surrogate pair, which JSON can hold and UTF-8 cannot
            whole = msgspec.convert(_whole(msgspec.to_builtins(row)), Seen)
            return _number(whole), self._encoder.encode(whole)

    def _flush(self, number: int) -> None:
        waiting = self._waiting[number]
        if waiting:
            _append(self._file(number), bytes(waiting))
            waiting.clear()

    def _file(self, number: int) -> Path:
        return self._folder / f"seen-{number:03}.ndjson"


def _number(row: Seen) -> int:
    return 0 if row.source == "organizations" else 1 + crc32(row.arn.encode()) % (_FILES - 1)


def _whole(value: Any) -> Any:
    """Return texts, in whatever they stand, with U+FFFD for what is no character."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return {_whole(key): _whole(held) for key, held in value.items()} if isinstance(value, dict) else value


def _append(file: Path, text: bytes) -> None:
    if text:
        with file.open("ab", buffering=0) as out:
            start, left = out.seek(0, 2), memoryview(text)
            try:
                while left:
                    left = left[out.write(left) :]
            except OSError:  # a full disk: half a line in the middle would spoil all that follows
                out.truncate(start)
                raise


def _read(file: Path, kind: type[Row]) -> Iterator[Row]:
    if file.is_file():
        decode = msgspec.json.Decoder(kind).decode
        with file.open("rb") as lines:
            yield from map(decode, lines)


def _cut_half_line(file: Path) -> None:
    """Cut off a last line that a kill or a full disk left without an end."""
    with file.open("rb+") as text:
        size = text.seek(0, 2)
        at = size
        while at > 0:
            start = max(0, at - 4096)
            text.seek(start)
            found = text.read(at - start).rfind(b"\n")
            if found >= 0:
                at = start + found + 1
                break
            at = start
        if at < size:
            text.truncate(at)
