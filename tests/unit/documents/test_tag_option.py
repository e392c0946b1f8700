"""Which TagOptions an environment has."""

from typing import Any

import pytest

from harness.dictionary import Dictionary
from harness.documents import TagOptionDocument, render_tag_options, skipped_values
from harness.environment import Environment

DICTIONARY = Dictionary.model_validate(
    {
        "version": 1,
        "defaults": {"mandatory_for": ["AWS::S3::Bucket"]},
        "tags": {
            "stage": {
                "purpose": "Stage.",
                "mandatory": True,
                "values": ["prod", "dev"],
                "values_by_ou": {"Sandbox": {"append": ["lab"]}, "Prod": {"remove": ["dev"]}},
            },
            "cost": {"purpose": "Cost centre.", "mandatory": True, "values": ["5045", "Sales-*"]},
            "owner": {"purpose": "Team.", "mandatory": True},
            "backup": {"purpose": "Plan.", "values": ["daily"]},
        },
    }
)


def environment(section: dict[str, Any] | None) -> Environment:
    return Environment.model_validate(
        {
            "version": 1,
            "name": "any",
            "target": "aws",
            "payer_account_id": "1",
            "organization_id": "o",
            "regions": {"home": "x"},
            "config": {"scope": "account"},
            "tag_option": section,
        }
    )


@pytest.mark.parametrize(
    ("section", "names"),
    [
        (None, []),
        ({}, ["cost$5045", "stage$dev", "stage$lab", "stage$prod"]),
        ({"keys": ["backup"]}, ["backup$daily"]),
        ({"keys": [], "retired": {"gone": ["a"]}}, ["gone$a"]),
    ],
)
def test_there_is_one_for_each_whole_value_of_a_key_that_is_offered(section: Any, names: list[str]) -> None:
    assert list(render_tag_options(DICTIONARY, environment(section))) == names


def test_active_ones_are_offered_everywhere_and_retired_ones_nowhere() -> None:
    section = {"keys": ["backup"], "portfolios": ["port-b"], "products": ["prod-a"], "retired": {"backup": ["hourly"]}}
    assert render_tag_options(DICTIONARY, environment(section)) == {
        "backup$daily": TagOptionDocument("backup", "daily", active=True, resources=("port-b", "prod-a")),
        "backup$hourly": TagOptionDocument("backup", "hourly", active=False, resources=()),
    }


def test_values_with_a_wildcard_are_skipped_and_named() -> None:
    assert skipped_values(DICTIONARY, environment({})) == {"cost": ("Sales-*",)}
    assert skipped_values(DICTIONARY, environment(None)) == {}
