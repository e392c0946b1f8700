"""Compare the alert channel, the topic and its key, with what must hold for alerts to arrive."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from harness.finding import Finding
from harness.state import LiveAlerts, State, Unreadable
from harness.verify.access import ANOMALIES, BUDGETS, Request
from harness.verify.resource_policy import let_in_finding, statement_findings
from harness.verify.unreadable import unknown

ALERTS = "alert channel"
_WHERE = "billing"
_READ_KEY = "kms:DescribeKey and kms:GetKeyPolicy"
_READ_TOPIC = f"sns:GetTopicAttributes, {_READ_KEY}"
_STATEMENT = "modules/budget/topic.tf has the statement"
_KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey")


def alert_findings(
    topic_policy: Mapping[str, Any], key_policy: Mapping[str, Any], state: State, apply: str
) -> Iterator[Finding]:
    """Yield findings on tagrail's own topic and key; without their statements no alert arrives. Raises: nothing."""
    if isinstance(state.alerts, Unreadable):
        yield unknown(ALERTS, _WHERE, "topic", state.alerts, _READ_TOPIC)
    elif state.alerts is None:
        yield Finding(ALERTS, _WHERE, "topic", "fail", "no such topic", "a topic for budget alerts", f"Do run {apply}")
    else:
        yield from statement_findings(
            ALERTS, "topic policy", topic_policy, state.alerts.topic_policy, state.alerts.topic_arn, apply
        )
        yield from _key(key_policy, state.alerts, apply)


def _key(wanted: Mapping[str, Any], alerts: LiveAlerts, apply: str) -> Iterator[Finding]:
    key, must, repair = alerts.key, "a customer-managed key", f"Do run {apply}"
    if isinstance(key, Unreadable):
        yield unknown(ALERTS, alerts.topic_arn, "key", key, _READ_KEY)
    elif key is None:
        yield Finding(ALERTS, alerts.topic_arn, "key", "fail", "not encrypted", must, repair)
    elif key.managed_by_aws:
        yield Finding(ALERTS, key.id, "key", "fail", "AWS-managed key", must, repair)
    elif key.state != "Enabled":
        yield Finding(ALERTS, key.id, "key", "fail", key.state, "Enabled", f"Do enable the key, or run {apply}")
    else:
        yield from statement_findings(ALERTS, "key policy", wanted, key.policy, key.id, apply)


def foreign_topic_findings(
    state: State, account_id: str, organization_id: str, *, anomalies: bool = False
) -> Iterator[Finding]:
    """Yield findings on a topic that the organisation brought: budgets of the payer `account_id` must be let in.

    So must anomaly detection, where it tells the topic.
    Source: docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html, ad-SNS.html. Raises: nothing.
    """
    if isinstance(state.alerts, Unreadable):
        yield unknown(ALERTS, _WHERE, "topic", state.alerts, _READ_TOPIC)
        return
    if state.alerts is None:
        repair = "Do create it, or leave subscribers.topic_arn out of env.yaml"
        yield Finding(ALERTS, _WHERE, "topic", "fail", "no such topic", "the topic of env.yaml", repair)
        return
    arn, key = state.alerts.topic_arn, state.alerts.key
    ask = partial(Request, account_id=account_id, organization_id=organization_id, partition=arn.split(":")[1])
    senders = {"": BUDGETS, **({" for anomalies": ANOMALIES} if anomalies else {})}
    for what, service in senders.items():
        requests = [ask("SNS:Publish", arn, service=service)]
        yield let_in_finding(ALERTS, f"topic policy{what}", arn, state.alerts.topic_policy, requests, _STATEMENT)
    if isinstance(key, Unreadable):
        yield unknown(ALERTS, arn, "key", key, _READ_KEY)
    elif key is not None and key.managed_by_aws:
        # Nobody can change the policy of such a key.
        repair = "Do encrypt the topic with a customer-managed key that budgets may use"
        yield Finding(ALERTS, arn, "key", "fail", "AWS-managed key", "no key, or a customer-managed one", repair)
    elif key is not None and key.state != "Enabled":
        repair = "Do enable the key, or encrypt the topic with another"
        yield Finding(ALERTS, key.id, "key", "fail", key.state, "Enabled", repair)
    elif key is not None:
        for what, service in senders.items():
            requests = [ask(action, key.id, service=service) for action in _KEY_ACTIONS]
            yield let_in_finding(ALERTS, f"key policy{what}", key.id, key.policy, requests, _STATEMENT)
