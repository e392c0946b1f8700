"""Guardrails in IAM policies before and after a plan."""

import json
from typing import Any

from harness.documents import render_audit_role
from tests.unit.plan_check.weakening.changes import becomes, change, comes, deny, document, found, goes, stays
from tests.unit.verify.live import loaded

POLICY = "module.guard.aws_iam_policy.this"
STAGE = {"aws:RequestTag/stage": ["dev"]}
ONE, TWO = deny("s3:*", sid="One", StringNotLike=STAGE), deny("ec2:*", sid="Two", StringNotLike=STAGE)
ARN = "arn:aws:iam::111122223333:policy/guard"


def policy(*statements: Any) -> dict[str, Any]:
    return {"name": "guard", "arn": ARN, "policy": document(*statements)}


def test_a_guardrail_that_denies_less_is_a_weakening() -> None:
    assert found(becomes(POLICY, policy(ONE, TWO), **policy(ONE))) == [("policy-weakened", "fail", POLICY)]
    assert found(goes(POLICY, **policy(ONE))) == [("policy-weakened", "fail", POLICY)]
    assert found(becomes(POLICY, policy(ONE), **policy(ONE, TWO))) == []
    assert found(becomes(POLICY, policy(ONE), "policy")) == [("policy-weakened", "unknown", POLICY)]


def test_a_statement_that_moves_between_instances_of_a_resource_denies_on() -> None:
    one, two = f'{POLICY}["1"]', f'{POLICY}["2"]'
    moved = (becomes(one, policy(ONE, TWO), **policy(ONE)), comes(two, "arn", name="two", policy=document(TWO)))
    assert found(*moved) == []


def test_a_statement_that_moves_to_another_resource_is_unknown() -> None:
    other = comes("aws_iam_policy.other", "arn", name="two", policy=document(TWO))
    moved = becomes(POLICY, policy(ONE, TWO), **policy(ONE))
    assert found(moved, other) == [("policy-weakened", "unknown", POLICY)]


def test_other_statements_of_iam_are_none_of_ours() -> None:
    allow = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    assert found(becomes(POLICY, policy(allow, deny("s3:*")), **policy(allow))) == []
    assert found(goes(POLICY, **policy(allow))) == []


def test_inline_policies_of_one_role_are_compared_together() -> None:
    one, two = "aws_iam_role_policy.one", "aws_iam_role_policy.two"
    held = {"role": "ci", "policy": document(ONE)}
    assert found(goes(one, **held)) == [("policy-weakened", "fail", one)]
    assert found(goes(one, **held), comes(two, **held)) == []


def test_a_guardrail_that_is_detached_is_a_weakening() -> None:
    attachment, held = "aws_iam_role_policy_attachment.this", {"role": "ci", "policy_arn": ARN}
    there = stays(POLICY, **policy(ONE))
    assert found(there, goes(attachment, **held)) == [("policy-weakened", "fail", attachment)]
    assert found(there, goes(attachment, **held), comes(f"{attachment}_b", **held)) == []
    assert found(there, goes(attachment, role="ci", policy_arn="arn:other")) == []
    unknown = change(attachment, held, {"role": "ci"}, {"policy_arn": True}, actions=("delete", "create"))
    assert found(there, unknown) == [("policy-weakened", "unknown", attachment)]


def test_a_boundary_that_goes_is_a_weakening() -> None:
    role, there = "aws_iam_role.ci", stays(POLICY, **policy(ONE))
    held = {"name": "ci", "permissions_boundary": ARN}
    assert found(there, becomes(role, held, permissions_boundary=None)) == [("policy-weakened", "fail", role)]
    assert found(there, becomes(role, held, "permissions_boundary")) == [("policy-weakened", "unknown", role)]
    assert found(there, becomes(role, held, description="x")) == []


def test_a_role_that_repairs_by_more_keys_takes_nothing_away() -> None:
    documents = render_audit_role(*loaded(), str, 6144)
    assert documents
    name = "anycompany-repair-keys"
    more = json.loads(json.dumps(documents.policies[name]))
    more["Statement"][0]["Condition"]["ForAnyValue:StringNotEqualsIgnoreCase"]["aws:TagKeys"].append("new")
    described = documents.template["Resources"]["PolicyKeys"]["Properties"]["Description"]
    before = {"name": name, "arn": ARN, "description": described, "policy": json.dumps(documents.policies[name])}
    assert found(becomes(POLICY, before, policy=json.dumps(more))) == []
    assert found(goes(POLICY, **before)) == []
    foreign = {**before, "description": "of somebody else"}
    assert found(becomes(POLICY, foreign, policy=json.dumps(more))) == [("policy-weakened", "fail", POLICY)]
