"""JSON, JUnit and GitLab's code quality report."""

import json
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harness.report.check import render
from harness.report.check.gitlab import render_gitlab
from harness.report.check.junit import render_junit
from harness.report.check.machine import json_schema, render_json
from tests.unit.plan_check.made import MIXED, NASTY, counted, finding, old, result, unknown

HARM = (
    st.text(st.characters(), max_size=30)
    | st.just(NASTY)
    | st.text("\ud800\x00]>&<\"'`|@#:%\\\n\r{}[]() ", max_size=30)
)


def harmed(text: str):
    return finding(address=text, what=text, repair=text, repair_at=text, key=text, input=text, file=text, where=text)


def test_json_holds_all_findings_and_counts() -> None:
    made = result(*MIXED, reasons={old().fingerprint: "INFRA-12"}, unknown_mode="ignore")
    document = json.loads(render_json(made))
    jsonschema.validate(document, json_schema())
    assert (document["version"], document["verdict"], document["failed"]) == (1, "fail", True)
    assert document["counts"] == {
        "judged": 7,
        "skipped": {"deleted": 2, "read": 1},
        "unknown_types": [],
        "fail": 2,
        "unknown": 1,
        "old": 1,
    }
    assert [(each["rule"], each["level"], each["is_old"], each["reason"]) for each in document["findings"]] == [
        ("missing-key", "error", False, ""),
        ("wrong-value", "error", False, ""),
        ("unknown-value", "note", False, ""),
        ("missing-key", "note", True, "INFRA-12"),
    ]
    assert document["inputs"][0]["judged"] == 7


def test_json_names_of_version_1_stay() -> None:
    document = json.loads(render_json(result(finding())))
    assert set(document) == {*("version", "title", "verdict", "failed", "unknown_mode", "counts", "inputs", "findings")}
    assert set(document["inputs"][0]) == {"name", "language", "judged", "skipped", "unknown_types"}
    assert set(document["findings"][0]) == {
        *("fingerprint", "rule", "title", "verdict", "level", "input", "language", "address", "type", "path", "key"),
        *("where", "what", "must_hold", "denied", "repair", "repair_at", "file", "line"),
        *("is_old", "reason"),
    }


@given(HARM)
def test_json_holds_any_text(text: str) -> None:
    written = render_json(result(harmed(text)))
    document = json.loads(written.encode())
    jsonschema.validate(document, json_schema())
    assert document["findings"][0]["what"] == text


def parse(text: str | bytes) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # noqa: S314 (our own)


def cases(text: str) -> dict[str, str]:
    """Return what became of each case, by suite and name."""
    return {
        f"{suite.get('name')} {case.get('classname')} {case.get('name')}": ",".join(
            child.tag for child in case if child.tag != "system-out"
        )
        for suite in parse(text)
        for case in suite
    }


@pytest.mark.parametrize(("mode", "tag"), [("fail", "error"), ("warn", "skipped"), ("ignore", None)])
def test_junit_has_a_case_for_each_finding_and_one_for_each_input(mode: str, tag: str | None) -> None:
    made = result(*MIXED, inputs=counted("plan.json", "empty.json"), unknown_mode=mode)
    found = cases(render_junit(made))
    path = "tags anycompany:finance:owner"
    assert found == {
        "plan.json tagrail.check every resource type is known": "",
        f"plan.json aws_s3_bucket.logs missing-key {path}": "failure",
        f"plan.json aws_s3_bucket.logs wrong-value {path}": "failure",
        f"plan.json aws_sqs_queue.jobs missing-key {path}": "skipped",
        "empty.json tagrail.check every resource type is known": "",
    } | ({f"plan.json aws_instance.web unknown-value {path}": tag} if tag else {})


def test_junit_counts_and_says_all() -> None:
    root = parse(render_junit(result(*MIXED, finding(input="b.json"), reasons={old().fingerprint: "X-1"})))
    assert dict(root.attrib) == {"name": "tagrail check", "tests": "7", "failures": "3", "errors": "0", "skipped": "2"}
    assert [suite.get("tests") for suite in root] == ["5", "2"]
    text = "".join(root.itertext())
    assert '"anycompany:finance:owner" = "team-a"' in text
    assert "at: main.tf:12" in text
    assert "in the baseline: X-1" in text
    assert "7 resources judged, 3 not (2 deleted, 1 read)" in text


@pytest.mark.parametrize(("mode", "tag"), [("fail", "error"), ("warn", "skipped"), ("ignore", "")])
def test_junit_tells_of_types_that_nobody_knows(mode: str, tag: str) -> None:
    made = result(inputs=counted("plan.json", types=("aws_new_thing",)), unknown_mode=mode)
    assert cases(render_junit(made)) == {"plan.json tagrail.check every resource type is known": tag}
    assert "1 unknown type: aws_new_thing" in render_junit(made)


def test_junit_counts_what_is_too_much() -> None:
    root = parse(render_junit(result(*MIXED), most=1))
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("3", "1", "1")
    assert "and 3 more (1 fail, 1 unknown, 1 in the baseline); --format json has all" in "".join(root.itertext())


def test_junit_names_are_unique_in_a_suite() -> None:
    twice = [finding(), finding(fingerprint="other")]
    assert len(cases(render_junit(result(*twice)))) == 3


@given(HARM)
def test_junit_is_xml_with_any_text(text: str) -> None:
    parse(render_junit(result(harmed(text), title=text)).encode())


@given(
    st.lists(st.sampled_from([*MIXED, unknown("aws_a.b", is_old=True)])), st.sampled_from(["fail", "warn", "ignore"])
)
def test_junit_fails_when_the_check_does(findings: list, mode: str) -> None:
    made = result(*findings, unknown_mode=mode)
    root = parse(render_junit(made))
    assert (root.get("failures") != "0" or root.get("errors") != "0") is made.failed()


def test_gitlab_report() -> None:
    made = result(*MIXED, finding("budget-raised", "aws_budgets_budget.all", file="./b.tf", line=3))
    entries = json.loads(render_gitlab(made))
    assert [(each["check_name"], each["severity"], each["location"]) for each in entries] == [
        ("budget-raised", "critical", {"path": "b.tf", "lines": {"begin": 3}}),
        ("missing-key", "major", {"path": "plan.json", "lines": {"begin": 1}}),
        ("wrong-value", "major", {"path": "main.tf", "lines": {"begin": 12}}),
        ("unknown-value", "minor", {"path": "plan.json", "lines": {"begin": 1}}),
        ("missing-key", "info", {"path": "plan.json", "lines": {"begin": 1}}),
    ]
    assert entries[1]["description"].startswith(
        'aws_s3_bucket.logs.tags: The tag "anycompany:finance:owner" is missing.'
    )


def test_gitlab_keeps_the_same_finding_of_two_inputs_apart() -> None:
    entries = json.loads(render_gitlab(result(finding(), finding(input="z.json"))))
    assert [each["fingerprint"] for each in entries] == [finding().fingerprint, finding().fingerprint + ".2"]


def test_gitlab_report_of_nothing_is_an_empty_list() -> None:
    assert json.loads(render(result(), "gitlab")) == []


@given(HARM)
@example(".\\")
def test_gitlab_report_is_json_with_any_text(text: str) -> None:
    (entry,) = json.loads(render_gitlab(result(harmed(text))).encode())
    assert entry["location"]["path"]
