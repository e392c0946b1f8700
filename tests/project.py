"""A project of a test's own: a copy of envs/ and modules/, its emulator, and the command line on it."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.finding import Finding
from harness.operations.life_cycle import verify_live
from harness.operations.session import open_session
from harness.targets.model import Target

REPOSITORY = Path(__file__).resolve().parents[1]
HOME = "eu-central-1"


def without_make() -> dict[str, str]:
    """Return the environment without what a make around the tests hands on: its flags, and variables given to it."""
    handed_on = {"ARGS", "ENV", "TARGET", "MFLAGS"}
    return {name: value for name, value in os.environ.items() if not (name.startswith("MAKE") or name in handed_on)}


@dataclass(frozen=True)
class Tagrail:
    """Run `tagrail` in a project; `on` is the target that its env.yaml names."""

    root: Path
    on: str = "emulator"

    def __call__(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "harness", *arguments],
            cwd=self.root,
            env=self.environment(**environment),
            capture_output=True,
            text=True,
            timeout=900,  # LocalStack may have to be installed first
            check=False,
        )

    def environment(self, **extra: str) -> dict[str, str]:
        return os.environ | {"PYTHONPATH": str(REPOSITORY), "NO_COLOR": "1"} | extra

    def ok(self, *arguments: str) -> str:
        done = self(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def findings(self) -> list[Finding]:
        """Return what verify finds, without the findings that pass or follow from another."""
        session = open_session(self.root, "local", None, start_emulator=False)
        return [found for found in verify_live(session) if found.verdict != "pass" and not found.follows_from]

    def target(self) -> Target:
        return open_session(self.root, "local", None, start_emulator=False).target

    def client(self, service: str, region: str = HOME) -> Any:
        return self.target().client(service, region)


def copy_project(folder: Path) -> Path:
    """Return `folder`, which holds this repository's envs/ and modules/ from now on."""
    for name in ("envs", "modules"):
        ignored = shutil.ignore_patterns(".terraform", "*.tfstate*", "tagrail_override.tf")
        shutil.copytree(REPOSITORY / name, folder / name, ignore=ignored)
    return folder
