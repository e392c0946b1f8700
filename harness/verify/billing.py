"""Compare cost allocation tags, budgets and the alert channel with what the dictionary and the environment imply."""

from collections.abc import Iterator, Mapping
from typing import Any

from harness.documents import BudgetDocument, CostAllocationDocument, LimitDocument, NotificationDocument
from harness.finding import Finding
from harness.packing import canonical_json
from harness.state import LiveAlerts, LiveBudget, State, Unreadable
from harness.verify.unreadable import unknown

COST_ALLOCATION = "cost allocation"
BUDGET = "budget"
ALERTS = "alert channel"
_WHERE = "billing"
_VIEW = "budgets:ViewBudget in the payer account"
_READ_TOPIC = "sns:GetTopicAttributes, kms:DescribeKey and kms:GetKeyPolicy"
PENDING = "pending: billing has not seen the key yet"


def cost_tag_findings(document: CostAllocationDocument, state: State, apply: str) -> Iterator[Finding]:
    """Yield a finding for each key; a pending key passes and says so: AWS needs up to 24 hours. Raises: nothing."""
    if isinstance(state.cost_tags, Unreadable):
        yield unknown(COST_ALLOCATION, _WHERE, "all", state.cost_tags, "ce:ListCostAllocationTags in the payer account")
        return
    for status, keys in (("Active", document.active), ("Inactive", document.inactive)):
        for key in keys:
            held = state.cost_tags.get(key, "unseen")
            good = held == status
            repair = "" if good else f"Do run {apply}"
            yield Finding(COST_ALLOCATION, _WHERE, key, "pass" if good else "fail", held, status, repair)
    for key in document.pending:
        repair = f"Do run {apply} again once a resource with the key has been billed"
        yield Finding(COST_ALLOCATION, _WHERE, key, "pass", PENDING, "Active once billing has seen it", repair)


def budget_findings(documents: Mapping[str, BudgetDocument], state: State, apply: str) -> Iterator[Finding]:
    """Yield a finding for each budget and each part of it that differs. Raises: nothing."""
    if isinstance(state.budgets, Unreadable):
        yield unknown(BUDGET, _WHERE, "all", state.budgets, _VIEW)
        return
    for name, wanted in documents.items():
        held = state.budgets.get(name)
        if held is None:
            yield Finding(BUDGET, _WHERE, name, "fail", "no such budget", _limit(wanted.limit), f"Do run {apply}")
            continue
        differences = list(_budget(wanted, held))
        for part, has, must in differences:
            yield Finding(BUDGET, _WHERE, f"{name}: {part}", "fail", has, must, f"Do run {apply}")
        if not differences:
            yield Finding(BUDGET, _WHERE, name, "pass", _limit(held.limit), _limit(wanted.limit))


def _budget(wanted: BudgetDocument, held: LiveBudget) -> Iterator[tuple[str, str, str]]:
    if wanted.limit != held.limit:
        yield "limit", _limit(held.limit), _limit(wanted.limit)
    if wanted.time_unit != held.time_unit:
        yield "time unit", held.time_unit, wanted.time_unit
    for name in sorted({*wanted.filters, *held.filters}):
        must, has = wanted.filters.get(name, ()), held.filters.get(name, ())
        if must != has:
            yield f"filter {name}", ", ".join(has) or "nothing", ", ".join(must) or "nothing"
    yield from _notifications(_by_threshold(wanted.notifications), _by_threshold(held.notifications))


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
) -> Iterator[tuple[str, str, str]]:
    for name in sorted({*wanted, *held}):
        must, has = wanted.get(name), held.get(name)
        if must is None or has is None:
            yield name, "nothing" if has is None else "an alert", "no alert" if must is None else "an alert"
            continue
        for field in ("emails", "topics"):
            if getattr(must, field) != getattr(has, field):
                held_text, must_text = ", ".join(getattr(has, field)), ", ".join(getattr(must, field))
                yield f"{name} {field}", held_text or "none", must_text or "none"


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


