"""The hooks for pre-commit: which files they take, and their entries run as pre-commit runs them."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.ci_files import REPOSITORY, load

HOOKS = {each["id"]: each for each in load(".pre-commit-hooks.yaml")}


def hook(name: str, venv: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a hook on the files of a folder that it takes: entry, arguments, files, relative to the folder."""
    found = HOOKS[name]
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    files = [each for each in names if re.search(found["files"], each)] if found.get("pass_filenames", True) else []
    program, *words = shlex.split(found["entry"])
    command = [venv / "bin" / program, *words, *arguments, *files]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "name",
    [
        "plan.json",
        "infra/tfplan.json",
        "plan-prod.json",
        "prod.plan.json",
        "tfplan.prod.json",
        "template.yaml",
        "stack/template.json",
        "cloudformation/queue.yml",
        "cdk.out/Shop.template.json",
        "CloudFormation-queue.yaml",
    ],
)
def test_plans_and_templates_are_taken(name: str) -> None:
    assert re.search(HOOKS["tagrail-check"]["files"], name)


@pytest.mark.parametrize(
    "name",
    ["planets.json", "package.json", "explanation.json", "main.tf", "plan.md", "templates/mail.yaml", "airplane.json"],
)
def test_other_files_are_not(name: str) -> None:
    assert not re.search(HOOKS["tagrail-check"]["files"], name)


def test_the_dictionary_and_environments_are_validated() -> None:
    names = ["envs/tags.yaml", "envs/prod/env.yaml", "envs/prod/snapshot.yaml", "other/envs/tags.yaml"]
    taken = [name for name in names if re.search(HOOKS["tagrail-validate"]["files"], name)]
    assert taken == ["envs/tags.yaml", "envs/prod/env.yaml"]


@pytest.mark.processes
def test_a_plan_with_a_fault_stops_the_commit(venv: Path, theirs: Path) -> None:
    done = hook("tagrail-check", venv, theirs, "--dictionary=dictionary.yaml")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "fail: 8 fail" in done.stdout
    for name in ("plan-wrong.json", "plan-untagged.json"):
        (theirs / name).unlink()
    assert hook("tagrail-check", venv, theirs, "--dictionary=dictionary.yaml").returncode == 0


@pytest.mark.processes
def test_a_fault_in_the_dictionary_stops_the_commit(venv: Path, tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "envs", tmp_path / "envs", ignore=shutil.ignore_patterns(".terraform"))
    assert hook("tagrail-validate", venv, tmp_path).returncode == 0
    file = tmp_path / "envs" / "tags.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("mandatory: true", "mandatry: true", 1), encoding="utf-8")
    assert hook("tagrail-validate", venv, tmp_path).returncode == 2
