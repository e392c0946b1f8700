"""Check what an environment says of unusual costs: monitors that AWS can make, and subscribers that it can tell.

Source: docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_AnomalyMonitor.html and
API_AnomalySubscription.html beside it.
"""

import re
from collections.abc import Iterator

from harness.dictionary import Dictionary, allows
from harness.environment.anomaly_model import AnomalyMonitor, AnomalySubscription
from harness.environment.budget_rules import email_faults
from harness.environment.cost_category_rules import billed_key_faults, possible_values
from harness.environment.model import Environment
from harness.environment.named_accounts import account_name_faults
from harness.facts import Facts
from harness.spelling import nearest
from harness.tag_text import EMAIL
from harness.yaml_source import Path_

Faults = Iterator[tuple[Path_, str]]

_AT: Path_ = ("anomaly",)
_KINDS = ("by", "accounts", "tag", "cost_category")
_ADDRESS = re.compile(r"[a-zA-Z0-9.!#$%&'*+=?^_\u2018{|}~-]+@[a-zA-Z0-9_-]+(\.[a-zA-Z0-9_-]+)+")  # botocore ce
_SHORTEST = 6  # botocore ce SubscriberAddress


def anomaly_faults(environment: Environment, dictionary: Dictionary, facts: Facts) -> Faults:
    """Yield every fault of `anomaly` as its path and message. Raises: nothing."""
    section = environment.anomaly
    most = facts.limits["anomaly_monitors_per_payer"]
    if len(section.monitors) > most:
        yield (*_AT, "monitors"), f"must hold {most} monitors at most; got {len(section.monitors)}. Do drop some"
    by_service = [name for name, monitor in section.monitors.items() if monitor.by]
    for name in by_service[1:]:
        rule = "must be the only monitor by service, of which a payer has one"
        yield (*_AT, "monitors", name, "by"), f'{rule}; got "{by_service[0]}" too. Do remove it'
    for name, monitor in section.monitors.items():
        yield from _name((*_AT, "monitors", name), name)
        yield from _monitor((*_AT, "monitors", name), monitor, environment, dictionary, facts)
    for name, subscription in section.subscriptions.items():
        yield from _name((*_AT, "subscriptions", name), name)
        yield from _subscription((*_AT, "subscriptions", name), subscription, environment, facts)


def _name(at: Path_, name: str) -> Faults:
    if not name.strip() or name != name.strip():
        yield at, f'must be a name without a space at either end; got "{name}". Do rename it'


def _monitor(
    at: Path_, monitor: AnomalyMonitor, environment: Environment, dictionary: Dictionary, facts: Facts
) -> Faults:
    given = [kind for kind in _KINDS if getattr(monitor, kind)]
    if len(given) != 1:
        found = " and ".join(given) or "none"
        message = f"must have exactly one of {', '.join(_KINDS[:-1])} and {_KINDS[-1]}; got {found}. "
        yield at, message + ("Do write one monitor each" if given else "Do add one")
        return
    yield from account_name_faults((*at, "accounts"), monitor.accounts)
    if monitor.tag is not None:
        yield from billed_key_faults((*at, "tag"), monitor.tag, dictionary)
    valued = given[0] in {"tag", "cost_category"}
    if monitor.values and not valued:
        yield (*at, "values"), f"must be left out beside {given[0]}. Do remove it"
        return
    rows = {"accounts": "anomaly_monitor_accounts", "tag": "anomaly_monitor_tag_values"}
    most = facts.limits[rows[given[0]]] if given[0] in rows else 1
    count = len(monitor.values) if valued else len(monitor.accounts)
    if valued and not count:
        yield at, f"must name values beside {given[0]}; got none. Do add values"
    elif count > most:
        field = "values" if valued else "accounts"
        yield (*at, field), f"must hold {most} at most; got {count}. Do write one monitor each"
    yield from _values((*at, "values"), monitor, environment, dictionary)


def _values(at: Path_, monitor: AnomalyMonitor, environment: Environment, dictionary: Dictionary) -> Faults:
    category = environment.cost_categories.get(monitor.cost_category or "")
    if monitor.tag is not None:
        known = frozenset(dictionary.every_value(monitor.tag)) if monitor.tag in dictionary.tags else None
    else:
        known = possible_values(category, dictionary) if category else None
    what = "an allowed value of the dictionary" if monitor.tag else "a value of the cost category"
    for index, value in enumerate(monitor.values):
        if value in monitor.values[:index]:
            yield (*at, index), f'must appear once; got "{value}" again. Do remove it'
        elif "*" in value:
            yield (*at, index), f'must be a whole value, since monitors match no other; got "{value}". Do write it out'
        elif not value.strip() or (known and not _is_known(monitor, value, known)):
            guess = nearest(value, known or ()) or f" Do choose one of {', '.join(sorted(known or ('a value',)))}"
            yield (*at, index), f'must be {what}; got "{value}".{guess}'


def _is_known(monitor: AnomalyMonitor, value: str, known: frozenset[str]) -> bool:
    return allows(tuple(known), value) if monitor.tag else value in known


def _subscription(at: Path_, subscription: AnomalySubscription, environment: Environment, facts: Facts) -> Faults:
    monitors = environment.anomaly.monitors
    if not subscription.monitors:
        yield (*at, "monitors"), "must name a monitor; got an empty list. Do name one"
    for index, name in enumerate(subscription.monitors):
        if name not in monitors:
            guess = nearest(name, monitors) or f" Do choose one of {', '.join(monitors) or 'those that you add'}"
            yield (*at, "monitors", index), f'must be a name under monitors; got "{name}".{guess}'
        if name in subscription.monitors[:index]:
            yield (*at, "monitors", index), f'must appear once; got "{name}" again. Do remove it'
    threshold = subscription.threshold
    if threshold.usd is None and threshold.percent is None:
        yield (*at, "threshold"), "must have usd, percent or both; got none. Do add one"
    for field, value in (("usd", threshold.usd), ("percent", threshold.percent)):
        if value is not None and not 0 <= value <= facts.limits["anomaly_threshold"]:
            most = f"{facts.limits['anomaly_threshold']:,}"
            yield (*at, "threshold", field), f"must be 0 to {most}; got {value:g}. Do correct it"
    yield from _emails((*at, "emails"), subscription, environment, facts)


def _emails(at: Path_, subscription: AnomalySubscription, environment: Environment, facts: Facts) -> Faults:
    if subscription.frequency == "immediate":
        if subscription.emails is not None:
            rule = "must be left out with frequency: immediate, of which AWS tells a topic only"
            yield at, f"{rule}. Do subscribe the addresses to the topic, or write a second subscription"
        return
    emails = environment.subscribers.emails if subscription.emails is None else subscription.emails
    if not emails:
        yield at, f"must name an address with frequency: {subscription.frequency}; got none. Do add one"
    yield from email_faults(at, subscription.emails or (), facts)
    most = facts.limits["anomaly_address_characters"]
    for index, email in enumerate(emails):
        if EMAIL.fullmatch(email) and not (_ADDRESS.fullmatch(email) and _SHORTEST <= len(email) <= most):
            place, origin = (at, " of subscribers.emails") if subscription.emails is None else ((*at, index), "")
            rule = (
                f"must be an address that Cost Explorer takes: {_SHORTEST} to {most} letters, digits and signs of ASCII"
            )
            yield place, f'{rule}; got "{email}"{origin}. Do name another address'
