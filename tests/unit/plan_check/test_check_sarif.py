import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.plan_check.rules import RULES
from harness.report.check import render
from harness.report.check.sarif import render_sarif
from tests.unit.plan_check.made import MIXED, NASTY, counted, finding, old, result, unknown

SCHEMA = json.loads((Path(__file__).parent / "sarif" / "sarif-2.1.0.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


def run_of(text: str) -> dict[str, Any]:
    """Return the one run of a log that the published schema allows."""
    log = json.loads(text.encode())
    assert list(VALIDATOR.iter_errors(log)) == []
    (run,) = log["runs"]
    return run


@pytest.mark.parametrize("mode", ["fail", "warn", "ignore"])
@pytest.mark.parametrize("findings", [(), MIXED])
def test_valid_against_the_published_schema(findings: tuple, mode: str) -> None:
    inputs = counted("plan.json", types=("aws_new_thing",))
    run_of(render(result(*findings, inputs=inputs, unknown_mode=mode), "sarif"))


@given(st.text(st.characters(), max_size=30) | st.just(NASTY))
def test_valid_with_any_text(text: str) -> None:
    harmed = finding(address=text, what=text, repair=text, repair_at=text, key=text, input=text, file=text, where=text)
    (found,) = run_of(render_sarif(result(harmed, old(), title=text, reasons={old().fingerprint: text})))["results"][:1]
    assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


def test_results_have_rule_level_place_and_fingerprint() -> None:
    found = run_of(render_sarif(result(*MIXED)))
    rules = found["tool"]["driver"]["rules"]
    assert [each["id"] for each in rules] == list(RULES)
    assert [
        (each["ruleId"], rules[each["ruleIndex"]]["id"], each["level"], each["baselineState"])
        for each in found["results"]
    ] == [
        ("missing-key", "missing-key", "error", "new"),
        ("wrong-value", "wrong-value", "error", "new"),
        ("unknown-value", "unknown-value", "warning", "new"),
        ("missing-key", "missing-key", "note", "unchanged"),
    ]
    wrong = found["results"][1]
    assert wrong["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "main.tf"}
    assert wrong["locations"][0]["physicalLocation"]["region"]["startLine"] == 12
    assert wrong["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "aws_s3_bucket.logs"
    assert wrong["partialFingerprints"]["primaryLocationLineHash"] == MIXED[2].fingerprint
    assert '"anycompany:finance:owner" = "team-a"' in wrong["message"]["text"]


@pytest.mark.parametrize(
    ("more", "uri"),
    [
        ({"file": "./a b/ü.tf", "line": 3}, "a%20b/%C3%BC.tf"),
        ({"file": "a\\b.tf"}, "a/b.tf"),
        ({"input": "plans/p.json"}, "plans/p.json"),
        ({"input": "-"}, "stdin"),
        ({"file": "a:b.tf"}, "a%3Ab.tf"),
        ({"file": "infra/../main.tf"}, "main.tf"),
        ({"file": str(Path.cwd() / "infra" / "main.tf")}, "infra/main.tf"),
        ({"file": "/elsewhere/a b.tf"}, "file:///elsewhere/a%20b.tf"),
        ({"file": "C:\\elsewhere\\a.tf"}, "file:///C:/elsewhere/a.tf"),
    ],
)
def test_every_result_has_a_physical_location(more: dict, uri: str) -> None:
    (found,) = run_of(render_sarif(result(finding(**more))))["results"]
    location = found["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == uri
    assert location["region"]["startLine"] == max(more.get("line", 0), 1)


def test_findings_of_the_baseline_are_suppressed_with_their_reason() -> None:
    found = run_of(render_sarif(result(old(), finding(), reasons={old().fingerprint: "INFRA-12"})))["results"]
    assert "suppressions" not in found[0]
    assert found[1]["suppressions"] == [{"kind": "external", "status": "accepted", "justification": "INFRA-12"}]


def test_what_is_too_much_for_code_scanning_is_counted() -> None:
    run = run_of(render_sarif(result(unknown(), *MIXED), most=2))
    assert [each["ruleId"] for each in run["results"]] == ["missing-key", "wrong-value"]
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].startswith("and 3 more (0 fail, 2 unknown, 1 in the baseline)")


def test_counts_and_exit_code() -> None:
    run = run_of(render_sarif(result(*MIXED, unknown_mode="ignore")))
    assert run["invocations"] == [{"executionSuccessful": True, "exitCode": 1}]
    assert run["properties"] == {
        "verdict": "fail",
        "unknownMode": "ignore",
        "judged": 7,
        "skipped": {"deleted": 2, "read": 1},
        "unknownTypes": [],
        "fail": 2,
        "unknown": 1,
        "old": 1,
        "summary": "2 fail, 1 unknown, 1 in the baseline",
    }
    assert len(run["results"]) == 3


def test_rules_are_explained() -> None:
    for rule in run_of(render_sarif(result()))["tool"]["driver"]["rules"]:
        assert rule["help"]["text"] == RULES[rule["id"]].help
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]


def test_values_of_outsiders_are_no_links() -> None:
    (found,) = run_of(render_sarif(result(finding(what=NASTY))))["results"]
    assert "](" not in found["message"]["text"]
