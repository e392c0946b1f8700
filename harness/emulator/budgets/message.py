"""The words of an alert, as AWS Budgets publishes them; read from messages that people have published."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.emulator.budgets.spend import Spend

_LINK = "https://console.aws.amazon.com/costmanagement/home#/budgets"
_WHEN = {"DAILY": "day", "MONTHLY": "month", "QUARTERLY": "quarter", "ANNUALLY": "year", "CUSTOM": "period"}
_COMPARED = {
    "GREATER_THAN": ("is greater than", ">"),
    "LESS_THAN": ("is less than", "<"),
    "EQUAL_TO": ("is equal to", "="),
}


@dataclass(frozen=True, slots=True)
class Alert:
    """Hold the words of one alert of a budget of an account."""

    account_id: str
    budget_name: str
    subject: str
    message: str


def threshold_of(details: Mapping[str, Any], limit: float) -> float:
    """Return the USD of a Notification's threshold, which may be percent of the limit."""
    threshold = float(details["Threshold"])
    return threshold if details.get("ThresholdType") == "ABSOLUTE_VALUE" else limit * threshold / 100


def amount_of(details: Mapping[str, Any], spend: Spend) -> float:
    """Return the USD that a Notification looks at: what is spent, or what is forecasted."""
    return spend.actual if details["NotificationType"] == "ACTUAL" else spend.forecasted


def compose_alert(
    account_id: str, raw: Mapping[str, Any], details: Mapping[str, Any], spend: Spend, now: datetime.datetime
) -> Alert:
    """Return what AWS would write about a Budget whose Notification was crossed."""
    name, kind = raw["BudgetName"], details["NotificationType"]
    words, sign = _COMPARED[details["ComparisonOperator"]]
    threshold, amount = f"${threshold_of(details, spend.limit):,.2f}", f"${amount_of(details, spend):,.2f}"
    request = (
        f"You requested that we alert you when the {kind} Cost associated with your {name} budget {words} {threshold} "
        f"for the current {_WHEN[raw['TimeUnit']]}. The {kind} Cost associated with this budget is {amount}. "
        "You can find additional details below and by accessing the AWS Budgets dashboard [1]."
    )
    lines = (
        f"AWS Budget Notification {now:%B %d, %Y}",
        f"AWS Account {account_id}",
        "",
        "Dear AWS Customer,",
        "",
        request,
        "",
        f"Budget Name: {name}",
        "Budget Type: Cost",
        f"Budgeted Amount: ${spend.limit:,.2f}",
        f"Alert Type: {kind}",
        f"Alert Threshold: {sign} {threshold}",
        f"{kind} Amount: {amount}",
        "",
        f"[1] {_LINK}",
        "",
    )
    return Alert(account_id, name, f"AWS Budgets: {name} has exceeded your alert threshold", "\n".join(lines))
