"""Drifts of anomaly detection: what somebody does to it by hand, and takes back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

CHAT, WEEKLY = "anycompany-chat", "anycompany-weekly"


def subscription(client: Any) -> dict[str, Any]:
    found = client.get_anomaly_subscriptions()["AnomalySubscriptions"]
    return next(dict(each) for each in found if each["SubscriptionName"] == WEEKLY)


@contextmanager
def anomaly_threshold_raised(tagrail: Any) -> Iterator[None]:
    client = tagrail.client("ce")
    held = subscription(client)
    impact = {"Key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE", "Values": ["5000"], "MatchOptions": ["GREATER_THAN_OR_EQUAL"]}
    arn = held["SubscriptionArn"]
    client.update_anomaly_subscription(SubscriptionArn=arn, ThresholdExpression={"Dimensions": impact})
    yield
    client.update_anomaly_subscription(SubscriptionArn=arn, ThresholdExpression=held["ThresholdExpression"])


@contextmanager
def anomaly_subscriber_exchanged(tagrail: Any) -> Iterator[None]:
    client = tagrail.client("ce")
    held = subscription(client)
    other = [{"Address": "nobody@example.com", "Type": "EMAIL"}]
    client.update_anomaly_subscription(SubscriptionArn=held["SubscriptionArn"], Subscribers=other)
    yield
    client.update_anomaly_subscription(SubscriptionArn=held["SubscriptionArn"], Subscribers=held["Subscribers"])
