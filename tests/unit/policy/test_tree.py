"""The effective policies of an organisation are those of its accounts one by one, and what is alike is shared."""

import pytest

from harness.errors import TagrailError
from harness.policy.attachment import Node
from harness.policy.effective import effective_policy
from harness.policy.tree import TreeNode, effective_policies
from tests.bench.effective import read_policies, tree
from tests.bench.organization import generate

from .attached import attached, node


def lineage(nodes: dict[str, TreeNode], account: Node) -> list[Node]:
    """Return the nodes from the root to an account."""
    path, place = [account], nodes[account.id].parent
    while place is not None:
        path.insert(0, nodes[place].node)
        place = nodes[place].parent
    return path


@pytest.mark.parametrize("seed", [1, 2])
def test_every_account_gets_what_it_would_get_alone(seed: int) -> None:
    organization = generate(units=60, accounts=200, policies=40, seed=seed)
    nodes = tree(organization, read_policies(organization))
    by_id = {each.node.id: each for each in nodes}
    found = dict(effective_policies(nodes))
    assert {account.id for account in found} == {each.node.id for each in nodes if each.is_account}
    for account, policy in found.items():
        alone = effective_policy(lineage(by_id, account))
        assert policy == alone
        assert policy.document() == alone.document()
        assert policy.keys, "the generator must give every account something"


def test_accounts_without_own_policies_share_their_units_policy() -> None:
    organization = generate(units=60, accounts=200, policies=40)
    nodes = tree(organization, read_policies(organization))
    by_id = {each.node.id: each for each in nodes}
    shared: dict[str | None, set[int]] = {}
    for account, policy in list(effective_policies(nodes)):
        if not account.policies:
            shared.setdefault(by_id[account.id].parent, set()).add(id(policy))
    assert len(shared) > 20
    assert all(len(objects) == 1 for objects in shared.values())


def test_a_key_that_a_node_leaves_alone_is_shared_with_the_node_above() -> None:
    root = node(
        "root", attached("a", {"a": {"tag_value": {"@@assign": ["x"]}}, "b": {"enforced_for": {"@@assign": []}}})
    )
    own = node("own", attached("b", {"b": {"tag_value": {"@@assign": ["y"]}}}))
    below = (TreeNode(account, "root-1", is_account=True) for account in (node("plain"), own))
    first, second = (policy for _, policy in effective_policies([TreeNode(root, None), *below]))
    assert second.keys["a"] is first.keys["a"]
    assert second.keys["b"]["enforced_for"] is first.keys["b"]["enforced_for"]


def test_accounts_come_depth_first_in_the_order_given() -> None:
    places = [("root", None), ("b", "root"), ("a", "root"), ("z", "b"), ("y", "b"), ("x", "a"), ("w", "root")]
    nodes = [TreeNode(Node(name, name), above, is_account=name >= "w") for name, above in places]
    nodes[0] = TreeNode(Node("root", "Root"), None)
    assert [account.id for account, _ in effective_policies(nodes)] == ["z", "y", "x", "w"]


@pytest.mark.parametrize(
    ("places", "words"),
    [
        ([], "organisation: must have 1 node without a parent, its root; got none"),
        ([("r", None), ("s", None)], "its root; got r (r), s (s). Do give the others their parent"),
        ([("r", None), ("a", "r"), ("a", "r")], "node a: must appear 1 time; got 2. Do remove the others"),
        ([("r", None), ("a", "gone")], "a (a): must have a parent of the organisation; got gone"),
        ([("r", None), ("a", "b"), ("b", "a")], "a (a): must lie below the root; got a loop through b"),
    ],
)
def test_what_is_no_tree_is_refused(places: list[tuple[str, str | None]], words: str) -> None:
    with pytest.raises(TagrailError) as failure:
        effective_policies([TreeNode(Node(name, name), parent) for name, parent in places])
    assert words in str(failure.value)


def test_every_fault_of_a_tree_is_told() -> None:
    places = [("r", None), ("r", None), ("a", "gone"), ("b", "a"), ("c", "d"), ("d", "c")]
    with pytest.raises(TagrailError) as failure:
        effective_policies([TreeNode(Node(name, name), parent) for name, parent in places])
    assert len(str(failure.value).splitlines()) == 5
