"""Read service control policies, and judge a call on one resource by those of each node above its account.

docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html: every node from the root
to the account must allow the action, and a Deny at any of them denies it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from harness.emulator.enforcement.conditions import Context, like, matches

_VERSIONS = ("2012-10-17", "2008-10-17")
_MEMBERS = frozenset({"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"})


class ControlPolicyError(Exception):
    """Say why a document is no service control policy."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Hold a policy's id, name and statements."""

    id: str
    name: str
    statements: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """Say that a call is denied: by a Deny statement of `policy`, or (None) because a node allows nothing."""

    policy: Policy | None
    sid: str = ""


@lru_cache(maxsize=1024)
def parse_control_policy(content: str) -> tuple[Mapping[str, Any], ...]:
    """Return the statements of a policy's JSON text.

    Raises: ControlPolicyError where AWS answers MalformedPolicyDocumentException
    (docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html).
    """
    try:
        document = json.loads(content)
    except json.JSONDecodeError as error:
        raise ControlPolicyError(f"line {error.lineno}: {error.msg}") from error
    if not isinstance(document, dict) or set(document) - {"Version", "Id", "Statement"}:
        raise ControlPolicyError("a policy has Version and Statement and nothing else")
    if document.get("Version", _VERSIONS[0]) not in _VERSIONS:
        raise ControlPolicyError(f"Version {document['Version']!r}")
    statements = document.get("Statement")
    statements = [statements] if isinstance(statements, dict) else statements
    if not isinstance(statements, list) or not statements:
        raise ControlPolicyError("Statement is missing")
    for index, statement in enumerate(statements):
        problem = next(_problems(statement), None)
        if problem:
            raise ControlPolicyError(f"Statement[{index}]: {problem}")
    return tuple(statements)


def judge(nodes: Sequence[Sequence[Policy]], action: str, arn: str, context: Context) -> Decision | None:
    """Return why the policies of the nodes, root first, deny an action on a resource; None when they allow it.

    Raises: UnknownConditionError when a condition cannot be judged.
    """
    for policies in nodes:
        for policy in policies:
            for statement in policy.statements:
                if statement["Effect"] == "Deny" and _applies(statement, action, arn, context):
                    return Decision(policy, str(statement.get("Sid", "")))
    for policies in nodes:
        allowed = (s for policy in policies for s in policy.statements if s["Effect"] == "Allow")
        if not any(_applies(statement, action, arn, context) for statement in allowed):
            return Decision(None)
    return None


def _applies(statement: Mapping[str, Any], action: str, arn: str, context: Context) -> bool:
    return (
        covers(statement, "Action", action)
        and covers(statement, "Resource", arn)
        and matches(statement.get("Condition") or {}, context)
    )


def covers(statement: Mapping[str, Any], member: Literal["Action", "Resource"], text: str) -> bool:
    """Tell whether Action or NotAction (Resource or NotResource) covers a text; neither covers everything.

    Actions compare without case, ARNs with it.
    """
    folded = str.lower if member == "Action" else str
    for name, expected in ((f"Not{member}", False), (member, True)):
        if name in statement:
            return any(like(folded(pattern), folded(text)) for pattern in _list(statement[name])) == expected
    return True


def _list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _problems(statement: object) -> Iterator[str]:
    if not isinstance(statement, dict):
        yield "must be an object"
        return
    if unknown := set(statement) - _MEMBERS:
        yield f"element {sorted(unknown)[0]} is not supported"
    if statement.get("Effect") not in ("Allow", "Deny"):
        yield "Effect must be Allow or Deny"
    if ("Action" in statement) == ("NotAction" in statement):
        yield "exactly one of Action and NotAction"
    if "Resource" in statement and "NotResource" in statement:
        yield "Resource and NotResource exclude each other"
    yield from _name_problems(statement, ("Action", "NotAction"), 1, "service:action")
    yield from _name_problems(statement, ("Resource", "NotResource"), 5, "an ARN")
    yield from _condition_problems(statement.get("Condition", {}))


def _name_problems(statement: Mapping[str, Any], members: tuple[str, str], colons: int, form: str) -> Iterator[str]:
    for member in members:
        for name in _list(statement.get(member, [])):
            if not isinstance(name, str) or (name != "*" and name.count(":") < colons):
                yield f"{member} {name!r} must be * or {form}"


def _condition_problems(condition: object) -> Iterator[str]:
    if not isinstance(condition, dict) or not all(isinstance(keys, dict) for keys in condition.values()):
        yield "Condition must be operator: {key: values}"
