"""`tagrail check` from its arguments to its exit code."""

import json
import shutil
from pathlib import Path

import pytest

from harness.cli import run
from tests.unit.plan_check.plans import change, plan
from tests.unit.plan_check.required import DICTIONARY, ENVIRONMENT

QUEUE = "aws_sqs_queue.q"
GOOD = {"owner": "ml", "stage": "dev"}
MAIN = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n  tags = {}\n}\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "envs" / "test").mkdir(parents=True)
    (tmp_path / "envs" / "tags.yaml").write_text(json.dumps(DICTIONARY, default=str), encoding="utf-8")
    (tmp_path / "envs" / "test" / "env.yaml").write_text(json.dumps(ENVIRONMENT), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(project: Path, tags: dict[str, str] | None, name: str = "plan.json", **more: object) -> str:
    (project / name).write_bytes(plan([change(QUEUE, {"tags": tags, "tags_all": tags or {}}, **more)]))
    return name


@pytest.mark.parametrize(
    ("tags", "options", "code"),
    [
        (GOOD, [], 0),
        ({"owner": "ml"}, [], 1),
        ({**GOOD, "stage": "play"}, [], 0),  # unknown: in Sandbox alone
        ({**GOOD, "stage": "play"}, ["--unknown", "fail"], 1),
        ({**GOOD, "stage": "play"}, ["--unknown", "ignore"], 0),
        ({**GOOD, "stage": "play"}, ["--env", "test", "--unit", "Sandbox"], 0),
        ({**GOOD, "stage": "play"}, ["--env", "test", "--unit", "Prod"], 1),
    ],
)
def test_the_exit_code_says_whether_there_are_findings(
    project: Path, tags: dict[str, str], options: list[str], code: int
) -> None:
    assert run(["check", write(project, tags), *options]) == code


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing.json"], "nothing.json: must be a file, a folder or -"),
        (
            ["plan.json", "--env", "none"],
            '--env "none": must be a folder with an env.yaml beside the dictionary; there are test',
        ),
        (["plan.json", "--report", "pdf=x"], "--report: must be FORM=FILE with a form of text, json"),
        (["plan.json", "--baseline", "none.json"], "none.json: must exist. Do create it with --write-baseline"),
        (["plan.json", "--source", "none"], "--source none: must be the folder"),
        (["plan.json", "--dictionary", "none.yaml"], "none.yaml"),
        (["plan.json", "--parameter", "x"], '--parameter: must be KEY=VALUE; got "x"'),
    ],
)
def test_wrong_arguments_are_told_with_a_repair(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    write(project, GOOD)
    assert run(["check", *arguments]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""


def test_without_a_dictionary_there_is_nothing_to_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, GOOD)
    assert run(["check", "plan.json"]) == 2
    assert "Do name the dictionary with --dictionary" in capsys.readouterr().err


def test_a_dictionary_elsewhere_can_be_named(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    shutil.move(project / "envs" / "tags.yaml", other / "tags.yaml")
    assert run(["check", write(project, GOOD), "--dictionary", str(other / "tags.yaml")]) == 0


def test_a_finding_has_file_and_line_of_its_source(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "root").mkdir()
    (project / "root" / "main.tf").write_text(MAIN, encoding="utf-8")
    run(["check", write(project, None), "--source", "root", "--format", "json"])
    first = json.loads(capsys.readouterr().out)["findings"][0]
    assert (first["file"], first["line"]) == ("root/main.tf", 3)


def test_reports_are_written_beside_what_is_shown(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reports = ["--report", "sarif=out/tagrail.sarif", "--report", "markdown=out/comment.md"]
    run(["check", write(project, None), *reports])
    assert json.loads((project / "out" / "tagrail.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert "missing" in (project / "out" / "comment.md").read_text(encoding="utf-8")
    assert "[missing-key]" in capsys.readouterr().out


def test_a_baseline_lets_old_faults_be_and_new_ones_fail(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", write(project, {"owner": "ml"}), "--write-baseline", "base.json"]) == 0
    assert run(["check", "plan.json", "--baseline", "base.json"]) == 0
    assert run(["check", write(project, {"owner": "", "stage": "x"}), "--baseline", "base.json"]) == 1
    assert run(["check", write(project, GOOD), "--baseline", "base.json"]) == 0
    assert f"base.json: {QUEUE} missing-key stage is found no more. Do remove it\n" in capsys.readouterr().err


def test_a_baseline_of_another_input_is_told_in_one_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    queues = [change(f"aws_sqs_queue.q{number}", {"tags": None, "tags_all": {}}) for number in range(3)]
    (project / "other.json").write_bytes(plan(queues))
    assert run(["check", "other.json", "--write-baseline", "base.json"]) == 0
    capsys.readouterr()
    assert run(["check", write(project, GOOD), "--baseline", "base.json"]) == 0
    named = [f"aws_sqs_queue.{one}" for one in ("q0 missing-key owner", "q0 missing-key stage", "q1 missing-key owner")]
    said = (
        f"6 entries are found no more: {', '.join(named)} and 3 more. Do remove them, or name the inputs that have them"
    )
    assert capsys.readouterr().err == f"base.json: {said}\n"


def test_what_would_reject_the_call_is_said(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entry = change("aws_instance.i", {"tags_all": {"owner": "ml", "stage": "Prod"}, "volume_tags": GOOD})
    other = change("aws_ebs_volume.v", {"tags_all": {"owner": "ml", "size": "1"}})
    (project / "plan.json").write_bytes(plan([entry, other]))
    assert run(["check", "plan.json", "--env", "test", "--unit", "Prod", "--format", "json"]) == 1
    texts = {found["address"]: found["what"] for found in json.loads(capsys.readouterr().out)["findings"]}
    assert texts["aws_instance.i"].endswith("; the tag policy denies the call")
    assert texts["aws_ebs_volume.v"].endswith("; the guardrail denies the call")


def test_parameters_of_a_stack_make_values_known(project: Path) -> None:
    template = {
        "Parameters": {"Stage": {"Type": "String"}},
        "Resources": {
            "Q": {
                "Type": "AWS::SQS::Queue",
                "Properties": {"Tags": [{"Key": "owner", "Value": "ml"}, {"Key": "stage", "Value": {"Ref": "Stage"}}]},
            }
        },
    }
    (project / "template.json").write_text(json.dumps(template), encoding="utf-8")
    check = ["check", "template.json", "--unknown", "fail"]
    assert run(check) == 1
    assert run([*check, "--parameter", "Stage=dev"]) == 0
    assert run([*check, "--parameter", "Stage=live"]) == 1
    (project / "deploy.json").write_text(json.dumps({"Parameters": {"Stage": "dev"}}), encoding="utf-8")
    assert run([*check, "--deployment", "deploy.json"]) == 0


@pytest.mark.parametrize(
    ("inputs", "code", "said"),
    [
        (
            ["a.yaml"],
            2,
            '--parameter: must name parameters of the templates; they take Stge; got Stage. Did you mean "Stge"',
        ),
        (["b.yaml"], 0, ""),
        (["a.yaml", "b.yaml"], 0, ""),
        (["plan.json"], 2, "they take none; got Stage. Do correct it"),
    ],
)
def test_a_parameter_must_be_one_of_some_template(
    project: Path, capsys: pytest.CaptureFixture[str], inputs: list[str], code: int, said: str
) -> None:
    tags = "[{Key: owner, Value: a}, {Key: stage, Value: dev}]"
    queue = f"Resources:\n  Q: {{Type: AWS::SQS::Queue, Properties: {{Tags: {tags}}}}}\n"
    for name, parameter in (("a", "Stge"), ("b", "Stage")):
        text = f"Parameters: {{{parameter}: {{Type: String}}}}\n{queue}"
        (project / f"{name}.yaml").write_text(text, encoding="utf-8")
    write(project, GOOD)
    assert run(["check", *inputs, "--parameter", "Stage=x", "--parameter", "AWS::Region=eu-central-1"]) == code
    assert said in capsys.readouterr().err


def test_stack_tags_reach_the_resources(project: Path) -> None:
    (project / "t.yaml").write_text("Resources:\n  Q:\n    Type: AWS::SQS::Queue\n", encoding="utf-8")
    assert run(["check", "t.yaml"]) == 1
    assert run(["check", "t.yaml", "--stack-tag", "owner=ml", "--stack-tag", "stage=dev"]) == 0


def test_several_inputs_are_checked_together(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", write(project, GOOD), write(project, None, "other.json"), "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert {found["input"] for found in report["findings"]} == {"other.json"}


def test_help_and_wrong_options_have_the_codes_of_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--help"]) == 0
    assert run(["check", "plan.json", "--unknwn", "fail"]) == 2
    assert "usage: tagrail check" in capsys.readouterr().err
