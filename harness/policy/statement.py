"""Read the statements of a service control policy.

docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html.
"""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

_VERSIONS = ("2012-10-17", "2008-10-17")
_MEMBERS = frozenset({"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"})


class ControlPolicyError(Exception):
    """Say why a document is no service control policy."""


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


def listed(value: Any) -> list[str]:
    """Return a member's values: a single one counts as a list of one. Raises: nothing."""
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
        for name in listed(statement.get(member, [])):
            if not isinstance(name, str) or (name != "*" and name.count(":") < colons):
                yield f"{member} {name!r} must be * or {form}"


def _condition_problems(condition: object) -> Iterator[str]:
    if not isinstance(condition, dict) or not all(isinstance(keys, dict) for keys in condition.values()):
        yield "Condition must be operator: {key: values}"
