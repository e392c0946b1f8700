"""Name the ways to judge a plan that `make bench-check` compares: all require the six mandatory tags at least."""

import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from harness.static_audit import CHECKOV
from harness.tool_installation import ensure_installed

CHECK = "tagrail check"
YARDSTICK = "bare decode"

_HERE = Path(__file__).parent
_PROJECT = _HERE.parents[2]
_ALL = (1_000, 10_000, 100_000)
_SMALLEST = (1_000,)


@dataclass(frozen=True, slots=True)
class Rival:
    """Hold a name, what makes the command for a plan, the sizes it runs on, and its environment variables."""

    name: str
    command: Callable[[Path], list[str]]
    sizes: tuple[int, ...] = _ALL
    variables: Mapping[str, str] = field(default_factory=dict)


def rivals(folder: Path) -> Iterator[Rival]:
    """Yield the rivals; what they need is installed first. `folder` is a place for files of theirs."""
    bare = str(_HERE / "bare_decode.py")
    ours = {"PYTHONPATH": str(_PROJECT)}
    dictionary = _PROJECT / "envs" / "tags.yaml"
    yield Rival(YARDSTICK, lambda plan: [sys.executable, bare, str(plan)], variables=ours)
    yield Rival(CHECK, lambda plan: _check(plan, dictionary), variables=ours)
    yield Rival(f"{CHECK}, first run", lambda plan: _check(plan, _unread(dictionary, folder)), _SMALLEST, ours)
    rego = _regorus()
    yield Rival("Rego by regorus", lambda plan: [rego, str(_HERE / "rego.py"), str(plan)])
    checkov = str(ensure_installed(CHECKOV, print))
    quiet = {"HOME": str(folder), "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true", "PYTHONWARNINGS": "ignore"}
    yield Rival(f"checkov {CHECKOV.release}", lambda plan: _checkov(checkov, plan), _SMALLEST, quiet)


def _check(plan: Path, dictionary: Path) -> list[str]:
    return [sys.executable, "-m", "harness", "check", str(plan), "--dictionary", str(dictionary)]


def _unread(dictionary: Path, folder: Path) -> Path:
    """Return a copy of the dictionary that no run has read, and of which nothing is kept."""
    project = folder / "project"
    shutil.rmtree(project, ignore_errors=True)
    (project / "envs").mkdir(parents=True)
    return Path(shutil.copy(dictionary, project / "envs"))


def _checkov(python: str, plan: Path) -> list[str]:
    checks = ("--external-checks-dir", str(_HERE / "checkov"), "--check", "CKV2_BENCH_1")
    framework = ("--framework", "terraform_plan", "--skip-download", "--compact", "--quiet")
    return [python, "-m", "checkov.main", "--file", str(plan), *framework, *checks]


def _regorus() -> str:
    """Return the Python of a virtual environment with regorus, made when it is missing."""
    folder = _PROJECT / ".venv-regorus"
    python = folder / "bin" / "python"
    if not (folder / "lock.txt").exists():
        venv.create(folder, clear=True, with_pip=True)
        install = [str(python), "-m", "pip", "--quiet", "install", "--require-hashes", "--requirement"]
        subprocess.run([*install, str(_HERE / "regorus.txt")], check=True)
        shutil.copy(_HERE / "regorus.txt", folder / "lock.txt")
    return str(python)
