"""What is a person's data in a tag value, by rule, and what only looks so."""

import pytest

from harness.personal_data import may_be_personal, personal_data, shape_of

PERSONAL = {
    "jane.doe@example.com": "e-mail address",
    "AKIAIOSFODNN7EXAMPLE": "AWS access key",
    "ghp_0123456789abcdefghijABCDEFGHIJ012345": "token",
    "DE89 3704 0044 0532 0130 00": "bank account (IBAN)",
    "4111 1111 1111 1111": "payment card",
    "536-22-8726": "social security number (US)",
    "AB 12 34 56 C": "national insurance number (UK)",
    "65929970489": "tax id (Germany)",
    "12345678Z": "identity card (Spain)",
    "2 55 08 14 168 025 38": "social security number (France)",
    "RSSMRA85T10A562S": "tax code (Italy)",
    "529.982.247-25": "tax id (Brazil)",
    "-----BEGIN RSA PRIVATE KEY-----": "private key",
    "+49 30 1234567": "phone number",
}
HARMLESS = (
    "65929970488",  # the check digit is another
    "12345678901",  # no digit twice
    "111111111111",  # an account
    "20261127A",  # a day
    "20240115T",
    "12345678A",
    "2 55 08 14 168 025 39",
    "RSSMRA85T10A562T",
    "529.982.247-26",
    "111.111.111-11",
    "GB123456A",
    "666-12-1234",
    "4111 1111 1111 1112",
    "build-20261127",
    "i-0123456789abcdef0",
    "2026-11-27T10:00:00Z",
    "1764234000000",
    "v1.22.333-44",
)


@pytest.mark.parametrize(("value", "rule"), PERSONAL.items())
def test_it_is_found_by_its_rule(value: str, rule: str) -> None:
    assert personal_data(value) == rule
    assert personal_data(f"ask {value} first") == rule


@pytest.mark.parametrize("value", HARMLESS)
def test_what_only_looks_so_is_let_pass(value: str) -> None:
    assert personal_data(value) == ""


@pytest.mark.parametrize("value", PERSONAL)
def test_values_of_one_shape_are_all_worth_a_look_or_none(value: str) -> None:
    assert may_be_personal(value) == may_be_personal(shape_of(value).decode())
