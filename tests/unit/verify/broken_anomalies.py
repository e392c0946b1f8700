"""Break one thing of anomaly detection, and say which one finding must name it."""

import dataclasses
from typing import Any

from harness.documents import MonitorDocument
from harness.state import LiveAnomalies, State, Unreadable
from tests.unit.verify.fault import fault

CHAT, WEEKLY = "anycompany-chat", "anycompany-weekly"


def live(state: State) -> LiveAnomalies:
    assert not isinstance(state.anomalies, Unreadable)
    return state.anomalies


def changed(state: State, **fields: Any) -> State:
    """Return the state with the weekly subscription changed."""
    held = live(state).subscriptions
    made = dataclasses.replace(held[WEEKLY], tells=dataclasses.replace(held[WEEKLY].tells, **fields))
    anomalies = dataclasses.replace(live(state), subscriptions={**held, WEEKLY: made})
    return dataclasses.replace(state, anomalies=anomalies)


@fault("anomaly detection", f"{WEEKLY}: declined", "finops@example.com")
def anomaly_subscriber_declined(state: State) -> State:
    held = live(state).subscriptions
    made = dataclasses.replace(held[WEEKLY], declined=("finops@example.com",))
    return dataclasses.replace(state, anomalies=dataclasses.replace(live(state), subscriptions={**held, WEEKLY: made}))


@fault("anomaly detection", f"{WEEKLY}: subscriptions", "2 of this name: ")
def anomaly_subscription_twice(state: State) -> State:
    held = live(state).subscriptions
    made = dataclasses.replace(held[WEEKLY], twins=("arn:other",))
    return dataclasses.replace(state, anomalies=dataclasses.replace(live(state), subscriptions={**held, WEEKLY: made}))


@fault("anomaly detection", f"{CHAT}: monitors", "2 of this name: ")
def anomaly_monitor_twice(state: State) -> State:
    held = live(state).monitors
    made = dataclasses.replace(held[CHAT], twins=("arn:other",))
    return dataclasses.replace(state, anomalies=dataclasses.replace(live(state), monitors={**held, CHAT: made}))


@fault("anomaly detection", CHAT, "no such monitor")
def anomaly_monitor_deleted(state: State) -> State:
    left = {name: each for name, each in live(state).monitors.items() if name != CHAT}
    return dataclasses.replace(state, anomalies=dataclasses.replace(live(state), monitors=left))


@fault("anomaly detection", f"{CHAT}: watches", "each SERVICE")
def anomaly_monitor_of_something_else(state: State) -> State:
    held = live(state).monitors
    other = dataclasses.replace(held[CHAT], watches=MonitorDocument("SERVICE"))
    return dataclasses.replace(state, anomalies=dataclasses.replace(live(state), monitors={**held, CHAT: other}))


@fault("anomaly detection", WEEKLY, "no such subscription")
def anomaly_subscription_deleted(state: State) -> State:
    left = {name: each for name, each in live(state).subscriptions.items() if name != WEEKLY}
    return dataclasses.replace(state, anomalies=dataclasses.replace(live(state), subscriptions=left))


@fault("anomaly detection", f"{WEEKLY}: threshold", "from 500 USD or 40 % on")
def anomaly_threshold_raised(state: State) -> State:
    return changed(state, usd=500.0)


@fault("anomaly detection", f"{WEEKLY}: threshold", "from 50 USD and 40 % on")
def anomaly_threshold_combined_otherwise(state: State) -> State:
    return changed(state, combine="all")


@fault("anomaly detection", f"{WEEKLY}: frequency", "DAILY")
def anomaly_frequency_changed(state: State) -> State:
    return changed(state, frequency="DAILY")


@fault("anomaly detection", f"{WEEKLY}: emails", "none")
def anomaly_subscriber_dropped(state: State) -> State:
    return changed(state, emails=())


@fault("anomaly detection", f"{WEEKLY}: monitors", "anycompany-chat")
def anomaly_subscription_to_fewer_monitors(state: State) -> State:
    return changed(state, monitors=("anycompany-chat",))
