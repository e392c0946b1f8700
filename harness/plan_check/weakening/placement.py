"""Tell which policies of AWS Organizations are where before a plan and after it, whichever resource holds them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import msgspec

from harness.plan_check.model import UNKNOWN
from harness.plan_check.weakening.model import Change, Known, collection, index, module, unindexed

POLICY, ATTACHMENT = "aws_organizations_policy", "aws_organizations_policy_attachment"
UNIT, ACCOUNT = "aws_organizations_organizational_unit", "aws_organizations_account"
TAG, SERVICE, RESOURCE = "TAG_POLICY", "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
_FULL_ACCESS = "p-FullAWSAccess"
_ALLOW_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'


class Placed(msgspec.Struct, frozen=True):
    """Hold a policy at a node.

    `change` is the resource that places it there: its attachment, or the policy itself where that is not in the plan.
    `policy` is the policy's resource, None for one that the plan does not hold. `content` is its JSON text, None where
    that is not known; `id` is empty for one that is yet to be made; `kind` is empty where that is not known.
    """

    id: str
    kind: str
    content: str | None
    change: Change
    policy: Change | None

    def is_same(self, other: "Placed") -> bool:
        """Tell whether both are one policy, of whatever content."""
        if self.policy is not None and other.policy is not None:
            return self.policy.address == other.policy.address
        return bool(self.id) and self.id == other.id


class Sides(NamedTuple):
    """Hold the policies of a node before and after."""

    before: tuple[Placed, ...]
    after: tuple[Placed, ...]


@dataclass(frozen=True)
class Placements:
    """Hold the policies by node before and after a plan, and what each node lies in as far as that is known.

    `parents` is of the time after, `parents_before` of now; `moves` are the units and accounts that go elsewhere.
    `alone` are the policies that change and that the plan attaches nowhere, though something else may.
    """

    before: Mapping[str, tuple[Placed, ...]]
    after: Mapping[str, tuple[Placed, ...]]
    parents: Mapping[str, str]
    parents_before: Mapping[str, str]
    moves: tuple[Change, ...]
    alone: tuple[Change, ...]

    def targets(self, kind: str) -> list[str]:
        """Return the nodes that have a policy of a kind before or after, sorted; roots first."""
        found = {
            target
            for side in (self.before, self.after)
            for target, placed in side.items()
            if target and any(each.kind in {kind, ""} for each in placed)
        }
        return sorted(found, key=lambda target: (not target.startswith("r-"), target))

    def changed(self, target: str) -> "Sides":
        """Return the policies of a node that the plan holds; a foreign one that stays changes nothing."""
        before, after = self.before.get(target, ()), self.after.get(target, ())
        return Sides(
            tuple(each for each in before if each.content is not None),
            tuple(
                each
                for each in after
                if each.content is not None or not any(map(each.is_same, before)) or each.policy is not None
            ),
        )

    def elsewhere(self, kind: str) -> str:
        """Return why a policy that leaves a node may yet be there; empty where that is not so."""
        unplaced = any(each.kind in {kind, ""} for each in self.after.get("", ()))
        return "a policy is attached to a node that is known only after apply" if unplaced else ""

    def above(self, target: str) -> tuple[str, ...]:
        """Return the nodes above one, the root first; without a known parent that is the root of the plan."""
        return self._above(target, self.parents)

    def above_before(self, target: str) -> tuple[str, ...]:
        """Return the nodes that are above one now, as `above`."""
        return self._above(target, self.parents_before)

    def _above(self, target: str, parents: Mapping[str, str]) -> tuple[str, ...]:
        chain: list[str] = []
        at = target
        while (at := parents.get(at, "")) and at not in chain:
            chain.insert(0, at)
        if not target.startswith("r-") and not (chain and chain[0].startswith("r-")):
            chain[:0] = self.roots
        return tuple(chain)

    @cached_property
    def roots(self) -> list[str]:
        """Return the root where it has a policy."""
        return sorted(target for target in {*self.before, *self.after} if target.startswith("r-"))[:1]


def place(by_type: Mapping[str, Sequence[Change]], known: Known) -> Placements:
    """Return where the policies of a plan are. Raises: nothing."""
    policies = by_type.get(POLICY, ())
    held = {str(each.held("id")): each for each in policies if each.before is not None}
    will = {str(each.will("id")): each for each in policies if each.is_there() and each.will("id") is not UNKNOWN}
    made = [each for each in policies if each.is_there() and each.will("id") is UNKNOWN]
    before: dict[str, list[Placed]] = {}
    after: dict[str, list[Placed]] = {}
    attached: set[str] = set()
    for change in by_type.get(ATTACHMENT, ()):
        if change.before is not None:
            placed = _placed_before(change, held)
            before.setdefault(str(change.held("target_id")), []).append(placed)
            attached.add(placed.policy.address if placed.policy else "")
        if change.is_there():
            target = change.will("target_id")
            placed = _placed_after(change, will, made)
            after.setdefault("" if target is UNKNOWN else str(target), []).append(placed)
            attached.add(placed.policy.address if placed.policy else "")
    alone = tuple(each for each in policies if each.address not in attached and _may_bind(each, known))
    moves = tuple(each for kind in (UNIT, ACCOUNT) for each in by_type.get(kind, ()) if _moves(each))
    parents = {**dict(_parents(by_type)), **known.parents}
    moved = {str(each.held("id")): each.will("parent_id") for each in moves}
    return Placements(
        {target: tuple(placed) for target, placed in before.items()},
        {target: tuple(placed) for target, placed in after.items()},
        {target: parent for target, parent in {**parents, **moved}.items() if isinstance(parent, str)},
        parents,
        moves,
        alone,
    )


def before_of(policy: Change, change: Change) -> Placed:
    """Return a policy of the plan as it is before. Raises: nothing."""
    return Placed(str(policy.held("id")), _kind(policy.held("type")), str(policy.held("content")), change, policy)


def after_of(policy: Change, change: Change) -> Placed:
    """Return a policy of the plan as it will be. Raises: nothing."""
    content, identity = policy.will("content"), policy.will("id")
    return Placed(
        "" if identity is UNKNOWN or identity is None else str(identity),
        _kind(policy.will("type")),
        None if content is UNKNOWN else str(content),
        change,
        policy,
    )


def _may_bind(policy: Change, known: Known) -> bool:
    """Tell whether a policy changes that may be attached by somebody else; AWS deletes none that is attached."""
    is_there = policy.before is not None and policy.is_there() and not policy.stays()
    return is_there and policy.held("id") not in known.unattached


def _kind(kind: Any) -> str:
    return "" if kind is UNKNOWN else str(kind or SERVICE)  # the provider's own default


def _placed_before(change: Change, held: Mapping[str, Change]) -> Placed:
    identity = str(change.held("policy_id"))
    policy = held.get(identity)
    return before_of(policy, change) if policy else _foreign(identity, change)


def _placed_after(change: Change, will: Mapping[str, Change], made: Sequence[Change]) -> Placed:
    identity = change.will("policy_id")
    if identity is UNKNOWN:
        found = _meant(change, made)
        return after_of(found, change) if found else Placed("", "", None, change, None)
    policy = will.get(str(identity))
    return after_of(policy, change) if policy else _foreign(str(identity), change)


def _foreign(identity: str, change: Change) -> Placed:
    if identity == _FULL_ACCESS:
        return Placed(identity, SERVICE, _ALLOW_ALL, change, None)
    return Placed(identity, "", None, change, None)


def _meant(change: Change, made: Sequence[Change]) -> Change | None:
    """Return the one new policy that an attachment is for: by what its expression names, else by module and index."""
    if change.references:
        names = {unindexed(name) for name in change.references}
        inside = unindexed(module(change.address))
        named = [each for each in made if unindexed(collection(each.address)).removeprefix(f"{inside}.") in names]
        same = [each for each in named if _place(each) == _place(change)]
        return _one(same) or _one(named)
    return _one([each for each in made if _place(each) == _place(change)])


def _one(found: Sequence[Change]) -> Change | None:
    return found[0] if len(found) == 1 else None


def _place(change: Change) -> tuple[str, str]:
    return module(change.address), index(change.address)


def _moves(change: Change) -> bool:
    """Tell whether a unit or account goes elsewhere; one that is made anew is another one."""
    is_kept = change.before is not None and change.after is not None and change.will("id") == change.held("id")
    return is_kept and bool(change.held("parent_id")) and change.will("parent_id") != change.held("parent_id")


def _parents(by_type: Mapping[str, Iterable[Change]]) -> Iterator[tuple[str, str]]:
    for kind in (UNIT, ACCOUNT):
        for change in by_type.get(kind, ()):
            if isinstance(change.held("id"), str) and isinstance(change.held("parent_id"), str):
                yield str(change.held("id")), str(change.held("parent_id"))
