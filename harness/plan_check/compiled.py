"""Read the requirements of a project, compiled once and kept under .tagrail/cache until a file changes."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from harness.plan_check.requirements import Requirements

_PARTS = ("dictionary", "environment", "documents", "plan_check")


def read_requirements(dictionary: Path, environment: Path | None, unit: str, cache: Path | None) -> Requirements:
    """Return what dictionary and environment require at a unit; `cache` is the folder to keep it in, None for nowhere.

    Raises: InputError with every problem of the files; TagrailError for a wrong unit; OSError for unreadable files.
    """
    stamp = _stamp(dictionary, environment, unit)
    kept = cache / f"requirements-{stamp}.json" if cache and stamp else None
    if kept and kept.is_file():
        try:
            return msgspec.json.decode(kept.read_bytes(), type=Requirements)
        except msgspec.MsgspecError:
            pass  # cut short by a full disk: it is made anew below
    from harness.plan_check.compiling import compile_files  # noqa: PLC0415 (its models take 0.2 s to load)

    found = compile_files(dictionary, environment, unit)
    if kept:
        _keep(kept, found)
    return found


def _keep(kept: Path, found: Requirements) -> None:
    """Write the file beside its place first, so that another run never reads half of it; old ones go."""
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        for old in sorted(kept.parent.glob("requirements-*"), key=lambda file: file.stat().st_mtime)[:-20]:
            old.unlink(missing_ok=True)
        half = kept.with_suffix(f".{hashlib.sha256(str(id(found)).encode()).hexdigest()[:8]}")
        half.write_bytes(msgspec.json.encode(found))
        half.replace(kept)
    except OSError:
        return  # a read-only checkout: the next run compiles again


def _stamp(dictionary: Path, environment: Path | None, unit: str) -> str:
    """Return what the result depends on as 32 hexadecimal digits, "" when a file cannot be read."""
    digest = hashlib.sha256(unit.encode())
    try:
        for file in (dictionary, environment):
            digest.update(file.read_bytes() if file else b"\0")
            digest.update(str(file).encode())
        for file in _own_files():
            status = file.stat()
            digest.update(f"{file.name} {status.st_mtime_ns} {status.st_size}\n".encode())
    except OSError:
        return ""
    return digest.hexdigest()[:32]


def _own_files() -> Iterator[Path]:
    """Yield the files of tagrail that the result depends on."""
    harness = Path(__file__).parents[1]
    for part in _PARTS:
        yield from sorted((harness / part).glob("*.py"))
    data = ("resource-types.json", "aws-facts.yaml", "guardrail-actions.yaml")
    yield from (harness / "guardrail_actions.py", *(harness / "data" / name for name in data))
