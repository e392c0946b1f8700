"""Compare anomaly monitors and subscriptions with what the dictionary and the environment imply."""

from collections.abc import Iterator

from harness.documents import AnomalyDocument, MonitorDocument, SubscriptionDocument
from harness.finding import Finding
from harness.state import State, Unreadable
from harness.verify.unreadable import unknown

ANOMALY = "anomaly detection"
_WHERE = "billing"
_READ = "ce:GetAnomalyMonitors and ce:GetAnomalySubscriptions in the payer account"


def anomaly_findings(document: AnomalyDocument, state: State, apply: str) -> Iterator[Finding]:
    """Yield a finding for each monitor, and for each subscription or part of it that differs.

    A monitor that watches something else can only be made anew. Raises: nothing.
    """
    if not document.monitors and not document.subscriptions:
        return
    if isinstance(state.anomalies, Unreadable):
        yield unknown(ANOMALY, _WHERE, "all", state.anomalies, _READ)
        return
    for name, wanted in document.monitors.items():
        monitor = state.anomalies.monitors.get(name)
        held, must = "no such monitor" if monitor is None else _watched(monitor.watches), _watched(wanted)
        if held == must:
            yield Finding(ANOMALY, _WHERE, name, "pass", held, must)
        elif monitor is None:
            yield Finding(ANOMALY, _WHERE, name, "fail", held, must, f"Do run {apply}")
        else:
            repair = f"Do run aws ce delete-anomaly-monitor --monitor-arn {monitor.arn}, and {apply}"
            yield Finding(ANOMALY, _WHERE, f"{name}: watches", "fail", held, must, repair)
    for name, subscription in document.subscriptions.items():
        live = state.anomalies.subscriptions.get(name)
        if live is None:
            must = _threshold(subscription)
            yield Finding(ANOMALY, _WHERE, name, "fail", "no such subscription", must, f"Do run {apply}")
            continue
        differences = list(_differences(subscription, live.tells))
        for part, has, wants in differences:
            yield Finding(ANOMALY, _WHERE, f"{name}: {part}", "fail", has, wants, f"Do run {apply}")
        if not differences:
            threshold = _threshold(subscription)
            yield Finding(ANOMALY, _WHERE, name, "pass", threshold, threshold)


def _differences(wanted: SubscriptionDocument, held: SubscriptionDocument) -> Iterator[tuple[str, str, str]]:
    if held.frequency != wanted.frequency:
        yield "frequency", held.frequency, wanted.frequency
    for part in ("monitors", "emails", "topics"):
        has, must = (", ".join(getattr(each, part)) or "none" for each in (held, wanted))
        if has != must:
            yield part, has, must
    if _threshold(held) != _threshold(wanted):
        yield "threshold", _threshold(held), _threshold(wanted)


def _watched(watched: MonitorDocument | str) -> str:
    if isinstance(watched, str):
        return watched
    what = f"{watched.kind} {watched.key}" if watched.key else watched.kind
    return f"{what}: {', '.join(watched.values)}" if watched.values else f"each {what}"


def _threshold(subscription: SubscriptionDocument) -> str:
    amounts = [f"{subscription.usd:g} USD"] if subscription.usd is not None else []
    amounts += [f"{subscription.percent:g} %"] if subscription.percent is not None else []
    joined = {"all": " and ", "any": " or "}.get(subscription.combine)
    return subscription.combine if joined is None else f"from {joined.join(amounts)} on"
