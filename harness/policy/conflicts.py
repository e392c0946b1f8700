"""Find policies at one node whose effect depends on the order in which they were attached, or that AWS leaves open.

docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inheritance_mgmt.html: policies at one node are
evaluated in the order of attachment, and the first that assigns wins (example 6). Child limits of one node are no
conflict, whatever they are: their intersection holds (example 5), and they bind none of the node's own policies.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from harness.policy.attachment import AttachedPolicy
from harness.policy.tag_policy import APPEND, ASSIGN, REMOVE


@dataclass(frozen=True, slots=True)
class AttachmentConflict:
    """Name two policies of one node, in the order of attachment, that disagree on an element of a policy key.

    `assign`: both assign, and differently; the first wins, so the order of attachment decides.
    `mixed`: what one assigns the other appends to or removes from, or one appends what the other removes; AWS's pages
    do not say which comes first. This engine assigns, then appends, then removes.
    """

    key: str
    element: str
    kind: Literal["assign", "mixed"]
    first: AttachedPolicy
    second: AttachedPolicy


def attachment_conflicts(policies: Sequence[AttachedPolicy]) -> tuple[AttachmentConflict, ...]:
    """Return the conflicts among the policies of one node, by key, element and order of attachment.

    Where there are none, the node's effective policy does not depend on the order of attachment, but for the order of
    values. Raises: nothing.
    """
    found = (conflict for first, second in combinations(policies, 2) for conflict in _between(first, second))
    return tuple(sorted(found, key=lambda conflict: (conflict.key, conflict.element)))


def _between(first: AttachedPolicy, second: AttachedPolicy) -> Iterator[AttachmentConflict]:
    theirs = _by_place(second)
    for place, mine in _by_place(first).items():
        if place in theirs and (kind := _kind(mine, theirs[place])):
            yield AttachmentConflict(*place, kind, first, second)


def _by_place(policy: AttachedPolicy) -> dict[tuple[str, str], dict[str, frozenset[str]]]:
    """Return (key, element) -> operator -> values."""
    found: dict[tuple[str, str], dict[str, frozenset[str]]] = {}
    for operation in policy.operations:
        place = found.setdefault((operation.key, operation.element), {})
        place[operation.operator] = frozenset(operation.values)
    return found


def _kind(one: dict[str, frozenset[str]], two: dict[str, frozenset[str]]) -> Literal["assign", "mixed"] | None:
    if ASSIGN in one and ASSIGN in two and one[ASSIGN] != two[ASSIGN]:
        return "assign"
    return "mixed" if _is_mixed(one, two) or _is_mixed(two, one) else None


def _is_mixed(one: dict[str, frozenset[str]], two: dict[str, frozenset[str]]) -> bool:
    """Tell whether something of `one` meets something of `two` so that their order would count."""
    none: frozenset[str] = frozenset()
    appended, removed = two.get(APPEND, none), two.get(REMOVE, none)
    if ASSIGN in one and (appended - one[ASSIGN] or removed & one[ASSIGN]):
        return True
    return bool(removed & one.get(APPEND, none))
