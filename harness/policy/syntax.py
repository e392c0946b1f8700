"""Find every fault for which AWS refuses a policy document, by the kind of policy.

Grammar: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html. Control policies of services have the
full language of IAM since September 2025, so Allow takes Condition, ARNs and NotAction
(aws.amazon.com/about-aws/whats-new/2025/09/aws-organizations-iam-language-service-control-policies, and
docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html, of which one sentence still
says otherwise). Control policies of resources: orgs_manage_policies_rcps_syntax.html beside it.
"""

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from harness.policy.elements import action_problem, resource_problem
from harness.policy.json_text import is_text, member, shown
from harness.policy.operators import NAMES, Operator, find_operator

Kind = Literal["scp", "rcp", "identity", "resource"]

_VERSIONS = ("2012-10-17", "2008-10-17")
_TOP = ("Version", "Id", "Statement")
_ELEMENTS = ("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition")
_PRINCIPALS = ("Principal", "NotPrincipal")
_PRINCIPAL_TYPES = ("AWS", "Service", "Federated", "CanonicalUser")


@dataclass(frozen=True, slots=True)
class _Rules:
    """Hold what differs between the kinds."""

    elements: tuple[str, ...]
    newest_version: bool = True  # IAM and Organizations take no policy without a version, nor of the one of 2008
    unique_sids: bool = True
    needs_resource: bool = True
    needs_principal: bool = False


_RULES: Mapping[Kind, _Rules] = {
    "scp": _Rules(_ELEMENTS),
    "rcp": _Rules((*(name for name in _ELEMENTS if name != "NotAction"), "Principal"), needs_principal=True),
    "identity": _Rules(_ELEMENTS),
    # Trust policies and those of some services have no Resource, and services differ in their rules for Sids.
    "resource": _Rules(
        (*_ELEMENTS, *_PRINCIPALS),
        newest_version=False,
        unique_sids=False,
        needs_resource=False,
        needs_principal=True,
    ),
}


def problems_of(document: object, kind: Kind) -> Iterator[str]:
    """Yield the faults of a document as `path: must ...`, in its own order. Raises: nothing."""
    if not isinstance(document, Mapping):
        yield f"document: must be an object with Version and Statement; got {shown(document)}. Do write {{...}}"
        return
    for name in document:
        if name not in _TOP:
            yield f"{member('', name)}: must be one of {', '.join(_TOP)}{_nearest(name, _TOP)}. Do remove it"
    yield from _version_problems(document, kind)
    if "Id" in document and not is_text(document["Id"]):
        yield f"Id: must be a text; got {shown(document['Id'])}. Do quote it"
    statements = document.get("Statement")
    none_left = kind == "resource" and statements == []  # as after the last RemovePermission of a topic
    if not isinstance(statements, list | Mapping) or not (statements or none_left):
        got = shown(statements) if "Statement" in document else "none"
        yield f"Statement: must be one statement or a list of at least 1; got {got}. Do write a statement"
        return
    for path, statement in statements_of(document):
        yield from _statement_problems(path, statement, kind)
    if _RULES[kind].unique_sids:
        yield from _repeated_sids(document)


