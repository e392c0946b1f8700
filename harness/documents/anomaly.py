"""Render anomaly monitors and subscriptions of an environment, equal to what modules/cost-anomaly renders in HCL."""

from collections.abc import Callable
from dataclasses import dataclass

from harness.environment import AnomalyMonitor, AnomalySubscription, Environment

AccountId = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class MonitorDocument:
    """Hold what a monitor watches: SERVICE each by itself, else sorted values of LINKED_ACCOUNT, TAG, COST_CATEGORY.

    `key` is the tag key, or the name of the cost category.
    """

    kind: str
    key: str | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SubscriptionDocument:
    """Hold who hears of which monitors' findings, and from which impact on: USD, percent, `all` or `any` of both."""

    frequency: str
    monitors: tuple[str, ...]
    emails: tuple[str, ...]
    topics: tuple[str, ...]
    usd: float | None
    percent: float | None
    combine: str


@dataclass(frozen=True, slots=True)
class AnomalyDocument:
    """Hold monitors and subscriptions by the names that AWS knows."""

    monitors: dict[str, MonitorDocument]
    subscriptions: dict[str, SubscriptionDocument]


def render_anomaly(environment: Environment, account_id: AccountId, topic_arn: str) -> AnomalyDocument:
    """Return the documents; `account_id` turns an account's name or id into its id.

    Raises: what `account_id` raises for an account that does not exist.
    """
    prefix, section = environment.name, environment.anomaly
    return AnomalyDocument(
        {f"{prefix}-{name}": _monitor(each, account_id) for name, each in section.monitors.items()},
        {
            f"{prefix}-{name}": _subscription(each, environment, topic_arn)
            for name, each in section.subscriptions.items()
        },
    )


def _monitor(monitor: AnomalyMonitor, account_id: AccountId) -> MonitorDocument:
    if monitor.by:
        return MonitorDocument("SERVICE")
    if monitor.tag is not None:
        return MonitorDocument("TAG", monitor.tag, tuple(sorted(monitor.values)))
    if monitor.cost_category is not None:
        return MonitorDocument("COST_CATEGORY", monitor.cost_category, tuple(sorted(monitor.values)))
    return MonitorDocument("LINKED_ACCOUNT", None, tuple(sorted(account_id(each) for each in monitor.accounts)))


def _subscription(each: AnomalySubscription, environment: Environment, topic_arn: str) -> SubscriptionDocument:
    immediate = each.frequency == "immediate"
    emails = environment.subscribers.emails if each.emails is None else each.emails
    both = each.threshold.usd is not None and each.threshold.percent is not None
    return SubscriptionDocument(
        frequency=each.frequency.upper(),
        monitors=tuple(sorted(f"{environment.name}-{name}" for name in each.monitors)),
        emails=() if immediate else tuple(sorted(emails)),
        topics=(topic_arn,) if immediate else (),
        usd=each.threshold.usd,
        percent=each.threshold.percent,
        combine=each.threshold.combine if both else "all",
    )
