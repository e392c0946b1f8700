"""Check that a document is a tag policy in the form that AWS Organizations takes as input.

docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_example-tag-policies.html.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from harness.policy.json_text import PolicyError, is_text, read_json, shown
from harness.tag_text import POLICY_TYPE

CONTROL = "@@operators_allowed_for_child_policies"
ASSIGN, APPEND, REMOVE = "@@assign", "@@append", "@@remove"
OPERATORS = frozenset({ASSIGN, APPEND, REMOVE})
ELEMENTS = ("tag_key", "tag_value", "enforced_for", "report_required_tag_for")


class TagPolicyError(PolicyError):
    """Report every fault of a tag policy document, one a line."""


def parse_tag_policy(content: str) -> dict[str, Any]:
    """Return the checked document of a tag policy's JSON text.

    Raises: TagPolicyError naming every place that AWS would refuse as malformed.
    """
    try:
        document = read_json(content)
    except PolicyError as error:
        raise TagPolicyError(error.problems) from error
    check_tag_policy(document)
    checked: dict[str, Any] = document
    return checked


def check_tag_policy(document: object) -> None:
    """Refuse a document that is no tag policy in the form that AWS Organizations accepts as input.

    Raises: TagPolicyError naming every fault; an operator-free document (an effective policy) is refused too.
    """
    problems = list(_document_problems(document))
    if problems:
        raise TagPolicyError(problems)


def _document_problems(document: object) -> Iterator[str]:
    if not isinstance(document, Mapping) or set(document) != {"tags"} or not isinstance(document["tags"], Mapping):
        yield 'document: must be {"tags": {...}} and nothing else. Do put the keys under "tags"'
        return
    seen: dict[str, str] = {}
    for key, entry in document["tags"].items():
        path = f'tags["{key}"]'
        if key == CONTROL:
            yield from _control_problems(path, entry)
        elif key.lower() in seen:
            yield f'{path}: must differ from "{seen[key.lower()]}" in more than case. Do merge the two'
        elif not isinstance(entry, Mapping):
            yield f"{path}: must be a mapping of {', '.join(ELEMENTS)}; got {shown(entry)}. Do write an operator form"
        else:
            seen[key.lower()] = key
            for element, operators in entry.items():
                yield from _element_problems(f"{path}.{element}", key, element, operators)


def _element_problems(path: str, key: str, element: str, operators: object) -> Iterator[str]:
    if element == CONTROL:
        yield from _control_problems(path, operators)
        return
    if element not in ELEMENTS:
        yield f"{path}: must be one of {', '.join(ELEMENTS)}. Do correct the spelling"
        return
    if not isinstance(operators, Mapping):
        yield f'{path}: must use an operator; got {shown(operators)}. Do write {{"@@assign": ...}}'
        return
    known = {ASSIGN} if element == "tag_key" else OPERATORS
    for operator, value in operators.items():
        if operator == CONTROL:
            yield from _control_problems(f"{path}.{operator}", value)
        elif operator not in known:
            yield f'{path}: must use {", ".join(sorted(known))} or {CONTROL}; got "{operator}". Do correct it'
        elif element == "tag_key":
            if not is_text(value) or value.lower() != key.lower():
                rule = f'must equal the policy key "{key}" but for case; got {shown(value)}'
                yield f"{path}: {rule}. Do write the same key"
        else:
            yield from _value_problems(f"{path}.{operator}", element, value)


def _value_problems(path: str, element: str, value: object) -> Iterator[str]:
    if not isinstance(value, list) or not all(is_text(item) for item in value):
        yield f"{path}: must be a list of texts; got {shown(value)}. Do write [...]"
        return
    for item in value:
        if element == "tag_value" and item.count("*") > 1:
            yield f'{path}: must hold at most one "*" a value; got "{item}". Do split the value'
        if element == "enforced_for" and not POLICY_TYPE.fullmatch(item):
            yield f'{path}: must be service:type or service:ALL_SUPPORTED; got "{item}". Do name the service'


def _control_problems(path: str, names: object) -> Iterator[str]:
    known = sorted([*OPERATORS, "@@all", "@@none"])
    if not isinstance(names, list) or not names:
        yield f"{path}: must be a list of {', '.join(known)}; got {shown(names)}. Do write at least one"
        return
    for name in names:
        if name not in known:
            yield f"{path}: must be one of {', '.join(known)}; got {shown(name)}. Do correct it"
    if len(names) > 1 and {"@@all", "@@none"} & {name for name in names if is_text(name)}:
        yield f"{path}: must hold @@all or @@none alone. Do remove the other operators"
