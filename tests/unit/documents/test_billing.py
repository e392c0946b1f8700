"""Budgets, cost allocation tags and the policies without which no alert arrives."""

from typing import Any

import pytest

from harness.dictionary import Dictionary
from harness.documents import (
    BudgetDocument,
    CostAllocationDocument,
    LimitDocument,
    NotificationDocument,
    render_budgets,
    render_cost_allocation_tags,
    render_key_policy,
    render_topic_policy,
    tag_filter,
    topic_arn,
)
from harness.environment import Environment

TOPIC = topic_arn("any", "eu-central-1", "111111111111", "aws")
DICTIONARY = Dictionary.model_validate(
    {
        "version": 1,
        "tags": {
            "unit": {
                "purpose": "Unit.",
                "cost_allocation": True,
                "values": ["Sales", "Retail"],
                "values_by_ou": {"Sandbox": {"append": ["Lab"]}},
            },
            "owner": {"purpose": "Owner.", "cost_allocation": True},
            "name": {"purpose": "Name."},
        },
    }
)


def environment(**fields: Any) -> Environment:
    return Environment.model_validate(
        {
            "version": 1,
            "name": "any",
            "target": "aws",
            "payer_account_id": "111111111111",
            "organization_id": "o-tagraillocal",
            "regions": {"home": "eu-central-1"},
            "config": {"scope": "account"},
            "subscribers": {"emails": ["b@example.com", "a@example.com"]},
            **fields,
        }
    )


def budgets(**fields: Any) -> dict[str, BudgetDocument]:
    budget = {"alerts": [{"actual_percent": 80}], **fields}
    return render_budgets(
        DICTIONARY, environment(budgets={"ml": budget}), {"ml-prod": "444444444443"}.__getitem__, TOPIC
    )


def test_a_tag_filter_names_the_scheme_the_key_and_the_value() -> None:
    assert tag_filter("any:unit", "R & D") == "user:any:unit$R & D"


def test_filters_are_sorted_and_only_those_that_narrow() -> None:
    found = budgets(
        limit_usd=5,
        tag={"key": "owner", "values": ["z", "a"]},
        accounts=["ml-prod"],
        services=["Amazon SageMaker", "Amazon Bedrock"],
        cost_categories={"Team": ["b", "a"], "Area": ["x"]},
    )["any-ml"]
    assert found.filters == {
        "CostCategory": ("Area$x", "Team$a", "Team$b"),
        "LinkedAccount": ("444444444443",),
        "Service": ("Amazon Bedrock", "Amazon SageMaker"),
        "TagKeyValue": ("user:owner$a", "user:owner$z"),
    }
    assert budgets(limit_usd=5)["any-ml"].filters == {}


@pytest.mark.parametrize(
    ("fields", "limit"),
    [
        ({"limit_usd": 5}, LimitDocument("fixed", usd=5)),
        (
            {"planned_limits_usd": {"2027-01": 2, "2026-12": 1}},
            LimitDocument("planned", usd_by_month={"2026-12": 1, "2027-01": 2}),
        ),
        (
            {"auto_adjust": {"type": "historical", "periods": 3}},
            LimitDocument("auto_adjust", auto_adjust_type="HISTORICAL", periods=3),
        ),
        ({"auto_adjust": {"type": "forecast"}}, LimitDocument("auto_adjust", auto_adjust_type="FORECAST")),
    ],
)
def test_each_kind_of_limit(fields: dict[str, Any], limit: LimitDocument) -> None:
    assert budgets(**fields)["any-ml"].limit == limit


def test_one_budget_for_each_value_of_a_key_with_a_limit_of_its_own() -> None:
    found = budgets(per_value_of="unit", limit_usd=10, limits_usd={"Retail": 25})
    assert {name: (each.limit.usd, each.filters) for name, each in found.items()} == {
        "any-ml-Lab": (10, {"TagKeyValue": ("user:unit$Lab",)}),
        "any-ml-Retail": (25, {"TagKeyValue": ("user:unit$Retail",)}),
        "any-ml-Sales": (10, {"TagKeyValue": ("user:unit$Sales",)}),
    }


def test_alerts_go_to_the_topic_and_to_sorted_addresses() -> None:
    (found,) = budgets(limit_usd=5)["any-ml"].notifications
    assert found == NotificationDocument(
        notification_type="ACTUAL",
        threshold_type="PERCENTAGE",
        threshold=80,
        comparison_operator="GREATER_THAN",
        emails=("a@example.com", "b@example.com"),
        topics=("arn:aws:sns:eu-central-1:111111111111:any-budget-alerts",),
    )


def test_addresses_of_a_budget_replace_those_of_the_environment() -> None:
    assert budgets(limit_usd=5, emails=["c@example.com"])["any-ml"].notifications[0].emails == ("c@example.com",)
    assert budgets(limit_usd=5, emails=[])["any-ml"].notifications[0].emails == ()


def test_alerts_are_sorted_by_type_unit_and_threshold() -> None:
    alerts = [{"forecasted_usd": 1}, {"actual_percent": 100}, {"actual_usd": 9}, {"actual_percent": 20}]
    found = budgets(limit_usd=5, alerts=alerts)["any-ml"].notifications
    assert [(each.notification_type, each.threshold_type, each.threshold) for each in found] == [
        ("ACTUAL", "ABSOLUTE_VALUE", 9),
        ("ACTUAL", "PERCENTAGE", 20),
        ("ACTUAL", "PERCENTAGE", 100),
        ("FORECASTED", "ABSOLUTE_VALUE", 1),
    ]


def test_a_new_cost_allocation_key_waits_until_billing_has_seen_it() -> None:
    found = render_cost_allocation_tags(DICTIONARY, environment(), {"unit", "name"})
    assert found == CostAllocationDocument(active=("unit",), inactive=(), pending=("owner",))
    assert found.managed() == ("unit",)


def test_account_tags_are_activated_under_their_own_prefix() -> None:
    own = environment(cost_allocation={"account_tags": ["unit"]})
    assert render_cost_allocation_tags(DICTIONARY, own, {"accountTag/unit"}).active == ("accountTag/unit",)


def test_only_a_key_that_is_named_and_was_seen_is_deactivated() -> None:
    own = environment(cost_allocation={"deactivate": ["Old", "Never"]})
    found = render_cost_allocation_tags(DICTIONARY, own, {"Old", "Other"})
    assert found.inactive == ("Old",)
    assert found.pending == ("owner", "unit")


def test_only_budgets_of_this_account_may_publish_and_encrypt() -> None:
    condition = {"StringEquals": {"aws:SourceAccount": "111111111111"}}
    (publish,) = render_topic_policy("111111111111", TOPIC)["Statement"]
    administer, encrypt = render_key_policy("111111111111", "aws-cn")["Statement"]
    for statement in (publish, encrypt):
        assert statement["Principal"] == {"Service": "budgets.amazonaws.com"}
        assert statement["Condition"] == condition
    assert (publish["Action"], publish["Resource"]) == ("SNS:Publish", TOPIC)
    assert encrypt["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
    assert administer["Principal"] == {"AWS": "arn:aws-cn:iam::111111111111:root"}
