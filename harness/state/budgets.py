"""Read the payer's budgets with their notifications and subscribers."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from harness.documents import LimitDocument, NotificationDocument
from harness.state.model import LiveBudget, Unreadable
from harness.state.reading import read_each


def read_budgets(client: Any, account_id: str, prefix: str) -> dict[str, LiveBudget | Unreadable]:
    """Return the budgets whose names begin with `prefix`; one whose alerts cannot be read does not hide the others.

    Raises: ClientError, BotoCoreError as boto3 does when budgets cannot be listed.
    """
    # A budget that got its filters as an expression shows them only when asked.
    pages = client.get_paginator("describe_budgets").paginate(AccountId=account_id, ShowFilterExpression=True)
    found = {raw["BudgetName"]: raw for page in pages for raw in page.get("Budgets") or []}
    names = sorted(name for name in found if name.startswith(prefix))
    return read_each(lambda name: _budget(client, account_id, found[name]), names)


def _budget(client: Any, account_id: str, raw: Mapping[str, Any]) -> LiveBudget:
    filters = {name: tuple(sorted(values)) for name, values in raw.get("CostFilters", {}).items() if values}
    limits = [*raw.get("PlannedBudgetLimits", {}).values(), raw.get("BudgetLimit", {})]
    return LiveBudget(
        limit=_limit(raw),
        time_unit=raw["TimeUnit"],
        filters=filters,
        notifications=tuple(sorted(_notifications(client, account_id, raw["BudgetName"]))),
        budget_type=raw.get("BudgetType", "COST"),
        units=frozenset(limit["Unit"] for limit in limits if "Unit" in limit),
        expression=raw.get("FilterExpression") or None,
        cost_types=raw.get("CostTypes") or {},
        billing_view=raw.get("BillingViewArn", ""),
    )


def _limit(raw: Mapping[str, Any]) -> LimitDocument:
    if adjust := raw.get("AutoAdjustData"):
        periods = adjust.get("HistoricalOptions", {}).get("BudgetAdjustmentPeriod")
        return LimitDocument("auto_adjust", auto_adjust_type=adjust["AutoAdjustType"], periods=periods)
    if planned := raw.get("PlannedBudgetLimits"):
        months = {_month(start): float(spend["Amount"]) for start, spend in planned.items()}
        return LimitDocument("planned", usd_by_month=dict(sorted(months.items())))
    amount = raw.get("BudgetLimit", {}).get("Amount")
    return LimitDocument("fixed", usd=None if amount is None else float(amount))


def _month(start: str) -> str:
    """Return the month of a period's start, which AWS gives as seconds since 1970."""
    return datetime.datetime.fromtimestamp(int(start), tz=datetime.UTC).strftime("%Y-%m")


def _notifications(client: Any, account_id: str, name: str) -> Iterator[NotificationDocument]:
    about = {"AccountId": account_id, "BudgetName": name}
    for found in _pages(client, "describe_notifications_for_budget", "Notifications", about):
        keys = ("NotificationType", "ComparisonOperator", "Threshold", "ThresholdType")
        identity = {key: found[key] for key in keys if key in found}
        subscribers = _pages(
            client, "describe_subscribers_for_notification", "Subscribers", {**about, "Notification": identity}
        )
        yield NotificationDocument(
            notification_type=found["NotificationType"],
            threshold_type=found.get("ThresholdType", "PERCENTAGE"),
            threshold=float(found["Threshold"]),
            comparison_operator=found["ComparisonOperator"],
            emails=_addresses(subscribers, "EMAIL"),
            topics=_addresses(subscribers, "SNS"),
        )


def _pages(client: Any, operation: str, key: str, arguments: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """Return all items; none where AWS says that there is none, as it may of a budget whose last alert is gone."""
    try:
        pages = client.get_paginator(operation).paginate(**arguments)
        return tuple(item for page in pages for item in page.get(key) or [])
    except client.exceptions.NotFoundException:
        return ()


def _addresses(subscribers: tuple[dict[str, str], ...], kind: str) -> tuple[str, ...]:
    return tuple(sorted(found["Address"] for found in subscribers if found["SubscriptionType"] == kind))
