"""Work out the effective tag policy of a target from the documents attached above it; pure, used by emulator and tests.

The rules: docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inheritance_mgmt.html.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.errors import TagrailError
from harness.tag_text import POLICY_TYPE

CONTROL = "@@operators_allowed_for_child_policies"
ELEMENTS = ("tag_key", "tag_value", "enforced_for", "report_required_tag_for")

_ASSIGN, _APPEND, _REMOVE = "@@assign", "@@append", "@@remove"
_ALL = frozenset({_ASSIGN, _APPEND, _REMOVE})

Document = Mapping[str, Any]


class TagPolicyError(TagrailError):
    """Report every fault of a tag policy document, one a line."""

    def __init__(self, problems: Iterable[str]) -> None:
        """Keep the problems in `problems`, in document order."""
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(slots=True)
class _Element:
    """Hold one element's value on the way down the tree; a list for multi-valued elements."""

    value: str | list[str] | None = None


@dataclass(slots=True)
class _Tree:
    """Hold what a node hands down: values by (key, element), and the operators that are still allowed by path."""

    elements: dict[tuple[str, str], _Element] = field(default_factory=dict)
    allowed: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict)

    def allows(self, key: str, element: str) -> frozenset[str]:
        """Return the operators that the nodes above left to `element` of `key`."""
        paths: tuple[tuple[str, ...], ...] = ((), (key,), (key, element))
        return frozenset.intersection(*(self.allowed.get(path, _ALL) for path in paths))


def parse_tag_policy(content: str) -> dict[str, Any]:
    """Return the checked document of a tag policy's JSON text.

    Raises: TagPolicyError naming every place that AWS would refuse as malformed.
    """
    try:
        document = json.loads(content)
    except json.JSONDecodeError as error:
        raise TagPolicyError(
            [f"line {error.lineno}: must be JSON; {error.msg} at column {error.colno}. Do mend the syntax"]
        ) from error
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


def effective_tag_policy(nodes: Iterable[Sequence[Document]]) -> dict[str, Any]:
    """Return the effective, operator-free policy `{"tags": {policy key: {element: value}}}`.

    `nodes` runs from the root to the target; each node gives its documents in the order of attachment. Policy keys are
    lower case. A key without `tag_key` gets its policy key; an element that lost all its values stays as `[]`.

    >>> effective_tag_policy([[{"tags": {"A": {"tag_value": {"@@append": ["x"]}}}}]])
    {'tags': {'a': {'tag_key': 'a', 'tag_value': ['x']}}}

    Raises: TagPolicyError when a document is malformed.
    """
    tree = _Tree()
    for documents in nodes:
        for document in documents:
            check_tag_policy(document)
        _apply_node(tree, documents)
    return {"tags": _render(tree)}


def _apply_node(tree: _Tree, documents: Sequence[Document]) -> None:
    """Merge one node's documents into the tree; only afterwards do their limits bind, since they bind children."""
    operations = [operation for document in documents for operation in _operations(document)]
    assigned: set[tuple[str, str]] = set()
    for wanted in (_ASSIGN, _APPEND, _REMOVE):
        for key, element, operator, value in operations:
            if operator != wanted or operator not in tree.allows(key, element):
                continue
            place = (key, element)
            if operator == _ASSIGN and place in assigned:
                continue  # the policy that was attached first wins
            assigned.add(place)
            _apply(tree.elements.setdefault(place, _Element()), operator, value)
    for document in documents:
        for path, operators in _limits(document):
            tree.allowed[path] = tree.allowed.get(path, _ALL) & operators


def _apply(element: _Element, operator: str, value: Any) -> None:
    if operator == _ASSIGN:
        element.value = value if isinstance(value, str) else list(dict.fromkeys(value))
        return
    held = element.value if isinstance(element.value, list) else []
    if operator == _APPEND:
        element.value = list(dict.fromkeys([*held, *value]))
    else:
        element.value = [item for item in held if item not in value]


def _operations(document: Document) -> Iterator[tuple[str, str, str, Any]]:
    """Yield (policy key, element, operator, value) of every operator that changes a value."""
    for key, entry in document["tags"].items():
        if key == CONTROL:
            continue
        for element, operators in entry.items():
            if element == CONTROL:
                continue
            for operator, value in operators.items():
                if operator != CONTROL:
                    yield key.lower(), element, operator, value


def _limits(document: Document) -> Iterator[tuple[tuple[str, ...], frozenset[str]]]:
    """Yield (path, operators that children may use) of every child control; the empty path is the whole policy."""
    for key, entry in document["tags"].items():
        if key == CONTROL:
            yield (), _allowed(entry)
            continue
        for element, operators in entry.items():
            if element == CONTROL:
                yield (key.lower(),), _allowed(operators)
            elif CONTROL in operators:
                yield (key.lower(), element), _allowed(operators[CONTROL])


def _allowed(names: Sequence[str]) -> frozenset[str]:
    return _ALL if "@@all" in names else frozenset(names) & _ALL


def _render(tree: _Tree) -> dict[str, dict[str, Any]]:
    tags: dict[str, dict[str, Any]] = {}
    for key, _ in tree.elements:
        tags.setdefault(key, {"tag_key": key})
    for key, entry in tags.items():
        for name in ELEMENTS:
            element = tree.elements.get((key, name))
            if element is not None and element.value is not None:
                entry[name] = element.value
    return tags


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
            yield f"{path}: must be a mapping of {', '.join(ELEMENTS)}; got {entry!r}. Do write an operator form"
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
        yield f'{path}: must use an operator; got {operators!r}. Do write {{"@@assign": ...}}'
        return
    known = {_ASSIGN} if element == "tag_key" else _ALL
    for operator, value in operators.items():
        if operator == CONTROL:
            yield from _control_problems(f"{path}.{operator}", value)
        elif operator not in known:
            yield f'{path}: must use {", ".join(sorted(known))} or {CONTROL}; got "{operator}". Do correct it'
        elif element == "tag_key":
            if not isinstance(value, str) or value.lower() != key.lower():
                yield f'{path}: must equal the policy key "{key}" but for case; got {value!r}. Do write the same key'
        else:
            yield from _value_problems(f"{path}.{operator}", element, value)


def _value_problems(path: str, element: str, value: object) -> Iterator[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        yield f"{path}: must be a list of texts; got {value!r}. Do write [...]"
        return
    for item in value:
        if element == "tag_value" and item.count("*") > 1:
            yield f'{path}: must hold at most one "*" a value; got "{item}". Do split the value'
        if element == "enforced_for" and not POLICY_TYPE.fullmatch(item):
            yield f'{path}: must be service:type or service:ALL_SUPPORTED; got "{item}". Do name the service'


def _control_problems(path: str, names: object) -> Iterator[str]:
    known = sorted([*_ALL, "@@all", "@@none"])
    if not isinstance(names, list) or not names:
        yield f"{path}: must be a list of {', '.join(known)}; got {names!r}. Do write at least one"
        return
    for name in names:
        if name not in known:
            yield f"{path}: must be one of {', '.join(known)}; got {name!r}. Do correct it"
    if len(names) > 1 and {"@@all", "@@none"} & {name for name in names if isinstance(name, str)}:
        yield f"{path}: must hold @@all or @@none alone. Do remove the other operators"
