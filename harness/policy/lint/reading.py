"""Read the text of a policy as far as it can be read, and tell what kind of policy it is."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from harness.errors import TagrailError
from harness.policy.json_text import PolicyError, parse_loosely, read_json, shown
from harness.policy.lint.model import LintedPolicy, Placed, PolicyKind
from harness.policy.lint.wrapped import known_type, unwrap
from harness.policy.statement import VERSION, parse_policy
from harness.policy.syntax import Kind, problems_of, statements_of
from harness.policy.tag_policy import ASSIGN, ELEMENTS, TagPolicyError, check_tag_policy

_LINE = re.compile(r"line (\d+): (.*)", re.DOTALL)
_KNOWN = 'an object with "tags" (a tag policy) or "Statement" (any other)'


class UnreadablePolicyError(TagrailError):
    """Report a text that cannot be judged: no JSON, or no policy of a kind that is known."""


def read_policy(name: str, text: str, kind: PolicyKind | None = None) -> LintedPolicy:
    """Return a policy with the faults for which AWS would refuse it; without `kind` its content tells the kind.

    The text may be an answer of the AWS CLI that holds the policy, or a JSON text that holds its JSON.
    Raises: UnreadablePolicyError saying why the text cannot be judged.
    """
    body = unwrap(text, _json(name, text, 1))
    value = _json(name, body.text, body.line) if body.text is not text else _json(name, text, 1)
    if not known_type(body.type):
        rule = f"must be a tag policy, a control policy or an IAM policy; got a policy of type {body.type}"
        raise UnreadablePolicyError(f"{name}:{body.line}: {rule}. Do leave it out")
    found = kind or body.kind or kind_of(value)
    if found is None:
        got = ", ".join(value) if isinstance(value, dict) and value else shown(value)
        raise UnreadablePolicyError(
            f"{name}:{body.line}: must be {_KNOWN}; got {got}. Do name a file that holds one policy, or --kind"
        )
    if found == "tag" or found == "effective":  # noqa: PLR1714 (mypy narrows this form alone)
        read = _tag_policy(name, body.text, value, found)
    else:
        read = _statements(name, body.text, found)
    return replace(read, first_line=body.line, folded=body.folded, told=bool(kind or body.kind))


def _json(name: str, text: str, line: int) -> Any:
    start = text.lstrip()[:40].splitlines()
    if not start:
        raise UnreadablePolicyError(f"{name}:{line}: must hold a policy; got nothing. Do write one, or leave it out")
    try:
        return parse_loosely(text)
    except PolicyError as error:
        if start[0][0] not in '{["':
            rule = f"must be JSON; got a text that begins with {shown(start[0])}"
            repair = "Do name the policy as JSON: of YAML, CloudFormation and Terraform what they render"
            raise UnreadablePolicyError(f"{name}:{line}: {rule}. {repair}") from error
        found = _LINE.fullmatch(error.problems[0])
        place, rule = (int(found[1]) + line - 1, found[2]) if found else (line, error.problems[0].partition(": ")[2])
        raise UnreadablePolicyError(f"{name}:{place}: {rule}") from error


def kind_of(value: object) -> PolicyKind | None:
    """Return the kind of policy by its content; None when it is none of these.

    Nothing tells a service control policy from an IAM policy, nor a resource control policy from that of a resource:
    the first of each is returned where principals are not, and where they are, the second. Raises: nothing.
    """
    if not isinstance(value, Mapping):
        return None
    if isinstance(value.get("tags"), Mapping):
        return "effective" if _is_operator_free(value["tags"]) else "tag"
    if "Statement" not in value:
        return None
    bodies = [body for _, body in statements_of(value)] if isinstance(value["Statement"], list | Mapping) else []
    named = any(isinstance(body, Mapping) and {"Principal", "NotPrincipal"} & set(body) for body in bodies)
    return "resource" if named else "scp"


def _is_operator_free(tags: Mapping[str, Any]) -> bool:
    elements = [value for entry in tags.values() if isinstance(entry, Mapping) for value in entry.values()]
    return bool(elements) and not any(isinstance(value, Mapping) for value in elements)


def _tag_policy(name: str, text: str, value: Any, kind: PolicyKind) -> LintedPolicy:
    try:
        read_json(text)
        repeated: tuple[str, ...] = ()
    except PolicyError as error:
        repeated = error.problems
    held = _with_operators(value) if kind == "effective" else value
    try:
        check_tag_policy(held)
        faults = repeated
    except TagPolicyError as error:
        faults = (*repeated, *error.problems)
    if kind == "effective":
        faults = tuple(fault.replace(f".{ASSIGN}", "") for fault in faults)
    return LintedPolicy(name, kind, text, held, faults)


def _with_operators(value: Any) -> Any:
    """Return an effective policy as an input that says the same, and what is none as it is."""
    if not isinstance(value, Mapping) or not isinstance(value.get("tags"), Mapping):
        return value
    tags = {
        key: {element: {ASSIGN: held} if element in ELEMENTS else held for element, held in entry.items()}
        if isinstance(entry, Mapping)
        else entry
        for key, entry in value["tags"].items()
    }
    return {**value, "tags": tags}


def _statements(name: str, text: str, kind: Kind) -> LintedPolicy:
    try:
        value = read_json(text)
    except PolicyError as error:
        return LintedPolicy(name, kind, text, parse_loosely(text), error.problems)
    faults = tuple(problems_of(value, kind))
    return LintedPolicy(name, kind, text, value, faults, tuple(_sound(value, faults, kind)))


def _sound(value: Any, faults: tuple[str, ...], kind: Kind) -> Iterator[Placed]:
    """Yield the statements of which no fault is told but that of a Sid, whatever else is wrong with the document."""
    if not isinstance(value, Mapping) or not isinstance(value.get("Statement"), list | Mapping):
        return
    places = [fault.partition(": ")[0] for fault in faults]
    for path, body in statements_of(value):
        inside = (place for place in places if place == path or place.startswith((f"{path}.", f"{path}[")))
        if all(place == f"{path}.Sid" for place in inside):
            single = json.dumps({"Version": VERSION, "Statement": [{**body, "Sid": ""}]})
            statement = parse_policy(single, kind).statements[0]
            yield Placed(path, replace(statement, sid=str(body.get("Sid", ""))))
