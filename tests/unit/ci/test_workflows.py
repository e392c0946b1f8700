"""Files that CI systems read: right by their schemas, and safe with what outsiders choose."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.project import environment_names
from tests.ci_files import REPOSITORY, load

WORKFLOW, ACTION = ".github/workflows/check.yml", ".github/actions/check/action.yml"
TEMPLATE, HOOKS = ".gitlab/tagrail.gitlab-ci.yml", ".pre-commit-hooks.yaml"
SCHEMAS = {WORKFLOW: "github-workflows", ACTION: "github-actions", TEMPLATE: "gitlab-ci"}
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def test_there_are_no_other_files_than_the_ones_looked_at() -> None:
    found = {str(path.relative_to(REPOSITORY)) for path in (REPOSITORY / ".github").rglob("*") if path.is_file()}
    found |= {str(path.relative_to(REPOSITORY)) for path in (REPOSITORY / ".gitlab").rglob("*") if path.is_file()}
    assert found == set(SCHEMAS)


@pytest.mark.processes
@pytest.mark.parametrize(("file", "schema"), SCHEMAS.items())
def test_file_holds_to_the_published_schema(file: str, schema: str) -> None:
    checker = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", file]
    done = subprocess.run(checker, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    for job, each in load(WORKFLOW)["jobs"].items():
        yield from ((f"{WORKFLOW}: {job}", step) for step in each["steps"])
    yield from ((ACTION, step) for step in load(ACTION)["runs"]["steps"])


@pytest.mark.parametrize("file", [WORKFLOW, ACTION])
def test_actions_of_others_are_pinned_by_commit(file: str) -> None:
    used = re.findall(r"uses: (.*)", (REPOSITORY / file).read_text(encoding="utf-8"))
    assert used
    assert [each for each in used if not PINNED.fullmatch(each) and not each.startswith("./")] == []


def test_no_expression_stands_in_a_script() -> None:
    assert [where for where, step in steps() if "${{" in step.get("run", "")] == []


def test_every_variable_of_a_script_is_quoted() -> None:
    scripts = {where: step["run"] for where, step in steps() if "run" in step}
    job = load(TEMPLATE)[".tagrail-check"]
    scripts |= {f"{TEMPLATE}: {name}": "\n".join(job[name]) for name in ("script", "after_script")}
    for where, script in scripts.items():
        bare = re.sub(r"'[^']*'", "", script, flags=re.DOTALL)
        bare = re.sub(r'"\$\((?:[^()"]|"[^"]*")*\)"|"(?:[^"\\]|\\.)*"', "", bare)
        bare = re.sub(r"=\$\?|\$\(\(|^\s*\w+=\$\w+", "", bare, flags=re.MULTILINE)
        assert re.findall(r"\$\{?\w+", bare) == [], where


def test_outsiders_get_neither_secrets_nor_a_token_that_writes() -> None:
    text = "".join((REPOSITORY / file).read_text(encoding="utf-8") for file in (WORKFLOW, ACTION))
    assert "secrets." not in text
    assert set(load(WORKFLOW)["on"]) == {"pull_request", "push"}  # never pull_request_target
    writers = [step for _, step in steps() if "upload-sarif" in step.get("uses", "") or step.get("id") == "comment"]
    assert len(writers) == 3
    for step in writers:
        condition = " ".join(step["if"].split())
        assert "github.event.pull_request.head.repo.full_name == github.repository" in condition
        assert "github.actor != 'dependabot[bot]'" in condition


def test_jobs_have_least_privilege_and_an_end() -> None:
    workflow = load(WORKFLOW)
    assert workflow["permissions"] == {}
    assert workflow["concurrency"]["cancel-in-progress"] == "${{ github.event_name == 'pull_request' }}"
    writes = {
        name: sorted(key for key, value in job["permissions"].items() if value != "read")
        for name, job in workflow["jobs"].items()
    }
    assert writes == {
        "lint": [],
        "audit": ["security-events"],
        "test": [],
        "test-localstack": [],
        "plan": ["pull-requests", "security-events"],
    }
    assert [name for name, job in workflow["jobs"].items() if not 0 < job["timeout-minutes"] <= 90] == []


def test_no_checkout_keeps_a_token() -> None:
    checkouts = [step for _, step in steps() if step.get("uses", "").startswith("actions/checkout@")]
    assert len(checkouts) == len(load(WORKFLOW)["jobs"])
    assert {json.dumps(step["with"]) for step in checkouts} == {'{"persist-credentials": false}'}


def test_the_workflow_runs_what_ci_runs_and_plans_every_environment() -> None:
    jobs = load(WORKFLOW)["jobs"]
    script = (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")
    run = {step["run"] for job in jobs.values() for step in job["steps"] if "run" in step}
    planned = {each for each in run if each.startswith("make plan")}
    assert run - planned | {"make check"} == set(re.findall(r"^make .*$", script, re.MULTILINE))
    assert planned == {'make plan ENV="$ENVIRONMENT" ARGS="--fresh --out .tagrail/check/plan.json"'}
    assert jobs["plan"]["strategy"]["matrix"]["environment"] == [*environment_names(REPOSITORY)]


def test_the_template_needs_a_repository_and_a_commit() -> None:
    job = load(TEMPLATE)[".tagrail-check"]
    assert (job["variables"]["TAGRAIL_REPOSITORY"], job["variables"]["TAGRAIL_REF"]) == ("", "")
    assert job["artifacts"]["when"] == "always"


def test_every_input_and_output_stands_in_the_readme() -> None:
    text = (REPOSITORY / "harness" / "plan_check" / "README.md").read_text(encoding="utf-8")
    action = load(ACTION)
    names = [*action["inputs"], *action["outputs"], *(each["id"] for each in load(HOOKS))]
    assert [name for name in names if f"`{name}`" not in text] == []
    variables = load(TEMPLATE)[".tagrail-check"]["variables"]
    assert [name for name in variables if f"`{name}`" not in text] == []


def test_what_the_readme_shows_is_yaml_of_this_action_template_and_hooks() -> None:
    text = (REPOSITORY / "harness" / "plan_check" / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"```yaml\n(# \.\S+.*?)```", text, re.DOTALL)
    assert [each.split("\n")[0].split()[1] for each in shown] == [
        ".github/workflows/tags.yml",
        ".gitlab-ci.yml",
        ".pre-commit-config.yaml",
    ]
    workflow, pipeline, hooks = (yaml.safe_load(each) for each in shown)
    used = next(s for s in workflow["jobs"]["tags"]["steps"] if "tagrail" in s.get("uses", ""))
    assert set(used["with"]) <= set(load(ACTION)["inputs"])
    assert set(pipeline["tags"]["variables"]) <= set(load(TEMPLATE)[".tagrail-check"]["variables"])
    assert {each["id"] for each in hooks["repos"][0]["hooks"]} == {each["id"] for each in load(HOOKS)}
    assert Path(pipeline["include"][0]["file"]) == Path("/") / TEMPLATE