def statements_of(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield path and body of each statement; Statement may be one object. Raises: nothing."""
    statements = document["Statement"]
    if isinstance(statements, Mapping):
        yield "Statement", statements
    else:
        yield from ((f"Statement[{index}]", body) for index, body in enumerate(statements))


def listed(value: Any) -> list[Any]:
    """Return an element's values: a single one counts as a list of one. Raises: nothing."""
    return value if isinstance(value, list) else [value]


def _version_problems(document: Mapping[str, Any], kind: Kind) -> Iterator[str]:
    known = _VERSIONS[:1] if _RULES[kind].newest_version else _VERSIONS
    if "Version" not in document:
        if _RULES[kind].newest_version:
            yield f'Version: must be "{_VERSIONS[0]}" in a policy of this kind; got none. Do add it'
    elif document["Version"] not in known:
        names = " or ".join(f'"{name}"' for name in known)
        yield f"Version: must be {names}; got {shown(document['Version'])}. Do write the first"


def _repeated_sids(document: Mapping[str, Any]) -> Iterator[str]:
    bodies = [(path, body) for path, body in statements_of(document) if isinstance(body, Mapping)]
    sids = Counter(body["Sid"] for _, body in bodies if is_text(body.get("Sid")))
    for path, body in bodies:
        sid = body.get("Sid")
        if is_text(sid) and sid and sids[sid] > 1:
            yield f'{path}.Sid: must be unique in the policy; got "{sid}" {sids[sid]} times. Do rename it'


def _statement_problems(path: str, body: object, kind: Kind) -> Iterator[str]:
    if not isinstance(body, Mapping):
        yield f"{path}: must be an object with Effect and Action; got {shown(body)}. Do write {{...}}"
        return
    rules = _RULES[kind]
    for name in body:
        if name not in rules.elements:
            known = f"one of {', '.join(rules.elements)} in this kind of policy"
            yield f"{member(path, name)}: must be {known}{_nearest(name, rules.elements)}. Do remove it"
    yield from _sid_problems(path, body, kind)
    yield from _effect_problems(path, body, kind)
    yield from _choice_problems(path, body, ("Action", "NotAction"), needed=True)
    yield from _choice_problems(path, body, ("Resource", "NotResource"), needed=rules.needs_resource)
    yield from _choice_problems(path, body, _PRINCIPALS, needed=rules.needs_principal)
    for name in ("Action", "NotAction", "Resource", "NotResource"):
        if name in body and name in rules.elements:
            yield from _name_problems(f"{path}.{name}", body[name], kind)
    for name in _PRINCIPALS:
        if name in body and name in rules.elements:
            yield from _principal_problems(f"{path}.{name}", body[name], body.get("Effect"), kind)
    if "Condition" in body:
        yield from _condition_problems(f"{path}.Condition", body["Condition"])


def _sid_problems(path: str, body: Mapping[str, Any], kind: Kind) -> Iterator[str]:
    sid = body.get("Sid", "")
    if not is_text(sid):
        yield f"{path}.Sid: must be a text; got {shown(sid)}. Do quote it"
    elif kind == "identity" and not re.fullmatch("[0-9A-Za-z]*", sid):
        # docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
        yield f'{path}.Sid: must have letters A-Z, a-z and digits alone; got "{sid}". Do remove the others'


def _effect_problems(path: str, body: Mapping[str, Any], kind: Kind) -> Iterator[str]:
    effects = ("Deny",) if kind == "rcp" else ("Allow", "Deny")
    if not is_text(body.get("Effect")) or body["Effect"] not in effects:
        got = shown(body["Effect"]) if "Effect" in body else "none"
        yield f"{path}.Effect: must be {' or '.join(effects)}; got {got}. Do write one of them, with its capitals"


def _choice_problems(path: str, body: Mapping[str, Any], names: tuple[str, str], *, needed: bool) -> Iterator[str]:
    given = [name for name in names if name in body]
    if len(given) > 1 or (needed and not given):
        got = "both" if given else "none"
        yield f"{path}: must have exactly 1 of {names[0]} and {names[1]}; got {got}. Do keep or add one"


def _name_problems(path: str, value: object, kind: Kind) -> Iterator[str]:
    names = listed(value)
    if not names or not all(is_text(name) for name in names):
        yield f"{path}: must be a text or a list of at least 1 text; got {shown(value)}. Do write texts"
        return
    find = action_problem if path.endswith("Action") else resource_problem
    for index, name in enumerate(names):
        problem = find(name, kind)
        if problem:
            yield f"{path}[{index}]: {problem}" if isinstance(value, list) else f"{path}: {problem}"


def _principal_problems(path: str, value: object, effect: object, kind: Kind) -> Iterator[str]:
    if path.endswith("NotPrincipal") and effect == "Allow":
        # docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
        yield f"{path}: must stand in a Deny statement; got Allow. Do name the principals that are allowed"
    if value == "*":
        return
    if kind == "rcp":
        yield f'{path}: must be "*" in a resource control policy; got {shown(value)}. Do use a Condition'
        return
    if not isinstance(value, Mapping) or not value:
        yield f'{path}: must be "*" or an object such as {{"AWS": ...}}; got {shown(value)}. Do name a type'
        return
    for name, ids in value.items():
        if name not in _PRINCIPAL_TYPES:
            nearest = _nearest(name, _PRINCIPAL_TYPES)
            yield f"{member(path, name)}: must be one of {', '.join(_PRINCIPAL_TYPES)}{nearest}. Do correct it"
        if not listed(ids) or not all(isinstance(item, str) and item for item in listed(ids)):
            yield f"{member(path, name)}: must be an id or a list of at least 1; got {shown(ids)}. Do name one"


def _condition_problems(path: str, condition: object) -> Iterator[str]:
    if not isinstance(condition, Mapping):
        yield f"{path}: must be an object {{operator: {{key: values}}}}; got {shown(condition)}. Do write one"
        return
    for name, keys in condition.items():
        place = member(path, name)
        if not isinstance(keys, Mapping):
            yield f"{place}: must be an object {{key: values}}; got {shown(keys)}. Do name the condition keys"
            continue
        operator = find_operator(name)
        if keys and operator is None:
            nearest = _nearest(name, tuple(NAMES))
            yield f"{place}: must be a condition operator of IAM{nearest}. Do correct it, with its capitals"
        for key, values in keys.items():
            yield from _value_problems(member(place, key), values, operator)


def _value_problems(path: str, values: object, operator: Operator | None) -> Iterator[str]:
    items = listed(values)
    if not all(isinstance(item, str | bool) for item in items):
        yield f"{path}: must be texts, numbers or booleans; got {shown(values)}. Do write such values"
        return
    for item in items:
        text = str(item).lower() if isinstance(item, bool) else str(item)
        if operator is not None and operator.read(text) is None:
            yield f'{path}: must be {operator.form} with this operator; got "{text}". Do correct the value'


def _nearest(name: str, known: tuple[str, ...]) -> str:
    found = difflib.get_close_matches(name, known, n=1)
    return f'; got "{name}", nearest is {found[0]}' if found else f'; got "{name}"'
