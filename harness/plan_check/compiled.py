"""Read the requirements of a project, compiled once and kept under .tagrail/cache until a file changes."""

import os
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import msgspec

from harness.plan_check.requirements import Requirements

_PARTS = ("dictionary", "environment", "documents", "plan_check")


class _Kept(msgspec.Struct):
    """Hold requirements, and the stamp of all that they were made of."""

    stamp: str
    requirements: Requirements


def read_requirements(dictionary: Path, environment: Path | None, unit: str, cache: Path | None) -> Requirements:
    """Return what dictionary and environment require at a unit; `cache` is the folder to keep it in, None for nowhere.

    Raises: InputError with every problem of the files; TagrailError for a wrong unit; OSError for unreadable files.
    """
    stamp = _stamp(dictionary, environment, unit)
    kept = cache / f"requirements-{crc32(_place(dictionary, environment, unit)):08x}.json" if cache and stamp else None
    if kept and kept.is_file():
        try:
            known = msgspec.json.decode(kept.read_bytes(), type=_Kept)
            if known.stamp == stamp:
                return known.requirements
        except (msgspec.MsgspecError, UnicodeDecodeError):
            pass  # cut short by a full disk: it is made anew below
    from harness.plan_check.compiling import compile_files  # noqa: PLC0415 (its models take 0.2 s to load)

    found = compile_files(dictionary, environment, unit)
    if kept:
        _keep(kept, _Kept(stamp, found))
    return found


def _keep(kept: Path, found: _Kept) -> None:
    """Write the file beside its place first, so that another run never reads half of it."""
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        half = kept.with_suffix(f".{os.getpid()}")
        half.write_bytes(msgspec.json.encode(found))
        half.replace(kept)
    except OSError:
        return  # a read-only checkout: the next run compiles again


def _place(dictionary: Path, environment: Path | None, unit: str) -> bytes:
    return f"{dictionary} {environment} {unit}".encode("utf-8", "surrogateescape")


def _stamp(dictionary: Path, environment: Path | None, unit: str) -> str:
    """Return what the result depends on: names, times, sizes and sums; "" when a file cannot be read."""
    given = (dictionary, environment) if environment else (dictionary,)
    try:
        sums = [f"{file} {crc32(file.read_bytes())} {_times(file)}" for file in given]
        beside = sorted(environment.parent.glob("*.yaml")) if environment and unit else ()  # with the units there are
        return "\n".join((unit, *sums, *(f"{file.name} {_times(file)}" for file in (*beside, *_own_files()))))
    except OSError:
        return ""


def _times(file: Path) -> str:
    status = file.stat()
    return f"{status.st_mtime_ns} {status.st_size}"


def _own_files() -> Iterator[Path]:
    """Yield the files of tagrail that the result depends on."""
    harness = Path(__file__).parents[1]
    for part in _PARTS:
        yield from sorted((harness / part).glob("*.py"))
    data = ("resource-types.json", "aws-facts.yaml", "guardrail-actions.yaml")
    yield from (harness / "guardrail_actions.py", *(harness / "data" / name for name in data))
