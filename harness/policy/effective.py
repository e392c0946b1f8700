"""Work out the effective tag policy of a target from the documents attached above it.

The rules: docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inheritance_mgmt.html.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.policy.tag_policy import (
    APPEND,
    ASSIGN,
    CONTROL,
    ELEMENTS,
    OPERATORS,
    REMOVE,
    check_tag_policy,
)

Document = Mapping[str, Any]


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
        return frozenset.intersection(*(self.allowed.get(path, OPERATORS) for path in paths))


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
    for wanted in (ASSIGN, APPEND, REMOVE):
        for key, element, operator, value in operations:
            if operator != wanted or operator not in tree.allows(key, element):
                continue
            place = (key, element)
            if operator == ASSIGN and place in assigned:
                continue  # the policy that was attached first wins
            assigned.add(place)
            _apply(tree.elements.setdefault(place, _Element()), operator, value)
    for document in documents:
        for path, operators in _limits(document):
            tree.allowed[path] = tree.allowed.get(path, OPERATORS) & operators


def _apply(element: _Element, operator: str, value: Any) -> None:
    if operator == ASSIGN:
        element.value = value if isinstance(value, str) else list(dict.fromkeys(value))
        return
    held = element.value if isinstance(element.value, list) else []
    if operator == APPEND:
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
    return OPERATORS if "@@all" in names else frozenset(names) & OPERATORS


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
