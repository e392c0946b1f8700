"""A short way to ask what one rule finds in statements."""

import json
from typing import Any

from harness.facts import load_facts
from harness.policy.lint import Given, Lint, PolicyKind, lint, read_policy

VOLUME = "arn:*:ec2:*:*:volume/*"
EXEMPT = {"ArnNotLike": {"aws:PrincipalArn": "arn:*:iam::*:role/break-glass"}}


def found(rule: str, *statements: Any, kind: PolicyKind = "scp") -> list[Lint]:
    bodies = [{"Sid": f"S{index}", "Effect": "Deny", "Resource": "*", **each} for index, each in enumerate(statements)]
    policy = read_policy("p.json", json.dumps({"Version": "2012-10-17", "Statement": bodies}), kind)
    assert policy.faults == ()
    return [hit.lint for hit in lint(Given((policy,), load_facts().limits)) if hit.rule.id == rule]


def null(key: str, value: str = "true") -> dict[str, Any]:
    return {"Null": {f"aws:RequestTag/{key}": value}}
