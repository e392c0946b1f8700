"""The statements of a policy, as values, and their JSON text: parse it, write it, count it.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html; per kind of policy see harness.policy.syntax.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from harness.policy.json_text import PolicyError, read_json
from harness.policy.syntax import Kind, listed, problems_of, statements_of

Effect = Literal["Allow", "Deny"]

VERSION = "2012-10-17"
_ORGANIZATION: frozenset[Kind] = frozenset({"scp", "rcp"})
_TEXT_OR_SPACE = re.compile(r'"(?:[^"\\]|\\.)*"|\s+', re.DOTALL)


class Principal(NamedTuple):
    """Name who a resource policy speaks of: `AWS`, `Service`, `Federated` or `CanonicalUser`, and an id.

    The bare `"Principal": "*"` has the type `*`.
    """

    type: str
    id: str


class ConditionEntry(NamedTuple):
    """Hold one key of a Condition block under its operator; a single value is a tuple of one."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """Hold one statement; an element that it has not is empty. Without Resource and NotResource it covers all."""

    effect: Effect
    sid: str = ""
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    not_resources: tuple[str, ...] = ()
    principals: tuple[Principal, ...] = ()
    not_principals: tuple[Principal, ...] = ()
    condition: tuple[ConditionEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """Hold a policy document; `version` and `id` are empty where the text has none."""

    kind: Kind
    statements: tuple[Statement, ...]
    version: str = VERSION
    id: str = ""

    @property
    def has_variables(self) -> bool:
        """Tell whether `${...}` is a policy variable: before version 2012-10-17, and without one, it is plain text."""
        return self.version == VERSION


@lru_cache(maxsize=1024)
def parse_policy(content: str, kind: Kind) -> Document:
    """Return the document of a policy's JSON text.

    `kind` is `scp`, `rcp`, `identity` (an IAM policy or permissions boundary) or `resource`.
    Raises: PolicyError naming every place that AWS would refuse as malformed.
    """
    value = read_json(content)
    problems = list(problems_of(value, kind))
    if problems:
        raise PolicyError(problems)
    statements = tuple(_statement(each) for _, each in statements_of(value))
    return Document(kind, statements, str(value.get("Version", "")), str(value.get("Id", "")))


def render_policy(document: Document) -> str:
    """Return the canonical JSON text: no white space, lists also of one, condition values as texts.

    Parsing it gives the same document. Raises: nothing.
    """
    body: dict[str, Any] = {"Version": document.version, "Id": document.id}
    body = {name: text for name, text in body.items() if text}
    body["Statement"] = [_members(statement) for statement in document.statements]
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)


def policy_size(content: str, kind: Kind) -> int:
    """Return how many characters AWS counts of a policy's text.

    Organizations counts all of it, IAM and the others no white space between the elements
    (docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html,
    docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). Raises: nothing.
    """
    if kind in _ORGANIZATION:
        return len(content)
    spaces = (found[0] for found in _TEXT_OR_SPACE.finditer(content) if not found[0].startswith('"'))
    return len(content) - sum(map(len, spaces))


def _statement(body: Mapping[str, Any]) -> Statement:
    return Statement(
        effect=body["Effect"],
        sid=body.get("Sid", ""),
        actions=_texts(body.get("Action", [])),
        not_actions=_texts(body.get("NotAction", [])),
        resources=_texts(body.get("Resource", [])),
        not_resources=_texts(body.get("NotResource", [])),
        principals=_principals(body.get("Principal", {})),
        not_principals=_principals(body.get("NotPrincipal", {})),
        condition=tuple(
            ConditionEntry(operator, key, _texts(values))
            for operator, keys in body.get("Condition", {}).items()
            for key, values in keys.items()
        ),
    )


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(item).lower() if isinstance(item, bool) else str(item) for item in listed(value))


def _principals(value: Any) -> tuple[Principal, ...]:
    if isinstance(value, str):
        return (Principal("*", value),)
    return tuple(Principal(type_, id_) for type_, ids in value.items() for id_ in listed(ids))


def _members(statement: Statement) -> dict[str, Any]:
    condition: dict[str, dict[str, list[str]]] = {}
    for entry in statement.condition:
        condition.setdefault(entry.operator, {})[entry.key] = list(entry.values)
    body: dict[str, Any] = {
        "Sid": statement.sid,
        "Effect": statement.effect,
        "Principal": _principal_map(statement.principals),
        "NotPrincipal": _principal_map(statement.not_principals),
        "Action": list(statement.actions),
        "NotAction": list(statement.not_actions),
        "Resource": list(statement.resources),
        "NotResource": list(statement.not_resources),
        "Condition": condition,
    }
    return {name: value for name, value in body.items() if value}


def _principal_map(principals: Iterable[Principal]) -> dict[str, list[str]] | str:
    found: dict[str, list[str]] = {}
    for principal in principals:
        if principal.type == "*":
            return "*"
        found.setdefault(principal.type, []).append(principal.id)
    return found
