"""What other teams get: tagrail installed from a checkout, and a folder of theirs with a dictionary and plans."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ci_files import REPOSITORY, copy_checkout


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what git has of this repository, as an action or a hook gets it."""
    return copy_checkout(tmp_path_factory.mktemp("their") / "checkout")


@pytest.fixture(scope="session")
def installed(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that tagrail is installed into, without what it needs of others."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--target", folder, checkout], check=True)
    return folder


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """A folder of another team: the dictionary at its own place, a plan with a fault, one without, their sources."""
    shutil.copy(REPOSITORY / "envs" / "tags.yaml", tmp_path / "dictionary.yaml")
    shutil.copytree(REPOSITORY / "tests" / "ci_team", tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def venv(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like the virtual environment that the install step makes, made without a package index."""
    folder = tmp_path_factory.mktemp("venv")
    (folder / "bin").mkdir()
    python = f'#!/bin/sh\nPYTHONPATH="{installed}" exec "{sys.executable}"'
    for name, words in {"tagrail": f'"{installed}/bin/tagrail"', "python": ""}.items():
        (folder / "bin" / name).write_text(f'{python} {words} "$@"\n', encoding="utf-8")
        (folder / "bin" / name).chmod(0o755)
    return folder
