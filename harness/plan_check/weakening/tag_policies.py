"""Find what a plan takes away from tag policies, node by node: what all policies of a node say together is compared.

A key that moves from one policy of a node to another is still watched, so is one that moves up.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from harness.plan_check.weakening.model import Change, Rule, Weakening, listed, weakening
from harness.plan_check.weakening.placement import TAG, Placed, Placements, after_of, before_of
from harness.policy.attachment import AttachedPolicy, Node, Operation
from harness.policy.comparison import Change as Difference
from harness.policy.comparison import compare_policies
from harness.policy.effective import descend, effective_policy
from harness.policy.provenance import EffectivePolicy
from harness.policy.tag_policy import APPEND, ASSIGN, REMOVE, TagPolicyError, parse_tag_policy

# What loosens without regard to what it changes: values that come in or stay, types that go.
_LOOSENS = {("tag_value", APPEND), ("enforced_for", REMOVE), ("report_required_tag_for", REMOVE)}


class Side(NamedTuple):
    """Hold the tag policies of a node at one time, read, and why some are not known."""

    placed: tuple[Placed, ...]
    policies: tuple[tuple[Placed, AttachedPolicy], ...]
    unknown: str

    def without(self, other: "Side") -> Placed | None:
        """Return a policy whose text the other side does not have."""
        texts = {each.content for each in other.placed}
        return next((each for each in self.placed if each.content not in texts), None)

    def node(self, name: str) -> Node:
        """Return a node that has these policies. Raises: nothing."""
        return Node(name, name, tuple(policy for _, policy in self.policies))

    def operations(self) -> tuple[Operation, ...]:
        """Return what all of them say. Raises: nothing."""
        return tuple(operation for _, policy in self.policies for operation in policy.operations)


class _Loss(NamedTuple):
    rule: Rule
    key: str
    path: str
    text: str
    held: tuple[str, ...]
    wanted: tuple[str, ...]
    unknown: str = ""


def tag_policy_weakenings(placements: Placements) -> Iterator[Weakening]:
    """Yield what tag policies lose, root first. Raises: nothing."""
    for target in placements.targets(TAG):
        base = effective_policy(
            read_side(placements.after.get(above, ())).node(above) for above in placements.above(target)
        )
        sides = placements.changed(target)
        before, after = read_side(sides.before), read_side(sides.after)
        yield from _of_node(target, before, after, base, placements.elsewhere(TAG))
    for change in placements.alone:
        before, after = read_side((before_of(change, change),)), read_side((after_of(change, change),))
        unknown = "the plan does not say where the policy is attached"
        yield from _of_node("the nodes to which it is attached", before, after, EffectivePolicy(), unknown)


def _of_node(target: str, before: Side, after: Side, base: EffectivePolicy, unknown: str) -> Iterator[Weakening]:
    if unreadable := before.unknown or after.unknown:
        if changed := before.without(after):
            yield _weakening(changed.policy or changed.change, target, _unknown_loss(target), unreadable)
        return
    losses = list(_losses(target, before, after, base))
    lost = {loss.key for loss in losses if loss.rule == "key-unwatched"}
    reported: set[str] = set()
    for placed, policy in before.policies:
        keys = {operation.key for operation in policy.operations}
        if _is_gone(placed, after) and keys and keys <= lost:
            reported |= keys
            yield _weakening(placed.change, target, _detached(target, len(keys)), unknown)
    for loss in losses:
        if loss.key not in reported:
            yield _weakening(_culprit(loss.key, before, after), target, loss, loss.unknown or unknown)


def _losses(target: str, before: Side, after: Side, base: EffectivePolicy) -> Iterator[_Loss]:
    old, new = descend(base, before.node(target)), descend(base, after.node(target))
    baseless = _baseless(before, after, base)
    gone: set[str] = set()
    for found in compare_policies(old.document(), new.document()):
        if found.effect != "looser" or found.key in gone or (found.key, found.element) in baseless:
            continue
        if not found.element:
            gone.add(found.key)
        yield _loss(target, found)
    for key, element in sorted(baseless):
        yield from _baseless_losses(key, element, before.operations(), after.operations())
    for path, limits in old.limits.items():
        freed = sorted({*limits} - {*new.limits.get(path, {})})
        if freed and (not path or path[0] not in gone):
            name = ".".join(path) or "every key"
            text = f"policies below {target} may change {name} with {', '.join(freed)} now"
            yield _Loss("policy-weakened", path[0] if path else "", "content", text, (), tuple(freed))


def _loss(target: str, found: Difference) -> _Loss:
    if not found.element:
        text = f"the tag policies at {target} watch {found.key} no more"
        return _Loss("key-unwatched", found.key, "content", text, (), (found.key,))
    shown = listed(f'"{value}"' for value in found.values)
    if found.kind == "added":
        held: tuple[str, ...] = found.values
        wanted: tuple[str, ...] = ()
        text = f"{found.element} of {found.key} at {target} gains {shown}, which {found.why}"
    else:
        held, wanted = (), found.values
        text = f"{found.element} of {found.key} at {target} loses {shown}: {found.why}"
    return _Loss("policy-weakened", found.key, f"content.{found.element}", text, held, wanted)


def _baseless(before: Side, after: Side, base: EffectivePolicy) -> frozenset[tuple[str, str]]:
    """Return key and element of what is appended or removed where the plan does not hold to what."""
    operations = (*before.operations(), *after.operations())
    assigned = {(each.key, each.element) for each in operations if each.operator == ASSIGN}
    return frozenset(
        (each.key, each.element)
        for each in operations
        if each.operator != ASSIGN
        and (each.key, each.element) not in assigned
        and each.element not in base.keys.get(each.key, {})
    )


def _baseless_losses(
    key: str, element: str, before: Sequence[Operation], after: Sequence[Operation]
) -> Iterator[_Loss]:
    for operator in (APPEND, REMOVE):
        old, new = (
            {
                value
                for each in side
                if (each.key, each.element, each.operator) == (key, element, operator)
                for value in each.values
            }
            for side in (before, after)
        )
        moved = sorted(new - old if (element, operator) in _LOOSENS else old - new)
        if moved:
            text = f"{element} of {key} changes by {operator} {', '.join(moved)}"
            why = f"what the nodes above say of {key} is not in the plan"
            yield _Loss("policy-weakened", key, f"content.{element}", text, tuple(moved), (), why)


def read_side(placed: Sequence[Placed]) -> Side:
    """Return the tag policies among these, read. Raises: nothing."""
    policies, unknown = [], ""
    mine = tuple(each for each in placed if each.kind in {TAG, ""})
    for each in mine:
        if each.content is None:
            unknown = unknown or f"the content of {_name(each)} is not known from the plan"
            continue
        try:
            policies.append((each, AttachedPolicy(_name(each), _name(each), parse_tag_policy(each.content))))
        except TagPolicyError as error:
            unknown = unknown or f"{_name(each)} cannot be read: {error.problems[0]}"
    return Side(mine, tuple(policies), unknown)


def _name(placed: Placed) -> str:
    return placed.policy.address if placed.policy else placed.id or placed.change.address


def _is_gone(placed: Placed, after: Side) -> bool:
    return not any(placed.is_same(each) for each, _ in after.policies)


def _culprit(key: str, before: Side, after: Side) -> Change:
    """Return the resource that says of a key: the policy, or what attached it where that is gone."""
    for placed, policy in (*before.policies, *after.policies):
        if not key or key in {operation.key for operation in policy.operations}:
            return placed.change if _is_gone(placed, after) or placed.policy is None else placed.policy
    return (before.policies or after.policies)[0][0].change


def _detached(target: str, count: int) -> _Loss:
    text = f"a tag policy is detached from {target}, which watches {count} key{'s' * (count > 1)}"
    return _Loss("policy-weakened", "", "target_id", text, (), (target,))


def _unknown_loss(target: str) -> _Loss:
    return _Loss("policy-weakened", "", "content", f"tag policies at {target} change", (), ())


def _weakening(change: Change, target: str, loss: _Loss, unknown: str) -> Weakening:
    return weakening(
        change,
        loss.rule,
        loss.text,
        where=target,
        path=loss.path,
        key=loss.key,
        held=", ".join(loss.held),
        wanted=loss.wanted,
        because=unknown,
    )
