"""What `make audit` passes on: the plans that `make check` left, and live accounts where ENV is given."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.project import REPOSITORY, without_make


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkout with as much as make looks at."""
    shutil.copy(REPOSITORY / "Makefile", tmp_path)
    for name in ("pyproject.toml", "requirements/build.txt", "requirements/dev.txt", ".venv/.installed"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def commands(folder: Path, *given: str) -> list[str]:
    """Return the commands of `make audit`, without running them."""
    command = ["make", "--no-print-directory", "--dry-run", "audit", *given]
    shown = subprocess.run(command, cwd=folder, env=without_make(), capture_output=True, text=True, check=True).stdout
    return [" ".join(line.split()) for line in shown.splitlines()]


def test_no_plans_are_said_so(folder: Path) -> None:
    first, second = commands(folder)
    assert first.startswith('echo "no plans in .tagrail/check')
    assert second == ".venv/bin/tagrail audit"


def test_plans_of_make_check_are_audited(folder: Path) -> None:
    (folder / ".tagrail" / "check").mkdir(parents=True)
    for name in ("dev.json", "dev.log", "prod.json"):
        (folder / ".tagrail" / "check" / name).touch()
    (shown,) = [line for line in commands(folder) if line]
    assert shown.startswith(".venv/bin/tagrail audit --plan .tagrail/check/")
    assert sorted(shown.split()[3::2]) == [".tagrail/check/dev.json", ".tagrail/check/prod.json"]


def test_live_accounts_are_audited_where_env_is_given(folder: Path) -> None:
    given = ("ENV=prod", "TARGET=aws", "ARGS=--fail-on any")
    assert commands(folder, *given)[-1] == ".venv/bin/tagrail audit --env prod --target aws --fail-on any"
    assert commands(folder, "TARGET=aws")[-1] == ".venv/bin/tagrail audit"
