"""What a snapshot lacks is said, and is a finding where AWS refused it."""

import json

import pytest
from rich.console import Console

from harness.emulator.seed_model import ConfigRecorders, Seed, TaggedResources, Unread
from harness.finding import Finding
from harness.rehearsal import compare_seeds, unread_findings
from harness.report.rehearsal import print_rehearsal, render_rehearsal_json
from tests.unit.rehearsal.seeds import ONE, ROOT, TWO, UNIT, control_policy, seed, tag_policy

REFUSED = Unread(part="tag policies", of=("two",), reason="DescribePolicy: AccessDenied: no", code="AccessDenied")
UNASKED = Unread(part="tagged resources", of=(ONE, TWO), reason="nobody asked", code="unasked")
FINDINGS = (Finding("tag policy", "root", "p", "pass", "as rendered", "as rendered"),)


def lacking(found: Seed) -> Seed:
    assumed = ConfigRecorders(accounts=(ONE, TWO), regions=("eu-central-1",), assumed=True)
    return found.model_copy(update={"unreadable": (REFUSED, UNASKED), "config_recorders": (assumed,)})


def test_only_what_aws_refused_is_a_finding() -> None:
    (finding,) = unread_findings(lacking(seed({})))
    assert (finding.plane, finding.where, finding.subject, finding.verdict) == (
        "snapshot",
        "two",
        "tag policies",
        "unknown",
    )
    assert "Do add organizations:Describe* and organizations:List*" in finding.repair


def printed(before: Seed, after: Seed, capsys: pytest.CaptureFixture[str]) -> str:
    print_rehearsal(Console(width=160), "prod, rehearsed", compare_seeds(before, after), FINDINGS)
    return capsys.readouterr().out


def test_the_text_says_what_changes_for_whom(capsys: pytest.CaptureFixture[str]) -> None:
    strict = tag_policy("u", Stage={"tag_value": ["dev", "test"], "enforced_for": ["s3:bucket"]})
    wrong = TaggedResources(account=ONE, region="eu-central-1", tags={"Stage": "prod"}, arns=("arn:aws:s3:::b",))
    before = seed({ROOT: (tag_policy("p", Stage={"tag_value": ["dev"]}),)}, resources=(wrong,))
    text = printed(before, seed({ROOT: (tag_policy("p", Stage={}),), UNIT: (strict,)}, control_policy("new")), capsys)
    assert "effective tag policies: 4 of 4 accounts change" in text
    rows = [" ".join(line.split()) for line in text.splitlines()]
    assert "all but Unit (2) Stage any value may be, not only dev looser" in rows
    assert "Unit (2) Stage test may be the value, too looser" in rows
    assert "Unit (2) Stage a wrong tag is denied on s3:bucket stricter" in rows
    assert "nowhere new new" in rows
    assert "impact: 1 of 1 tagged resources break the effective tag policies afterwards, 1 before" in rows
    assert 'one 1 1 1 1 1 x Stage = "prod"' in rows
    assert rows[-1] == "pass: 1 pass, 0 fail, 0 unknown"


def test_the_text_says_that_nothing_changes(capsys: pytest.CaptureFixture[str]) -> None:
    found = seed({ROOT: (tag_policy("p", Stage={}),)})
    text = printed(found, found, capsys)
    assert "effective tag policies: no account gets another one" in text
    assert "service control policies: none is new or changed" in text
    assert "impact: 0 of 0 tagged resources break" in text


def test_the_text_says_what_nobody_knows(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = tag_policy("first", Stage={"tag_value": ["x"]}), tag_policy("second", Stage={"tag_value": ["y"]})
    found = lacking(seed({ROOT: (first, second)}))
    text = printed(found, found, capsys)
    doubt = 'tag_value of stage at root: "first" was attached before "second"'
    assert f"order counts, which AWS does not document: {doubt}, as AWS listed them" in text
    assert "assumed: AWS Config records in 2 accounts that nobody looked into" in text
    assert "unknown: tag policies of two: DescribePolicy: AccessDenied: no" in text
    assert "nobody looked: tagged resources of Unit (2): nobody asked" in text


def test_json_has_every_part_with_ids() -> None:
    before = lacking(seed({}))
    after = seed({UNIT: (tag_policy("u", Stage={"tag_value": []}),)}, control_policy("new"))
    document = json.loads(render_rehearsal_json("prod, rehearsed", compare_seeds(before, after), FINDINGS))
    assert (document["verdict"], document["snapshot"]) == ("pass", None)
    assert {(row["element"], tuple(row["accounts"])) for row in document["tag_policies"]} == {
        ("", (ONE, TWO)),
        ("tag_value", (ONE, TWO)),
    }
    assert document["control_policies"] == [{"target": "", "policy": "new", "kind": "new"}]
    assert document["impact"] == []
    assert [entry["part"] for entry in document["unknown"]["unread"]] == ["tag policies", "tagged resources"]
