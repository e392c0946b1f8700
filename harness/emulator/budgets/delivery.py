"""Whether an alert arrives: through the policy of its topic and that of the topic's key, as AWS requires both.

docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html. On AWS nobody is told of an alert that
does not arrive; here a log says of each whether it did and, if not, why.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import requests
from moto.core.exceptions import ServiceException
from moto.organizations.models import organizations_backends

from harness.emulator.budgets.message import Alert
from harness.emulator.budgets.service_policy import ServiceCall, UnknownConditionError, refusal
from harness.emulator.clock import stamp, utcnow
from harness.emulator.wire import payer_of

_BUDGETS = "budgets.amazonaws.com"
_KEY_ACTIONS = ("kms:GenerateDataKey", "kms:Decrypt")
_SUBJECT_CHARACTERS = 99  # moto refuses longer ones; docs.aws.amazon.com/sns/latest/api/API_Publish.html


@dataclass(frozen=True, slots=True)
class Delivery:
    """Hold what became of an alert to one subscriber; `reason` is empty when it was delivered. `at` is UTC."""

    at: str
    account_id: str
    budget_name: str
    subscription_type: str
    address: str
    subject: str
    message: str
    delivered: bool
    reason: str


_LOG: list[Delivery] = []


def deliver(alert: Alert, subscriber: Mapping[str, str]) -> None:
    """Send an alert to one subscriber and note what became of it; e-mail always arrives.

    Raises: nothing; what keeps an alert from its subscriber stands in the log.
    """
    kind, address = subscriber["SubscriptionType"], subscriber["Address"]
    reason = _publish(alert, address) if kind == "SNS" else None
    where = (stamp(utcnow()), alert.account_id, alert.budget_name, kind, address)
    _LOG.append(Delivery(*where, alert.subject, alert.message, delivered=reason is None, reason=reason or ""))


def deliveries() -> list[dict[str, Any]]:
    """Return every delivery since the emulator began, oldest first."""
    return [asdict(delivery) for delivery in _LOG]


def _publish(alert: Alert, topic_arn: str) -> str | None:
    """Publish to a topic; return why it did not arrive, or None."""
    from moto.sns.models import sns_backends  # noqa: PLC0415 (half a second of imports that few emulators need)

    parts = topic_arn.split(":")
    if len(parts) != 6 or parts[2] != "sns" or parts[3] not in sns_backends[parts[4]]:
        return f"{topic_arn} is not the ARN of a topic"
    _, _, _, region, account_id, _ = parts
    backend = sns_backends[account_id][region]
    topic = backend.topics.get(topic_arn)
    if topic is None:
        return f"the topic {topic_arn} does not exist"
    if account_id != alert.account_id:
        return f"the topic is in account {account_id}, and AWS Budgets publishes in its own account only"
    reason = _refused(alert, topic)
    if reason:
        return reason
    _meet_other_accounts(topic)
    try:
        backend.publish(alert.message, topic_arn, subject=alert.subject[:_SUBJECT_CHARACTERS])
    except (ServiceException, requests.RequestException) as error:
        return f"the topic took the alert, but not each of its subscribers: {error}"
    return None


def _refused(alert: Alert, topic: Any) -> str | None:
    """Return what keeps AWS Budgets from publishing, or None."""
    try:
        reason = refusal(topic.policy, _call(alert, "SNS:Publish", topic.arn))
        if reason:
            return f"the topic's policy: {reason}"
        return _key_refusal(alert, topic) if topic.kms_master_key_id else None
    except UnknownConditionError as error:
        return f"the emulator cannot judge a policy: {error}"


def _key_refusal(alert: Alert, topic: Any) -> str | None:
    named = topic.kms_master_key_id
    if "alias/aws/" in named:
        return f"the topic's key {named} is managed by AWS, whose policy lets no other service in"
    key = _key(topic, named)
    if key is None:
        return f"the topic's key {named} does not exist"
    if not key.enabled or key.key_state != "Enabled":
        return f"the topic's key {named} is {key.key_state}"
    reasons = [refusal(key.policy, _call(alert, action, key.arn)) for action in _KEY_ACTIONS]
    return next((f"the key's policy: {reason}" for reason in reasons if reason), None)


def _key(topic: Any, named: str) -> Any:
    """Return the key of an id, alias or ARN, in the account and region of the topic if the name says none."""
    from moto.kms.models import kms_backends  # noqa: PLC0415 (a topic without a key needs none of it)

    arn = named if named.startswith("arn:") else topic.arn
    _, _, _, region, account_id, _ = arn.split(":", 5)
    backend = kms_backends[account_id][region]
    id_ = named.rpartition(":key/")[2]
    alias = backend.get_alias_name(named)
    return backend.keys.get(backend.get_key_id_from_alias(alias) if alias.startswith("alias/") else id_)


def _call(alert: Alert, action: str, resource: str) -> ServiceCall:
    """Return AWS Budgets' call with its condition keys.

    docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html: the keys of the principal's
    organization and of a topic's owner are absent when a service calls.
    """
    account_id, partition = alert.account_id, resource.split(":")[1]
    organization = organizations_backends[payer_of(account_id)][partition].org
    context = {
        "aws:principalisawsservice": "true",
        "aws:principalorgid": None,
        "aws:principalservicename": _BUDGETS,
        "aws:securetransport": "true",
        "aws:sourceaccount": account_id,
        "aws:sourcearn": f"arn:{partition}:budgets::{account_id}:budget/{alert.budget_name}",
        "aws:sourceorgid": organization.id if organization else None,
        "aws:sourceowner": None,
    }
    return ServiceCall(_BUDGETS, action, resource, context)


def _meet_other_accounts(topic: Any) -> None:
    """Let moto find queues of other accounts: it looks for them where the topic is."""
    for subscription in topic.sns_backend.list_subscriptions_by_topic(topic_arn=topic.arn)[0]:
        if subscription.protocol in ("sqs", "lambda"):
            subscription.account_id = subscription.endpoint.split(":")[4]
