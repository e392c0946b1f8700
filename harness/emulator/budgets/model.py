"""Budgets, their notifications and subscribers, with the rules of AWS Budgets.

docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html (the other types beside it).
"""

import datetime
from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from harness.emulator.budgets.period import period_at
from harness.emulator.budgets.spend import Spend, keep_of
from harness.emulator.clock import from_unix, unix_time, utcnow
from harness.emulator.wire import AwsError
from harness.facts import load_facts

_FOREVER = 3706473600  # 2087-06-15, where AWS ends a budget that says nothing
_PLANNED = {"MONTHLY": 12, "QUARTERLY": 4}

Raw = dict[str, Any]


class Notification:
    """Hold one alert of a budget and who gets it."""

    def __init__(self, details: Raw, subscribers: Iterable[Raw]) -> None:
        """Check the subscribers.

        Raises: AwsError InvalidParameterException, DuplicateRecordException or CreationLimitExceededException.
        """
        self.details = details
        self.alerted_for: datetime.datetime | None = None  # the start of the period in which it went off
        self.subscribers: list[Raw] = []
        for subscriber in subscribers:
            self.subscribe(subscriber)
        if not self.subscribers:
            raise AwsError("InvalidParameterException", "A notification must have at least one subscriber.")

    @property
    def identity(self) -> tuple[str, str, float, str]:
        """Return what makes two notifications of a budget the same to AWS."""
        return identity(self.details)

    def describe(self) -> Raw:
        """Return AWS's Notification: like AWS it leaves out the threshold type PERCENTAGE."""
        described = {**self.details, "NotificationState": "ALARM" if self.alerted_for else "OK"}
        if described.get("ThresholdType") == "PERCENTAGE":
            del described["ThresholdType"]
        return described

    def subscribe(self, subscriber: Raw) -> None:
        """Add a subscriber: at most one topic and ten addresses.

        Raises: AwsError DuplicateRecordException or CreationLimitExceededException.
        """
        if subscriber in self.subscribers:
            text = f"The subscriber {subscriber['Address']} already exists for this notification."
            raise AwsError("DuplicateRecordException", text)
        kind = subscriber["SubscriptionType"]
        most = 1 if kind == "SNS" else load_facts().limits["budget_emails_per_notification"]
        if sum(held["SubscriptionType"] == kind for held in self.subscribers) >= most:
            text = f"A notification can have at most {most} subscribers of type {kind}."
            raise AwsError("CreationLimitExceededException", text)
        if kind == "SNS" and not subscriber["Address"].startswith("arn:"):
            text = f"The SNS topic ARN {subscriber['Address']} is not valid."
            raise AwsError("InvalidParameterException", text)
        self.subscribers.append(subscriber)

    def unsubscribe(self, subscriber: Raw) -> None:
        """Remove a subscriber.

        Raises: AwsError NotFoundException.
        """
        if subscriber not in self.subscribers:
            text = f"Unable to find subscriber {subscriber['Address']} - the subscriber doesn't exist."
            raise AwsError("NotFoundException", text)
        self.subscribers.remove(subscriber)

    def exchange(self, old: Raw, new: Raw) -> None:
        """Put `new` in the place of the subscriber `old`.

        Raises: AwsError as `subscribe` and `unsubscribe` do; the subscribers are then as before.
        """
        before = list(self.subscribers)
        self.unsubscribe(old)
        try:
            self.subscribe(new)
        except AwsError:
            self.subscribers = before
            raise


