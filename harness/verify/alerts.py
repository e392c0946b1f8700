"""Compare the alert channel, the topic and its key, with what must hold for alerts to arrive."""

from collections.abc import Iterator, Mapping
from typing import Any

from harness.finding import Finding
from harness.packing import canonical_json
from harness.state import LiveAlerts, State, Unreadable
from harness.verify.unreadable import unknown

ALERTS = "alert channel"
_WHERE = "billing"
_READ_TOPIC = "sns:GetTopicAttributes, kms:DescribeKey and kms:GetKeyPolicy"


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