def alert_findings(
    topic_policy: Mapping[str, Any], key_policy: Mapping[str, Any], state: State, apply: str
) -> Iterator[Finding]:
    """Yield findings on tagrail's own topic and key; without their statements no alert arrives. Raises: nothing."""
    if isinstance(state.alerts, Unreadable):
        yield unknown(ALERTS, _WHERE, "topic", state.alerts, _READ_TOPIC)
    elif state.alerts is None:
        yield Finding(ALERTS, _WHERE, "topic", "fail", "no such topic", "a topic for budget alerts", f"Do run {apply}")
    else:
        yield from _statements("topic policy", topic_policy, state.alerts.topic_policy, state.alerts.topic_arn, apply)
        yield from _key(key_policy, state.alerts, apply)


def _key(wanted: Mapping[str, Any], alerts: LiveAlerts, apply: str) -> Iterator[Finding]:
    if alerts.key_id is None:
        yield Finding(
            ALERTS, alerts.topic_arn, "key", "fail", "not encrypted", "a customer-managed key", f"Do run {apply}"
        )
    elif alerts.key_state != "Enabled":
        yield Finding(
            ALERTS, alerts.key_id, "key", "fail", str(alerts.key_state), "Enabled", f"Do enable the key, or run {apply}"
        )
    else:
        yield from _statements("key policy", wanted, alerts.key_policy, alerts.key_id, apply)


def foreign_topic_findings(state: State) -> Iterator[Finding]:
    """Yield findings on a topic that the organisation brought: budgets must be let in, an AWS-managed key cannot be.

    Source: docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html. Raises: nothing.
    """
    if isinstance(state.alerts, Unreadable):
        yield unknown(ALERTS, _WHERE, "topic", state.alerts, _READ_TOPIC)
        return
    if state.alerts is None:
        repair = "Do create it, or leave subscribers.topic_arn out of env.yaml"
        yield Finding(ALERTS, _WHERE, "topic", "fail", "no such topic", "the topic of env.yaml", repair)
        return
    arn = state.alerts.topic_arn
    must = "budgets.amazonaws.com may SNS:Publish"
    good = any(_lets_budgets_in(statement) for statement in _held_statements(state.alerts.topic_policy))
    held, repair = (
        (must, "") if good else ("no statement for budgets", "Do add the statement of modules/budget/README.md")
    )
    yield Finding(ALERTS, arn, "topic policy", "pass" if good else "fail", held, must, repair)
    if state.alerts.key_id == "alias/aws/sns":
        repair = "Do encrypt the topic with a customer-managed key that budgets may use"
        yield Finding(ALERTS, arn, "key", "fail", "AWS-managed key", "no key, or a customer-managed one", repair)


def _lets_budgets_in(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal", {})
    services = principal.get("Service", []) if isinstance(principal, dict) else []
    actions = statement.get("Action", [])
    named = "budgets.amazonaws.com" in ([services] if isinstance(services, str) else services)
    publishes = "sns:publish" in [action.lower() for action in ([actions] if isinstance(actions, str) else actions)]
    return statement.get("Effect") == "Allow" and named and publishes


def _statements(
    what: str, wanted: Mapping[str, Any], held: Mapping[str, Any] | None, where: str, apply: str
) -> Iterator[Finding]:
    """Yield a finding for each statement, by its Sid, that is missing, changed or not ours."""
    must_by_sid = {statement["Sid"]: statement for statement in wanted["Statement"]}
    held_by_sid = {statement.get("Sid", "without Sid"): statement for statement in _held_statements(held)}
    for sid in sorted({*must_by_sid, *held_by_sid}):
        must, has = must_by_sid.get(sid), held_by_sid.get(sid)
        subject = f"{what}: {sid}"
        if must is not None and has is not None and _normal(must) == _normal(has):
            yield Finding(ALERTS, where, subject, "pass", "as rendered", "as rendered")
            continue
        held_text = "no such statement" if has is None else canonical_json(has)
        must_text = "no such statement" if must is None else canonical_json(must)
        yield Finding(ALERTS, where, subject, "fail", held_text, must_text, f"Do run {apply}")


def _held_statements(policy: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """Return a live policy's statements; AWS takes one statement without a list around it too."""
    statements = (policy or {}).get("Statement", [])
    return statements if isinstance(statements, list) else [statements]


def _normal(value: Any) -> object:
    """Return a policy element with single-element lists as scalars and lists in order, since AWS may rewrite both."""
    if isinstance(value, dict):
        return {key: _normal(item) for key, item in value.items()}
    if isinstance(value, list):
        items = sorted((_normal(item) for item in value), key=str)
        return items[0] if len(items) == 1 else items
    return value
