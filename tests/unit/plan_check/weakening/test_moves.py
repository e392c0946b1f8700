"""Accounts that a plan moves to another unit, and what bound them where they are."""

from typing import Any

from harness.plan_check.weakening import Change, Known, weakenings
from tests.unit.plan_check.weakening.changes import ROOT, UNIT, becomes, deny, document, found, only, stays, tag_policy

ACCOUNT = "aws_organizations_account.ml"
GOAL = "ou-abcd-22222222"
HELD = {"id": "111122223333", "name": "ml", "parent_id": UNIT}
UNTAGGED = deny("ec2:RunInstances", sid="Untagged", Null={"aws:RequestTag/owner": "true"})


def policy(name: str, target: str, content: str, kind: str = "SERVICE_CONTROL_POLICY") -> tuple[Change, Change]:
    identity = f"p-{name}"
    return (
        stays(f"aws_organizations_policy.{name}", id=identity, name=name, type=kind, content=content),
        stays(f"aws_organizations_policy_attachment.{name}", id=name, policy_id=identity, target_id=target),
    )


def moved(**values: Any) -> Change:
    return becomes(ACCOUNT, HELD, **{"parent_id": GOAL, **values})


def test_an_account_that_leaves_a_guardrail_is_a_weakening() -> None:
    weakening = only(*policy("a", UNIT, document(UNTAGGED)), moved())
    assert (weakening.fault.rule, weakening.fault.verdict, weakening.address) == ("policy-weakened", "fail", ACCOUNT)
    assert "says what statement Untagged denies now" in weakening.what
    stays_there = becomes(ACCOUNT, HELD, name="other")
    assert found(*policy("a", UNIT, document(UNTAGGED)), stays_there) == []


def test_a_guardrail_that_binds_at_the_goal_too_loses_nothing() -> None:
    here = policy("a", UNIT, document(UNTAGGED))
    assert found(*here, *policy("b", GOAL, document(UNTAGGED)), moved()) == []
    assert found(*here, *policy("b", ROOT, document(UNTAGGED)), moved()) == []


def test_tag_policies_of_the_old_and_the_new_place_are_compared() -> None:
    strict, loose = tag_policy(owner={"tag_value": ["a"]}), tag_policy(owner={"tag_value": ["a", "b"]})
    here, there = policy("a", UNIT, strict, "TAG_POLICY"), policy("b", GOAL, loose, "TAG_POLICY")
    assert "looser on owner" in only(*here, *there, moved()).what
    assert found(*here, *policy("b", GOAL, strict, "TAG_POLICY"), moved()) == []


def test_what_is_attached_elsewhere_or_a_goal_known_after_apply_is_unknown() -> None:
    unknown = [("policy-weakened", "unknown", ACCOUNT)]
    assert found(moved()) == unknown
    assert found(*policy("a", UNIT, document(UNTAGGED)), becomes(ACCOUNT, HELD, "parent_id")) == unknown
    foreign = stays("aws_organizations_policy_attachment.x", id="x", policy_id="p-x", target_id=UNIT)
    assert found(foreign, moved()) == unknown


def test_the_units_between_are_known_where_the_caller_says_so() -> None:
    known = Known(parents={UNIT: "ou-abcd-33333333", GOAL: "ou-abcd-33333333", "ou-abcd-33333333": ROOT})
    above = policy("a", "ou-abcd-33333333", document(UNTAGGED))
    (weakening,) = weakenings([*above, moved()], known)
    assert weakening.fault.because == f"the plan does not hold what is attached at {UNIT}"
