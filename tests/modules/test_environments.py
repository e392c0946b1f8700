"""Prove that the environments start from their lock files and are valid, and that all HCL is formatted."""

import shutil
import subprocess
from pathlib import Path

import pytest

from .planning import MODULES, PROJECT, run_terraform

pytestmark = pytest.mark.terraform

ENVIRONMENTS = sorted(file.parent.name for file in (PROJECT / "envs").glob("*/env.yaml"))


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_environment_starts_from_its_lock_file(environment: str, tmp_path: Path) -> None:
    folder, started = start(environment, tmp_path)
    assert started.returncode == 0, started.stderr
    assert (folder / ".terraform.lock.hcl").read_bytes() == (
        PROJECT / "envs" / environment / ".terraform.lock.hcl"
    ).read_bytes()


def test_environment_is_valid(tmp_path: Path) -> None:
    # One is enough: they are equal but for YAML and backend.
    folder, started = start("local", tmp_path)
    assert started.returncode == 0, started.stderr
    checked = run_terraform(folder, "validate", "-no-color", variables={})
    assert checked.returncode == 0, checked.stderr


def start(environment: str, tmp_path: Path) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """Return the folder of a copied environment, and what came of starting terraform there."""
    shutil.copytree(MODULES, tmp_path / "modules")
    shutil.copytree(PROJECT / "envs", tmp_path / "envs", ignore=shutil.ignore_patterns(".terraform", "*.tfstate*"))
    folder = tmp_path / "envs" / environment
    arguments = ("init", "-backend=false", "-lockfile=readonly", "-input=false", "-no-color")
    return folder, run_terraform(folder, *arguments, variables={})


def test_environments_differ_in_yaml_and_backend_alone() -> None:
    for name in ("main.tf", "outputs.tf", "providers.tf", "versions.tf", ".terraform.lock.hcl"):
        assert len({(PROJECT / "envs" / environment / name).read_bytes() for environment in ENVIRONMENTS}) == 1, name


@pytest.mark.parametrize("folder", ["envs", "modules", "tests/modules"])
def test_terraform_files_are_formatted(folder: str, tmp_path: Path) -> None:
    formatted = run_terraform(tmp_path, "fmt", "-check", "-recursive", "-diff", str(PROJECT / folder), variables={})
    assert formatted.returncode == 0, formatted.stdout
