"""`tagrail lint-policy`: what it reads, what it prints, and how it exits."""

import io
import json
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from harness.cli import run
from harness.lint_docs import PAGES, main
from harness.policy.lint import RULES

CLEAN = {
    "Version": "2012-10-17",
    "Statement": [{"Sid": "A", "Effect": "Deny", "Action": "iam:CreateUser", "Resource": "*"}],
}
WARNED = {
    "Version": "2012-10-17",
    "Statement": [{"Sid": "A", "Effect": "Deny", "Action": "iam:CreateUsers", "Resource": "*"}],
}
WRONG = {"tags": {"Owner": {"tag_key": {"@@assign": "Team"}}}}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, policy in (("clean", CLEAN), ("warned", WARNED), ("wrong", WRONG)):
        (tmp_path / f"{name}.json").write_text(json.dumps(policy, indent=1), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["clean.json"], 0),
        (["warned.json"], 0),
        (["warned.json", "--strict"], 1),
        (["wrong.json"], 1),
        (["clean.json", "wrong.json"], 1),
        (["missing.json"], 2),
        (["wrong.json", "missing.json"], 2),
        (["clean.json", "clean.json"], 2),
        ([], 2),
        (["clean.json", "--kind", "rcpp"], 2),
        (["--rules"], 0),
    ],
)
def test_exit_codes(folder: Path, arguments: list[str], code: int) -> None:
    assert run(["lint-policy", *arguments]) == code


