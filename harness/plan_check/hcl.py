"""Say where in Terraform's sources a resource of a plan is written: file and line of its block.

Files are read when an address first leads to their folder, so that a tree of thousands costs what is asked for.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from harness.errors import TagrailError
from harness.plan_check.hcl_blocks import Block, scan_blocks
from harness.plan_check.hcl_json import scan_json
from harness.plan_check.model import CheckFinding
from harness.plan_check.result import CheckResult

_STEP: Final = re.compile(r'([^\W\d][\w-]*)(?:\["(?:[^"\\]|\\.)*+"\]|\[[^\]"]*\])?(?:\.|\Z)')
_OVERRIDE: Final = re.compile(r"(?:.*_)?override\.(?:tf|tofu)(?:\.json)?")
_SOURCE_FILE: Final = re.compile(r"[^.#~].*\.(tf|tofu)(\.json)?")
_LONGEST_FILE: Final = 20_000_000  # bytes


class Position(NamedTuple):
    """Hold where a resource is written.

    `file` is a path with slashes, from where the folder's own path starts. `line` is that of the block and `tags_line`
    of its argument `tags`, 0 where it has none. `is_call`: the position is that of the call of a module that makes it.
    """

    file: str
    line: int
    tags_line: int = 0
    is_call: bool = False


class _Folder(NamedTuple):
    resources: dict[tuple[str, ...], Position]
    modules: dict[str, tuple[str, Position]]


class Positions:
    """Map addresses of a plan to positions in the sources of its root module."""

    def __init__(self, folder: Path) -> None:
        """Start at the root module's folder; nothing is read yet."""
        self._root = os.path.normpath(folder)
        self._folders: dict[str, _Folder] = {}

    def position(self, address: str) -> Position | None:
        """Return where the resource of an address is written, None when the sources do not have it.

        A resource inside of a module whose sources do not have it, or which comes from a registry or a repository,
        is at the module's call. Files that cannot be read hold nothing. Raises: nothing.
        """
        steps = split_address(address)
        folder = self._root
        nearest: Position | None = None
        while len(steps) > 2 and steps[0] == "module":
            call = self._read(folder).modules.get(steps[1])
            if call is None:
                return nearest
            source, nearest = call
            if not source.startswith(("./", "../")):
                return nearest
            folder = os.path.normpath(os.path.join(folder, source))  # noqa: PTH118 (an OS path, many times a run)
            steps = steps[2:]
        kind = "data" if steps[:1] == ["data"] else "resource"
        labels = steps[1:] if kind == "data" else steps
        return self._read(folder).resources.get((kind, *labels), nearest)

    def _read(self, folder: str) -> _Folder:
        found = self._folders.get(folder)
        if found is None:
            found = self._folders[folder] = _read_folder(folder)
        return found


def positions(folder: Path) -> Positions:
    """Return the positions of what is written in a root module and in the modules that it calls. Raises: nothing."""
    return Positions(folder)


def located(result: CheckResult, folder: Path) -> CheckResult:
    """Return a result whose findings on plans say where in a root module's sources their resource is written.

    Raises: TagrailError when the folder does not exist.
    """
    if not folder.is_dir():
        raise TagrailError(f"--source {folder}: must be the folder of the plan's root module; got none. Do correct it")
    found = Positions(folder)
    return msgspec.structs.replace(result, findings=tuple(_located(each, found) for each in result.findings))


def _located(finding: CheckFinding, found: Positions) -> CheckFinding:
    position = found.position(finding.address) if finding.language == "terraform" and not finding.file else None
    if position is None:
        return finding
    return msgspec.structs.replace(finding, file=position.file, line=position.tags_line or position.line)


def split_address(address: str) -> list[str]:
    """Return the names of an address without its keys, [] for what is no address. Raises: nothing.

    >>> split_address('module.a["x.y"].module.b.aws_s3_bucket.logs[0]')
    ['module', 'a', 'module', 'b', 'aws_s3_bucket', 'logs']
    """
    names: list[str] = []
    at = 0
    while at < len(address):
        found = _STEP.match(address, at)
        if not found:
            return []
        names.append(found[1])
        at = found.end()
    return names


def _read_folder(folder: str) -> _Folder:
    """Return the blocks of a module's folder; of a block that is there twice, the one that Terraform does not merge."""
    made = _Folder({}, {})
    for path in _source_files(folder):
        shown = path.replace(os.sep, "/")
        for block in _blocks(path):
            position = Position(shown, block.line, block.tags_line)
            if block.kind == "module":
                made.modules.setdefault(block.labels[0], (block.source, position._replace(is_call=True)))
            else:
                made.resources.setdefault((block.kind, *block.labels), position)
    return made


def _source_files(folder: str) -> list[str]:
    """Return the files that Terraform or OpenTofu would read, those that override others last."""
    try:
        with os.scandir(folder) as entries:
            files = [
                entry.path
                for entry in entries
                if _SOURCE_FILE.fullmatch(entry.name) and entry.is_file() and entry.stat().st_size <= _LONGEST_FILE
            ]
    except (OSError, ValueError):
        return []
    return sorted(files, key=lambda path: (bool(_OVERRIDE.fullmatch(os.path.basename(path))), path))  # noqa: PTH119


def _blocks(path: str) -> Iterable[Block]:
    try:
        text = Path(path).read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return ()
    return scan_json(text) if path.endswith(".json") else scan_blocks(text)
