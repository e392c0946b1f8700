"""Find what a Terraform plan takes away from governance: policies, watched keys, cost tags, budgets, subscribers.

What all resources of the plan say together is compared before and after, so that what only moves is no loss. Pure; the
plan's reader gives the changes of the types that `is_governance` names.
"""

from collections.abc import Iterable

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
from harness.plan_check.weakening.model import RULES, Change, Known, Weakening, written_region
from harness.plan_check.weakening.plan_changes import changes_of

__all__ = [
    "RULES",
    "TYPES",
    "Change",
    "Known",
    "Weakening",
    "changes_of",
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


def weakenings(changes: Iterable[Change], known: Known | None = None) -> tuple[Weakening, ...]:
    """Return what a plan takes away, by address; also where that cannot be told, with the verdict unknown.

    `changes` are those of governance types, the ones that stay (`no-op`) among them: what stays may hold what moves.
    Raises: nothing.
    """
    by_type: dict[str, list[Change]] = {}
    found = [change for change in changes if is_governance(change.type)]
    if all(change.stays() for change in found):
        return ()
    for change in found:
        by_type.setdefault(change.type, []).append(change)
    lost = (
        *organizations.organization_weakenings(by_type, known or Known()),
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
    return tuple(sorted(lost, key=lambda each: (each.fault.verdict, each.address, each.where, each.what)))