def report(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    run(["lint-policy", *arguments, "--format", "json"])
    return json.loads(capsys.readouterr().out)


def test_a_folder_stands_for_its_policies(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "notes.txt").write_text("no policy", encoding="utf-8")
    places = {finding["where"].partition(":")[0] for finding in report(capsys, ".")["findings"]}
    assert places == {"clean.json", "warned.json", "wrong.json"}


def test_a_folder_stands_for_those_below_it_but_for_hidden_ones(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("prod/scp/deep.json", ".git/hidden.json", "prod/.hidden.json"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(WRONG), encoding="utf-8")
    assert {finding["where"] for finding in report(capsys, "prod")["findings"]} == {"prod/scp/deep.json:1"}


def test_a_file_of_a_folder_that_is_named_beside_it_is_given_twice(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "prod").mkdir()
    (folder / "prod" / "a.json").write_text(json.dumps(CLEAN), encoding="utf-8")
    assert run(["lint-policy", ".", "prod"]) == 2
    assert "prod/a.json: must be given once; got it twice" in capsys.readouterr().err


def test_an_empty_folder_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "empty").mkdir()
    assert run(["lint-policy", "empty"]) == 2
    assert "empty: must hold a file *.json; found none. Do name the files" in capsys.readouterr().err


def test_stdin_is_a_dash(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(json.dumps(WRONG).encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert run(["lint-policy", "-"]) == 1
    assert "FAIL tag policy at -:1" in capsys.readouterr().out


def test_a_finding_says_where_what_and_how(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (finding,) = (each for each in report(capsys, "wrong.json")["findings"] if each["verdict"] == "fail")
    assert finding["plane"] == "tag policy"
    assert finding["where"] == "wrong.json:5"
    assert finding["subject"] == 'tags["Owner"].tag_key.@@assign (tag-key-of-another-key)'
    assert finding["held"].startswith('tag_key "Team" is not the policy key "Owner"')
    assert finding["must_hold"] == "tag_key is the policy key, but for case"
    assert finding["repair"].startswith('Do write "Owner" in both places. See https://docs.aws.amazon.com/')


def test_a_warning_passes_with_a_note_and_is_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lint-policy", "warned.json", "clean.json"]) == 0
    text = capsys.readouterr().out
    assert "WARNING service control policy at warned.json:7: Statement[0].Action (unknown-action)" in text
    assert "pass (1 warning)" in text
    assert text.rstrip().endswith("pass: 2 pass, 0 fail, 0 unknown")


def test_junit_tells_warnings_apart(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lint-policy", "warned.json", "wrong.json", "--format", "junit"]) == 1
    root = ElementTree.fromstring(capsys.readouterr().out)  # noqa: S314 (our own output)
    assert [case.get("name") for case in root.iter("testcase") if case.find("failure") is not None] == [
        'tags["Owner"].tag_key.@@assign (tag-key-of-another-key)'
    ]
    assert [str(out.text).partition(":")[0] for out in root.iter("system-out")] == ["warning"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "broken.json:1: content\n     held       must be JSON"),
        (b"\xff{}", "broken.json: content\n     held       must be UTF-8; byte 0 is not"),
        (b'{"plans": {}}', "got plans"),
    ],
)
def test_what_cannot_be_read_is_unknown_beside_the_others(
    folder: Path, capsys: pytest.CaptureFixture[str], content: bytes, words: str
) -> None:
    (folder / "broken.json").write_bytes(content)
    assert run(["lint-policy", "broken.json", "wrong.json"]) == 2
    text = capsys.readouterr().out
    assert "UNKNOWN policy at broken.json" in text
    assert words in text
    assert "FAIL tag policy at wrong.json" in text


def test_a_byte_order_mark_is_no_fault(folder: Path) -> None:
    (folder / "marked.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(CLEAN).encode())
    assert run(["lint-policy", "marked.json"]) == 0


def test_a_kind_that_is_given_holds(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    planes = {finding["plane"] for finding in report(capsys, "clean.json", "--kind", "identity")["findings"]}
    assert planes == {"IAM policy"}


def test_a_limit_can_be_another(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lint-policy", "clean.json", "--limit", "control_policy_document_characters=50"]) == 1
    assert "clean.json: document (document-too-large)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("control_policies_per_targe=5", 'Did you mean "control_policies_per_target"?'),
        ("zzz=5", "Do choose a row of modules/aws-facts.yaml"),
        ("control_policies_per_target=0", "Do write it as control_policies_per_target=10"),
        ("control_policies_per_target", "with a whole number above 0"),
    ],
)
def test_a_limit_that_is_none_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], option: str, words: str
) -> None:
    assert run(["lint-policy", "clean.json", "--limit", option]) == 2
    assert words in capsys.readouterr().err


def test_policies_at_one_node_are_counted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    limit = ["--limit", "control_policies_per_target=1"]
    assert run(["lint-policy", "clean.json", "warned.json", *limit]) == 0
    assert run(["lint-policy", "clean.json", "warned.json", "--same-target", *limit]) == 1
    assert "2 service control policies are given for one node, which takes 1" in capsys.readouterr().out


def test_the_rules_are_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lint-policy", "--rules"]) == 0
    text = capsys.readouterr().out
    assert [line.split()[0] for line in text.splitlines()] == [rule.id for rule in RULES]


def test_the_tables_of_rules_are_fresh(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert [page for page, render in PAGES.items() if page.read_text(encoding="utf-8") != render()] == []
    assert main(["--check"]) == 0
    page = next(iter(PAGES))
    monkeypatch.setitem(PAGES, page, lambda: "newer")
    assert main(["--check"]) == 1
    assert (
        f"{page.parent.name}/{page.name}: must be fresh. Do run python -m harness.lint_docs" in capsys.readouterr().err
    )


@pytest.mark.parametrize("form", ["text", "json", "junit"])
def test_half_a_character_is_shown_by_its_number(folder: Path, capfd: pytest.CaptureFixture[str], form: str) -> None:
    (folder / "half.json").write_text(
        '{"tags": {"\\ud800": {"tag_value": {"@@assign": ["\\udc00"]}}}}', encoding="utf-8"
    )
    assert run(["lint-policy", "half.json", "--format", form]) == 1
    assert r"\ud800" in capfd.readouterr().out


def test_a_terminal_without_the_character_gets_its_number(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding="ascii", write_through=True))
    (folder / "ü.json").write_text(json.dumps(CLEAN), encoding="utf-8")
    assert run(["lint-policy", "ü.json", "wrong.json"]) == 1
    assert b"FAIL tag policy" in out.getvalue()


def unreadable(capsys: pytest.CaptureFixture[str], name: str) -> str:
    (finding,) = report(capsys, name)["findings"]
    assert finding["verdict"] == "unknown"
    return f"{finding['where']}: {finding['held']}. {finding['repair']}"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "p.json:1: must hold a policy; got nothing. Do write one, or leave it out"),
        (b" \n", "p.json:1: must hold a policy; got nothing. Do write one, or leave it out"),
        (b"\x80", "p.json: must be UTF-8; byte 0 is not. Do save it as UTF-8"),
        ('{"tags": {}}'.encode("utf-16"), "p.json: must be UTF-8; byte 0 is not. Do save it as UTF-8"),
        (
            b"Version: 1\n",
            'p.json:1: must be JSON; got a text that begins with "Version: 1". Do name the policy as JSON',
        ),
        (
            b'{"Statement": [\n],}',
            "p.json:2: must be JSON; Expecting property name enclosed in double quotes at column",
        ),
        (b"null", "p.json:1: must be an object with "),
        (b'{"Version": %s}' % (b"1" * 5000), "p.json:1: must be an object with "),
    ],
)
def test_what_cannot_be_read_says_where_and_why(
    folder: Path, capsys: pytest.CaptureFixture[str], data: bytes, said: str
) -> None:
    (folder / "p.json").write_bytes(data)
    assert unreadable(capsys, "p.json").startswith(said)


def test_a_file_that_is_not_there_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = "none.json: must be a file that can be read; got no such file or directory. Do correct the name"
    assert unreadable(capsys, "none.json") == said


def test_a_file_is_the_same_by_any_path(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lint-policy", "clean.json", "."]) == 2
    assert run(["lint-policy", "clean.json", "./clean.json"]) == 2
    assert "must be given once; got it twice" in capsys.readouterr().err
