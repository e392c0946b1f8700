"""Compare anomaly monitors and subscriptions with what the dictionary and the environment imply."""

from collections.abc import Iterator

from harness.documents import AnomalyDocument, MonitorDocument, SubscriptionDocument
from harness.finding import Finding
from harness.state import LiveMonitor, LiveSubscription, State, Unreadable
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
    for name, monitor in document.monitors.items():
        yield from _monitor(name, monitor, state.anomalies.monitors.get(name), apply)
    for name, subscription in document.subscriptions.items():
        yield from _subscription(name, subscription, state.anomalies.subscriptions.get(name), apply)


def _monitor(name: str, wanted: MonitorDocument, live: LiveMonitor | None, apply: str) -> Iterator[Finding]:
    held, must = "no such monitor" if live is None else _watched(live.watches), _watched(wanted)
    if live is None:
        yield Finding(ANOMALY, _WHERE, name, "fail", held, must, f"Do run {apply}")
    elif live.twins:
        yield _twins(name, "monitor", live.arn, live.twins)
    elif held == must:
        yield Finding(ANOMALY, _WHERE, name, "pass", held, must)
    else:
        repair = f"Do run aws ce delete-anomaly-monitor --monitor-arn {live.arn}, and {apply}"
        yield Finding(ANOMALY, _WHERE, f"{name}: watches", "fail", held, must, repair)


def _subscription(
    name: str, wanted: SubscriptionDocument, live: LiveSubscription | None, apply: str
) -> Iterator[Finding]:
    if live is None:
        must = _threshold(wanted)
        yield Finding(ANOMALY, _WHERE, name, "fail", "no such subscription", must, f"Do run {apply}")
        return
    if live.twins:
        yield _twins(name, "subscription", live.arn, live.twins)
        return
    faults = [
        Finding(ANOMALY, _WHERE, f"{name}: {part}", "fail", has, wants, f"Do run {apply}")
        for part, has, wants in _differences(wanted, live.tells)
    ]
    if live.declined:
        repair = "Do ask them to accept, or name others in env.yaml"
        faults.append(Finding(ANOMALY, _WHERE, f"{name}: declined", "fail", ", ".join(live.declined), "nobody", repair))
    yield from faults
    if not faults:
        threshold = _threshold(wanted)
        yield Finding(ANOMALY, _WHERE, name, "pass", threshold, threshold)


def _twins(name: str, kind: str, arn: str, twins: tuple[str, ...]) -> Finding:
    """Return that several have one name, of which nobody can tell which one is meant."""
    held = f"{1 + len(twins)} of this name: {', '.join((arn, *twins))}"
    repair = f"Do delete those that terraform does not hold: aws ce delete-anomaly-{kind} --{kind}-arn ARN"
    return Finding(ANOMALY, _WHERE, f"{name}: {kind}s", "fail", held, "one", repair)


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
