"""Read the payer's anomaly monitors and subscriptions."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from harness.documents import MonitorDocument, SubscriptionDocument
from harness.packing import canonical_json
from harness.state.model import LiveAnomalies, LiveMonitor, LiveSubscription

_KINDS = {"Dimensions": "LINKED_ACCOUNT", "Tags": "TAG", "CostCategories": "COST_CATEGORY"}
_IMPACTS = {"ANOMALY_TOTAL_IMPACT_ABSOLUTE": "usd", "ANOMALY_TOTAL_IMPACT_PERCENTAGE": "percent"}


def read_anomalies(client: Any, prefix: str) -> LiveAnomalies:
    """Return the monitors and subscriptions whose names begin with `prefix`, by name.

    Raises: ClientError, BotoCoreError as boto3 does.
    """
    raw = [*_pages(client.get_anomaly_monitors, "AnomalyMonitors")]
    names = {each["MonitorArn"]: each["MonitorName"] for each in raw}
    subscriptions = _pages(client.get_anomaly_subscriptions, "AnomalySubscriptions")
    return LiveAnomalies(
        monitors={
            name: LiveMonitor(first["MonitorArn"], _monitor(first), tuple(each["MonitorArn"] for each in more))
            for name, first, more in _by_name(raw, "MonitorName", prefix)
        },
        subscriptions={
            name: LiveSubscription(
                first["SubscriptionArn"],
                _subscription(first, names),
                _addresses(first, Status="DECLINED"),
                tuple(each["SubscriptionArn"] for each in more),
            )
            for name, first, more in _by_name(subscriptions, "SubscriptionName", prefix)
        },
    )


def _by_name(
    raw: Iterable[Mapping[str, Any]], field: str, prefix: str
) -> Iterator[tuple[str, Mapping[str, Any], list[Mapping[str, Any]]]]:
    """Yield each name with what is called so: AWS says nowhere that names are unique (API_AnomalyMonitor.html)."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for each in raw:
        if each[field].startswith(prefix):
            found.setdefault(each[field], []).append(each)
    yield from ((name, first, more) for name, (first, *more) in found.items())


def _pages(call: Any, key: str) -> Iterator[Mapping[str, Any]]:
    token: dict[str, str] = {}
    while True:
        page = call(MaxResults=100, **token)
        yield from page.get(key) or ()
        if not page.get("NextPageToken"):
            return
        token = {"NextPageToken": page["NextPageToken"]}


def _monitor(raw: Mapping[str, Any]) -> MonitorDocument | str:
    """Return what a monitor watches, as its JSON where tagrail makes none such."""
    specification = {root: inner for root, inner in (raw.get("MonitorSpecification") or {}).items() if inner}
    if not specification:
        return MonitorDocument(raw.get("MonitorDimension", ""))
    ((root, inner), *more) = specification.items()
    if more or root not in _KINDS or raw["MonitorType"] != "CUSTOM":
        return canonical_json({"dimension": raw.get("MonitorDimension", ""), "specification": specification})
    key = None if root == "Dimensions" else inner.get("Key")
    return MonitorDocument(_KINDS[root], key, tuple(sorted(inner.get("Values") or ())))


def _subscription(raw: Mapping[str, Any], names: Mapping[str, str]) -> SubscriptionDocument:
    amounts, combine = _threshold(raw)
    return SubscriptionDocument(
        frequency=raw["Frequency"],
        monitors=tuple(sorted(names.get(arn, arn) for arn in raw["MonitorArnList"])),
        emails=_addresses(raw, Type="EMAIL"),
        topics=_addresses(raw, Type="SNS"),
        usd=amounts.get("usd"),
        percent=amounts.get("percent"),
        combine=combine,
    )


def _addresses(raw: Mapping[str, Any], **wanted: str) -> tuple[str, ...]:
    """Return the sorted addresses of the subscribers that have these members."""
    subscribers = raw.get("Subscribers") or ()
    return tuple(sorted(each["Address"] for each in subscribers if wanted.items() <= each.items()))


def _threshold(raw: Mapping[str, Any]) -> tuple[dict[str, float], str]:
    """Return the amounts by unit, and how they are combined: as its JSON where tagrail makes no such threshold."""
    expression = {root: inner for root, inner in (raw.get("ThresholdExpression") or {}).items() if inner}
    if not expression:
        return {"usd": float(raw.get("Threshold", 0.0))}, "all"
    combine = "any" if "Or" in expression else "all"
    parts = expression.get("And") or expression.get("Or") or [expression]
    leaves = [part.get("Dimensions") or {} for part in parts]
    amounts = {_IMPACTS[leaf["Key"]]: float(leaf["Values"][0]) for leaf in leaves if leaf.get("Key") in _IMPACTS}
    return (amounts, combine) if len(amounts) == len(parts) else ({}, canonical_json(expression))
