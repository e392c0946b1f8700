"""Compare budgets, their filters, limits and alerts, with what the dictionary and the environment imply."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from harness.documents import BudgetDocument, LimitDocument, NotificationDocument
from harness.facts import load_facts
from harness.finding import Finding
from harness.packing import canonical_json
from harness.state import LiveBudget, State, Unreadable
from harness.verify.filter_expression import equivalent_filters
from harness.verify.unreadable import unknown

BUDGET = "budget"
_WHERE = "billing"
_VIEW = "budgets:ViewBudget in the payer account"
_PRIMARY_VIEW = ":billingview/primary"
_MONTHS = {"MONTHLY": 1, "QUARTERLY": 3}


@dataclass(frozen=True, slots=True)
class _Difference:
    """Hold a part of a budget that differs; `anew` means that terraform does not see it, so the budget is made anew."""

    part: str
    held: str
    must: str
    anew: bool = False


def budget_findings(
    documents: Mapping[str, BudgetDocument], state: State, apply: str, today: datetime.date
) -> Iterator[Finding]:
    """Yield a finding for each budget and each part of it that differs; limits of past periods count no more.

    Raises: nothing.
    """
    if isinstance(state.budgets, Unreadable):
        yield unknown(BUDGET, _WHERE, "all", state.budgets, _VIEW)
        return
    for name, wanted in documents.items():
        held = state.budgets.get(name)
        if held is None:
            yield Finding(BUDGET, _WHERE, name, "fail", "no such budget", _limit(wanted.limit), f"Do run {apply}")
            continue
        if isinstance(held, Unreadable):
            yield unknown(BUDGET, _WHERE, name, held, _VIEW)
            continue
        differences = list(_budget(wanted, held, today))
        for each in differences:
            repair = f"Do delete the budget {name}, and run {apply}" if each.anew else f"Do run {apply}"
            yield Finding(BUDGET, _WHERE, f"{name}: {each.part}", "fail", each.held, each.must, repair)
        if not differences:
            yield Finding(BUDGET, _WHERE, name, "pass", _limit(held.limit), _limit(wanted.limit))


def _budget(wanted: BudgetDocument, held: LiveBudget, today: datetime.date) -> Iterator[_Difference]:
    if held.budget_type != "COST":
        yield _Difference("type", held.budget_type, "COST")
    must_limit, has_limit = (_from_now_on(each.limit, wanted.time_unit, today) for each in (wanted, held))
    if must_limit != has_limit:
        yield _Difference("limit", _limit(has_limit), _limit(must_limit))
    if held.units - {"USD"}:
        yield _Difference("unit", ", ".join(sorted(held.units)), "USD")
    if wanted.time_unit != held.time_unit:
        yield _Difference("time unit", held.time_unit, wanted.time_unit)
    yield from _filters(wanted, held)
    for name, default in load_facts().budget_cost_types.items():
        if held.cost_types.get(name, default) != default:
            yield _Difference(f"cost type {name}", canonical_json(not default), canonical_json(default), anew=True)
    if held.billing_view and not held.billing_view.endswith(_PRIMARY_VIEW):
        yield _Difference("billing view", held.billing_view, "the primary billing view", anew=True)
    yield from _notifications(_by_threshold(wanted.notifications), _by_threshold(held.notifications))


def _from_now_on(limit: LimitDocument, time_unit: str, today: datetime.date) -> LimitDocument:
    """Return a planned limit without the periods that are over; once all are, AWS goes on with the last one.

    Source: docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html (PlannedBudgetLimits).
    """
    if not limit.usd_by_month:
        return limit
    length, now = _MONTHS.get(time_unit, 12), today.year * 12 + today.month
    ends = {month: int(month[:4]) * 12 + int(month[5:]) + length for month in limit.usd_by_month}
    left = {month: usd for month, usd in limit.usd_by_month.items() if ends[month] > now}
    if left:
        return LimitDocument("planned", usd_by_month=left)
    return LimitDocument("fixed", usd=limit.usd_by_month[max(limit.usd_by_month)])


def _filters(wanted: BudgetDocument, held: LiveBudget) -> Iterator[_Difference]:
    """Yield filters that differ, and an expression that says something else than the filters beside it."""
    alone = held.expression is not None and not held.filters
    if not alone:
        for name in sorted({*wanted.filters, *held.filters}):
            must, has = wanted.filters.get(name, ()), held.filters.get(name, ())
            if must != has:
                yield _Difference(f"filter {name}", ", ".join(has) or "nothing", ", ".join(must) or "nothing")
    if held.expression is not None and equivalent_filters(held.expression) != held.filters:
        must_text = canonical_json(wanted.filters) if alone and wanted.filters else "nothing beside the cost filters"
        yield _Difference("filter expression", canonical_json(held.expression), must_text, anew=True)


def _by_threshold(notifications: tuple[NotificationDocument, ...]) -> dict[str, NotificationDocument]:
    signs = {"GREATER_THAN": ">", "LESS_THAN": "<", "EQUAL_TO": "="}
    units = {"PERCENTAGE": "%", "ABSOLUTE_VALUE": " USD"}
    found: dict[str, NotificationDocument] = {}
    for each in notifications:
        threshold = f"{signs[each.comparison_operator]} {_amount(each.threshold)}{units[each.threshold_type]}"
        found[f"alert {each.notification_type} {threshold}"] = each
    return found


def _notifications(
    wanted: Mapping[str, NotificationDocument], held: Mapping[str, NotificationDocument]
) -> Iterator[_Difference]:
    for name in sorted({*wanted, *held}):
        must, has = wanted.get(name), held.get(name)
        if must is None or has is None:
            has_text, must_text = "nothing" if has is None else "an alert", "no alert" if must is None else "an alert"
            yield _Difference(name, has_text, must_text)
            continue
        for field in ("emails", "topics"):
            if getattr(must, field) != getattr(has, field):
                held_text, wanted_text = ", ".join(getattr(has, field)), ", ".join(getattr(must, field))
                yield _Difference(f"{name} {field}", held_text or "none", wanted_text or "none")


def _amount(value: float) -> str:
    """Return a number without loss and without a needless point.

    >>> _amount(1234567.0), _amount(99.5)
    ('1234567', '99.5')
    """
    return str(int(value)) if value == int(value) else repr(value)


def _limit(limit: LimitDocument) -> str:
    if limit.type == "fixed":
        return "no limit" if limit.usd is None else f"{_amount(limit.usd)} USD"
    if limit.type == "planned":
        return ", ".join(f"{month} {_amount(usd)} USD" for month, usd in (limit.usd_by_month or {}).items())
    return f"auto-adjusted, {limit.auto_adjust_type}" + (f", {limit.periods} periods" if limit.periods else "")
