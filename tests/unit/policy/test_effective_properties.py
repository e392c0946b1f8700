"""What must hold of every tree: two hundred generated ones with several keys, elements, operators and child limits."""

from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.policy.effective import effective_tag_policy
from harness.policy.tag_policy import CONTROL

pytestmark = pytest.mark.thorough

ASSIGN, APPEND, REMOVE = OPERATORS = ("@@assign", "@@append", "@@remove")
ELEMENTS = ("tag_value", "enforced_for", "report_required_tag_for")
TYPES = ("ec2:instance", "s3:bucket", "sagemaker:endpoint", "dynamodb:ALL_SUPPORTED")
TREES = settings(max_examples=200)

Document = dict[str, Any]
Nodes = list[list[Document]]


def values_of(element: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from("abcde" if element == "tag_value" else TYPES), min_size=1, max_size=3)


LIMITS = st.one_of(
    st.sampled_from([["@@all"], ["@@none"]]), st.lists(st.sampled_from(OPERATORS), min_size=1, max_size=2, unique=True)
)


def entries(key: str) -> st.SearchStrategy[Document]:
    elements = {
        element: st.fixed_dictionaries(
            {}, optional={**dict.fromkeys(OPERATORS, values_of(element)), CONTROL: LIMITS}
        ).filter(bool)
        for element in ELEMENTS
    }
    names = st.sampled_from([key, key.upper()]).map(lambda name: {ASSIGN: name})
    return st.fixed_dictionaries({}, optional={"tag_key": names, **elements, CONTROL: LIMITS})


DOCUMENTS = st.fixed_dictionaries({}, optional={key: entries(key) for key in ("env", "owner", "team")}).map(
    lambda tags: {"tags": tags}
)
NODES = st.lists(st.lists(DOCUMENTS, max_size=2), min_size=1, max_size=5)


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
@given(NODES, st.lists(DOCUMENTS, min_size=2, max_size=3))
def test_attachment_order_matters_only_where_two_assign_the_same(above: Nodes, node: list[Document]) -> None:
    clash = any(operators(one, ASSIGN) & operators(two, ASSIGN) for one, two in permutations(node, 2))
    if not clash:
        orders = [sets(effective_tag_policy([*above, list(order)])) for order in permutations(node)]
        assert all(order == orders[0] for order in orders)


def sets(effective: Mapping[str, Any]) -> object:
    """Return an effective policy in which the order of values does not count."""
    return {
        key: {
            name: frozenset(value) if isinstance(value, Sequence) and name != "tag_key" else value
            for name, value in entry.items()
        }
        for key, entry in effective["tags"].items()
    }


@TREES
@given(NODES)
def test_keys_do_not_meet(nodes: Nodes) -> None:
    whole = effective_tag_policy(nodes)["tags"]
    for key in ("env", "owner", "team"):
        alone = [[{"tags": {k: v for k, v in d["tags"].items() if k == key}} for d in node] for node in nodes]
        assert effective_tag_policy(alone)["tags"].get(key) == whole.get(key)
