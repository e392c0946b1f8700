"""Read modules/aws-facts.yaml: the limits and lists that AWS sets, shared with the Terraform modules."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

FACTS_FILE = Path(__file__).parent / "data" / "aws-facts.yaml"  # in a checkout a link to modules/, installed a copy


@dataclass(frozen=True, slots=True)
class Facts:
    """Hold AWS limits by id, the resource types that the managed rule REQUIRED_TAGS sees, and more facts by name.

    `unrecorded_resource_types` are those that AWS Config is not known to record, so that no rule judges them;
    `partitions` maps what a region's name begins with (`us-gov`) to its partition; other regions are of `aws`;
    `unbilled` are partitions whose costs are billed to accounts of another, without features of cost of their own;
    `budget_cost_types` is what a budget counts unless it says otherwise; `charge_types` are those of cost categories.
    """

    limits: Mapping[str, int]
    required_tags_resource_types: frozenset[str]
    unrecorded_resource_types: frozenset[str]
    partitions: Mapping[str, str]
    regions: frozenset[str]
    budget_cost_types: Mapping[str, bool]
    charge_types: frozenset[str]
    unbilled: frozenset[str]

    def partition_of(self, region: str) -> str:
        """Return the partition of a region, the second part of its ARNs. Raises: nothing."""
        return self.partitions.get(region.rsplit("-", 2)[0], "aws")

    def with_limits(self, overrides: Mapping[str, int]) -> "Facts":
        """Return the same facts with some limits replaced, as `limits:` of an env.yaml asks.

        Raises: nothing; the environment's rules have refused unknown ids before.
        """
        return replace(self, limits=MappingProxyType({**self.limits, **overrides}))


@cache
def load_facts() -> Facts:
    """Return the facts as shipped.

    Raises: OSError when the installation has no data/aws-facts.yaml.
    """
    rows = yaml.safe_load(FACTS_FILE.read_text(encoding="utf-8"))
    limits = {limit: int(row["value"]) for limit, row in rows["limits"].items()}
    seen = frozenset(rows["required_tags_resource_types"]["types"])
    unrecorded = frozenset(rows["config_unrecorded_resource_types"]["types"])
    partitions = MappingProxyType(rows["partitions"]["by_region"])
    cost_types = MappingProxyType(rows["budget_cost_types"]["defaults"])
    regions = frozenset(rows["regions"]["names"])
    charge_types = frozenset(rows["cost_category_charge_types"]["names"])
    unbilled = frozenset(rows["partitions"]["without_billing"])
    return Facts(MappingProxyType(limits), seen, unrecorded, partitions, regions, cost_types, charge_types, unbilled)
