"""Read the payer's billing side: cost allocation tags, budgets with their notifications, and the alert topic."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from harness.documents import LimitDocument, NotificationDocument
from harness.state.model import LiveAlerts, LiveBudget
from harness.state.reading import json_object


def read_cost_tags(client: Any) -> dict[str, str]:
    """Return key -> status (Active or Inactive) of every cost allocation tag that billing has seen.

    Raises: ClientError, BotoCoreError as boto3 does.
    """
    tags: dict[str, str] = {}
    token: dict[str, str] = {}
    while True:
        page = client.list_cost_allocation_tags(MaxResults=1000, **token)
        tags |= {tag["TagKey"]: tag["Status"] for tag in page["CostAllocationTags"]}
        if not page.get("NextToken"):
            return tags
        token = {"NextToken": page["NextToken"]}


def read_budgets(client: Any, account_id: str, prefix: str) -> dict[str, LiveBudget]:
    """Return the budgets whose names begin with `prefix`.

    Raises: ClientError, BotoCoreError as boto3 does.
    """
    budgets = {}
    for page in client.get_paginator("describe_budgets").paginate(AccountId=account_id):
        for found in page.get("Budgets") or []:
            if found["BudgetName"].startswith(prefix):
                notifications = tuple(sorted(_notifications(client, account_id, found["BudgetName"])))
                filters = {
                    name: tuple(sorted(values)) for name, values in found.get("CostFilters", {}).items() if values
                }
                limit = _limit(found)
                budgets[found["BudgetName"]] = LiveBudget(limit, found["TimeUnit"], filters, notifications)
    return budgets


def _limit(found: Mapping[str, Any]) -> LimitDocument:
    if adjust := found.get("AutoAdjustData"):
        periods = adjust.get("HistoricalOptions", {}).get("BudgetAdjustmentPeriod")
        return LimitDocument("auto_adjust", auto_adjust_type=adjust["AutoAdjustType"], periods=periods)
    if planned := found.get("PlannedBudgetLimits"):
        months = {_month(start): float(spend["Amount"]) for start, spend in planned.items()}
        return LimitDocument("planned", usd_by_month=dict(sorted(months.items())))
    amount = found.get("BudgetLimit", {}).get("Amount")
    return LimitDocument("fixed", usd=None if amount is None else float(amount))


def _month(start: str) -> str:
    """Return the month of a period's start, which AWS gives as seconds since 1970."""
    return datetime.datetime.fromtimestamp(int(start), tz=datetime.UTC).strftime("%Y-%m")


def _notifications(client: Any, account_id: str, name: str) -> Iterator[NotificationDocument]:
    pages = client.get_paginator("describe_notifications_for_budget").paginate(AccountId=account_id, BudgetName=name)
    for page in pages:
        for found in page.get("Notifications") or []:
            identity = {
                key: found[key]
                for key in ("NotificationType", "ComparisonOperator", "Threshold", "ThresholdType")
                if key in found
            }
            subscribers = [
                subscriber
                for subscriber_page in client.get_paginator("describe_subscribers_for_notification").paginate(
                    AccountId=account_id, BudgetName=name, Notification=identity
                )
                for subscriber in subscriber_page["Subscribers"]
            ]
            yield NotificationDocument(
                notification_type=found["NotificationType"],
                threshold_type=found.get("ThresholdType", "PERCENTAGE"),
                threshold=float(found["Threshold"]),
                comparison_operator=found["ComparisonOperator"],
                emails=_addresses(subscribers, "EMAIL"),
                topics=_addresses(subscribers, "SNS"),
            )


def _addresses(subscribers: list[dict[str, str]], kind: str) -> tuple[str, ...]:
    return tuple(sorted(found["Address"] for found in subscribers if found["SubscriptionType"] == kind))


def read_alerts(sns: Any, kms: Any, topic_arn: str) -> LiveAlerts | None:
    """Return the topic's policy, its key and the key's policy; None when there is no such topic.

    Raises: ClientError, BotoCoreError as boto3 does.
    """
    try:
        attributes = sns.get_topic_attributes(TopicArn=topic_arn)["Attributes"]
    except sns.exceptions.NotFoundException:
        return None
    policy = json_object(attributes["Policy"], f"policy of {topic_arn}") if attributes.get("Policy") else None
    key_id = attributes.get("KmsMasterKeyId") or None
    if key_id is None:
        return LiveAlerts(topic_arn, policy, None, None, None)
    try:
        metadata = kms.describe_key(KeyId=key_id)["KeyMetadata"]
        key_policy = json_object(
            kms.get_key_policy(KeyId=metadata["KeyId"], PolicyName="default")["Policy"], f"policy of key {key_id}"
        )
    except kms.exceptions.NotFoundException:
        return LiveAlerts(topic_arn, policy, key_id, "NotFound", None)
    return LiveAlerts(topic_arn, policy, key_id, metadata["KeyState"], key_policy)