class Budget:
    """Hold one budget as AWS would describe it."""

    def __init__(self, raw: Raw) -> None:
        """Check and keep a request's Budget.

        Raises: AwsError InvalidParameterException.
        """
        self.notifications: list[Notification] = []
        self.tags: dict[str, str] = {}
        self.spend = Spend(0.0)  # whoever holds the budget brings it up to date
        self._period = {"Start": unix_time(period_at(raw["TimeUnit"], utcnow()).start), "End": _FOREVER}
        self.update(raw)

    @property
    def raw(self) -> Raw:
        """Return the Budget as it was asked for, with its whole time period."""
        return self._raw

    def update(self, raw: Raw) -> None:
        """Replace everything but notifications, tags and what `raw` leaves out of the time period.

        Raises: AwsError InvalidParameterException, or NotImplemented for a filter that cost data cannot judge.
        """
        raw = {name: value for name, value in raw.items() if value not in (None, {}, [])}
        _check(raw)
        self._period = {**self._period, **raw.get("TimePeriod", {})}
        self._raw = {**raw, "TimePeriod": self._period, "LastUpdatedTime": unix_time()}

    def describe(self, *, show_filter: bool) -> Raw:
        """Return AWS's Budget; `show_filter` asks for FilterExpression, which AWS leaves out otherwise."""
        described = deepcopy(self._raw)
        described["CalculatedSpend"] = {
            "ActualSpend": _usd(self.spend.actual),
            "ForecastedSpend": _usd(self.spend.forecasted),
        }
        described["BudgetLimit"] = {**_usd(self.spend.limit), **_unit(self._raw.get("BudgetLimit"))}
        if described["BudgetType"] == "COST" and "FilterExpression" not in described:
            described["CostTypes"] = {**load_facts().budget_cost_types, **described.get("CostTypes", {})}
        for limit in described.get("PlannedBudgetLimits", {}).values():
            limit["Amount"] = _amount(limit)
        if "AutoAdjustData" in described:
            adjusted = described["AutoAdjustData"]
            adjusted["LastAutoAdjustTime"] = self._raw["LastUpdatedTime"]
            # Terraform's provider reads the options of every auto-adjusting budget, empty for FORECAST.
            options = adjusted.setdefault("HistoricalOptions", {})
            if options:
                options["LookBackAvailablePeriods"] = self.spend.looked_back
        if not show_filter:
            described.pop("FilterExpression", None)
        return described

    def notification(self, details: Raw) -> Notification:
        """Return the notification of those details.

        Raises: AwsError NotFoundException.
        """
        for held in self.notifications:
            if held.identity == identity(details):
                return held
        text = f"Unable to find notification for budget {self._raw['BudgetName']} - the notification doesn't exist."
        raise AwsError("NotFoundException", text)

    def add(self, notification: Notification) -> None:
        """Add a notification: at most ten, no two alike, no forecast of a single day.

        Raises: AwsError DuplicateRecordException, InvalidParameterException or CreationLimitExceededException.
        """
        most = load_facts().limits["budget_notifications"]
        if any(held.identity == notification.identity for held in self.notifications):
            text = f"The notification already exists for budget {self._raw['BudgetName']}."
            raise AwsError("DuplicateRecordException", text)
        kind, time_unit = notification.details["NotificationType"], self._raw["TimeUnit"]
        if kind == "FORECASTED" and time_unit == "DAILY":
            raise AwsError("InvalidParameterException", "A DAILY budget can only have ACTUAL notifications.")
        if len(self.notifications) >= most:
            raise AwsError("CreationLimitExceededException", f"A budget can have at most {most} notifications.")
        self.notifications.append(notification)

    def replace(self, old: Raw, new: Raw) -> None:
        """Change a notification and keep its subscribers.

        Raises: AwsError NotFoundException or DuplicateRecordException.
        """
        held = self.notification(old)
        if any(other is not held and other.identity == identity(new) for other in self.notifications):
            text = f"The notification already exists for budget {self._raw['BudgetName']}."
            raise AwsError("DuplicateRecordException", text)
        held.details, held.alerted_for = new, None

    def remove(self, notification: Notification) -> None:
        """Remove a notification that this budget holds."""
        self.notifications.remove(notification)

    def tag(self, tags: Iterable[Raw]) -> None:
        """Add or overwrite tags.

        Raises: AwsError ServiceQuotaExceededException.
        """
        merged = {**self.tags, **{tag["Key"]: tag["Value"] for tag in tags}}
        most = load_facts().limits["tags_per_resource"]
        if len(merged) > most:
            raise AwsError("ServiceQuotaExceededException", f"A budget can have at most {most} tags.")
        self.tags = merged


def identity(details: Raw) -> tuple[str, str, float, str]:
    """Return what identifies a notification: type, operator, threshold, and threshold type (PERCENTAGE if absent)."""
    threshold_type = details.get("ThresholdType") or "PERCENTAGE"
    return details["NotificationType"], details["ComparisonOperator"], float(details["Threshold"]), threshold_type


def _amount(limit: Raw) -> str:
    """Return an amount in AWS's spelling: "5000" comes back as "5000.0"."""
    return str(float(limit["Amount"]))


def _usd(amount: float) -> Raw:
    """Return AWS's Spend."""
    return {"Amount": str(round(amount, 3)), "Unit": "USD"}


def _unit(limit: Raw | None) -> Raw:
    """Return the unit of a limit that is not in USD, as those of usage are not."""
    return {"Unit": limit["Unit"]} if limit else {}


def _check(raw: Raw) -> None:
    name, planned = raw["BudgetName"], raw.get("PlannedBudgetLimits")
    if any(sign in name for sign in ":\\") or "/action/" in name:
        text = f"The budget name {name} must not contain ':', '\\' or '/action/'."
        raise AwsError("InvalidParameterException", text)
    if len({"BudgetLimit", "PlannedBudgetLimits", "AutoAdjustData"} & set(raw)) != 1:
        text = (
            "Unable to create/update budget - please provide exactly one of the followings: Budget Limit/ "
            "Planned Budget Limit/ Auto Adjust Data"
        )
        raise AwsError("InvalidParameterException", text)
    if planned and len(planned) != _PLANNED.get(raw["TimeUnit"]):
        text = (
            "Planned budget limits must be given for 12 months of a MONTHLY or 4 quarters of a QUARTERLY budget; "
            f"got {len(planned)} for {raw['TimeUnit']}."
        )
        raise AwsError("InvalidParameterException", text)
    if "CostFilters" in raw and "FilterExpression" in raw:
        text = "CostFilters and FilterExpression must not be used together."
        raise AwsError("InvalidParameterException", text)
    _check_numbers(raw)
    if raw["BudgetType"] == "COST":
        keep_of(raw)


def _check_numbers(raw: Raw) -> None:
    limits = [*(raw.get("PlannedBudgetLimits") or {}).values(), *([raw["BudgetLimit"]] if "BudgetLimit" in raw else [])]
    adjusting = raw.get("AutoAdjustData", {})
    try:
        for moment in (*raw.get("PlannedBudgetLimits", {}), *raw.get("TimePeriod", {}).values()):
            from_unix(moment)
        for limit in limits:
            float(limit["Amount"])
    except (KeyError, OverflowError, TypeError, ValueError) as error:
        text = "Amounts must be decimal numbers and times seconds since 1970."
        raise AwsError("InvalidParameterException", text) from error
    if adjusting.get("AutoAdjustType") == "HISTORICAL" and "HistoricalOptions" not in adjusting:
        text = "HistoricalOptions must be given for an AutoAdjustType of HISTORICAL."
        raise AwsError("InvalidParameterException", text)
