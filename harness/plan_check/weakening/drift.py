"""Tell a plan that undoes what somebody took away by hand from one that takes away itself.

developer.hashicorp.com/terraform/internals/json-format#plan-representation: `resource_drift` holds what changed outside
of Terraform since the last apply, as a change from the state of that apply to what is there now.
"""

from collections.abc import Iterable, Sequence

from harness.plan_check.weakening.model import Change, Weakening


def as_drifted(changes: Iterable[Change], drifted: Iterable[Change]) -> tuple[Change, ...]:
    """Return the changes that were made by hand, among all that stayed as it was. Raises: nothing."""
    by_hand = {change.address: change for change in drifted}
    return tuple(
        by_hand.get(change.address) or Change(change.address, change.type, ("no-op",), change.before, change.before)
        for change in changes
    )


def without_repairs(
    lost: Iterable[Weakening], by_hand: Iterable[Weakening], changes: Sequence[Change], drifted: Iterable[Change]
) -> tuple[Weakening, ...]:
    """Return what a plan takes away, without what only sets right a weakening that was made by hand.

    `by_hand` is what the drift itself took away. A resource is set right where all that drifted will be as the last
    apply left it; what somebody tightened by hand and the plan loosens again stays. Raises: nothing.
    """
    will_be = {change.address: change for change in changes}
    restored = {change.address for change in drifted if _is_restored(change, will_be.get(change.address))}
    undone = {(each.fault.rule, each.address, each.fault.path) for each in by_hand if each.address in restored}
    return tuple(each for each in lost if (each.fault.rule, each.address, each.fault.path) not in undone)


def _is_restored(drift: Change, change: Change | None) -> bool:
    if drift.before is None or change is None:
        return False
    names = [name for name, value in drift.before.items() if (drift.after or {}).get(name) != value]
    return all(change.will(name) == drift.held(name) for name in names)
