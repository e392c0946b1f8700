"""What must hold of every tree of policies: origins are true, ignored operators matter to nobody, order rarely does."""

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from harness.packing import canonical_json, pack
from harness.policy.conflicts import attachment_conflicts
from harness.policy.effective import effective_policy, effective_tag_policy
from harness.policy.provenance import EffectivePolicy, Ignored

from .reference import reference
from .trees import APPEND, ASSIGN, DOCUMENTS, NODES, Document, Nodes, attach, sets

pytestmark = pytest.mark.thorough

TREES = settings(max_examples=200)


def given_values(policy: EffectivePolicy) -> Iterator[tuple[str, str, str, Any]]:
    """Yield key, element, value and origin."""
    for key, elements in policy.keys.items():
        for name, element in elements.items():
            for value, origin in element.values.items():
                yield key, name, value, origin


@TREES
@given(NODES)
def test_the_policy_is_the_one_that_the_rules_say(nodes: Nodes) -> None:
    found = effective_policy(attach(nodes))
    assert found.document() == effective_tag_policy(nodes) == reference(nodes)


@TREES
@given(NODES)
def test_every_value_has_an_origin_that_names_it(nodes: Nodes) -> None:
    held = attach(nodes)
    policy = effective_policy(held)
    for key, element, value, origin in given_values(policy):
        assert origin.policy in next(node.policies for node in held if node == origin.node)
        operators = origin.policy.document["tags"][key][element]
        named = [operators.get(ASSIGN, ()), operators.get(APPEND, ())]
        assert any(value == one or value in one for one in named)
    shown = [(key, name) for key, entry in policy.document()["tags"].items() for name in entry]
    written = [(key, name) for key, elements in policy.keys.items() for name in elements]
    assert {*shown} - {*written} <= {(key, "tag_key") for key in policy.keys}


@TREES
@given(NODES)
def test_operators_that_were_ignored_change_nothing_when_they_are_left_out(nodes: Nodes) -> None:
    held = attach(nodes)
    policy = effective_policy(held)
    left = [
        [without(p.document, [one for one in policy.ignored if one.origin.policy == p]) for p in node.policies]
        for node in held
    ]
    assert effective_policy(attach(left)).ignored == ()
    assert effective_tag_policy(left) == policy.document()


def without(document: Any, ignored: list[Ignored]) -> Document:
    dropped = [(one.operation.key, one.operation.element, one.operation.operator) for one in ignored]
    return {
        "tags": {
            key: {
                element: {name: value for name, value in body.items() if (key, element, name) not in dropped}
                if isinstance(body, dict)
                else body
                for element, body in entry.items()
            }
            if isinstance(entry, dict)
            else entry
            for key, entry in document["tags"].items()
        }
    }


@TREES
@given(NODES, st.lists(DOCUMENTS, min_size=2, max_size=3))
def test_without_conflicts_the_order_of_attachment_does_not_count(above: Nodes, documents: list[Document]) -> None:
    (node,) = attach([documents])
    if any(conflict.kind == "assign" for conflict in attachment_conflicts(node.policies)):
        assume(False)  # noqa: FBT003 (hypothesis)
    orders = [sets(effective_tag_policy([*above, list(order)])) for order in permutations(documents)]
    assert all(order == orders[0] for order in orders)


@TREES
@given(NODES, st.integers(20, 400))
def test_cutting_documents_by_keys_changes_nothing(nodes: Nodes, room: int) -> None:
    cut = [[part for document in node for part in parts(document, room)] for node in nodes]
    assert effective_tag_policy(cut) == effective_tag_policy(nodes)


def parts(document: Document, room: int) -> list[Document]:
    """Return a document cut into as many as its keys need, as the renderers cut theirs."""
    tags = document["tags"]
    sizes = {key: len(canonical_json({key: entry})) for key, entry in tags.items()}
    return [{"tags": {key: tags[key] for key in keys}} for keys in pack(sizes, room).values()]


@TREES
@given(NODES)
def test_every_ignored_operator_has_a_true_cause(nodes: Nodes) -> None:
    held = attach(nodes)
    for found in effective_policy(held).ignored:
        place = (found.operation.key, found.operation.element)
        above = held[: held.index(found.origin.node)]
        if found.reason == "limit":
            limits = [limit for limit in found.cause.policy.limits if limit.path == place[: len(limit.path)]]
            assert any(found.operation.operator in limit.forbidden for limit in limits)
            assert found.cause.node in above
        else:
            attached = held[len(above)].policies
            assert attached.index(found.cause.policy) < attached.index(found.origin.policy)
