import re

import pytest

from harness.plan_check.model import Input
from harness.plan_check.result import count_input
from harness.plan_check.rules import RANKS, RULES
from tests.unit.plan_check.made import MIXED, counted, finding, old, result, unknown

WEAKENING = {
    "policy-weakened",
    "key-unwatched",
    "cost-tag-deactivated",
    "budget-raised",
    "subscriber-dropped",
    "exemption-widened",
    "export-narrowed",
}


@pytest.mark.parametrize(
    ("findings", "mode", "verdict", "code"),
    [
        ((), "fail", "pass", 0),
        ((finding(),), "warn", "fail", 1),
        ((finding(),), "ignore", "fail", 1),
        ((finding("deprecated-key"),), "warn", "fail", 1),
        ((unknown(),), "fail", "unknown", 1),
        ((unknown(),), "warn", "unknown", 0),
        ((unknown(),), "ignore", "unknown", 0),
        ((old(),), "fail", "pass", 0),
        ((unknown(is_old=True),), "fail", "pass", 0),
        ((old(), unknown(), finding()), "ignore", "fail", 1),
    ],
)
def test_verdict_and_exit_code(findings, mode, verdict, code) -> None:
    made = result(*findings, unknown_mode=mode)
    assert (made.verdict(), made.exit_code(), made.failed()) == (verdict, code, bool(code))


@pytest.mark.parametrize(("mode", "code"), [("fail", 1), ("warn", 0), ("ignore", 0)])
def test_a_type_that_nobody_knows_is_never_a_pass(mode, code) -> None:
    made = result(inputs=counted("plan.json", types=("aws_new_thing",)), unknown_mode=mode)
    assert (made.verdict(), made.exit_code()) == ("unknown", code)


def test_new_before_old_and_fail_before_unknown_and_rules_in_their_order() -> None:
    found = (*MIXED, finding("policy-weakened", "aws_organizations_policy.tags"), unknown("aws_old.x", is_old=True))
    assert [(each.fault.rule, each.address) for each in result(*found).shown()] == [
        ("policy-weakened", "aws_organizations_policy.tags"),
        ("missing-key", "aws_s3_bucket.logs"),
        ("wrong-value", "aws_s3_bucket.logs"),
        ("unknown-value", "aws_instance.web"),
        ("missing-key", "aws_sqs_queue.jobs"),
        ("unknown-value", "aws_old.x"),
    ]


def test_what_is_ignored_is_counted_and_not_shown() -> None:
    made = result(*MIXED, unknown_mode="ignore")
    assert "unknown-value" not in {each.fault.rule for each in made.shown()}
    assert made.counts() == (2, 1, 1)


@pytest.mark.parametrize(
    ("each", "mode", "level"),
    [
        (finding(), "warn", "error"),
        (finding("deprecated-key"), "warn", "warning"),
        (unknown(), "fail", "error"),
        (unknown(), "warn", "warning"),
        (unknown(), "ignore", "note"),
        (old(), "fail", "note"),
    ],
)
def test_level(each, mode, level) -> None:
    assert result(each, unknown_mode=mode).level(each) == level


def test_totals_add_up_over_inputs() -> None:
    made = result(inputs=(*counted("a", judged=3, types=("x", "y")), *counted("b", judged=4, types=("y",))))
    assert (made.judged, made.skipped, made.unknown_types) == (7, {"deleted": 4, "read": 2}, ("x", "y"))


def test_counts_of_an_input() -> None:
    source = Input("plan.json", "terraform", ())
    source.skipped.update(["read", "deleted", "read"])
    source.unknown_types.update(["b", "a"])
    made = count_input(source, 5)
    assert (made.name, made.judged, made.skipped) == ("plan.json", 5, {"deleted": 1, "read": 2})
    assert made.unknown_types == ("a", "b")


def test_rules_that_weaken_come_first_and_say_what_allows_them() -> None:
    assert {name for name, rule in RULES.items() if rule.weakens} == WEAKENING
    assert max(RANKS[name] for name in WEAKENING) == len(WEAKENING) - 1
    assert all("--allow-weakening" in RULES[name].help for name in WEAKENING)


@pytest.mark.parametrize("name", RULES)
def test_rule_says_what_to_do_within_the_limits_of_code_scanning(name) -> None:
    rule = RULES[name]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    assert re.search(r"(^|\. )Do [a-z]", rule.help)
    assert not rule.title.endswith(".")
    assert len(f"{rule.title}. {rule.help}") <= 1024
