"""What checkov's report is read as: nothing that it did not look at may pass."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.errors import TagrailError
from harness.finding import Finding
from harness.static_audit.reading import SEEN, declared_resources, read_findings
from harness.static_audit.running import arguments, audit

DECLARED = frozenset({("modules/topic/main.tf", "aws_sns_topic.this")})


def record(check: str = "CKV_AWS_26", resource: str = "module.m.aws_sns_topic.this[0]", **more: Any) -> dict[str, Any]:
    return {
        "check_id": check,
        "check_name": "Ensure the topic is encrypted",
        "check_result": {"result": "PASSED"},
        "file_path": "/modules/topic/main.tf",
        "file_line_range": [3, 9],
        "resource": resource,
        "guideline": None,
        **more,
    }


def report(**results: list[Any]) -> str:
    empty: dict[str, list[Any]] = {
        "passed_checks": [record(SEEN)],
        "failed_checks": [],
        "skipped_checks": [],
        "parsing_errors": [],
    }
    return json.dumps({"check_type": "terraform", "results": empty | results})


def read(text: str, log: str = "") -> list[Finding]:
    """Return what does not pass without a note."""
    return [found for found in read_findings(text, log, DECLARED) if found.verdict != "pass" or found.note]


def test_a_clean_report_passes() -> None:
    assert read(report(passed_checks=[record(SEEN), record()])) == []
    assert len(read_findings(report(), "", DECLARED)) == 1


def test_a_failed_check_fails_with_place_rule_and_repair() -> None:
    (found,) = read(report(failed_checks=[record(guideline="https://docs.example/26")]))
    assert (found.verdict, found.where) == ("fail", "modules/topic/main.tf:3")
    assert found.subject == "CKV_AWS_26 module.m.aws_sns_topic.this[0]"
    assert found.repair.endswith("#checkov:skip=CKV_AWS_26:REASON in the block. See https://docs.example/26")


def test_a_suppression_passes_with_its_reason_and_fails_without() -> None:
    given = record(check_result={"result": "SKIPPED", "suppress_comment": "the queue is inside the cell"})
    bare = record(check_result={"result": "SKIPPED", "suppress_comment": "No comment provided"})
    first, second = read(report(skipped_checks=[given, bare]))
    assert (first.verdict, first.note, first.held) == ("pass", "info", "suppressed: the queue is inside the cell")
    assert (second.verdict, second.repair) == ("fail", "Do write the reason: #checkov:skip=CKV_AWS_26:REASON")


def test_a_resource_that_was_passed_over_is_unknown() -> None:
    declared = DECLARED | {("modules/topic/main.tf", "aws_kms_key.this")}
    key = record(SEEN, "aws_kms_key.this")
    for text in (report(), report(failed_checks=[key])):
        (found,) = (one for one in read_findings(text, "", declared) if one.verdict != "pass")
        assert (found.verdict, found.subject, found.held) == (
            "unknown",
            "aws_kms_key.this",
            "checkov passes it over",
        )


def test_addresses_with_modules_and_keys_name_their_resource() -> None:
    seen = [record(SEEN, 'module.m["a.b"].module.n[0].aws_sns_topic.this["c.d[0]"]')]
    assert read(report(passed_checks=seen)) == []


def test_a_file_that_cannot_be_parsed_is_unknown() -> None:
    (found,) = read(report(parsing_errors=["modules/topic/variables.tf"]))
    assert (found.verdict, found.where, found.held) == (
        "unknown",
        "modules/topic/variables.tf",
        "checkov cannot parse it",
    )


def test_a_check_that_crashed_is_unknown() -> None:
    log = "2026-11-26 20:52:27,875 [MainThread  ] [ERROR]  Failed to run check CKV_AWS_26 on /main.tf:x\nTraceback\n"
    (found,) = read(report(), log)
    assert (found.verdict, found.held) == ("unknown", "Failed to run check CKV_AWS_26 on /main.tf:x")


NOTHING = '{"passed": 0, "failed": 0, "skipped": 0, "parsing_errors": 0, "resource_count": 0}'


@pytest.mark.parametrize("text", [NOTHING, report(passed_checks=[]), report(passed_checks=[record()]), "[]"])
def test_nothing_looked_at_is_an_error_and_no_pass(text: str) -> None:
    with pytest.raises(
        TagrailError, match=r"must look at a resource; it looked at none of 1 .* Do check .checkov.yaml"
    ):
        read(text)


@pytest.mark.parametrize("text", ["", "{", '{"results": {"failed_checks": []}}', '{"results": 1}', "3"])
def test_another_report_is_refused(text: str) -> None:
    with pytest.raises(TagrailError, match=r"must be its JSON with all results; got .* quiet in \.checkov\.yaml"):
        read(text)


def test_declared_resources_leave_out_what_terraform_keeps(tmp_path: Path) -> None:
    text = 'resource "aws_sns_topic" "this" {}\n# resource "a" "b" {}\n  resource "c" "d" {}\n'
    for folder in ("modules/topic", "modules/topic/.terraform/modules/x", "tests"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "main.tf").write_text(text, encoding="utf-8")
    assert declared_resources(tmp_path, ("envs", "modules")) == DECLARED


def test_no_configuration_is_refused_before_anything_is_installed(tmp_path: Path) -> None:
    with pytest.raises(TagrailError, match=r"\.checkov\.yaml: must stand in .*; got none\. Do write one"):
        audit(tmp_path, tmp_path / "out", print)


def test_the_pattern_is_bound_to_the_project(tmp_path: Path) -> None:
    given = arguments(tmp_path, tmp_path)
    assert given[given.index("--skip-path") + 1].startswith(f"^{tmp_path}".replace("-", r"\-").replace(".", r"\."))
