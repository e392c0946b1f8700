"""Anomaly detection of the emulator: monitors and subscriptions with AWS's rules."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import Client, error_code

pytestmark = pytest.mark.emulator

SERVICE = {"MonitorName": "services", "MonitorType": "DIMENSIONAL", "MonitorDimension": "SERVICE"}
TOPIC = {"Address": "arn:aws:sns:eu-central-1:111111111111:alerts", "Type": "SNS"}
MAIL = {"Address": "a@example.com", "Type": "EMAIL"}


def custom(**specification: Any) -> dict[str, Any]:
    return {"MonitorName": "custom", "MonitorType": "CUSTOM", "MonitorSpecification": specification}


def at_least(amount: str, key: str = "ANOMALY_TOTAL_IMPACT_ABSOLUTE") -> dict[str, Any]:
    return {"Dimensions": {"Key": key, "Values": [amount], "MatchOptions": ["GREATER_THAN_OR_EQUAL"]}}


@pytest.fixture
def billing(client: Client) -> Iterator[Any]:
    """The payer's Cost Explorer, without monitors and subscriptions afterwards."""
    made = client("ce")
    yield made
    for held in made.get_anomaly_subscriptions()["AnomalySubscriptions"]:
        made.delete_anomaly_subscription(SubscriptionArn=held["SubscriptionArn"])
    for held in made.get_anomaly_monitors()["AnomalyMonitors"]:
        made.delete_anomaly_monitor(MonitorArn=held["MonitorArn"])


def monitor(billing: Any, **wanted: Any) -> str:
    return str(billing.create_anomaly_monitor(AnomalyMonitor=wanted or SERVICE)["MonitorArn"])


def subscribe(billing: Any, arn: str, **fields: Any) -> str:
    wanted = {
        "SubscriptionName": "s",
        "MonitorArnList": [arn],
        "Subscribers": [MAIL],
        "Frequency": "DAILY",
        "ThresholdExpression": at_least("100"),
        **fields,
    }
    given = {name: value for name, value in wanted.items() if value is not None}
    return str(billing.create_anomaly_subscription(AnomalySubscription=given)["SubscriptionArn"])


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(ClientError) as failure:
        call()
    return error_code(failure)


def test_a_monitor_is_kept_renamed_tagged_and_deleted(billing: Any) -> None:
    tags = [{"Key": "owner", "Value": "finops"}]
    arn = billing.create_anomaly_monitor(AnomalyMonitor=SERVICE, ResourceTags=tags)["MonitorArn"]
    assert billing.list_tags_for_resource(ResourceArn=arn)["ResourceTags"] == tags
    billing.update_anomaly_monitor(MonitorArn=arn, MonitorName="renamed")
    (held,) = billing.get_anomaly_monitors(MonitorArnList=[arn])["AnomalyMonitors"]
    assert (held["MonitorName"], held["MonitorDimension"]) == ("renamed", "SERVICE")
    billing.delete_anomaly_monitor(MonitorArn=arn)
    assert refused(lambda: billing.get_anomaly_monitors(MonitorArnList=[arn])) == "UnknownMonitorException"


def test_a_payer_has_one_monitor_by_service(billing: Any) -> None:
    monitor(billing)
    assert refused(lambda: monitor(billing)) == "LimitExceededException"
    monitor(billing, **custom(CostCategories={"Key": "Unit", "Values": ["x"]}))
    monitor(billing, **custom(Tags={"Key": "team", "Values": ["x"] * 10}))
    monitor(billing, **custom(Dimensions={"Key": "LINKED_ACCOUNT", "Values": ["111111111111"]}))


@pytest.mark.parametrize(
    "wanted",
    [
        {"MonitorName": "x", "MonitorType": "DIMENSIONAL"},
        {**SERVICE, "MonitorSpecification": {"Tags": {"Key": "team"}}},
        {**SERVICE, "MonitorDimension": "TAG"},
        {**custom(Tags={"Key": "team", "Values": ["x"]}), "MonitorDimension": "TAG"},
        custom(),
        custom(Tags={"Key": "team", "Values": []}),
        custom(Tags={"Key": "team", "Values": ["x"] * 11}),
        custom(CostCategories={"Key": "Unit", "Values": ["x", "y"]}),
        custom(Dimensions={"Key": "SERVICE", "Values": ["x"]}),
        custom(Not={"Tags": {"Key": "team", "Values": ["x"]}}),
    ],
)
def test_a_monitor_that_aws_refuses_is_refused(billing: Any, wanted: dict[str, Any]) -> None:
    assert refused(lambda: monitor(billing, **wanted)) == "ValidationException"


def test_a_subscription_is_changed_in_part_and_deleted(billing: Any) -> None:
    arn = subscribe(billing, monitor(billing))
    billing.update_anomaly_subscription(SubscriptionArn=arn, Frequency="IMMEDIATE", Subscribers=[TOPIC])
    (held,) = billing.get_anomaly_subscriptions(SubscriptionArnList=[arn])["AnomalySubscriptions"]
    assert (held["Frequency"], held["Subscribers"]) == ("IMMEDIATE", [TOPIC])
    assert held["ThresholdExpression"] == at_least("100")
    assert refused(lambda: billing.update_anomaly_subscription(SubscriptionArn=arn, Frequency="DAILY"))
    billing.delete_anomaly_subscription(SubscriptionArn=arn)
    unknown = "UnknownSubscriptionException"
    assert refused(lambda: billing.get_anomaly_subscriptions(SubscriptionArnList=[arn])) == unknown


@pytest.mark.parametrize(
    "fields",
    [
        {"Frequency": "IMMEDIATE"},
        {"Subscribers": [TOPIC]},
        {"Subscribers": []},
        {"Subscribers": [MAIL] * 11},
        {"ThresholdExpression": None},
        {"Threshold": 1.0},
        {"ThresholdExpression": at_least("-1")},
        {"ThresholdExpression": at_least("a lot")},
        {"ThresholdExpression": at_least("1", "SERVICE")},
        {"ThresholdExpression": {"Not": at_least("1")}},
    ],
)
def test_a_subscription_that_aws_refuses_is_refused(billing: Any, fields: dict[str, Any]) -> None:
    assert refused(lambda: subscribe(billing, monitor(billing), **fields)) == "ValidationException"


def test_both_thresholds_are_taken_and_unknown_monitors_are_not(billing: Any) -> None:
    arn = monitor(billing)
    both = {"Or": [at_least("1"), at_least("2.5", "ANOMALY_TOTAL_IMPACT_PERCENTAGE")]}
    subscribe(billing, arn, ThresholdExpression=both)
    assert refused(lambda: subscribe(billing, arn.replace("/", "/0"))) == "UnknownMonitorException"
