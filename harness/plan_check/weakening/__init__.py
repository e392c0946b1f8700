"""Find what a Terraform plan takes away from governance: policies, watched keys, cost tags, budgets, subscribers.

What all resources of the plan say together is compared before and after, so that what only moves is no loss. Pure; the
plan's reader gives the changes of the types that `is_governance` names.
"""

from collections.abc import Iterable, Sequence

from harness.plan_check.weakening import (
    budget_actions,
    budgets,
    channels,
    config_rules,
    cost_categories,
    cost_tags,
    exports,
    identity_policies,
    organizations,
    recorders,
)
from harness.plan_check.weakening.drift import as_drifted, without_repairs
from harness.plan_check.weakening.model import RULES, Change, Known, Weakening, written_region
from harness.plan_check.weakening.plan_changes import changes_of, drifted_of

__all__ = [
    "RULES",
    "TYPES",
    "Change",
    "Known",
    "Weakening",
    "changes_of",
    "drifted_of",
    "is_governance",
    "weakenings",
    "written_region",
]

TYPES: frozenset[str] = frozenset().union(
    organizations.TYPES,
    config_rules.TYPES,
    recorders.TYPES,
    cost_tags.TYPES,
    cost_categories.TYPES,
    budgets.TYPES,
    budget_actions.TYPES,
    channels.TYPES,
    exports.TYPES,
    identity_policies.TYPES,
)


def is_governance(type_: str) -> bool:
    """Tell whether changes of a resource type can take governance away. Raises: nothing."""
    return type_ in TYPES


def weakenings(
    changes: Iterable[Change], known: Known | None = None, drifted: Iterable[Change] = ()
) -> tuple[Weakening, ...]:
    """Return what a plan takes away, by address; also where that cannot be told, with the verdict unknown.

    `changes` are those of governance types, the ones that stay (`no-op`) among them: what stays may hold what moves.
    `drifted` are what somebody changed by hand since the last apply, from what that left to what is there now: to undo
    what was taken away so is no weakening. Raises: nothing.
    """
    found = [change for change in changes if is_governance(change.type)]
    lost = _lost(found, known or Known())
    by_hand = [change for change in drifted if is_governance(change.type)]
    if lost and by_hand:
        lost = without_repairs(lost, _lost(as_drifted(found, by_hand), known or Known()), found, by_hand)
    return tuple(sorted(lost, key=lambda each: (each.fault.verdict, each.address, each.where, each.what)))


def _lost(changes: Sequence[Change], known: Known) -> tuple[Weakening, ...]:
    if all(change.stays() for change in changes):
        return ()
    by_type: dict[str, list[Change]] = {}
    for change in changes:
        by_type.setdefault(change.type, []).append(change)
    return (
        *organizations.organization_weakenings(by_type, known),
        *identity_policies.identity_weakenings(by_type),
        *config_rules.config_rule_weakenings(by_type),
        *recorders.recorder_weakenings(by_type),
        *cost_tags.cost_tag_weakenings(by_type),
        *cost_tags.tag_option_weakenings(by_type),
        *cost_categories.cost_category_weakenings(by_type),
        *budgets.budget_weakenings(by_type),
        *budget_actions.budget_action_weakenings(by_type),
        *channels.channel_weakenings(by_type),
        *exports.export_weakenings(by_type),
    )
