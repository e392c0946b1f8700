"""What the forms of an audit say: figures, words, and what nobody can know."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from harness.audit.model import AuditFinding, AuditResource, Edge
from harness.audit.rules import AUDIT_RULES, RANKS_OF_AUDIT, RULES_OF_AUDIT
from harness.audit.run import Change, Coverage
from harness.plan_check.model import Fault
from harness.plan_check.rules import RULES
from harness.report.audit import AuditForm, machine, write_report
from harness.report.audit.figures import share_of, totals_of, weakest_first
from harness.report.audit.reading import open_run
from harness.report.audit.wording import words_for
from tests.audit_runs import GAPS, KEYS, STATIC, day, write_run

KEY = KEYS[2]


def resource(number: int, **changes: Any) -> AuditResource:
    arn = f"arn:aws:sqs:eu-west-1:111111111111:q{number}"
    fields = {
        "arn": arn,
        "account": "111111111111",
        "region": "eu-west-1",
        "type": "AWS::SQS::Queue",
        "name": f"q{number}",
    }
    return AuditResource(**fields | {"created": "", "tags": {}, "sources": ("tagging",), "cost": ""} | changes)


def finding(number: int, rule: str = "missing-key", **changes: Any) -> AuditFinding:
    one = resource(number)
    place = {"arn": one.arn, "account": one.account, "region": one.region, "type": one.type, "name": one.name}
    mark = f"{rule}-{number}-{changes.get('key', KEY)}"
    return AuditFinding(**{"fingerprint": mark, "rule": rule, "verdict": "fail", "key": KEY, **place, **changes})


def written(run: Path, form: AuditForm, **more: Any) -> str:
    out = io.StringIO()
    write_report(run, form, out, **more)
    return out.getvalue()


@pytest.mark.parametrize("rule", [name for name, rule in RULES_OF_AUDIT.items() if not rule.weakens])
@pytest.mark.parametrize(("held", "wanted", "because"), [("", ("one",), ""), ("held", ("one", "two"), "why")])
def test_every_rule_of_resources_has_words(rule: str, held: str, wanted: tuple[str, ...], because: str) -> None:
    what, must = words_for(Fault(rule, "fail", "", "owner", held, wanted, because))
    assert what
    assert must
    assert "{" not in what + must


def test_rules_of_the_audit_are_no_others() -> None:
    assert not AUDIT_RULES.keys() & RULES.keys()
    assert [*RANKS_OF_AUDIT.values()] == [*range(len(RULES_OF_AUDIT))]
    assert all(rule.help.count("Do ") == 1 for rule in AUDIT_RULES.values())


@pytest.mark.parametrize(
    ("changes", "verdicts", "verdict"),
    [
        ({}, [], "pass"),
        ({}, ["unknown"], "unknown"),
        ({}, ["unknown", "fail"], "fail"),
        ({"gaps": GAPS}, [], "unknown"),
        ({"gaps": GAPS}, ["fail"], "fail"),
        ({"state": "interrupted"}, [], "unknown"),
        ({"state": "running"}, [], "unknown"),
        ({"accounts": ()}, [], "unknown"),
        ({"counts": {"unheard": 1}}, [], "unknown"),
    ],
)
def test_a_run_passes_only_where_all_was_seen(
    tmp_path: Path, changes: dict[str, Any], verdicts: list[str], verdict: str
) -> None:
    found = [finding(number, verdict=held) for number, held in enumerate(verdicts)]
    with open_run(write_run(tmp_path, (), found, **changes)) as run:
        assert totals_of(run).verdict(run.record) == verdict


def test_totals_count_the_cost_of_a_resource_once(tmp_path: Path) -> None:
    found = [
        finding(1, cost="10.25"),
        finding(1, "wrong-value", cost="10.25", is_new=False),
        finding(2, "tags-unread", verdict="unknown", cost="99"),
        finding(3),
    ]
    with open_run(write_run(tmp_path, [resource(n) for n in range(5)], found)) as run:
        totals = totals_of(run)
    assert (totals.looked_at, totals.findings, totals.fail, totals.unknown, totals.new) == (5, 4, 3, 1, 3)
    assert (totals.with_findings, totals.spend) == (3, Decimal("10.25"))


def test_the_weakest_key_comes_first_and_what_is_mandatory_nowhere_last(tmp_path: Path) -> None:
    held = (Coverage("full", 3), Coverage("none"), Coverage("half", 2, 1, 1))
    with open_run(write_run(tmp_path, coverage=held)) as run:
        assert [(one.key, share_of(one)) for one in weakest_first(run.record)] == [
            ("half", 0.5),
            ("full", 1.0),
            ("none", None),
        ]


def test_edges_are_spelled_as_resources_are(tmp_path: Path) -> None:
    one = resource(1, arn="arn:aws:sagemaker:eu-west-1:111111111111:model/Big")
    edges = [
        Edge("s3://bucket/Model", one.arn.lower(), "ModelDataUrl"),
        Edge("s3://bucket/Model", one.arn, "ModelDataUrl"),
    ]
    with open_run(write_run(tmp_path, [one], (), edges)) as run:
        assert run.rows("SELECT parent, child FROM edges") == [("s3://bucket/Model", one.arn)]


def test_json_has_everything(tmp_path: Path) -> None:
    run = write_run(tmp_path, [resource(1)], [finding(1, cost="1.50", owner="team-ml")], gaps=GAPS)
    held = json.loads(written(run, "json"))
    assert (held["version"], held["verdict"], len(held["gaps"])) == (1, "fail", 3)
    (one,) = held["findings"]
    assert (one["rule"], one["title"], one["level"]) == ("missing-key", "A mandatory tag is missing", "error")
    assert (one["what"], one["must_hold"]) == (f"the tag {KEY} is missing", "it is mandatory")
    assert (one["cost"], one["owner"], one["repair"]) == ("1.5", "team-ml", "tagrail repair plan --env prod")


def with_fixed(folder: Path, *fixed: AuditFinding) -> Path:
    """A run with one new finding and one that remains, the second dearer, and with what is fixed."""
    found = [finding(1, cost="1"), finding(2, is_new=False, cost="2")]
    return write_run(folder, (), found, fixed=fixed, change=Change(day(25), 1, len(fixed), 1))


def test_json_lists_apart_what_is_fixed(tmp_path: Path) -> None:
    held = json.loads(written(with_fixed(tmp_path, finding(3, is_new=False, cost="7")), "json"))
    assert [(one["name"], one["state"]) for one in held["findings"]] == [("q2", "remaining"), ("q1", "new")]
    (fixed,) = held["fixed"]
    assert (fixed["name"], fixed["state"], fixed["is_new"], fixed["cost"]) == ("q3", "fixed", False, "7")
    assert (fixed["what"], fixed["repair"]) == (f"the tag {KEY} is missing", "")
    assert (held["totals"]["findings"], held["totals"]["spend"]) == (2, 3)


@pytest.mark.parametrize(
    ("form", "states"), [("csv", ["remaining", "new"]), ("csv-all", ["remaining", "new", "fixed", "fixed"])]
)
def test_csv_lists_what_is_fixed_where_all_is_asked_for(tmp_path: Path, form: AuditForm, states: list[str]) -> None:
    run = with_fixed(tmp_path, finding(3, is_new=False), finding(4, is_new=False))
    rows = [*csv.DictReader(io.StringIO(written(run, form)))]
    assert [row["state"] for row in rows] == states
    assert [row["name"] for row in rows][2:] == ["q3", "q4"][: len(states) - 2]


@pytest.mark.parametrize(
    ("form", "states"), [("sarif", ["unchanged", "new"]), ("sarif-all", ["unchanged", "new", "absent"])]
)
def test_sarif_has_what_is_fixed_as_absent_where_all_is_asked_for(
    tmp_path: Path, form: AuditForm, states: list[str]
) -> None:
    (log,) = json.loads(written(with_fixed(tmp_path, finding(3, is_new=False)), form))["runs"]
    assert [one["baselineState"] for one in log["results"]] == states


def test_sarif_says_how_many_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_MOST", 2)
    run = with_fixed(tmp_path, finding(3, is_new=False))
    (log,) = json.loads(written(run, "sarif-all"))["runs"]
    assert [one["baselineState"] for one in log["results"]] == ["unchanged", "new"]
    (note,) = log["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == "1 more findings, fixed ones among them; JSON has all."
    (log,) = json.loads(written(run, "sarif"))["runs"]
    assert log["invocations"][0]["toolExecutionNotifications"] == []


def test_junit_has_open_findings_alone(tmp_path: Path) -> None:
    assert resource(3).arn not in written(with_fixed(tmp_path, finding(3, is_new=False)), "junit")


@pytest.mark.parametrize(("count", "lines"), [(0, 0), (1, 1), (5, 5), (7, 6)])
def test_text_names_the_first_that_are_fixed(tmp_path: Path, count: int, lines: int) -> None:
    run = with_fixed(tmp_path, *(finding(10 + number, is_new=False) for number in range(count)))
    text = written(run, "text").splitlines()
    at = text.index(f"against {day(25)}: 1 new, 1 remain, {count} fixed")
    fixed = text[at + 1 :]
    assert len(fixed) == lines
    assert fixed[:5] == [f"FIXED {resource(10 + number).arn}: missing-key {KEY}" for number in range(min(5, count))]
    assert fixed[5:] == ["FIXED and 2 more; --format csv-all has all"][: max(0, lines - 5)]


def test_csv_holds_no_formula(tmp_path: Path) -> None:
    run = write_run(tmp_path, (), [finding(1, owner="=cmd|' /C calc'!A0", name="-x", cost="-3")])
    (row,) = csv.DictReader(io.StringIO(written(run, "csv")))
    assert (row["owner"], row["name"], row["cost"]) == ("'=cmd|' /C calc'!A0", "'-x", "-3")


def test_junit_tells_new_old_and_unknown_apart(tmp_path: Path) -> None:
    found = [finding(1), finding(2, is_new=False), finding(3, "tags-unread", verdict="unknown", name="\x1b[31m\x00<")]
    run = write_run(tmp_path, (), found, gaps=GAPS, state="interrupted", environment='pro"d')
    root = ElementTree.fromstring(written(run, "junit"))  # noqa: S314 (our own)
    seen, judged = root.findall("testsuite")
    assert [case[0].tag for case in seen] == ["error"] * 4
    assert sorted(case[0].tag for case in judged) == ["error", "failure", "skipped"]


def test_sarif_names_resources_as_logical_locations(tmp_path: Path) -> None:
    run = write_run(tmp_path, (), [finding(1), finding(2, is_new=False)], gaps=GAPS)
    (log,) = json.loads(written(run, "sarif"))["runs"]
    assert [one["baselineState"] for one in log["results"]] == ["new", "unchanged"]
    assert log["results"][0]["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == resource(1).arn
    assert {one["ruleId"] for one in log["results"]} <= {one["id"] for one in log["tool"]["driver"]["rules"]}
    assert len(log["invocations"][0]["toolExecutionNotifications"]) == 3


def test_text_says_first_what_was_not_seen(tmp_path: Path) -> None:
    change = Change("2026-11-26T06-00-00Z", 1, 2, 3, 4)
    run = write_run(tmp_path, [resource(1)], [finding(1, cost="1234.5")], gaps=GAPS, state="interrupted", change=change)
    lines = written(run, "text", static=STATIC).splitlines()
    assert lines[0] == "audit of prod  2026-11-27T06:00:00+00:00  fail"
    assert lines[2].startswith("INTERRUPTED: ")
    assert lines[3].startswith("NOT SEEN resources that only AWS Config knows: config of 333333333333, us-east-1")
    assert f"      1,234.50  {resource(1).arn}" in lines
    assert lines[-3:] == [
        "repair: tagrail repair plan --env prod",
        "against 2026-11-26T06-00-00Z: 1 new, 3 remain, 2 fixed, 4 not seen again, so unknown",
        "code: 1 pass, 1 fail, 1 unknown",
    ]


def test_text_obeys_no_hostile_name(tmp_path: Path) -> None:
    run = write_run(tmp_path, (), [finding(1, owner="\x1b[31m[bold]red\u202e", because="[/]")])
    text = written(run, "text")
    assert not set("\x1b\u202e") & set(text)
    assert r"\x1b[31m[bold]red\u202e" in text


def test_text_without_costs_says_nothing_of_them(tmp_path: Path) -> None:
    one, two = resource(1), resource(2)
    run = write_run(tmp_path, [one, two], [finding(1, owner="ml"), finding(2)], month="", currency="")
    text = written(run, "text")
    assert "unknown" not in text.split("unknown, ", 1)[1]  # the first line counts verdicts
    assert "cost " not in text
    assert one.arn in text.splitlines()
    with_costs = written(write_run(tmp_path, [one, two], [finding(1, cost="2.5"), finding(2)]), "text").splitlines()
    assert f"{'2.50':>14}  {one.arn}" in with_costs
    assert f"{'unknown':>14}  {two.arn}" in with_costs
