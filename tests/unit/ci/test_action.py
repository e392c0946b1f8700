"""The steps of the composite action, run in bash with the variables that GitHub's runner sets."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ci_files import Steps, load
from tests.fake_comments import Service, serve

pytestmark = pytest.mark.processes

ACTION = ".github/actions/check"


@pytest.fixture
def service() -> Iterator[Service]:
    with serve() as found:
        yield found


@pytest.fixture
def steps(
    checkout: Path, venv: Path, theirs: Path, service: Service, tmp_path_factory: pytest.TempPathFactory
) -> Steps:
    temp = tmp_path_factory.mktemp("runner temp")
    (temp / "event.json").write_text('{"pull_request": {"number": 12}}', encoding="utf-8")
    environ = {
        "GITHUB_ACTION_PATH": str(checkout / ACTION),
        "GITHUB_API_URL": service.url,
        "GITHUB_EVENT_PATH": str(temp / "event.json"),
        "GITHUB_REPOSITORY": "anycompany/shop",
        "GITLAB_CI": "",
        "NO_COLOR": "1",
    }
    made = Steps(load(f"{ACTION}/action.yml"), theirs, temp, environ)
    made.values["inputs.dictionary"] = "dictionary.yaml"
    made.values["inputs.plan"] = "plan.json"
    made.values["inputs.token"] = "token"
    made.values["steps.install.outputs.venv"] = str(venv)
    return made


def test_a_right_plan_passes_without_a_comment(steps: Steps, service: Service) -> None:
    done = steps.run("check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [steps.output(name) for name in ("code", "verdict", "fail", "unknown")] == ["0", "pass", "0", "0"]
    assert steps.run("comment").returncode == 0
    assert service.comments == {}


def test_faults_are_shown_annotated_summed_up_commented_and_fail(steps: Steps, service: Service) -> None:
    steps.values |= {"inputs.plan": "plan-untagged.json", "inputs.source": "infra", "inputs.title": "shop"}
    done = steps.run("check")
    assert done.returncode == 0, "the reports are still to be put up"
    assert done.stdout.count("::error file=infra/main.tf,line=1,title=missing-key%3A aws_sqs_queue.orders::") == 6
    assert [steps.output(name) for name in ("code", "verdict", "fail")] == ["1", "fail", "6"]
    summary = (steps.temp / "summary.md").read_text(encoding="utf-8")
    assert summary.startswith("<!-- tagrail-check: shop -->\n### shop: failed")
    assert json.loads(Path(steps.output("sarif")).read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert json.loads(Path(steps.output("json")).read_text(encoding="utf-8"))["counts"]["fail"] == 6
    assert steps.run("comment").returncode == 0
    assert service.ours() == [summary]
    assert service.tokens == {"Bearer token"}
    assert steps.run("verdict").returncode == 1


def test_a_later_run_that_passes_updates_the_comment(steps: Steps, service: Service) -> None:
    for plan in ("plan-untagged.json", "plan.json"):
        steps.values["inputs.plan"] = plan
        steps.run("check")
        assert steps.run("comment").returncode == 0
    (comment,) = service.ours()
    assert "tagrail check: passed" in comment


def test_always_comments_on_a_plan_that_passes(steps: Steps, service: Service) -> None:
    steps.values["inputs.comment"] = "always"
    steps.run("check")
    steps.run("comment")
    assert len(service.ours()) == 1


def test_several_plans_stand_one_a_line(steps: Steps) -> None:
    steps.values["inputs.plan"] = "plan.json\n\n  \nplan-wrong.json\n"
    assert steps.run("check").returncode == 0
    report = json.loads(Path(steps.output("json")).read_text(encoding="utf-8"))
    assert [each["name"] for each in report["inputs"]] == ["plan.json", "plan-wrong.json"]


def test_all_inputs_reach_the_command(steps: Steps) -> None:
    steps.values |= {
        "inputs.unknown": "ignore",
        "inputs.all": "true",
        "inputs.dictionary": "envs/tags.yaml",
        "inputs.environment": "prod",
        "inputs.unit": "Workloads/Prod",
        "inputs.baseline": "known.json",
    }
    done = steps.run("check")
    assert done.returncode == 2
    assert '--env "prod": must be a folder with an env.yaml' in done.stderr  # this team has neither
    steps.values |= {"inputs.dictionary": "dictionary.yaml", "inputs.environment": "", "inputs.unit": ""}
    done = steps.run("check")
    assert done.returncode == 2
    assert "known.json" in done.stderr


def test_a_plan_that_cannot_be_read_ends_the_job_with_its_code(steps: Steps) -> None:
    steps.values["inputs.plan"] = "infra/main.tf"
    done = steps.run("check")
    assert done.returncode == 2
    assert "steps.check.outputs.code" not in steps.values


HOSTILE = "$(touch pwned)`touch pwned`\"; touch pwned; #'\n::error::x"


@pytest.mark.parametrize(
    "name", ["plan", "dictionary", "unit", "allow-weakening", "baseline", "source", "title", "unknown", "environment"]
)
def test_nothing_of_an_input_is_run(steps: Steps, name: str) -> None:
    steps.values[f"inputs.{name}"] = HOSTILE
    steps.run("check")
    assert not (steps.folder / "pwned").exists()
    assert {key for key in steps.values if key.startswith("steps.check.outputs.")} <= {
        f"steps.check.outputs.{each}" for each in ("code", "json", "sarif", "markdown", "verdict", "fail", "unknown")
    }


def test_nothing_of_a_tag_value_is_run_or_obeyed(steps: Steps, service: Service) -> None:
    steps.values["inputs.plan"] = "plan-wrong.json"
    done = steps.run("check")
    steps.run("comment")
    assert not (steps.folder / "pwned").exists()
    commands = [line for line in done.stdout.splitlines() if line.lstrip().startswith("::")]
    assert {line.split(" ", 1)[0] for line in commands} == {"::error", "::notice"}
    assert all("title=" in line.split("::")[1] for line in commands)
    assert len(service.ours()) == 1


@pytest.mark.installation
def test_it_installs_itself_with_hashes_and_once(steps: Steps) -> None:
    steps.values["steps.python.outputs.python-path"] = sys.executable
    done = steps.run("install")
    assert done.returncode == 0, done.stdout + done.stderr
    own = Path(steps.values["steps.install.outputs.venv"])
    assert own.parent == steps.temp
    assert steps.run("check").returncode == 0
    assert steps.run("comment").returncode == 0
    before = (own / "installed").stat().st_mtime_ns
    assert steps.run("install").returncode == 0
    assert (own / "installed").stat().st_mtime_ns == before
