"""Render the budgets of an environment, equal to what modules/budget renders in HCL."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from harness.dictionary import Dictionary
from harness.environment import Alert, Budget, Environment

AccountId = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class LimitDocument:
    """Hold a limit: `usd` per period, `usd_by_month`, or how AWS adjusts it."""

    type: Literal["fixed", "planned", "auto_adjust"]
    usd: float | None = None
    usd_by_month: Mapping[str, float] | None = None
    auto_adjust_type: str | None = None
    periods: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class NotificationDocument:
    """Hold one threshold (percent or USD) and who hears of it."""

    notification_type: str
    threshold_type: str
    threshold: float
    comparison_operator: str
    emails: tuple[str, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BudgetDocument:
    """Hold one budget as AWS must have it; `filters` in AWS's own names (TagKeyValue, LinkedAccount, ...)."""

    limit: LimitDocument
    time_unit: str
    filters: Mapping[str, tuple[str, ...]]
    notifications: tuple[NotificationDocument, ...] = field(default=())


def render_budgets(
    dictionary: Dictionary, environment: Environment, account_id: AccountId, topic_arn: str
) -> dict[str, BudgetDocument]:
    """Return the AWS budget name -> document; `account_id` turns an account's name or id into its id.

    Raises: what `account_id` raises for an account that does not exist.
    """
    documents: dict[str, BudgetDocument] = {}
    for name, budget in environment.budgets.items():
        emails = environment.subscribers.emails if budget.emails is None else budget.emails
        notifications = tuple(sorted(_notification(alert, emails, topic_arn) for alert in budget.alerts))
        for suffix, limit, pair in _expanded(dictionary, budget):
            filters = _filters(budget, pair, account_id)
            document = BudgetDocument(limit, budget.time_unit.upper(), filters, notifications)
            documents[f"{environment.name}-{name}{suffix}"] = document
    return documents


def _expanded(dictionary: Dictionary, budget: Budget) -> Iterator[tuple[str, LimitDocument, tuple[str, ...]]]:
    """Yield name suffix, limit and tag filter of the budget, or of each allowed value with `per_value_of`."""
    if budget.per_value_of is None:
        pairs = tuple(sorted(tag_filter(budget.tag.key, value) for value in budget.tag.values)) if budget.tag else ()
        yield "", _limit(budget, budget.limit_usd), pairs
        return
    for value in dictionary.every_value(budget.per_value_of):
        usd = budget.limits_usd.get(value, budget.limit_usd)
        yield f"-{value}", _limit(budget, usd), (tag_filter(budget.per_value_of, value),)


def tag_filter(key: str, value: str) -> str:
    """Return a budget's tag filter; without `user:` it matches nothing, and AWS says nothing.

    Source: docs.aws.amazon.com/cost-management/latest/userguide/budgets-create-filters.html.

    >>> tag_filter("Team", "ml")
    'user:Team$ml'
    """
    return f"user:{key}${value}"


def _limit(budget: Budget, usd: float | None) -> LimitDocument:
    if budget.auto_adjust:
        adjust = budget.auto_adjust
        return LimitDocument("auto_adjust", auto_adjust_type=adjust.type.upper(), periods=adjust.periods)
    if budget.planned_limits_usd:
        return LimitDocument("planned", usd_by_month=dict(sorted(budget.planned_limits_usd.items())))
    return LimitDocument("fixed", usd=usd)


def _filters(budget: Budget, pairs: tuple[str, ...], account_id: AccountId) -> dict[str, tuple[str, ...]]:
    categories = (f"{name}${value}" for name, values in budget.cost_categories.items() for value in values)
    filters = {
        "CostCategory": tuple(sorted(categories)),
        "LinkedAccount": tuple(sorted(account_id(account) for account in budget.accounts)),
        "Service": tuple(sorted(budget.services)),
        "TagKeyValue": pairs,
    }
    return {name: values for name, values in filters.items() if values}


def _notification(alert: Alert, emails: tuple[str, ...], topic_arn: str) -> NotificationDocument:
    kind, threshold = alert.given()[0]
    notification_type, unit = kind.split("_")
    return NotificationDocument(
        notification_type=notification_type.upper(),
        threshold_type="PERCENTAGE" if unit == "percent" else "ABSOLUTE_VALUE",
        threshold=threshold,
        comparison_operator="GREATER_THAN",
        emails=tuple(sorted(emails)),
        topics=(topic_arn,),
    )
