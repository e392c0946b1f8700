"""After apply: an alert that arrives, three that do not, and a key that billing sees once a day has passed.

The topic, its policy and its key are those that `apply` made; each test puts back what it takes away.
"""

import json
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from harness.emulator.process_state import ALERTS_PATH, CLOCK_PATH
from tests.project import HOME, Tagrail

from .conftest import PAYER, Client

ENVIRONMENT = "anycompany:workload:environment"
OWNER = "anycompany:finance:owner"
TOPIC = f"arn:aws:sns:{HOME}:{PAYER}:anycompany-budget-alerts"
AT_ONCE = {
    "NotificationType": "ACTUAL",
    "ComparisonOperator": "GREATER_THAN",
    "Threshold": 0.001,
    "ThresholdType": "ABSOLUTE_VALUE",
}

Spend = Callable[[str, str], list[dict[str, Any]]]
Read = Callable[[], list[dict[str, Any]]]


def ask(tagrail: Tagrail, path: str, body: object | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(tagrail.client("sts").meta.endpoint_url + path, data=data, timeout=60) as answer:  # noqa: S310 (our emulator)
        return json.load(answer)


@pytest.fixture
def inbox(client: Client) -> Iterator[Read]:
    """Return what reads a queue that is subscribed to the topic of the alerts."""
    sqs, sns = client("sqs"), client("sns")
    url = sqs.create_queue(QueueName="finops")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    subscription = sns.subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=arn)["SubscriptionArn"]

    def read() -> list[dict[str, Any]]:
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"]) for message in found]

    yield read
    sns.unsubscribe(SubscriptionArn=subscription)
    sqs.delete_queue(QueueUrl=url)


@pytest.fixture
def spend(applied: Tagrail, client: Client) -> Iterator[Spend]:
    """Return what makes a budget that is overspent at once, and says what became of its alerts."""
    budgets, made = client("budgets"), []

    def overspend(name: str, tag: str) -> list[dict[str, Any]]:
        limit, filters = {"Amount": "1", "Unit": "USD"}, {"TagKeyValue": [tag]}
        kind = {"BudgetType": "COST", "TimeUnit": "ANNUALLY"}
        budget = {"BudgetName": name, **kind, "BudgetLimit": limit, "CostFilters": filters}
        subscriber = {"SubscriptionType": "SNS", "Address": TOPIC}
        alert = {"Notification": AT_ONCE, "Subscribers": [subscriber]}
        made.append(name)
        budgets.create_budget(AccountId=PAYER, Budget=budget, NotificationsWithSubscribers=[alert])
        return [found for found in ask(applied, ALERTS_PATH)["alerts"] if found["budget_name"] == name]

    yield overspend
    for name in made:
        budgets.delete_budget(AccountId=PAYER, BudgetName=name)


def test_an_alert_arrives(inbox: Read, spend: Spend) -> None:
    (sent,) = spend("arrives", f"user:{ENVIRONMENT}$prod")
    assert (sent["delivered"], sent["reason"]) == (True, "")
    (message,) = inbox()
    assert message["Subject"] == "AWS Budgets: arrives has exceeded your alert threshold"
    assert "Alert Threshold: > $0.00\n" in message["Message"]


def test_without_its_statement_in_the_topic_policy_no_alert_arrives(client: Client, inbox: Read, spend: Spend) -> None:
    sns = client("sns")
    before = sns.get_topic_attributes(TopicArn=TOPIC)["Attributes"]["Policy"]
    without = json.dumps({**json.loads(before), "Statement": []})
    sns.set_topic_attributes(TopicArn=TOPIC, AttributeName="Policy", AttributeValue=without)
    try:
        (sent,) = spend("no-topic-policy", f"user:{ENVIRONMENT}$prod")
    finally:
        sns.set_topic_attributes(TopicArn=TOPIC, AttributeName="Policy", AttributeValue=before)
    assert sent["reason"] == "the topic's policy: no statement allows SNS:Publish to budgets.amazonaws.com"
    assert (sent["delivered"], inbox()) == (False, [])


def test_without_its_statement_in_the_key_policy_no_alert_arrives(client: Client, inbox: Read, spend: Spend) -> None:
    kms = client("kms")
    key = client("sns").get_topic_attributes(TopicArn=TOPIC)["Attributes"]["KmsMasterKeyId"].rpartition("/")[2]
    before = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    budgets = {"Service": "budgets.amazonaws.com"}
    kept = [statement for statement in before["Statement"] if statement["Principal"] != budgets]
    assert len(kept) == len(before["Statement"]) - 1
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps({**before, "Statement": kept}))
    try:
        (sent,) = spend("no-key-policy", f"user:{ENVIRONMENT}$prod")
    finally:
        kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(before))
    assert sent["reason"] == "the key's policy: no statement allows kms:GenerateDataKey to budgets.amazonaws.com"
    assert (sent["delivered"], inbox()) == (False, [])


def test_a_filter_without_its_prefix_never_alerts(client: Client, inbox: Read, spend: Spend) -> None:
    assert spend("no-prefix", f"{ENVIRONMENT}$prod") == []
    budget = client("budgets").describe_budget(AccountId=PAYER, BudgetName="no-prefix")["Budget"]
    assert budget["CalculatedSpend"]["ActualSpend"]["Amount"] == "0.0"
    assert inbox() == []


def test_a_key_is_seen_and_can_be_activated_after_a_day(applied: Tagrail, client: Client) -> None:
    ce = client("ce")
    assert ce.list_cost_allocation_tags(TagKeys=[OWNER])["CostAllocationTags"] == []
    moved = applied("emulator", "clock", "--advance", "24h")
    assert (moved.returncode, "(24 hours ahead)" in moved.stderr) == (0, True)
    assert ask(applied, CLOCK_PATH)["ahead_seconds"] == 86_400
    (tag,) = ce.list_cost_allocation_tags(TagKeys=[OWNER])["CostAllocationTags"]
    assert tag["Status"] == "Inactive"
    wanted = [{"TagKey": OWNER, "Status": "Active"}]
    assert ce.update_cost_allocation_tags_status(CostAllocationTagsStatus=wanted)["Errors"] == []
    ce.update_cost_allocation_tags_status(CostAllocationTagsStatus=[{**wanted[0], "Status": "Inactive"}])
