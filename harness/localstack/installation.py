"""Install LocalStack 4.14.0, the last open release, in a virtual environment of its own below the user's cache folder.

It needs Python 3.13 exactly: earlier ones lack `warnings.deprecated`, and its pins have no wheels for later ones. What
is installed is pinned and hashed in harness/data/localstack.txt, the tool that builds the few source packages included.
"""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

from harness.emulator.process_state import hold_lock
from harness.errors import TagrailError

RELEASE = "4.14.0"
PYTHON_VARIABLE = "TAGRAIL_LOCALSTACK_PYTHON"

_PYTHON = "3.13"
_INSTALL_SECONDS = 1800
_LOG_LINES = 15
_PROBE = (
    "import ensurepip, sys, venv; print('usable') if sys.version_info[:2] == (3, 13) else print(sys.version.split()[0])"
)
# Where version managers keep interpreters that are not on PATH.
_KEPT = (
    ("PYENV_ROOT", ".pyenv", "versions/3.13*/bin/python3.13"),
    ("UV_PYTHON_INSTALL_DIR", ".local/share/uv/python", "cpython-3.13*/bin/python3.13"),
)


def ensure_installed(say: Callable[[str], None]) -> Path:
    """Return the interpreter that runs LocalStack, installed first when it is not there (500 MB, 1 to 3 minutes).

    Raises: TagrailError when no Python 3.13 is found, or pip cannot install.
    """
    folder = installation_folder()
    python, complete = folder / "bin" / "python", folder / "complete"
    if complete.is_file() and python.exists():
        return python
    folder.parent.mkdir(parents=True, exist_ok=True)
    with hold_lock(folder.name, folder.parent, _INSTALL_SECONDS):
        if not (complete.is_file() and python.exists()):
            shutil.rmtree(folder, ignore_errors=True)
            _install(find_python(), folder, say)
            complete.touch()
    return python


def requirements() -> str:
    """Return the pinned and hashed requirements of LocalStack. Raises: nothing."""
    return (files("harness") / "data" / "localstack.txt").read_text(encoding="utf-8")


def installation_folder() -> Path:
    """Return the folder of the virtual environment: below XDG_CACHE_HOME or ~/.cache, one for each set of pins.

    Raises: nothing.
    """
    base = os.environ.get("XDG_CACHE_HOME", "")
    cache = Path(base) if Path(base).is_absolute() else Path.home() / ".cache"
    pins = hashlib.sha256(requirements().encode()).hexdigest()[:12]
    return cache / "tagrail" / f"localstack-{RELEASE}-{pins}"


def find_python() -> Path:
    """Return a Python 3.13 of this machine that can make virtual environments.

    Raises: TagrailError naming what was looked for, and what was found instead.
    """
    tried = []
    for candidate in _candidates():
        answer = _ask(candidate)
        if answer == "usable":
            return candidate
        tried.append(f"{candidate}: {answer}")
    found = "; ".join(tried) or "none"
    raise TagrailError(
        f"LocalStack {RELEASE}: must run on Python {_PYTHON} with venv and ensurepip; looked at {PYTHON_VARIABLE}, "
        f"python{_PYTHON} and python3 on PATH, pyenv's and uv's versions; got {found}. "
        f"Do install Python {_PYTHON}, or set {PYTHON_VARIABLE} to one"
    )


def _candidates() -> Iterator[Path]:
    """Yield interpreters that may serve; the one that the user names is the only one."""
    named = os.environ.get(PYTHON_VARIABLE)
    if named:
        yield Path(named)
        return
    for name in (f"python{_PYTHON}", "python3"):
        for folder in os.get_exec_path():
            if os.access(Path(folder) / name, os.X_OK):
                yield Path(folder) / name
    for variable, default, pattern in _KEPT:
        root = Path(os.environ.get(variable) or Path.home() / default)
        yield from sorted(root.glob(pattern), reverse=True)


def _ask(candidate: Path) -> str:
    """Return `usable`, the version, or why it does not run."""
    try:
        done = subprocess.run([candidate, "-c", _PROBE], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return done.stdout.strip() or (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]


def _install(base: Path, folder: Path, say: Callable[[str], None]) -> None:
    lock = requirements()
    say(f"installing LocalStack {RELEASE} with {base}, once, into {folder}; this takes 1 to 3 minutes")
    _run([base, "-m", "venv", folder])
    pip: list[Path | str] = [
        folder / "bin" / "python",
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "--require-hashes",
    ]
    with tempfile.TemporaryDirectory() as scratch:
        tools, everything = Path(scratch, "tools.txt"), Path(scratch, "localstack.txt")
        tools.write_text(build_tools(lock), encoding="utf-8")
        everything.write_text(lock, encoding="utf-8")
        # The build tool comes first and hashed as well: with build isolation pip would fetch it without a hash.
        _run([*pip, "--requirement", tools])
        say(f"installing the {len(re.findall('^[a-z0-9].*==', lock, re.MULTILINE))} packages of LocalStack")
        _run([*pip, "--no-build-isolation", "--requirement", everything])
    say(f"LocalStack {RELEASE} is installed")


def build_tools(lock: str) -> str:
    """Return the lines of a lock that pin setuptools. Raises: nothing."""
    entries = re.split(r"\n(?=\S)", lock)
    return "\n".join(entry for entry in entries if entry.startswith("setuptools==")).rstrip() + "\n"


def _run(command: list[Path | str]) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        shown = "\n".join(done.stdout.splitlines()[-_LOG_LINES:])
        call = " ".join(map(str, command))
        raise TagrailError(f"{call}: ended with exit code {done.returncode}:\n{shown}\nDo check pip's package index")
