"""What AWS answers about anomaly monitors and subscriptions, as it is read."""

from typing import Any

from harness.documents import MonitorDocument
from harness.state import LiveAnomalies
from harness.state.anomalies import read_anomalies
from tests.unit.state.aws import aws_client

ARN = "arn:aws:ce::111111111111:anomalymonitor/"
BY_SERVICE = {"MonitorArn": f"{ARN}1", "MonitorName": "any-services", "MonitorType": "DIMENSIONAL"}
TAGGED = {"MonitorArn": f"{ARN}2", "MonitorName": "any-tagged", "MonitorType": "CUSTOM"}


def at_least(key: str, amount: str) -> dict[str, Any]:
    return {"Dimensions": {"Key": key, "Values": [amount], "MatchOptions": ["GREATER_THAN_OR_EQUAL"]}}


USD, PERCENT = at_least("ANOMALY_TOTAL_IMPACT_ABSOLUTE", "100"), at_least("ANOMALY_TOTAL_IMPACT_PERCENTAGE", "12.5")


def subscription(**fields: Any) -> dict[str, Any]:
    return {
        "SubscriptionArn": "arn:aws:ce::111111111111:anomalysubscription/1",
        "SubscriptionName": "any-mail",
        "MonitorArnList": [f"{ARN}2", f"{ARN}9"],
        "Subscribers": [{"Address": "a@example.com", "Type": "EMAIL"}],
        "Frequency": "DAILY",
        "ThresholdExpression": USD,
        **fields,
    }


def read(monitors: list[dict[str, Any]], subscriptions: list[dict[str, Any]]) -> LiveAnomalies:
    """Read answers of one item a page."""

    def answer(operation: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        of_monitors = operation == "GetAnomalyMonitors"
        at, found = int(request.get("NextPageToken", 0)), monitors if of_monitors else subscriptions
        more = {"NextPageToken": str(at + 1)} if at + 1 < len(found) else {}
        return 200, {"AnomalyMonitors" if of_monitors else "AnomalySubscriptions": found[at : at + 1], **more}

    return read_anomalies(aws_client("ce", answer), "any-")


def watched(**fields: Any) -> MonitorDocument | str:
    return read([{**TAGGED, **fields}], []).monitors["any-tagged"].watches


def test_every_page_is_read_for_the_names_of_the_prefix() -> None:
    foreign = {**TAGGED, "MonitorName": "other"}
    found = read([{**BY_SERVICE, "MonitorDimension": "SERVICE"}, foreign], [subscription(), subscription()])
    assert {name: each.watches for name, each in found.monitors.items()} == {"any-services": MonitorDocument("SERVICE")}
    assert found.subscriptions["any-mail"].tells.monitors == (f"{ARN}9", "other")


def test_each_of_one_name_and_who_declined_is_kept() -> None:
    subscribers = [
        {"Address": "b@example.com", "Type": "EMAIL", "Status": "DECLINED"},
        {"Address": "a@example.com", "Type": "EMAIL", "Status": "CONFIRMED"},
    ]
    other = {"SubscriptionArn": "arn:other"}
    found = read(
        [TAGGED, {**TAGGED, "MonitorArn": f"{ARN}3"}], [subscription(Subscribers=subscribers), subscription(**other)]
    )
    assert (found.monitors["any-tagged"].arn, found.monitors["any-tagged"].twins) == (f"{ARN}2", (f"{ARN}3",))
    mail = found.subscriptions["any-mail"]
    assert (mail.tells.emails, mail.declined) == (("a@example.com", "b@example.com"), ("b@example.com",))
    assert mail.twins == ("arn:other",)


def test_what_a_monitor_watches() -> None:
    tags = {"Tags": {"Key": "team", "Values": ["b", "a"]}, "And": None, "Dimensions": None}
    assert watched(MonitorSpecification=tags) == MonitorDocument("TAG", "team", ("a", "b"))
    accounts = {"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": ["1"]}}
    assert watched(MonitorSpecification=accounts) == MonitorDocument("LINKED_ACCOUNT", None, ("1",))
    assert isinstance(watched(MonitorSpecification={"Or": [tags, accounts]}), str)
    managed = {"MonitorType": "DIMENSIONAL", "MonitorDimension": "TAG", "MonitorSpecification": {"Tags": {"Key": "x"}}}
    assert isinstance(watched(**managed), str)


def threshold(**fields: Any) -> tuple[float | None, float | None, str]:
    tells = read([], [subscription(**fields)]).subscriptions["any-mail"].tells
    return tells.usd, tells.percent, tells.combine


def test_thresholds_of_every_shape() -> None:
    assert threshold() == (100.0, None, "all")
    assert threshold(ThresholdExpression={"And": [USD, PERCENT]}) == (100.0, 12.5, "all")
    assert threshold(ThresholdExpression={"Or": [PERCENT, USD]}) == (100.0, 12.5, "any")
    assert threshold(ThresholdExpression=None, Threshold=7.0) == (7.0, None, "all")
    assert threshold(ThresholdExpression={"Not": USD})[2].startswith("{")
