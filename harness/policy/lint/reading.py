"""Read the text of a policy as far as it can be read, and tell what kind of policy it is."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from harness.errors import TagrailError
from harness.policy.json_text import Number, PolicyError, read_json
from harness.policy.lint.model import LintedPolicy, Placed, PolicyKind
from harness.policy.statement import VERSION, parse_policy
from harness.policy.syntax import Kind, problems_of, statements_of
from harness.policy.tag_policy import ASSIGN, ELEMENTS, TagPolicyError, check_tag_policy

_KNOWN = 'an object with "tags" (a tag policy) or "Statement" (any other)'


class UnreadablePolicyError(TagrailError):
    """Report a text that cannot be judged: no JSON, or no policy of a kind that is known."""


def read_policy(name: str, text: str, kind: PolicyKind | None = None) -> LintedPolicy:
    """Return a policy with the faults for which AWS would refuse it; without `kind` its content tells the kind.

    Raises: UnreadablePolicyError saying why the text cannot be judged.
    """
    try:
        value = _loads(text)
    except json.JSONDecodeError as error:
        place = f"{name}:{error.lineno}: must be JSON; {error.msg} at column {error.colno}"
        raise UnreadablePolicyError(f"{place}. Do mend the syntax") from error
    except RecursionError as error:
        raise UnreadablePolicyError(f"{name}: must be nested a few levels deep; got hundreds. Do flatten it") from error
    found = kind or kind_of(value)
    if found is None:
        got = ", ".join(value) if isinstance(value, dict) and value else type(value).__name__
        raise UnreadablePolicyError(
            f"{name}: must be {_KNOWN}; got {got}. Do name a file that holds a policy, or --kind"
        )
    if found == "tag" or found == "effective":  # noqa: PLR1714 (mypy narrows this form alone)
        return _tag_policy(name, text, value, found)
    return _statements(name, text, found)


def _loads(text: str) -> Any:
    """Return the value of a JSON text, of a member that stands twice the last one."""
    return json.loads(text, parse_int=Number, parse_float=Number)


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
        return LintedPolicy(name, kind, text, _loads(text), error.problems)
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
