"""What `tagrail explain` says of keys in Service Catalog."""

from typing import Any

import pytest

from harness.explain import Cell, explain
from harness.facts import load_facts
from tests.unit.documents.test_tag_option import DICTIONARY, environment


def cell(section: dict[str, Any] | None, key: str) -> Cell:
    return explain(DICTIONARY, environment(section), load_facts(), key)[key]["TagOption"]


def test_an_offered_key_names_values_and_places_and_what_aws_cannot() -> None:
    found = cell({"portfolios": ["port-a"], "products": ["prod-b"]}, "cost")
    assert found.word == "offered"
    assert found.detail.startswith("Service Catalog offers 5045 in port-a, prod-b; ")
    assert found.detail.endswith("AWS cannot offer Sales-* (a TagOption is one value)")
    assert "dev, lab, prod nowhere yet" in cell({}, "stage").detail


@pytest.mark.parametrize(
    ("section", "key", "word", "detail"),
    [
        (None, "stage", "-", "env.yaml has no tag_option"),
        ({}, "owner", "AWS cannot", "any value"),
        ({}, "backup", "-", "the key is not mandatory"),
        ({"keys": ["backup"]}, "stage", "-", "tag_option.keys does not name it"),
    ],
)
def test_a_key_that_is_not_offered_says_why(section: Any, key: str, word: str, detail: str) -> None:
    found = cell(section, key)
    assert found.word == word
    assert detail in found.detail
