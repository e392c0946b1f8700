"""Work out the effective tag policies of a whole organisation, each node once, account by account.

What a node's policies change is copied, everything else is shared with the node above; a node without own policies has
its parent's very object. Only the way from the root to the account at hand is kept.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.errors import TagrailError
from harness.policy.attachment import Node
from harness.policy.effective import descend
from harness.policy.provenance import EffectivePolicy


@dataclass(frozen=True, slots=True)
class TreeNode:
    """Place a node in the organisation: `parent` is the id of the node above it, None for the root."""

    node: Node
    parent: str | None
    is_account: bool = False


def effective_policies(tree: Iterable[TreeNode]) -> Iterator[tuple[Node, EffectivePolicy]]:
    """Yield every account with its effective policy, depth first, siblings in the order of `tree`.

    A policy that is attached to several nodes is read once if they hold the same AttachedPolicy.
    Raises: TagrailError naming each node that has no place in one tree, before anything is yielded.
    """
    nodes = tuple(tree)
    children: dict[str | None, list[TreeNode]] = {}
    for each in nodes:
        children.setdefault(each.parent, []).append(each)
    if faults := sorted(_faults(nodes, children)):
        raise TagrailError("\n".join(faults))
    return _walk(children)


def _walk(children: Mapping[str | None, Sequence[TreeNode]]) -> Iterator[tuple[Node, EffectivePolicy]]:
    waiting = [(each, EffectivePolicy()) for each in children.get(None, ())]
    while waiting:
        place, above = waiting.pop()
        policy = descend(above, place.node)
        if place.is_account:
            yield place.node, policy
        waiting += [(each, policy) for each in reversed(children.get(place.node.id, ()))]


def _faults(nodes: Sequence[TreeNode], children: Mapping[str | None, Sequence[TreeNode]]) -> Iterator[str]:
    roots = children.get(None, ())
    if len(roots) != 1:
        got = ", ".join(sorted(str(each.node) for each in roots)) or "none"
        yield f"organisation: must have 1 node without a parent, its root; got {got}. Do give the others their parent"
    counts = Counter(each.node.id for each in nodes)
    for identity, count in counts.items():
        if count > 1:
            yield f"node {identity}: must appear 1 time; got {count}. Do remove the others"
    strays = [each for each in nodes if each.parent is not None and each.parent not in counts]
    for each in strays:
        yield f"{each.node}: must have a parent of the organisation; got {each.parent}. Do add that node or correct it"
    below = _below([*roots, *strays], children)
    for each in nodes:
        if each.node.id not in below:
            yield f"{each.node}: must lie below the root; got a loop through {each.parent}. Do correct one parent of it"


def _below(starts: Sequence[TreeNode], children: Mapping[str | None, Sequence[TreeNode]]) -> frozenset[str]:
    """Return the ids of the starts and of all nodes below them."""
    found: set[str] = set()
    waiting = [each.node.id for each in starts]
    while waiting:
        identity = waiting.pop()
        if identity not in found:
            found.add(identity)
            waiting += [each.node.id for each in children.get(identity, ())]
    return frozenset(found)
