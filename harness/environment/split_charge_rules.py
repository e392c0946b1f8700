"""Check how a cost category divides shared costs.

Source: docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_CostCategorySplitChargeRule.html.
A value that only an inherited rule gives may be split or charged once AWS says Applied, a day after the rule is made:
docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/splitcharge-cost-categories.html. So no first apply could name one,
and a rule with value says the same without waiting.
"""

import math
from collections.abc import Iterator

from harness.environment.cost_model import CostCategory, SplitCharge
from harness.facts import Facts
from harness.spelling import nearest
from harness.yaml_source import Path_

Faults = Iterator[tuple[Path_, str]]

_WHOLE = 100.0
HASHED_BYTES = 50  # that modules/cost-category/crc32.yaml has rows for: it could not order longer targets


def split_charge_faults(at: Path_, category: CostCategory, values: frozenset[str], facts: Facts) -> Faults:
    """Yield every fault of the split charges; `values` are those that a rule or the default names.

    Raises: nothing.
    """
    splits = category.split_charges
    most = facts.limits["cost_category_split_charges"]
    if len(splits) > most:
        yield (*at, "split_charges"), f"must hold {most} split charges at most; got {len(splits)}. Do merge some"
    sources = [split.source for split in splits]
    for index, split in enumerate(splits):
        place: Path_ = (*at, "split_charges", index)
        yield from _shares(place, split, facts)
        if split.source in sources[:index]:
            yield (
                (*place, "source"),
                f'must be split once; got "{split.source}" again. Do merge them',
            )
        for where, value in _named(place, split):
            if (size := len(value.encode())) > HASHED_BYTES:
                yield where, f'must have {HASHED_BYTES} bytes at most; got {size} in "{value}". Do shorten it'
            elif value not in values:
                guess = nearest(value, values) or f" Do choose one of {', '.join(sorted(values))}, or add such a rule"
                yield where, f'must be the default or a value that a rule names, not inherits; got "{value}".{guess}'
            if where != (*place, "source") and value in sources:
                yield where, f'must not be charged, since its own costs are split; got "{value}". Do remove one of them'


def _named(place: Path_, split: SplitCharge) -> Iterator[tuple[Path_, str]]:
    """Yield each value that a split charge names, with its place."""
    yield (*place, "source"), split.source
    yield from (((*place, "targets", index), target) for index, target in enumerate(split.targets))
    yield from (((*place, "percents", target), target) for target in split.percents)


def _shares(place: Path_, split: SplitCharge, facts: Facts) -> Faults:
    field, other = ("percents", "targets") if split.method == "fixed" else ("targets", "percents")
    if not getattr(split, field):
        yield place, f"must name whom to charge in {field} with method: {split.method}; got none. Do add it"
    if getattr(split, other):
        yield (*place, other), f"must be left out with method: {split.method}. Do use {field}"
    most = facts.limits["cost_category_split_targets"]
    count = len(split.targets) + len(split.percents)
    if count > most:
        yield place, f"must charge {most} values at most; got {count}. Do charge fewer"
    for index, target in enumerate(split.targets):
        if target in split.targets[:index]:
            yield (*place, "targets", index), f'must appear once; got "{target}" again. Do remove it'
    for target, percent in split.percents.items():
        if percent <= 0:
            yield (*place, "percents", target), f"must be more than 0 percent; got {percent:g}. Do remove it"
    total = math.fsum(split.percents.values())
    if split.percents and not math.isclose(total, _WHOLE, abs_tol=1e-9):
        yield (*place, "percents"), f"must be 100 percent in sum; got {total:g}. Do correct the shares"
