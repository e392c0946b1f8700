"""Which alerts of budgets arrive, and what the log says of those that do not."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from harness.emulator.process import EmulatorStatus
from harness.emulator.process_state import ALERTS_PATH

from .conftest import ML_DEV, ML_PROD, PAYER, Client

pytestmark = pytest.mark.emulator

ENVIRONMENT = "anycompany:workload:environment"  # active in the seed since 200 days
AT_ONCE = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "ThresholdType": "ABSOLUTE_VALUE"}
BUDGETS = {"Effect": "Allow", "Principal": {"Service": "budgets.amazonaws.com"}, "Resource": "*"}
PUBLISH = {**BUDGETS, "Action": "SNS:Publish", "Condition": {"StringEquals": {"aws:SourceAccount": PAYER}}}
ENCRYPT = {**BUDGETS, "Action": ["kms:Decrypt", "kms:GenerateDataKey*"]}
OWNER = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{PAYER}:root"}, "Action": "kms:*", "Resource": "*"}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


class Alerting:
    """Make topics, keys and budgets that alert at once, and read the emulator's log of them."""

    def __init__(self, client: Client, url: str) -> None:
        self.client, self.url = client, url
        self.budgets: Any = client("budgets")
        self.undo: list[Callable[[], object]] = []

    def topic(self, name: str, *statements: dict[str, Any], key: str = "") -> str:
        sns = self.client("sns")
        arn: str = sns.create_topic(Name=name, Attributes={"KmsMasterKeyId": key} if key else {})["TopicArn"]
        if statements:
            sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy(*statements))
        self.undo.append(lambda: sns.delete_topic(TopicArn=arn))
        return arn

    def key(self, *statements: dict[str, Any]) -> str:
        arn: str = self.client("kms").create_key(Policy=policy(*statements))["KeyMetadata"]["Arn"]
        return arn

    def budget(self, name: str, topic: str, filters: dict[str, list[str]] | None = None, **more: Any) -> None:
        alert = {"Notification": {**AT_ONCE, "Threshold": 0.001}, "Subscribers": [subscriber(topic)]}
        limit = {"BudgetLimit": {"Amount": "1000", "Unit": "USD"}}
        raw = {"BudgetName": name, "BudgetType": "COST", "TimeUnit": "ANNUALLY", **limit, **more}
        raw |= {"CostFilters": filters} if filters else {}
        self.budgets.create_budget(AccountId=PAYER, Budget=raw, NotificationsWithSubscribers=[alert])
        self.undo.append(lambda: self.budgets.delete_budget(AccountId=PAYER, BudgetName=name))

    def log(self, name: str) -> list[tuple[bool, str]]:
        with urllib.request.urlopen(self.url + ALERTS_PATH, timeout=10) as answer:  # noqa: S310 (our emulator)
            alerts = json.load(answer)["alerts"]
        return [(alert["delivered"], alert["reason"]) for alert in alerts if alert["budget_name"] == name]

    def state(self, name: str) -> str:
        place = {"AccountId": PAYER, "BudgetName": name}
        (found,) = self.budgets.describe_notifications_for_budget(**place)["Notifications"]
        return str(found["NotificationState"])


def subscriber(address: str) -> dict[str, str]:
    return {"SubscriptionType": "SNS" if address.startswith("arn:") else "EMAIL", "Address": address}


@pytest.fixture
def alerting(client: Client, emulator: EmulatorStatus) -> Iterator[Alerting]:
    made = Alerting(client, emulator.url)
    yield made
    for undo in reversed(made.undo):
        undo()


def messages(client: Client, account: str, name: str, topic: str) -> Callable[[], list[Any]]:
    """Subscribe a new queue in an account, and return what reads it."""
    sqs = client("sqs", account)
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    def read() -> list[Any]:
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"]) for message in found]

    return read


