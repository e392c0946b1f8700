"""What `tagrail explain` says of keys in Service Catalog and in billing."""

from pathlib import Path
from typing import Any

import pytest

from harness.explain import Cell, explain
from harness.facts import load_facts
from harness.project import load_project
from tests.unit.documents.test_tag_option import DICTIONARY, environment

ROOT = Path(__file__).resolve().parents[2]


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


@pytest.mark.parametrize(
    ("plane", "key", "word", "detail"),
    [
        ("cost category", "anycompany:finance:business-unit", "sorts", "cost categories Business unit sort"),
        ("cost category", "anycompany:workload:application-id", "sorts", "cost categories Workload sort"),
        ("cost category", "anycompany:finance:owner", "-", "no cost category names it"),
        ("cost category", "anycompany:operations:backup", "AWS cannot", "cost allocation tags only"),
        ("anomaly detection", "anycompany:workload:application-id", "watched", "anomaly monitors chat watch"),
        ("anomaly detection", "anycompany:finance:owner", "-", "no anomaly monitor names it"),
        ("anomaly detection", "anycompany:operations:backup", "AWS cannot", "cost allocation tags only"),
    ],
)
def test_what_billing_does_with_a_key(plane: str, key: str, word: str, detail: str) -> None:
    project = load_project(ROOT, ["local"])
    found = explain(project.dictionary, project.environments["local"], load_facts(), key)[key][plane]
    assert found.word == word
    assert detail in found.detail
