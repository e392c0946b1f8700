"""What must hold of every tree: two hundred generated ones with several keys, elements, operators and child limits."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.policy.effective import effective_tag_policy
from harness.policy.tag_policy import CONTROL

from .trees import APPEND, ASSIGN, ELEMENTS, KEYS, LIMITS, NODES, OPERATORS, REMOVE, Document, Nodes

pytestmark = pytest.mark.thorough

TREES = settings(max_examples=200)


def operators(document: Document, operator: str) -> set[tuple[str, str]]:
    """Return (key, element) of each use of an operator."""
    return {
        (key, element)
        for key, entry in document["tags"].items()
        for element, body in entry.items()
        if isinstance(body, Mapping) and operator in body
    }


def assigns_of(effective: Mapping[str, Any]) -> Document:
    """Return a document that assigns what is effective already."""
    return {
        "tags": {
            key: {element: {ASSIGN: value} for element, value in entry.items()}
            for key, entry in effective["tags"].items()
        }
    }


@TREES
@given(NODES)
def test_what_is_effective_already_changes_nothing_again(nodes: Nodes) -> None:
    effective = effective_tag_policy(nodes)
    again = effective_tag_policy([*nodes, [assigns_of(effective)]])
    assert again == effective


@TREES
@given(NODES)
def test_the_last_node_twice_is_the_last_node_once(nodes: Nodes) -> None:
    """Assigning, appending and removing the same again below changes nothing, if it was allowed the first time."""
    once = effective_tag_policy(nodes)
    removed = [pair for document in nodes[-1] for pair in operators(document, REMOVE)]
    appended = [pair for document in nodes[-1] for pair in operators(document, APPEND)]
    if not set(removed) & set(appended) and not any(CONTROL in str(document) for document in nodes[-1]):
        assert effective_tag_policy([*nodes, nodes[-1]]) == once


@TREES
@given(NODES, st.sampled_from(ELEMENTS), LIMITS, NODES)
def test_child_limits_hold_for_all_below(above: Nodes, element: str, limit: list[str], below: Nodes) -> None:
    """Documents below have the same effect without the operators that the limit forbids."""
    allowed = set(OPERATORS) if "@@all" in limit else set(limit) & set(OPERATORS)
    limited = [*above, [{"tags": {"env": {element: {CONTROL: limit}}}}]]
    bare = [[without(document, element, set(OPERATORS) - allowed) for document in node] for node in below]
    assert effective_tag_policy([*limited, *below]) == effective_tag_policy([*limited, *bare])


def without(document: Document, element: str, forbidden: set[str]) -> Document:
    entry = document["tags"].get("env", {})
    if element not in entry:
        return document
    kept = {name: value for name, value in entry[element].items() if name not in forbidden}
    entry = {name: value for name, value in entry.items() if name != element} | ({element: kept} if kept else {})
    return {"tags": {**document["tags"], "env": entry}}


@TREES
@given(NODES)
def test_keys_do_not_meet(nodes: Nodes) -> None:
    whole = effective_tag_policy(nodes)["tags"]
    for key in KEYS:
        alone = [[{"tags": {k: v for k, v in d["tags"].items() if k == key}} for d in node] for node in nodes]
        assert effective_tag_policy(alone)["tags"].get(key) == whole.get(key)