@pytest.mark.parametrize("account", [PAYER, ML_DEV], ids=["own queue", "queue of another account"])
def test_an_alert_arrives_in_a_subscribed_queue_once(client: Client, alerting: Alerting, account: str) -> None:
    name = f"arrives-{account}"
    topic = alerting.topic(name, PUBLISH)
    read = messages(client, account, name, topic)
    alerting.budget(name, topic, {"TagKeyValue": [f"user:{ENVIRONMENT}$prod"]})
    (message,) = read()
    assert message["Subject"] == f"AWS Budgets: {name} has exceeded your alert threshold"
    assert f"Budget Name: {name}\n" in message["Message"]
    assert message["TopicArn"] == topic
    assert (alerting.log(name), alerting.state(name)) == ([(True, "")], "ALARM")
    assert read() == []


def test_mail_always_arrives(alerting: Alerting) -> None:
    alerting.budget("mail", "finops@example.com")
    assert alerting.log("mail") == [(True, "")]


SAME_ACCOUNT = {
    "StringEquals": {"aws:SourceAccount": PAYER},
    "ArnLike": {"aws:SourceArn": f"arn:aws:budgets::{PAYER}:*"},
}


@pytest.mark.parametrize(
    ("name", "statement", "reason"),
    [
        ("t-documented", {**PUBLISH, "Condition": SAME_ACCOUNT}, None),
        ("t-default", None, "the topic's policy: no statement allows SNS:Publish to budgets.amazonaws.com"),
        ("t-other", {**PUBLISH, "Condition": {"StringEquals": {"aws:SourceAccount": ML_DEV}}}, "no statement allows"),
        (
            "t-tight",
            {**PUBLISH, "Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:budgets:eu-central-1:{PAYER}:*"}}},
            "no statement allows",
        ),
        ("t-denied", {**PUBLISH, "Effect": "Deny", "Sid": "No"}, "statement No denies SNS:Publish"),
        (
            "t-unknown",
            {**PUBLISH, "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}},
            "cannot judge a policy: the condition key aws:SourceIp is not known for calls of a service",
        ),
        (
            "t-malformed",
            {**PUBLISH, "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/99"}}},
            "the topic's policy: it is malformed: Statement[0].Condition.IpAddress",
        ),
    ],
)
def test_the_topic_decides(alerting: Alerting, name: str, statement: Any, reason: str | None) -> None:
    alerting.budget(name, alerting.topic(name, *([statement] if statement else [])))
    ((delivered, found),) = alerting.log(name)
    assert delivered is (reason is None)
    assert (reason or "") in found
    assert alerting.state(name) == "ALARM"


@pytest.mark.parametrize(
    ("name", "statements", "reason"),
    [
        ("k-allowed", [OWNER, ENCRYPT], None),
        ("k-owner", [OWNER], "the key's policy: no statement allows kms:GenerateDataKey to budgets.amazonaws.com"),
        ("k-half", [OWNER, {**ENCRYPT, "Action": "kms:GenerateDataKey*"}], "no statement allows kms:Decrypt"),
    ],
)
def test_the_key_of_the_topic_decides(alerting: Alerting, name: str, statements: Any, reason: str | None) -> None:
    alerting.budget(name, alerting.topic(name, PUBLISH, key=alerting.key(*statements)))
    ((delivered, found),) = alerting.log(name)
    assert delivered is (reason is None)
    assert (reason or "") in found


def test_a_key_that_aws_manages_lets_budgets_not_in(alerting: Alerting) -> None:
    alerting.budget("k-aws", alerting.topic("k-aws", PUBLISH, key="alias/aws/sns"))
    ((delivered, reason),) = alerting.log("k-aws")
    assert (delivered, "managed by AWS" in reason) == (False, True)


def test_a_disabled_key_and_an_alias(client: Client, alerting: Alerting) -> None:
    arn = alerting.key(OWNER, ENCRYPT)
    client("kms").create_alias(AliasName="alias/alerts", TargetKeyId=arn)
    topic = alerting.topic("k-alias", PUBLISH, key="alias/alerts")
    alerting.budget("k-alias", topic)
    assert alerting.log("k-alias") == [(True, "")]
    client("kms").disable_key(KeyId=arn.rpartition("/")[2])  # moto takes no ARN here
    alerting.budget("k-disabled", topic)
    ((delivered, reason),) = alerting.log("k-disabled")
    assert (delivered, "is Disabled" in reason) == (False, True)


