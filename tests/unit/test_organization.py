"""Accounts and units are found by the names that people write; a wrong name lists the known ones."""

import dataclasses

import pytest

from harness.errors import TagrailError
from harness.organization import Account, Organization, ancestors

ORGANIZATION = Organization(
    id="o-example0001",
    root_id="r-ab12",
    management_account_id="111111111111",
    policy_types=frozenset({"TAG_POLICY"}),
    units={"Workloads": "ou-ab12-workload", "Workloads/Prod": "ou-ab12-workprod"},
    accounts=(Account("111111111111", "payer", ""), Account("444444444443", "ml-prod", "Workloads/Prod")),
)


@pytest.mark.parametrize("name", ["ml-prod", "444444444443"])
def test_an_account_is_found_by_name_and_by_id(name: str) -> None:
    assert ORGANIZATION.account(name).unit == "Workloads/Prod"


def test_an_unknown_account_lists_the_known_ones() -> None:
    with pytest.raises(
        TagrailError,
        match=r'account "ml-prd": must exist in organisation o-example0001; known are ml-prod, payer\. Do ',
    ):
        ORGANIZATION.account("ml-prd")


def test_a_name_that_two_accounts_share_asks_for_the_id() -> None:
    twice = dataclasses.replace(
        ORGANIZATION, accounts=(*ORGANIZATION.accounts, Account("555555555555", "ml-prod", "Workloads"))
    )
    with pytest.raises(
        TagrailError, match=r"must be unique; 444444444443, 555555555555 share the name\. Do write the id"
    ):
        twice.account("ml-prod")
    assert twice.account("555555555555").unit == "Workloads"


def test_a_unit_is_found_by_its_path() -> None:
    assert ORGANIZATION.unit_id("Workloads/Prod") == "ou-ab12-workprod"


def test_an_unknown_unit_lists_the_known_ones() -> None:
    with pytest.raises(
        TagrailError, match=r'organizational unit "Prod": must exist .+; known are Workloads, Workloads/Prod\. Do '
    ):
        ORGANIZATION.unit_id("Prod")


def test_units_above_come_nearest_first_and_without_the_root() -> None:
    assert ancestors("A/B/C") == ("A/B", "A")
    assert ancestors("A") == ()
