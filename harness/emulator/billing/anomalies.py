"""Cost anomaly detection: monitors and subscriptions with the rules of AWS. It finds nothing: cost data is even.

docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_AnomalyMonitor.html and API_AnomalySubscription.html.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.emulator.clock import utcnow
from harness.emulator.wire import AwsError
from harness.facts import load_facts

_KEYED = {"TAG": "Tags", "COST_CATEGORY": "CostCategories"}
_IMPACTS = frozenset({"ANOMALY_TOTAL_IMPACT_ABSOLUTE", "ANOMALY_TOTAL_IMPACT_PERCENTAGE"})
_AT_LEAST = "GREATER_THAN_OR_EQUAL"
_EMAILS = 10


@dataclass(slots=True)
class Anomalies:
    """Hold the monitors and subscriptions of one account as AWS describes them, by ARN."""

    monitors: dict[str, dict[str, Any]] = field(default_factory=dict)
    subscriptions: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add_monitor(self, arn: str, wanted: Mapping[str, Any]) -> None:
        """Keep a new monitor.

        Raises: AwsError ValidationException or LimitExceededException.
        """
        _check_monitor(wanted)
        if len(self.monitors) >= load_facts().limits["anomaly_monitors_per_payer"]:
            raise AwsError("LimitExceededException", "Limit exceeded on monitor creation")
        managed = [each for each in self.monitors.values() if each["MonitorType"] == "DIMENSIONAL"]
        if any(each["MonitorDimension"] == wanted.get("MonitorDimension") == "SERVICE" for each in managed):
            raise AwsError("LimitExceededException", "Limit exceeded on dimensional spend monitor creation")
        today = f"{utcnow():%Y-%m-%d}"
        self.monitors[arn] = {**wanted, "MonitorArn": arn, "CreationDate": today, "LastUpdatedDate": today}

    def add_subscription(self, arn: str, wanted: Mapping[str, Any]) -> None:
        """Keep a new subscription.

        Raises: AwsError ValidationException or UnknownMonitorException.
        """
        self._check_subscription(wanted)
        self.subscriptions[arn] = {**wanted, "SubscriptionArn": arn}

    def change_subscription(self, arn: str, changes: Mapping[str, Any]) -> None:
        """Change what is given of a subscription.

        Raises: AwsError UnknownSubscriptionException, ValidationException or UnknownMonitorException.
        """
        changed = {**self.subscription(arn), **changes}
        self._check_subscription(changed)
        self.subscriptions[arn] = changed

    def monitor(self, arn: str) -> dict[str, Any]:
        """Return a monitor.

        Raises: AwsError UnknownMonitorException.
        """
        if arn not in self.monitors:
            raise AwsError("UnknownMonitorException", f"The monitor {arn} does not exist.")
        return self.monitors[arn]

    def subscription(self, arn: str) -> dict[str, Any]:
        """Return a subscription.

        Raises: AwsError UnknownSubscriptionException.
        """
        if arn not in self.subscriptions:
            raise AwsError("UnknownSubscriptionException", f"The subscription {arn} does not exist.")
        return self.subscriptions[arn]

    def _check_subscription(self, wanted: Mapping[str, Any]) -> None:
        for arn in wanted["MonitorArnList"]:
            self.monitor(arn)
        kinds = [each["Type"] for each in wanted["Subscribers"]]
        kind = "SNS" if wanted["Frequency"] == "IMMEDIATE" else "EMAIL"
        if not kinds or {*kinds} != {kind}:
            raise _invalid(f"Subscribers of type {kind} are required with frequency {wanted['Frequency']}.")
        if len(kinds) > (1 if kind == "SNS" else _EMAILS):
            raise _invalid(f"Too many subscribers of type {kind}.")
        if (wanted.get("Threshold") is None) == (not wanted.get("ThresholdExpression")):
            raise _invalid("One of Threshold and ThresholdExpression must be given.")
        if wanted.get("ThresholdExpression"):
            _check_threshold(wanted["ThresholdExpression"])


def new_arn(partition: str, account_id: str, kind: str) -> str:
    """Return the ARN of a new monitor or subscription."""
    return f"arn:{partition}:ce::{account_id}:{kind}/{uuid.uuid4()}"


def _check_monitor(wanted: Mapping[str, Any]) -> None:
    specification = _given(wanted.get("MonitorSpecification") or {})
    dimension = wanted.get("MonitorDimension")
    if wanted["MonitorType"] == "CUSTOM":
        if dimension or not specification:
            raise _invalid("A custom monitor must have a MonitorSpecification and no MonitorDimension.")
        _check_watched(specification)
    elif not dimension:
        raise _invalid("A dimensional monitor must have a MonitorDimension.")
    elif ({*specification} or None) != ({_KEYED[dimension]} if dimension in _KEYED else None):
        raise _invalid(f"MonitorSpecification does not fit the dimension {dimension}.")


def _check_watched(specification: Mapping[str, Any]) -> None:
    if len(specification) != 1:
        raise _invalid("MonitorSpecification must have one of Dimensions, Tags and CostCategories.")
    ((root, inner),) = specification.items()
    limits = load_facts().limits
    most = {
        "Dimensions": limits["anomaly_monitor_accounts"],
        "Tags": limits["anomaly_monitor_tag_values"],
        "CostCategories": 1,
    }
    values = inner.get("Values") or ()
    if root not in most or (root == "Dimensions" and inner.get("Key") != "LINKED_ACCOUNT"):
        raise _invalid("A custom monitor watches linked accounts, values of a tag or of a cost category.")
    if not inner.get("Key") or not 1 <= len(values) <= most[root]:
        raise _invalid(f"{root} must have a key and 1 to {most[root]} values.")


def _check_threshold(expression: Mapping[str, Any]) -> None:
    given = _given(expression)
    if len(given) != 1:
        raise _invalid("ThresholdExpression must have one root.")
    ((root, inner),) = given.items()
    if root in {"And", "Or"}:
        for part in inner:
            _check_threshold(part)
        return
    values: Iterable[str] = inner.get("Values") or () if root == "Dimensions" else ()
    if root != "Dimensions" or inner.get("Key") not in _IMPACTS or inner.get("MatchOptions") != [_AT_LEAST]:
        raise _invalid(f"ThresholdExpression must compare impacts, with {_AT_LEAST}.")
    most = load_facts().limits["anomaly_threshold"]
    if len([*values]) != 1 or not all(_is_number(text) and 0 <= float(text) <= most for text in values):
        raise _invalid(f"Values must be a number between 0 and {most}.")


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()


def _given(expression: Mapping[str, Any]) -> dict[str, Any]:
    return {root: inner for root, inner in expression.items() if inner}


def _invalid(text: str) -> AwsError:
    return AwsError("ValidationException", text)
