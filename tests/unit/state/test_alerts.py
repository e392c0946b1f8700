"""The alert topic and its key, as they are read: in the topic's own region, and one apart from the other."""

import json
from dataclasses import dataclass, field
from typing import Any

from harness.state import LiveAlerts, LiveKey, Scope, Unreadable, read_state
from harness.state.alerts import read_alerts
from tests.unit.state.aws import Answer, aws_client, error

TOPIC = "arn:aws:sns:us-east-1:111111111111:alerts"
KEY = "arn:aws:kms:us-east-1:111111111111:key/1"
POLICY = {"Statement": []}


class Sns:
    """Answer in the place of SNS, whose own protocol is not JSON."""

    class exceptions:  # noqa: N801 (boto3's own name)
        class NotFoundException(Exception):  # noqa: N818 (likewise)
            pass

    def __init__(self, **attributes: str) -> None:
        self.attributes = {"Policy": json.dumps(POLICY), **attributes}

    def get_topic_attributes(self, **_: str) -> dict[str, dict[str, str]]:
        return {"Attributes": self.attributes}


def kms(**metadata: str) -> Answer:
    def answer(operation: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if operation == "DescribeKey":
            own = {"KeyId": "1", "Arn": KEY, "KeyState": "Enabled", "KeyManager": "CUSTOMER"}
            return 200, {"KeyMetadata": {**own, **metadata}}
        assert request["KeyId"] == KEY
        return 200, {"Policy": json.dumps(POLICY)}

    return answer


def key_of(answer: Answer) -> LiveKey | Unreadable | None:
    found = read_alerts(Sns(KmsMasterKeyId="alias/alerts"), aws_client("kms", answer), TOPIC)
    assert isinstance(found, LiveAlerts)
    assert found.topic_policy == POLICY
    return found.key


def test_a_customer_managed_key_has_a_policy() -> None:
    assert key_of(kms()) == LiveKey(KEY, "Enabled", POLICY)
    assert key_of(kms(KeyState="Disabled")) == LiveKey(KEY, "Disabled", POLICY)


def test_the_manager_tells_which_key_is_awss() -> None:
    assert key_of(kms(KeyManager="AWS")) == LiveKey(KEY, "Enabled", managed_by_aws=True)


def test_a_key_that_is_gone_is_not_found() -> None:
    assert key_of(lambda *_: error("NotFoundException")) == LiveKey("alias/alerts", "NotFound")


def test_a_key_that_cannot_be_read_does_not_hide_the_topic() -> None:
    key = key_of(lambda *_: error("AccessDeniedException"))
    assert isinstance(key, Unreadable)
    assert key.code == "AccessDeniedException"


def test_a_topic_without_a_key_has_none() -> None:
    assert read_alerts(Sns(), None, TOPIC) == LiveAlerts(TOPIC, POLICY, None)


@dataclass
class Denied:
    """Give clients to which AWS denies everything, and remember which were asked for."""

    asked: set[tuple[str, str]] = field(default_factory=set)

    def client(self, service: str, region: str) -> Any:
        self.asked.add((service, region))
        return aws_client(service, lambda *_: error("AccessDeniedException"), region)


def test_the_topic_is_read_in_its_own_region() -> None:
    clients = Denied()
    scope = Scope("any", "111111111111", ("eu-central-1",), organization_rules=True, topic_arn=TOPIC)
    state = read_state(clients, scope)
    assert {pair for pair in clients.asked if pair[1] != "eu-central-1"} == {("sns", "us-east-1"), ("kms", "us-east-1")}
    assert isinstance(state.alerts, Unreadable)
    assert state.alerts.code == "AuthorizationError"
