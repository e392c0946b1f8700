"""tagrail installed by pip works in any folder, without its checkout: hooks, actions and templates rest on it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ci_files import REPOSITORY

pytestmark = pytest.mark.processes

DATA = sorted(path.name for path in (REPOSITORY / "harness" / "data").iterdir())


def tagrail(venv: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [venv / "bin" / "tagrail", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=os.environ)


def test_every_data_file_is_installed_as_a_file(installed: Path) -> None:
    folder = installed / "harness" / "data"
    assert sorted(path.name for path in folder.iterdir() if not path.is_symlink()) == DATA


def test_it_is_not_the_checkout_that_runs(venv: Path, installed: Path, theirs: Path) -> None:
    command = [venv / "bin" / "python", "-c", "import harness; print(harness.__file__)"]
    done = subprocess.run(command, cwd=theirs, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(installed / "harness" / "__init__.py")


@pytest.mark.parametrize(("plan", "code"), [("plan.json", 0), ("plan-wrong.json", 1), ("plan-untagged.json", 1)])
def test_a_dictionary_anywhere_is_enough(venv: Path, theirs: Path, plan: str, code: int) -> None:
    before = sorted(theirs.rglob("*"))
    done = tagrail(venv, theirs, "check", plan, "--dictionary", "dictionary.yaml")
    assert done.returncode == code, done.stdout + done.stderr
    assert done.stderr == ""
    assert sorted(theirs.rglob("*")) == before


def test_an_environment_beside_the_dictionary_counts(venv: Path, theirs: Path) -> None:
    options = ("--dictionary", str(REPOSITORY / "envs" / "tags.yaml"), "--env", "prod", "--unit", "Workloads/Prod")
    done = tagrail(venv, theirs, "check", "plan.json", *options, "--format", "json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["counts"]["judged"] == 1


def test_a_title_names_the_comment_and_the_analysis(venv: Path, theirs: Path) -> None:
    reports = ("--report", "markdown=report.md", "--report", "sarif=report.sarif")
    tagrail(venv, theirs, "check", "plan.json", "--dictionary", "dictionary.yaml", "--title", "envs/dev", *reports)
    assert (theirs / "report.md").read_text(encoding="utf-8").startswith("<!-- tagrail-check: envs/dev -->\n")
    sarif = json.loads((theirs / "report.sarif").read_text(encoding="utf-8"))
    assert sarif["runs"][0]["automationDetails"]["id"] == "tagrail-check/envs/dev/"


def test_other_commands_say_that_they_need_a_project(venv: Path, theirs: Path) -> None:
    done = tagrail(venv, theirs, "validate")
    assert done.returncode == 2
    assert "must lie in a project with envs/tags.yaml" in " ".join(done.stderr.split())


def test_data_that_modules_have_too_is_a_link_to_theirs() -> None:
    links = {path.name: path.resolve() for path in (REPOSITORY / "harness" / "data").iterdir() if path.is_symlink()}
    modules = REPOSITORY / "modules"
    assert links == {
        "audit-actions.yaml": modules / "audit-role" / "actions.yaml",
        "aws-facts.yaml": modules / "aws-facts.yaml",
        "cost-tables.yaml": modules / "cost-export" / "columns.yaml",
        "guardrail-actions.yaml": modules / "tag-guardrail" / "actions.yaml",
    }


def test_the_lock_of_the_check_is_all_that_check_and_comment_import(venv: Path, theirs: Path) -> None:
    pinned = {line.split("==")[0] for line in (REPOSITORY / "requirements" / "check.txt").open() if "==" in line}
    code = (
        "import sys; from harness.cli import run; run(sys.argv[1:]); run(['comment', 'plan.json']); "
        "from importlib.metadata import packages_distributions as p; d = p(); "
        "print('imported', *{n.lower().replace('_', '-') for m in sys.modules for n in d.get(m, ())})"
    )
    words = (
        "check",
        "plan.json",
        "--dictionary",
        str(REPOSITORY / "envs" / "tags.yaml"),
        "--env",
        "dev",
        "--unit",
        "root",
    )
    run = [venv / "bin" / "python", "-c", code, *words]
    done = subprocess.run(run, cwd=theirs, capture_output=True, text=True, check=True)
    imported = {*done.stdout.splitlines()[-1].split()[1:]} - {"tagrail", "setuptools"}
    assert "msgspec" in imported
    assert imported - pinned == set(), f"{sys.executable}: requirements/check.txt must have them. Do name them in check"
