"""Which columns are which bill, and what is none."""

import pytest

from harness.costs.layout import recognise, snake
from harness.errors import TagrailError

CUR1 = ("identity/LineItemId", "lineItem/UnblendedCost", "lineItem/UsageAccountId", "resourceTags/user:Owner")
ATHENA1 = ("line_item_unblended_cost", "line_item_usage_account_id", "resource_tags_user_owner", "cost_category_team")
CUR2 = ("line_item_unblended_cost", "line_item_usage_account_id", "resource_tags", "cost_category")


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        (CUR1, "CUR 1"),
        (ATHENA1, "CUR 1"),
        (CUR2, "CUR 2.0"),
        (("BilledCost", "ChargeType", "BilledCurrency"), "FOCUS 0.5"),
        (("BilledCost", "EffectiveCost", "Tags"), "FOCUS 1.0"),
        (("BilledCost", "CapacityReservationId"), "FOCUS 1.1"),
        (("BilledCost", "BillingAccountType"), "FOCUS 1.2"),
        (("BilledCost", "ServiceProviderName"), "FOCUS 1.3"),
        (("billedcost", "effectivecost"), "FOCUS 1.0"),
    ],
)
def test_layout_is_recognised(columns: tuple[str, ...], name: str) -> None:
    assert recognise(columns, "bill.csv").name == name


def test_tags_in_columns_of_their_own_are_found_by_key() -> None:
    assert recognise(CUR1, "bill.csv").tags == {"user:Owner": "resourceTags/user:Owner"}
    assert recognise(ATHENA1, "bill.csv").tags == {"user_owner": "resource_tags_user_owner"}


def test_tags_in_one_column_are_found() -> None:
    assert recognise(CUR2, "bill.csv").tag_map == "resource_tags"
    assert recognise(("BilledCost", "Tags"), "bill.csv").tag_map == "Tags"


def test_cost_categories_are_found() -> None:
    assert recognise(ATHENA1, "bill.csv").categories == {"team": "cost_category_team"}
    assert recognise(CUR2, "bill.csv").category_map == "cost_category"


def test_columns_that_nothing_reads_are_kept() -> None:
    assert "x_Team" in recognise(("BilledCost", "x_Team"), "bill.csv").further


def test_other_columns_are_refused_with_what_was_found() -> None:
    with pytest.raises(
        TagrailError, match=r"^usage\.csv: must have costs: .* got Meter, CostInBillingCurrency\. Do name"
    ):
        recognise(("Meter", "CostInBillingCurrency"), "usage.csv")


def test_many_other_columns_are_counted() -> None:
    with pytest.raises(TagrailError, match="and 12 more"):
        recognise([f"Column{number}" for number in range(20)], "usage.csv")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("lineItem/UsageAccountId", "line_item_usage_account_id"),
        ("reservation/ReservationARN", "reservation_reservation_a_r_n"),
        ("product/region", "product_region"),
        ("line_item_usage_type", "line_item_usage_type"),
    ],
)
def test_columns_are_written_as_athena_does(name: str, wanted: str) -> None:
    assert snake(name) == wanted
