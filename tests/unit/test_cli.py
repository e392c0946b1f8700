"""Exit codes, streams and documentation of the command line."""

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from harness.cli import run
from harness.cli.commands import COMMANDS
from harness.finding import PENDING, Finding
from harness.report import print_report

ROOT = Path(__file__).resolve().parents[2]
FINDINGS = (
    Finding("budget", "billing", "a", "pass", "5 USD", "5 USD"),
    Finding("budget", "billing", "b: limit", "fail", "9 USD", "5 USD", "Do run make apply ENV=local"),
    Finding("tag policy", "root", "p", "unknown", "AccessDenied", "readable state", "Do allow it"),
    Finding("effective policy", "ml-prod", "k", "fail", "x", "y", "Do repair the tag policy first", "p"),
    Finding("cost allocation", "billing", "k", "pass", "billing has not seen the key yet", "Active", note=PENDING),
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "envs", tmp_path / "envs", ignore=shutil.ignore_patterns(".terraform", "*.tfstate*"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_clean_project_is_valid_from_any_folder_of_it(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project / "envs" / "prod")
    assert run(["validate", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "pass"


def test_a_faulty_dictionary_is_bad_input_and_says_so_on_stderr(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project / "envs" / "tags.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("mandatory: true", "mandatry: true", 1), encoding="utf-8")
    assert run(["validate"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert 'Did you mean "mandatory"?' in captured.err
    assert "Traceback" not in captured.err


def test_an_expired_exemption_is_a_finding(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = project / "envs" / "tags.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("expires: 2099-12-31", "expires: 2020-06-30"), "utf-8")
    assert run(["validate"]) == 1
    assert "Do ask platform-team to tag the resources" in capsys.readouterr().out


def test_planned_limits_that_have_run_out_are_a_finding(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = project / "envs" / "local" / "env.yaml"
    text = file.read_text(encoding="utf-8").replace('"2085-', '"2019-').replace('"2086-', '"2020-')
    file.write_text(text, encoding="utf-8")
    assert run(["validate"]) == 1
    assert "FAIL planned limit at envs/local/env.yaml: retail-year" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [["aply"], ["apply", "--target", "moon"], ["explain", "nothing"], ["plan", "-e", "x"]]
)
def test_a_wrong_word_is_a_usage_error(project: Path, arguments: list[str]) -> None:
    assert run(arguments) == 2


def test_outside_of_a_project_the_repair_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["validate"]) == 2
    assert "must lie in a project with envs/tags.yaml" in capsys.readouterr().err


def test_what_outsiders_write_does_nothing_to_terminals_and_ci_systems(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = tmp_path / "t.yaml"
    template.write_text(
        'Resources: {}\n"a\\n::add-mask::b\\e[31m": 1\n"a\\n::add-mask::b\\e[31m": 2\n', encoding="utf-8"
    )
    assert run(["check", "--dictionary", "envs/tags.yaml", str(template)]) == 2
    said = capsys.readouterr().err
    assert 'must hold each key once; "a\n\\::add-mask::b\\x1b[31m"' in said


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (ZeroDivisionError("ours"), 3)])
def test_interrupts_and_our_own_faults_have_codes_of_their_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException, code: int
) -> None:
    def broken(_: object) -> None:
        raise error

    monkeypatch.setattr("harness.cli.dispatch", broken)
    assert run(["validate"]) == code
    assert ("Traceback" in capsys.readouterr().err) == (code == 3)


def test_destroy_starts_no_emulator_to_find_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["destroy"]) == 0
    assert capsys.readouterr() == ("", "local on emulator: nothing to remove\n")
    assert not (project / ".tagrail").exists()


def test_verify_without_an_emulator_says_how_to_start_it(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify"]) == 2
    assert 'emulator "local": must run; got none. Do run make apply ENV=local' in capsys.readouterr().err


def test_the_emulators_status_is_no_finding(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["emulator", "status"]) == 1
    assert capsys.readouterr() == ("", "local: not running\n")


def test_every_command_stands_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in COMMANDS.entries:
        assert f"tagrail {name}" in text or f"make {name}" in text or f"|{name}" in text, name


def test_the_text_report_shows_causes_and_counts_what_follows(capsys: pytest.CaptureFixture[str]) -> None:
    print_report("local on emulator", FINDINGS, "text")
    text = capsys.readouterr().out
    assert "FAIL budget at billing: b: limit" in text
    assert "UNKNOWN tag policy at root: p" in text
    assert "1 more follow from p: effective policy of ml-prod" in text
    assert "FAIL effective policy" not in text
    assert "pending cost allocation tags, not yet seen by billing: k" in text
    assert text.rstrip().endswith("fail: 2 pass, 2 fail, 1 unknown")


def test_what_is_pending_is_told_by_its_note_and_not_by_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    policy = Finding("tag policy", "root", "p", "pass", "pending review", "pending review")
    print_report("local on emulator", (*FINDINGS, policy), "text")
    text = capsys.readouterr().out
    assert "cost allocation         1      1                    pass (1 pending)" in text
    assert text.count("pending") == 2


def test_many_places_that_follow_from_one_cause_stay_readable(capsys: pytest.CaptureFixture[str]) -> None:
    following = [Finding("effective policy", f"a{n}", "k", "fail", "x", "y", "Do it", "p") for n in range(500)]
    print_report("local on emulator", following, "text")
    text = capsys.readouterr().out
    assert "500 more follow from p: effective policy of a0, a1, a2, a3, a4, a5, a6, a7, a8, a9 and 490 more" in text


def test_text_prints_what_differs_only_in_its_place_once(capsys: pytest.CaptureFixture[str]) -> None:
    denied = [
        Finding("effective policy", f"a{n}", "all", "unknown", "denied", "readable state", "Do allow")
        for n in range(500)
    ]
    other = Finding("effective policy", "b", "all", "unknown", "throttled", "readable state", "Do try again")
    print_report("local on emulator", [*denied, other], "text")
    text = capsys.readouterr().out
    assert text.count("UNKNOWN effective policy at ") == 2
    assert "UNKNOWN effective policy at a0, a1, a2, a3, a4, a5, a6, a7, a8, a9 and 490 more: all\n" in text
    assert "UNKNOWN effective policy at b: all\n" in text
    assert "0 pass, 0 fail, 501 unknown" in text


def test_junit_has_a_failure_for_fail_and_an_error_for_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    print_report("local on emulator", FINDINGS, "junit")
    root = ElementTree.fromstring(capsys.readouterr().out)  # noqa: S314 (our own report)
    suites = {suite.get("name"): (suite.get("failures"), suite.get("errors")) for suite in root}
    assert suites["budget"] == ("1", "0")
    assert suites["tag policy"] == ("0", "1")


def test_json_holds_every_finding(capsys: pytest.CaptureFixture[str]) -> None:
    print_report("local on emulator", FINDINGS, "json")
    document = json.loads(capsys.readouterr().out)
    assert document["counts"] == {"pass": 2, "fail": 2, "unknown": 1}
    assert len(document["findings"]) == len(FINDINGS)


def test_no_part_of_a_key_becomes_a_picture(capsys: pytest.CaptureFixture[str]) -> None:
    """`:key:` and `:bank:` are names of pictures to the library that prints."""
    finding = Finding("budget", "billing", "acme:key:owner", "fail", "acme:bank:iban", "x", "Do mend it")
    for form in ("text", "json", "junit"):
        print_report("acme:lock:x", [finding], form)
        text = capsys.readouterr().out
        assert "acme:key:owner" in text
        assert "acme:bank:iban" in text
