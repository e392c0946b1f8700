"""What aggregators show: rules of two accounts in two regions, of which the seed has nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .config_calls import forget, make_table, managed, record
from .conftest import ML_DEV, ML_LAB, PAYER, Client, error_code

pytestmark = pytest.mark.emulator

PARIS, LONDON = "eu-west-3", "eu-west-2"
PLACES = [(ML_DEV, PARIS), (ML_DEV, LONDON), (ML_LAB, PARIS)]
SCOPE = {"ComplianceResourceTypes": ["AWS::DynamoDB::Table"]}


@pytest.fixture(scope="module")
def rules(client: Client) -> Iterator[None]:
    """Make in each place a rule, which is compliant in PARIS of ML_DEV alone; ML_LAB has no table."""
    for account, region in PLACES:
        config = client("config", account, region)
        record(config)
        config.put_config_rule(ConfigRule=managed("r", tag1Key="K") | {"Scope": SCOPE})
    make_table(client("dynamodb", ML_DEV, PARIS), "t", {"K": "v"})
    make_table(client("dynamodb", ML_DEV, LONDON), "t", {})
    yield
    for region in (PARIS, LONDON):
        client("dynamodb", ML_DEV, region).delete_table(TableName="t")
    for account, region in PLACES:
        client("config", account, region).delete_config_rule(ConfigRuleName="r")
        forget(client("config", account, region))


@pytest.fixture
def aggregator(client: Client, rules: None) -> Iterator[Any]:
    """Return a function that gives the compliance that an aggregator with a source shows, by account and region."""
    config = client("config")

    def shown(filters: dict[str, str] | None = None, **source: Any) -> dict[tuple[str, str], str]:
        config.put_configuration_aggregator(ConfigurationAggregatorName="a", **source)
        found = config.describe_aggregate_compliance_by_config_rules(
            ConfigurationAggregatorName="a", Filters=filters or {}
        )["AggregateComplianceByConfigRules"]
        return {(one["AccountId"], one["AwsRegion"]): one["Compliance"]["ComplianceType"] for one in found}

    yield shown
    config.delete_configuration_aggregator(ConfigurationAggregatorName="a")


ROLE = f"arn:aws:iam::{PAYER}:role/anycompany-config"
ORGANIZATION = {"OrganizationAggregationSource": {"RoleArn": ROLE, "AllAwsRegions": True}}


def accounts(*ids: str, **regions: Any) -> dict[str, Any]:
    return {"AccountAggregationSources": [{"AccountIds": list(ids), **(regions or {"AllAwsRegions": True})}]}


def test_an_aggregator_of_the_organization_sees_all_accounts_and_regions(aggregator: Any) -> None:
    assert aggregator(**ORGANIZATION) == {
        (ML_DEV, PARIS): "COMPLIANT",
        (ML_DEV, LONDON): "NON_COMPLIANT",
        (ML_LAB, PARIS): "INSUFFICIENT_DATA",
    }


@pytest.mark.parametrize(
    ("source", "places"),
    [
        (accounts(ML_DEV), {(ML_DEV, PARIS), (ML_DEV, LONDON)}),
        (accounts(ML_DEV, ML_LAB, AwsRegions=[PARIS]), {(ML_DEV, PARIS), (ML_LAB, PARIS)}),
        ({"OrganizationAggregationSource": {"RoleArn": ROLE, "AwsRegions": [LONDON]}}, {(ML_DEV, LONDON)}),
    ],
)
def test_an_aggregator_sees_its_sources(aggregator: Any, source: Any, places: set[tuple[str, str]]) -> None:
    assert set(aggregator(**source)) == places


@pytest.mark.parametrize(
    ("filters", "places"),
    [
        ({"AccountId": ML_LAB}, {(ML_LAB, PARIS)}),
        ({"AwsRegion": LONDON}, {(ML_DEV, LONDON)}),
        ({"ComplianceType": "NON_COMPLIANT"}, {(ML_DEV, LONDON)}),
        ({"ConfigRuleName": "absent"}, set()),
    ],
)
def test_filters(aggregator: Any, filters: dict[str, str], places: set[tuple[str, str]]) -> None:
    assert set(aggregator(filters, **ORGANIZATION)) == places


def test_details_and_summaries(aggregator: Any, client: Client) -> None:
    aggregator(**ORGANIZATION)
    config = client("config")
    found = config.get_aggregate_compliance_details_by_config_rule(
        ConfigurationAggregatorName="a", ConfigRuleName="r", AccountId=ML_DEV, AwsRegion=LONDON
    )["AggregateEvaluationResults"]
    assert [(one["AccountId"], one["AwsRegion"], one["ComplianceType"]) for one in found] == [
        (ML_DEV, LONDON, "NON_COMPLIANT")
    ]
    assert found[0]["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"] == "t"
    for group, expected in (
        ("ACCOUNT_ID", [(ML_DEV, 1, 1), (ML_LAB, 0, 0)]),
        ("AWS_REGION", [(LONDON, 0, 1), (PARIS, 1, 0)]),
    ):
        answer = config.get_aggregate_config_rule_compliance_summary(ConfigurationAggregatorName="a", GroupByKey=group)
        assert answer["GroupByKey"] == group
        assert counts(answer) == expected
    assert counts(config.get_aggregate_config_rule_compliance_summary(ConfigurationAggregatorName="a")) == [
        (None, 1, 1)
    ]


def counts(answer: Any) -> list[tuple[str | None, int, int]]:
    return [
        (
            one.get("GroupName"),
            one["ComplianceSummary"]["CompliantResourceCount"]["CappedCount"],
            one["ComplianceSummary"]["NonCompliantResourceCount"]["CappedCount"],
        )
        for one in answer["AggregateComplianceCounts"]
    ]


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("describe_aggregate_compliance_by_config_rules", {}),
        (
            "get_aggregate_compliance_details_by_config_rule",
            {"ConfigRuleName": "r", "AccountId": ML_DEV, "AwsRegion": PARIS},
        ),
        ("get_aggregate_config_rule_compliance_summary", {}),
    ],
)
def test_an_aggregator_that_is_not_there(client: Client, operation: str, arguments: dict[str, str]) -> None:
    with pytest.raises(ClientError) as failure:
        getattr(client("config"), operation)(ConfigurationAggregatorName="absent", **arguments)
    assert error_code(failure) == "NoSuchConfigurationAggregatorException"


def test_unknown_compliance_is_no_filter(aggregator: Any) -> None:
    with pytest.raises(ClientError) as failure:
        aggregator({"ComplianceType": "INSUFFICIENT_DATA"}, **ORGANIZATION)
    assert error_code(failure) == "ValidationException"
