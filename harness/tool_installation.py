"""Install a Python tool whose pins agree with nobody else's in a virtual environment of its own, in the user's cache.

What is installed is pinned and hashed in a file of harness/data, the tool that builds source packages included.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from harness.emulator.process_state import hold_lock
from harness.errors import TagrailError

_INSTALL_SECONDS = 1800
_LOG_LINES = 15
_PROBE = (
    "import ensurepip, sys, venv; v = sys.version_info[:2]; "
    "print('usable') if {oldest} <= v <= {newest} else print(sys.version.split()[0])"
)
# Where version managers keep interpreters that are not on PATH.
_KEPT = (
    ("PYENV_ROOT", ".pyenv", "versions/{version}*/bin/python{version}"),
    ("UV_PYTHON_INSTALL_DIR", ".local/share/uv/python", "cpython-{version}*/bin/python{version}"),
)


@dataclass(frozen=True, slots=True)
class Tool:
    """Describe a tool: `lock` is its file in harness/data, `variable` names the Python that the user wants for it.

    It runs on the minor versions of Python 3 from `oldest` to `newest`. `takes` says how long an installation lasts.
    """

    name: str
    release: str
    lock: str
    oldest: int
    newest: int
    variable: str
    takes: str

    @property
    def versions(self) -> tuple[str, ...]:
        """Return the versions of Python that it runs on, the oldest first: its pins are made with that one."""
        return tuple(f"3.{minor}" for minor in range(self.oldest, self.newest + 1))

    @property
    def python(self) -> str:
        """Return those versions as people write them."""
        return " to ".join(dict.fromkeys((self.versions[0], self.versions[-1])))


def ensure_installed(tool: Tool, say: Callable[[str], None]) -> Path:
    """Return the interpreter that runs a tool, which is installed first when it is not there.

    Raises: TagrailError when no Python that suits is found, or pip cannot install.
    """
    folder = installation_folder(tool)
    python, complete = folder / "bin" / "python", folder / "complete"
    if complete.is_file() and python.exists():
        return python
    folder.parent.mkdir(parents=True, exist_ok=True)
    with hold_lock(folder.name, folder.parent, _INSTALL_SECONDS):
        if not (complete.is_file() and python.exists()):
            shutil.rmtree(folder, ignore_errors=True)
            _install(tool, find_python(tool), folder, say)
            complete.touch()
    return python


def requirements(tool: Tool) -> str:
    """Return the pinned and hashed requirements of a tool. Raises: nothing."""
    return (files("harness") / "data" / tool.lock).read_text(encoding="utf-8")


def installation_folder(tool: Tool) -> Path:
    """Return the folder of the virtual environment: below XDG_CACHE_HOME or ~/.cache, one for each set of pins.

    Raises: nothing.
    """
    base = os.environ.get("XDG_CACHE_HOME", "")
    cache = Path(base) if Path(base).is_absolute() else Path.home() / ".cache"
    pins = hashlib.sha256(requirements(tool).encode()).hexdigest()[:12]
    return cache / "tagrail" / f"{tool.name.lower()}-{tool.release}-{pins}"


def find_python(tool: Tool) -> Path:
    """Return a Python of this machine that runs the tool and can make virtual environments.

    Raises: TagrailError naming what was looked for, and what was found instead.
    """
    tried = []
    for candidate in _candidates(tool):
        answer = _ask(tool, candidate)
        if answer == "usable":
            return candidate
        tried.append(f"{candidate}: {answer}")
    found = "; ".join(tried) or "none"
    names = ", ".join(f"python{version}" for version in tool.versions)
    raise TagrailError(
        f"{tool.name} {tool.release}: must run on Python {tool.python} with venv and ensurepip; looked at "
        f"{tool.variable}, {names} and python3 on PATH, pyenv's and uv's versions; got {found}. "
        f"Do install Python {tool.versions[0]}, or set {tool.variable} to one"
    )


def build_tools(lock: str) -> str:
    """Return the lines of a lock that pin setuptools, "" when nothing has to be built. Raises: nothing."""
    entries = re.split(r"\n(?=\S)", lock)
    found = "\n".join(entry for entry in entries if entry.startswith("setuptools==")).rstrip()
    return f"{found}\n" if found else ""


def _candidates(tool: Tool) -> Iterator[Path]:
    """Yield interpreters that may serve; the one that the user names is the only one."""
    named = os.environ.get(tool.variable)
    if named:
        yield Path(named)
        return
    if sys.version_info[1] in range(tool.oldest, tool.newest + 1):
        yield Path(sys.executable)
    for name in (*(f"python{version}" for version in tool.versions), "python3"):
        for folder in os.get_exec_path():
            if os.access(Path(folder) / name, os.X_OK):
                yield Path(folder) / name
    for version in tool.versions:
        for variable, default, pattern in _KEPT:
            root = Path(os.environ.get(variable) or Path.home() / default)
            yield from sorted(root.glob(pattern.format(version=version)), reverse=True)


def _ask(tool: Tool, candidate: Path) -> str:
    """Return `usable`, the version, or why it does not run."""
    probe = _PROBE.format(oldest=(3, tool.oldest), newest=(3, tool.newest))
    try:
        done = subprocess.run([candidate, "-c", probe], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return done.stdout.strip() or (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]


def _install(tool: Tool, base: Path, folder: Path, say: Callable[[str], None]) -> None:
    lock = requirements(tool)
    say(f"installing {tool.name} {tool.release} with {base}, once, into {folder}; this takes {tool.takes}")
    _run([base, "-m", "venv", folder])
    pip: list[Path | str] = [folder / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install"]
    with tempfile.TemporaryDirectory() as scratch:
        tools, everything = Path(scratch, "tools.txt"), Path(scratch, tool.lock)
        tools.write_text(build_tools(lock), encoding="utf-8")
        everything.write_text(lock, encoding="utf-8")
        # The build tool comes first and hashed as well: with build isolation pip would fetch it without a hash.
        if build_tools(lock):
            _run([*pip, "--require-hashes", "--requirement", tools])
        say(f"installing the {len(re.findall('^[a-z0-9].*==', lock, re.MULTILINE))} packages of {tool.name}")
        _run([*pip, "--require-hashes", "--no-build-isolation", "--requirement", everything])
    say(f"{tool.name} {tool.release} is installed")


def _run(command: list[Path | str]) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        shown = "\n".join(done.stdout.splitlines()[-_LOG_LINES:])
        call = " ".join(map(str, command))
        raise TagrailError(f"{call}: ended with exit code {done.returncode}:\n{shown}\nDo check pip's package index")
