"""Render which cost allocation tags must be active, equal to what modules/cost-allocation-tag renders in HCL."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from harness.dictionary import Dictionary
from harness.environment import Environment

ACCOUNT_TAG_PREFIX = "accountTag/"


@dataclass(frozen=True, slots=True)
class CostAllocationDocument:
    """Hold keys, sorted; `pending` are wanted but not yet seen by billing, which takes up to 24 hours."""

    active: tuple[str, ...]
    inactive: tuple[str, ...]
    pending: tuple[str, ...]

    def managed(self) -> tuple[str, ...]:
        """Return the keys that Terraform manages now."""
        return (*self.active, *self.inactive)


def render_cost_allocation_tags(
    dictionary: Dictionary, environment: Environment, billed: AbstractSet[str]
) -> CostAllocationDocument:
    """Return the wanted state, given the keys that billing has seen (ListCostAllocationTags, any status).

    Raises: nothing.
    """
    account_tags = {ACCOUNT_TAG_PREFIX + key for key in environment.cost_allocation.account_tags}
    wanted = {*dictionary.cost_allocation_keys(), *account_tags}
    inactive = set(environment.cost_allocation.deactivate) & billed
    return CostAllocationDocument(
        tuple(sorted(wanted & billed)), tuple(sorted(inactive)), tuple(sorted(wanted - billed))
    )
