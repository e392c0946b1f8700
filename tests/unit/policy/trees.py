"""Strategies of tag policies: any documents on three keys, at up to five nodes."""

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from harness.policy.attachment import AttachedPolicy, Node
from harness.policy.tag_policy import CONTROL

ASSIGN, APPEND, REMOVE = OPERATORS = ("@@assign", "@@append", "@@remove")
ELEMENTS = ("tag_value", "enforced_for", "report_required_tag_for")
KEYS = ("env", "owner", "team")
VALUES = ("a", "b", "ab", "cd", "a*", "*d")
TYPES = ("ec2:instance", "s3:bucket", "sagemaker:endpoint", "s3:ALL_SUPPORTED")

Document = dict[str, Any]
Nodes = list[list[Document]]


def values_of(element: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(VALUES if element == "tag_value" else TYPES), max_size=3)


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


DOCUMENTS = st.fixed_dictionaries({}, optional={key: entries(key) for key in KEYS}).map(lambda tags: {"tags": tags})
NODES = st.lists(st.lists(DOCUMENTS, max_size=2), min_size=1, max_size=5)


def attach(nodes: Nodes) -> list[Node]:
    """Return the nodes with their documents attached, each under a name of its own."""
    return [
        Node(
            f"n{number}",
            f"node {number}",
            tuple(AttachedPolicy(f"p{number}.{place}", "", document) for place, document in enumerate(documents)),
        )
        for number, documents in enumerate(nodes)
    ]


def sets(effective: Mapping[str, Any]) -> object:
    """Return an effective policy in which the order of values does not count."""
    return {
        key: {
            name: frozenset(value) if isinstance(value, Sequence) and name != "tag_key" else value
            for name, value in entry.items()
        }
        for key, entry in effective["tags"].items()
    }
