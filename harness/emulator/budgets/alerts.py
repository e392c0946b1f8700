"""Work budgets out and alert where a threshold is crossed.

An ACTUAL alert comes once a period; a FORECASTED one again when the forecast was below its threshold in between:
docs.aws.amazon.com/cost-management/latest/userguide/budgets-best-practices.html.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from harness.emulator.billing.cost_data import CostData
from harness.emulator.budgets.delivery import deliver
from harness.emulator.budgets.message import amount_of, compose_alert, threshold_of
from harness.emulator.budgets.model import Budget, Notification
from harness.emulator.budgets.spend import Spend, spend_of


def settle(budget: Budget, account_id: str, data: CostData, now: datetime.datetime) -> None:
    """Bring a budget of an account up to date, and alert the subscribers of every threshold that it has crossed."""
    budget.spend = spend_of(budget.raw, data, now)
    period = budget.spend.period
    for notification in budget.notifications if period else ():
        crossed = _is_crossed(notification.details, budget.spend)
        start = period.start if period else None
        if not crossed:
            _calm(notification, start)
        elif notification.alerted_for != start:
            notification.alerted_for = start
            alert = compose_alert(account_id, budget.raw, notification.details, budget.spend, now)
            for subscriber in notification.subscribers:
                deliver(alert, subscriber)


def _calm(notification: Notification, start: datetime.datetime | None) -> None:
    """Let a notification alert again: in a new period, or at once when it is about the forecast."""
    if notification.alerted_for != start or notification.details["NotificationType"] == "FORECASTED":
        notification.alerted_for = None


def _is_crossed(details: Mapping[str, Any], spend: Spend) -> bool:
    amount, threshold = amount_of(details, spend), threshold_of(details, spend.limit)
    operator = details["ComparisonOperator"]
    if operator == "EQUAL_TO":
        return round(amount, 2) == round(threshold, 2)
    return amount > threshold if operator == "GREATER_THAN" else amount < threshold
