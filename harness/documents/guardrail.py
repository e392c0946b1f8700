"""Render the guardrails of an environment, service control policies equal to those of modules/tag-guardrail in HCL.

The statements deny, so what they do not name stays as it is. docs.aws.amazon.com/organizations/latest/userguide/
orgs_manage_policies_scps_examples_tagging.html has AWS's own examples; these differ where those let a case variant of a
key, an empty value or another resource of the same call through, or deny what cannot be tagged.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.environment import Mode
from harness.guardrail_actions import Guarded
from harness.packing import canonical_json, digest, pack

WRAPPER = '{"Statement":[],"Version":"2012-10-17"}'
ANY_VALUE = ("?*",)

_SID_CHARACTERS = 40

Statement = Mapping[str, object]
Conditions = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class GuardedKey:
    """Hold what a guardrail demands of one key: whether it must be there, and its values (empty = any but none)."""

    key: str
    mandatory: bool
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GuardrailTarget:
    """Name a node with guardrails and what holds there; `parent` is the nearest target above it that is enforced."""

    key: str
    mode: Mode
    parent: str | None
    keys: tuple[GuardedKey, ...]

    def values(self) -> dict[str, tuple[str, ...]]:
        """Return key -> allowed values."""
        return {key.key: key.values for key in self.keys}


@dataclass(frozen=True, slots=True)
class Principals:
    """Name, as ARN patterns, whom no statement binds, and who else may change and remove mandatory tags."""

    exempt: tuple[str, ...]
    tag_editors: tuple[str, ...]

    def editors(self) -> tuple[str, ...]:
        """Return all who may change and remove mandatory tags."""
        return (*self.exempt, *self.tag_editors)


@dataclass(frozen=True, slots=True)
class GuardrailDocument:
    """Hold one policy's target, the label of its part, and its content."""

    target: str
    label: str
    content: Mapping[str, object]

    def text(self) -> str:
        """Return the minified JSON, whose characters AWS counts."""
        return canonical_json(self.content)


def guardrail_statements(
    keys: Sequence[GuardedKey], guarded: Guarded, principals: Principals, *, exact_spelling: bool
) -> tuple[Statement, ...]:
    """Return the statements of a target that no other target above it binds. Raises: nothing."""
    mandatory = sorted(key.key for key in keys if key.mandatory)
    found: list[Statement] = []
    for key in keys:
        found += _value_statements(key, guarded, principals)
    for name in mandatory:
        found += _spelling_statements(name, guarded, principals) if exact_spelling else ()
        found += _change_statements(name, guarded, principals)
    found += _removal_statements(mandatory, guarded, principals)
    return tuple(found)


def stricter_statements(
    keys: Sequence[GuardedKey], above: Mapping[str, tuple[str, ...]], guarded: Guarded, principals: Principals
) -> tuple[Statement, ...]:
    """Return the statements of a target below another: those of keys whose values differ from the ones `above`.

    All else is denied above already; a policy below can add denials and cannot take one away. Raises: nothing.
    """
    changed = [key for key in keys if key.values != above.get(key.key)]
    return tuple(statement for key in changed for statement in _value_statements(key, guarded, principals))


def statement_size(statement: Statement) -> int:
    """Return the characters that a statement and its comma take in a document."""
    return len(canonical_json(statement)) + 1


def render_guardrail(
    statements: Sequence[Statement], name: str, target: str, limit: int
) -> dict[str, GuardrailDocument]:
    """Return policy name -> document of one target; each has `limit` characters at most, but for a longer statement.

    Raises: nothing.
    """
    by_sid = {str(statement["Sid"]): statement for statement in statements}
    room = limit - len(WRAPPER) + 1
    parts = pack({sid: statement_size(statement) for sid, statement in by_sid.items()}, room)
    return {
        f"{name}-guardrail-{target}-{label}": GuardrailDocument(
            target, label, {"Version": "2012-10-17", "Statement": [by_sid[sid] for sid in sids]}
        )
        for label, sids in parts.items()
    }


def _value_statements(key: GuardedKey, guarded: Guarded, principals: Principals) -> Iterator[Statement]:
    """Yield that the value must be allowed; a negated operator matches an absent key too, so presence comes with it."""
    conditions: dict[str, Mapping[str, object]] = {"StringNotLike": {_request(key.key): list(key.values or ANY_VALUE)}}
    if not key.mandatory:
        if not key.values:
            return
        conditions["Null"] = {_request(key.key): "false"}
    yield from _creates(f"Value{_words(key.key)}", conditions, guarded, principals)


def _spelling_statements(key: str, guarded: Guarded, principals: Principals) -> Iterator[Statement]:
    """Yield that the key must be spelt exactly: aws:RequestTag folds the case of keys, aws:TagKeys does not."""
    conditions = {"ForAllValues:StringNotEquals": {"aws:TagKeys": [key]}}
    yield from _creates(f"Spelling{_words(key)}", conditions, guarded, principals)


def _creates(
    sid: str, conditions: Mapping[str, Mapping[str, object]], guarded: Guarded, principals: Principals
) -> Iterator[Statement]:
    if guarded.whole:
        yield _deny(sid, guarded.whole, ("*",), conditions, principals.exempt)
    for index, scope in enumerate(guarded.narrow, 1):
        yield _deny(f"{sid}N{index}", scope.actions, scope.resources, conditions, principals.exempt)


def _change_statements(key: str, guarded: Guarded, principals: Principals) -> Iterator[Statement]:
    """Yield that a value which is there may not become another; whoever makes a resource has none to change yet."""
    if guarded.sets:
        conditions = {
            "Null": {_request(key): "false", _resource(key): "false"},
            "StringNotEquals": {_request(key): f"${{{_resource(key)}}}"},
        }
        yield _deny(f"Change{_words(key)}", guarded.sets, ("*",), conditions, principals.editors())


def _removal_statements(keys: Sequence[str], guarded: Guarded, principals: Principals) -> Iterator[Statement]:
    """Yield that no mandatory key may be removed, nor all tags at once (ec2:DeleteTags without keys does that)."""
    if keys and guarded.removes:
        named = {"ForAnyValue:StringEquals": {"aws:TagKeys": list(keys)}}
        yield _deny("Remove", guarded.removes, ("*",), named, principals.editors())
        yield _deny("RemoveAll", guarded.removes, ("*",), {"Null": {"aws:TagKeys": "true"}}, principals.editors())


def _deny(
    sid: str, actions: Sequence[str], resources: Sequence[str], conditions: Conditions, exempt: Sequence[str]
) -> Statement:
    exemption = {"ArnNotLike": {"aws:PrincipalArn": list(exempt)}} if exempt else {}
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Action": list(actions),
        "Resource": list(resources),
        "Condition": {**conditions, **exemption},
    }


def _request(key: str) -> str:
    return f"aws:RequestTag/{key}"


def _resource(key: str) -> str:
    return f"aws:ResourceTag/{key}"


def _words(key: str) -> str:
    """Return letters and digits of a key, which is all that a Sid may hold, and a digest that tells like ones apart."""
    words = "".join(word[0].upper() + word[1:] for word in re.findall("[A-Za-z0-9]+", key))
    return words[:_SID_CHARACTERS] + digest(key, 4)
