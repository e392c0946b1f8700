"""How Terraform's provider orders the targets of split charges, and where that leaves percents."""

import itertools

import pytest

from harness.documents.cost_category import provider_order, split_charge


@pytest.mark.parametrize(
    ("targets", "order"),
    [
        # As AWS provider 5.100.0 sent them when it was asked for these percents.
        (("Finance", "Retail", "Sales"), ("Retail", "Sales", "Finance")),
        (("ML platform", "Batch"), ("ML platform", "Batch")),
    ],
)
def test_targets_stand_in_the_order_that_the_provider_sends(targets: tuple[str, ...], order: tuple[str, ...]) -> None:
    for permutation in itertools.permutations(targets):
        assert split_charge("x", "EVEN", permutation, ()).targets == order


def test_each_percent_stays_at_its_target() -> None:
    percents = {"Finance": 30.0, "Retail": 50.0, "Sales": 20.0}
    for permutation in itertools.permutations(percents):
        split = split_charge("x", "FIXED", permutation, [percents[target] for target in permutation])
        assert dict(zip(split.targets, split.percents, strict=True)) == percents


def test_hashes_are_compared_as_text() -> None:
    assert sorted(["Finance", "Sales"], key=provider_order) == ["Sales", "Finance"]
    assert int(provider_order("Finance")) > int(provider_order("Sales"))
    assert sorted(["Finance", "Retail"], key=provider_order) == ["Retail", "Finance"]
    assert int(provider_order("Finance")) < int(provider_order("Retail"))
