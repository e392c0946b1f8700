"""Work out effective tag policies from the policies attached on the way from the root, with who gave each value.

The rules: docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inheritance_mgmt.html. Of policies at
one node AWS says that the first attached wins; here the node's assignments come first, then what it appends, then what
it removes, so that only assignments depend on the order (see conflicts.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Any

from harness.policy.attachment import AttachedPolicy, Node, Operation, Origin, Path
from harness.policy.provenance import EffectivePolicy, Element, Ignored
from harness.policy.tag_policy import APPEND, ASSIGN, REMOVE

Document = Mapping[str, Any]

_ORDER = {ASSIGN: 0, APPEND: 1, REMOVE: 2}
_Step = tuple[Operation, Origin]


def effective_policy(nodes: Iterable[Node]) -> EffectivePolicy:
    """Return the effective policy of the last of `nodes`, which run from the root to it. Raises: nothing."""
    return reduce(descend, nodes, EffectivePolicy())


def effective_tag_policy(nodes: Iterable[Sequence[Document]]) -> dict[str, Any]:
    """Return the effective, operator-free policy `{"tags": {policy key: {element: value}}}`.

    `nodes` runs from the root to the target; each node gives its documents in the order of attachment. Policy keys are
    lower case. A key without `tag_key` gets its policy key; an element that lost all its values stays as `[]`.

    >>> effective_tag_policy([[{"tags": {"A": {"tag_value": {"@@append": ["x"]}}}}]])
    {'tags': {'a': {'tag_key': 'a', 'tag_value': ['x']}}}

    Raises: TagPolicyError when a document is malformed.
    """
    held = (Node("", "", tuple(AttachedPolicy("", "", document) for document in documents)) for documents in nodes)
    return effective_policy(held).document()


def descend(above: EffectivePolicy, node: Node) -> EffectivePolicy:
    """Return the effective policy of a node, given its parent's: the very same object where it has no own policies.

    Child limits of a node bind from its children on. Raises: nothing.
    """
    if not node.policies:
        return above
    ignored = list(above.ignored)
    steps: dict[tuple[str, str], list[_Step]] = {}
    limits: dict[Path, Mapping[str, Origin]] = dict(above.limits)
    for policy in node.policies:
        origin = Origin(policy, node)
        for operation in policy.operations:
            if limit := above.limit_on(operation):
                ignored.append(Ignored(operation, origin, "limit", limit))
            else:
                steps.setdefault((operation.key, operation.element), []).append((operation, origin))
        for limited in policy.limits:
            if limited.forbidden:
                mine = dict.fromkeys(sorted(limited.forbidden), origin)
                limits[limited.path] = mine | {**limits.get(limited.path, {})}
    return EffectivePolicy(_merged(above.keys, steps, ignored), limits, tuple(ignored))


def _merged(
    above: Mapping[str, Mapping[str, Element]], steps: Mapping[tuple[str, str], list[_Step]], ignored: list[Ignored]
) -> Mapping[str, Mapping[str, Element]]:
    """Return the keys with the steps applied; what is untouched is shared with `above`."""
    keys = dict(above)
    for (key, name), found in steps.items():
        held = keys.get(key, {})
        element = _changed(held.get(name), found, ignored)
        if element is not None and element is not held.get(name):
            keys[key] = {**held, name: element}
    return keys


def _changed(element: Element | None, steps: list[_Step], ignored: list[Ignored]) -> Element | None:
    """Return an element after a node's operations on it; None where nothing was there to remove from."""
    assigned: _Step | None = None
    for operation, origin in sorted(steps, key=lambda step: _ORDER[step[0].operator]):
        if operation.operator == APPEND:
            element = _appended(element, operation, origin)
        elif operation.operator == REMOVE:
            element = _removed(element, operation, origin)
        elif assigned is None:
            assigned = operation, origin
            element = Element(dict.fromkeys(operation.values, origin), ASSIGN, origin)
        elif {*operation.values} != {*assigned[0].values}:
            ignored.append(Ignored(operation, origin, "attached later", assigned[1]))
    return element


def _appended(element: Element | None, operation: Operation, origin: Origin) -> Element:
    if element is None:
        return Element(dict.fromkeys(operation.values, origin), APPEND, origin)
    new = [value for value in operation.values if value not in element.values]
    return Element({**element.values, **dict.fromkeys(new, origin)}, APPEND, origin) if new else element


def _removed(element: Element | None, operation: Operation, origin: Origin) -> Element | None:
    if element is None or element.values.keys().isdisjoint(operation.values):
        return element
    kept = {value: giver for value, giver in element.values.items() if value not in operation.values}
    return Element(kept, REMOVE, origin)
