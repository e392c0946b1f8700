"""Cost anomaly detection: the answers of Cost Explorer. `anomalies` holds monitors, subscriptions and their rules."""

from typing import Any

from harness.emulator.billing.anomalies import new_arn
from harness.emulator.clock import utcnow
from harness.emulator.wire import answering, page


def _create_monitor(backend: Any, request: dict[str, Any]) -> dict[str, Any]:
    arn = new_arn(backend.partition, backend.account_id, "anomalymonitor")
    backend.anomalies.add_monitor(arn, request["AnomalyMonitor"])
    backend.tag_resource(arn, request.get("ResourceTags") or [])
    return {"MonitorArn": arn}


def _get_monitors(backend: Any, request: dict[str, Any]) -> dict[str, Any]:
    wanted = request.get("MonitorArnList") or [*backend.anomalies.monitors]
    shown, following = _page([backend.anomalies.monitor(arn) for arn in wanted], request)
    return {"AnomalyMonitors": shown, **following}


def _update_monitor(backend: Any, request: dict[str, Any]) -> dict[str, Any]:
    held = backend.anomalies.monitor(request["MonitorArn"])
    held["MonitorName"] = request.get("MonitorName") or held["MonitorName"]
    held["LastUpdatedDate"] = f"{utcnow():%Y-%m-%d}"
    return {"MonitorArn": held["MonitorArn"]}


def _delete_monitor(backend: Any, request: dict[str, Any]) -> None:
    """Delete a monitor; subscriptions to it are told of nothing by it any more."""
    arn = backend.anomalies.monitor(request["MonitorArn"])["MonitorArn"]
    del backend.anomalies.monitors[arn]
    for subscription in backend.anomalies.subscriptions.values():
        subscription["MonitorArnList"] = [each for each in subscription["MonitorArnList"] if each != arn]


def _create_subscription(backend: Any, request: dict[str, Any]) -> dict[str, Any]:
    arn = new_arn(backend.partition, backend.account_id, "anomalysubscription")
    backend.anomalies.add_subscription(arn, {"AccountId": backend.account_id, **request["AnomalySubscription"]})
    backend.tag_resource(arn, request.get("ResourceTags") or [])
    return {"SubscriptionArn": arn}


def _get_subscriptions(backend: Any, request: dict[str, Any]) -> dict[str, Any]:
    wanted = request.get("SubscriptionArnList") or [*backend.anomalies.subscriptions]
    found = [backend.anomalies.subscription(arn) for arn in wanted]
    monitor = request.get("MonitorArn")
    shown, following = _page([each for each in found if monitor in (None, *each["MonitorArnList"])], request)
    return {"AnomalySubscriptions": shown, **following}


def _update_subscription(backend: Any, request: dict[str, Any]) -> dict[str, Any]:
    arn = request["SubscriptionArn"]
    changes = {name: value for name, value in request.items() if name != "SubscriptionArn" and value is not None}
    backend.anomalies.change_subscription(arn, changes)
    return {"SubscriptionArn": arn}


def _delete_subscription(backend: Any, request: dict[str, Any]) -> None:
    arn = backend.anomalies.subscription(request["SubscriptionArn"])["SubscriptionArn"]
    del backend.anomalies.subscriptions[arn]


def _page(found: list[dict[str, Any]], request: dict[str, Any]) -> tuple[Any, dict[str, str]]:
    """Return one page; these operations ask and answer with `NextPageToken`."""
    paging = {"NextToken": request.get("NextPageToken"), "MaxResults": request.get("MaxResults")}
    shown, following = page(found, paging, "MaxResults", 100)
    return shown, ({"NextPageToken": following["NextToken"]} if following else {})


class AnomalyResponse:
    """Answer requests about anomaly monitors and subscriptions."""

    create_anomaly_monitor = answering(_create_monitor)
    get_anomaly_monitors = answering(_get_monitors)
    update_anomaly_monitor = answering(_update_monitor)
    delete_anomaly_monitor = answering(_delete_monitor)
    create_anomaly_subscription = answering(_create_subscription)
    get_anomaly_subscriptions = answering(_get_subscriptions)
    update_anomaly_subscription = answering(_update_subscription)
    delete_anomaly_subscription = answering(_delete_subscription)