@pytest.mark.parametrize(
    ("name", "arn", "reason"),
    [
        ("gone", f"arn:aws:sns:eu-central-1:{PAYER}:never-made", "does not exist"),
        ("no-topic", f"arn:aws:sqs:eu-central-1:{PAYER}:queue", "is not the ARN of a topic"),
        ("no-region", f"arn:aws:sns:atlantis-1:{PAYER}:topic", "is not the ARN of a topic"),
    ],
)
def test_a_topic_must_be_there(alerting: Alerting, name: str, arn: str, reason: str) -> None:
    alerting.budget(name, arn)
    ((delivered, found),) = alerting.log(name)
    assert (delivered, reason in found) == (False, True)


def test_a_topic_of_another_account_gets_nothing(client: Client, alerting: Alerting) -> None:
    sns = client("sns", ML_PROD)
    arn = sns.create_topic(Name="theirs", Attributes={"Policy": policy(PUBLISH)})["TopicArn"]
    alerting.budget("theirs", arn)
    ((delivered, reason),) = alerting.log("theirs")
    assert (delivered, f"in account {ML_PROD}" in reason) == (False, True)
    sns.delete_topic(TopicArn=arn)


def test_a_subscriber_that_is_gone_does_not_break_the_call(client: Client, alerting: Alerting) -> None:
    topic = alerting.topic("lost", PUBLISH)
    client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:eu-central-1:{PAYER}:lost")
    alerting.budget("lost", topic)
    ((delivered, reason),) = alerting.log("lost")
    assert (delivered, "not each of its subscribers" in reason) == (False, True)


@pytest.mark.parametrize(
    ("name", "filters"),
    [
        ("f-no-prefix", {"TagKeyValue": [f"{ENVIRONMENT}$prod"]}),
        ("f-inactive", {"TagKeyValue": ["user:anycompany:workload:application-id$llm-chat"]}),
        ("f-value", {"TagKeyValue": [f"user:{ENVIRONMENT}$Prod"]}),
        ("f-service", {"Service": ["AmazonSageMaker"]}),
    ],
)
def test_a_filter_that_matches_nothing_is_silent(alerting: Alerting, name: str, filters: Any) -> None:
    alerting.budget(name, "finops@example.com", filters)
    spend = alerting.budgets.describe_budget(AccountId=PAYER, BudgetName=name)["Budget"]["CalculatedSpend"]
    assert spend["ActualSpend"] == spend["ForecastedSpend"] == {"Amount": "0.0", "Unit": "USD"}
    assert (alerting.log(name), alerting.state(name)) == ([], "OK")


def test_a_changed_notification_alerts_again_and_a_described_one_does_not(alerting: Alerting) -> None:
    alerting.budget("again", "finops@example.com")
    place = {"AccountId": PAYER, "BudgetName": "again"}
    for _ in range(2):
        alerting.budgets.describe_budgets(AccountId=PAYER)
    assert len(alerting.log("again")) == 1
    old, high, low = ({**AT_ONCE, "Threshold": usd} for usd in (0.001, 1e9, 0.002))
    alerting.budgets.update_notification(**place, OldNotification=old, NewNotification=high)
    assert (len(alerting.log("again")), alerting.state("again")) == (1, "OK")
    alerting.budgets.update_notification(**place, OldNotification=high, NewNotification=low)
    assert (len(alerting.log("again")), alerting.state("again")) == (2, "ALARM")


def test_a_member_account_sees_its_own_costs_only(client: Client, alerting: Alerting) -> None:
    def spent(account: str, **more: Any) -> float:
        budgets = client("budgets", account)
        limit = {"BudgetLimit": {"Amount": "1000", "Unit": "USD"}}
        raw = {"BudgetName": "own", "BudgetType": "COST", "TimeUnit": "ANNUALLY", **limit, **more}
        budgets.create_budget(AccountId=account, Budget=raw)
        found = budgets.describe_budget(AccountId=account, BudgetName="own")["Budget"]["CalculatedSpend"]
        budgets.delete_budget(AccountId=account, BudgetName="own")
        return float(found["ActualSpend"]["Amount"])

    whole, one = spent(PAYER), spent(ML_PROD)
    assert 0 < one < whole
    assert spent(PAYER, CostFilters={"LinkedAccount": [ML_PROD]}) == pytest.approx(one, rel=0.01)
