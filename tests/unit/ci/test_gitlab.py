"""The script lines of the GitLab template, run in bash with the variables that GitLab's runner sets."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.ci_files import load
from tests.fake_comments import Service, serve

pytestmark = pytest.mark.processes

JOB = load(".gitlab/tagrail.gitlab-ci.yml")[".tagrail-check"]


@pytest.fixture
def service() -> Iterator[Service]:
    with serve() as found:
        yield found


class Job:
    """Run parts of the job in a team's folder."""

    def __init__(self, folder: Path, service: Service) -> None:
        self.folder = folder
        own = {"CI_PROJECT_DIR": str(folder), "CI_API_V4_URL": service.url, "CI_PROJECT_ID": "5", "GITLAB_CI": "true"}
        self.variables = {**JOB["variables"], "TAGRAIL_DICTIONARY": "dictionary.yaml", **own}

    def run(self, *lines: str) -> subprocess.CompletedProcess[str]:
        command = ["/bin/bash", "-c", "set -eo pipefail\n" + "\n".join(lines)]
        environ = os.environ | self.variables
        return subprocess.run(command, cwd=self.folder, env=environ, capture_output=True, text=True, check=False)


@pytest.fixture
def job(theirs: Path, venv: Path, service: Service) -> Job:
    (theirs / ".tagrail").mkdir()
    (theirs / ".tagrail" / "venv").symlink_to(venv)
    return Job(theirs, service)


@pytest.mark.parametrize(("plan", "code", "cases"), [("plan.json", 0, 0), ("plan-untagged.json", 1, 6)])
def test_the_reports_that_gitlab_reads_are_there_whatever_the_verdict(
    job: Job, plan: str, code: int, cases: int
) -> None:
    job.variables |= {"TAGRAIL_PLAN": plan, "TAGRAIL_SOURCE": "infra"}
    done = job.run(JOB["script"][1])
    assert done.returncode == code, done.stdout + done.stderr
    reports = JOB["artifacts"]["reports"]
    quality = json.loads((job.folder / reports["codequality"]).read_text(encoding="utf-8"))
    assert {each["location"]["path"] for each in quality} == ({"infra/main.tf"} if cases else set())
    junit = ElementTree.parse(job.folder / reports["junit"])  # noqa: S314 (our own)
    assert len(junit.findall(".//failure")) == cases
    assert (job.folder / JOB["artifacts"]["paths"][0] / "report.json").is_file()


def test_the_note_is_made_once_there_is_a_token_and_changed_later(job: Job, service: Service) -> None:
    job.variables |= {"TAGRAIL_PLAN": "plan-untagged.json", "CI_MERGE_REQUEST_IID": "12"}
    job.run(JOB["script"][1])
    assert job.run(*JOB["after_script"]).returncode == 0
    assert service.comments == {}
    job.variables |= {"TAGRAIL_GITLAB_TOKEN": "token"}
    assert job.run(*JOB["after_script"]).returncode == 0
    assert "tagrail check: failed" in service.ours()[0]
    job.variables |= {"TAGRAIL_PLAN": "plan.json"}
    job.run(JOB["script"][1])
    assert job.run(*JOB["after_script"]).returncode == 0
    (note,) = service.ours()
    assert "tagrail check: passed" in note


def test_a_branch_pipeline_has_no_note(job: Job, service: Service) -> None:
    job.variables |= {"TAGRAIL_GITLAB_TOKEN": "token"}
    job.run(JOB["script"][1])
    assert job.run(*JOB["after_script"]).returncode == 0
    assert service.requests == []


@pytest.mark.parametrize("name", [name for name in JOB["variables"] if name != "TAGRAIL_REPOSITORY"])
def test_nothing_of_a_variable_is_run(job: Job, name: str) -> None:
    job.variables[name] = "$(touch pwned)`touch pwned`\"; touch pwned; #'"
    job.run(JOB["script"][1])
    assert not (job.folder / "pwned").exists()


@pytest.mark.installation
def test_it_installs_the_commit_that_is_named(theirs: Path, checkout: Path, service: Service, tmp_path: Path) -> None:
    git = ["git", "-C", str(checkout), "-c", "user.name=x", "-c", "user.email=x@example.com"]
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "x"]):
        subprocess.run([*git, *words], check=True)
    commit = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
    path = tmp_path / "path"
    path.mkdir()
    (path / "python3").symlink_to(sys.executable)
    job = Job(theirs, service)
    job.variables |= {"TAGRAIL_REPOSITORY": str(checkout), "TAGRAIL_REF": commit}
    job.variables["PATH"] = f"{path}:{os.environ['PATH']}"
    done = job.run(*JOB["script"])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "pass: 0 fail" in done.stdout
