"""Cost allocation tags, TagOptions, budgets and who hears of them before and after a plan."""

from typing import Any

import pytest

from tests.unit.plan_check.weakening.changes import Values, becomes, change, comes, document, found, goes, only, stays

COST_TAG, BUDGET = "aws_ce_cost_allocation_tag.this", "aws_budgets_budget.this"
TOPIC = "arn:aws:sns:eu-central-1:111122223333:alerts"


def test_a_cost_tag_that_is_switched_off_or_goes_is_a_weakening() -> None:
    held = {"tag_key": "owner", "status": "Active"}
    off = [("cost-tag-deactivated", "fail", COST_TAG)]
    assert found(becomes(COST_TAG, held, status="Inactive")) == found(goes(COST_TAG, **held)) == off
    assert found(becomes(COST_TAG, held, "status")) == [("cost-tag-deactivated", "unknown", COST_TAG)]
    assert found(goes(COST_TAG, tag_key="owner", status="Inactive")) == []
    assert found(becomes(COST_TAG, {"tag_key": "owner", "status": "Inactive"}, status="Active")) == []


def test_a_cost_tag_that_moves_without_a_moved_block_is_unknown() -> None:
    held = {"tag_key": "owner", "status": "Active"}
    weakening = only(goes(COST_TAG, **held), comes(f"{COST_TAG}_new", **held))
    assert weakening.fault.verdict == "unknown"
    assert "in no order" in weakening.fault.because


def option(value: str, *, active: bool = True, key: str = "stage") -> dict[str, Any]:
    return {"id": f"tag-{key}-{value}", "key": key, "value": value, "active": active}


def test_a_key_of_which_no_value_is_offered_any_more_is_unwatched() -> None:
    one, two = "aws_servicecatalog_tag_option.one", "aws_servicecatalog_tag_option.two"
    assert found(goes(one, **option("dev")), stays(two, **option("prod"))) == []
    assert found(goes(one, **option("dev")), comes(two, "id", **option("test"))) == []
    both = (goes(one, **option("dev")), becomes(two, option("prod"), active=False))
    assert found(*both) == [("key-unwatched", "fail", one)]
    assert found(goes(one, **option("dev")), comes(two, "key", active=True)) == [("key-unwatched", "unknown", one)]


def test_a_key_that_a_portfolio_asks_for_no_more_is_unwatched() -> None:
    association = "aws_servicecatalog_tag_option_resource_association.one"
    option_there = stays("aws_servicecatalog_tag_option.one", **option("dev"))
    held = {"tag_option_id": "tag-stage-dev", "resource_id": "port-1"}
    assert found(option_there, goes(association, **held)) == [("key-unwatched", "fail", association)]
    assert found(option_there, goes(association, **held), comes(f"{association}_b", **held)) == []
    unknown = comes(f"{association}_b", "resource_id", tag_option_id="tag-stage-dev")
    assert found(option_there, goes(association, **held), unknown) == [("key-unwatched", "unknown", association)]


def alert(threshold: float = 80, kind: str = "ACTUAL", unit: str = "PERCENTAGE", **who: list[str]) -> dict[str, Any]:
    return {
        "comparison_operator": "GREATER_THAN",
        "notification_type": kind,
        "threshold": threshold,
        "threshold_type": unit,
        "subscriber_email_addresses": who.get("emails", ["a@example.com"]),
        "subscriber_sns_topic_arns": who.get("topics", [TOPIC]),
    }


HELD: Values = {
    "name": "ml",
    "budget_type": "COST",
    "time_unit": "MONTHLY",
    "limit_amount": "100.0",
    "limit_unit": "USD",
    "cost_filter": [{"name": "Service", "values": ["EC2", "S3"]}],
    "cost_types": [{"include_tax": True, "include_credit": False, "use_blended": False}],
    "notification": [alert(), alert(100)],
    "planned_limit": [],
    "auto_adjust_data": [],
    "account_id": "111111111111",
    "billing_view_arn": "arn:aws:billing::111111111111:billingview/a",
    "time_period_start": "2026-01-01_00:00",
}


def planned(*amounts: str) -> list[dict[str, str]]:
    return [{"start_time": f"2027-0{n}-01_00:00", "amount": usd, "unit": "USD"} for n, usd in enumerate(amounts, 1)]


RAISED: dict[str, Values] = {
    "the limit": {"limit_amount": "100.5"},
    "a start in the future": {"time_period_start": "2099-01-01_00:00"},
    "planned above it": {"limit_amount": None, "planned_limit": planned("90", "101")},
    "a service less": {"cost_filter": [{"name": "Service", "values": ["EC2"]}]},
    "a filter more": {"cost_filter": [*HELD["cost_filter"], {"name": "LinkedAccount", "values": ["1"]}]},
    "cost that does not count": {"cost_types": [{"include_tax": False}]},
    "credits that count": {"cost_types": [{"include_credit": True}]},
    "the threshold": {"notification": [alert(80), alert(110)]},
}
AS_LOW: dict[str, Values] = {
    "a start in the past": {"time_period_start": "2026-02-01_00:00"},
    "a lower limit": {"limit_amount": "99"},
    "the same amount": {"limit_amount": "100"},
    "planned below it": {"limit_amount": None, "planned_limit": planned("90", "100")},
    "a service more": {"cost_filter": [{"name": "Service", "values": ["EC2", "S3", "SQS"]}]},
    "no filter": {"cost_filter": []},
    "a lower threshold": {"notification": [alert(70), alert(90)]},
    "an alert more": {"notification": [alert(), alert(100), alert(100, "FORECASTED")]},
    "a subscriber more": {
        "notification": [
            alert(emails=["a@example.com", "b@example.com"]),
            alert(100, emails=["a@example.com", "b@example.com"]),
        ]
    },
}
UNKNOWN: dict[str, Values] = {
    "a year": {"time_unit": "ANNUALLY", "limit_amount": "1000"},
    "adjusted": {"auto_adjust_data": [{"auto_adjust_type": "FORECAST"}], "limit_amount": None},
    "another unit": {"limit_unit": "EUR"},
    "another account": {"account_id": "444444444444"},
    "another view": {"billing_view_arn": "arn:aws:billing::111111111111:billingview/b"},
    "other amounts": {"cost_types": [{"use_blended": True}]},
    "an expression": {"cost_filter": [], "filter_expression": [{"dimensions": [{"key": "SERVICE"}]}]},
}


@pytest.mark.parametrize("case", RAISED)
def test_a_budget_that_rises_is_a_weakening(case: str) -> None:
    assert set(found(becomes(BUDGET, HELD, **RAISED[case]))) == {("budget-raised", "fail", BUDGET)}


@pytest.mark.parametrize("case", AS_LOW)
def test_a_budget_as_low_as_before_is_none(case: str) -> None:
    assert found(becomes(BUDGET, HELD, **AS_LOW[case])) == []


@pytest.mark.parametrize("case", UNKNOWN)
def test_a_budget_of_another_kind_is_unknown(case: str) -> None:
    assert found(becomes(BUDGET, HELD, **UNKNOWN[case])) == [("budget-raised", "unknown", BUDGET)]


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("limit_amount", "budget-raised"),
        ("cost_filter", "budget-raised"),
        ("planned_limit", "budget-raised"),
        ("notification", "subscriber-dropped"),
    ],
)
def test_a_part_of_a_budget_known_only_after_apply_is_unknown(name: str, rule: str) -> None:
    assert found(becomes(BUDGET, HELD, name)) == [(rule, "unknown", BUDGET)]


def test_planned_limits_are_compared_by_period() -> None:
    held = {**HELD, "limit_amount": None, "planned_limit": planned("10", "20", "30")}
    assert found(becomes(BUDGET, held, planned_limit=planned("10", "21", "30"))) == [("budget-raised", "fail", BUDGET)]
    assert found(becomes(BUDGET, held, planned_limit=planned("10", "20", "30", "99")[1:])) == [], "a month has passed"
    shorter = only(becomes(BUDGET, held, planned_limit=planned("10", "20")))
    assert shorter.what == "budget ml: it has no limit after 2027-02-01_00:00"


def test_a_limit_that_follows_the_cost_may_move_by_itself() -> None:
    held = {**HELD, "auto_adjust_data": [{"auto_adjust_type": "HISTORICAL", "last_auto_adjust_time": "2027"}]}
    made = change(
        BUDGET,
        held,
        {**HELD, "auto_adjust_data": [{"auto_adjust_type": "HISTORICAL"}]},
        {"auto_adjust_data": [{"last_auto_adjust_time": True}], "limit_amount": True},
        actions=("create", "delete"),
    )
    assert found(made) == []


def test_a_budget_that_goes_is_a_weakening_and_one_under_another_name_is_none() -> None:
    assert found(goes(BUDGET, **HELD)) == [("budget-raised", "fail", BUDGET)]
    assert found(goes(BUDGET, **HELD), comes(f"{BUDGET}_b", **HELD)) == []
    assert found(goes(BUDGET, **HELD), comes(f"{BUDGET}_b", **{**HELD, "name": "other"})) == []
    higher = {**HELD, "limit_amount": "200"}
    assert found(goes(BUDGET, **HELD), comes(f"{BUDGET}_b", **higher)) == [("budget-raised", "fail", BUDGET)]
    assert found(goes(BUDGET, **HELD), comes(f"{BUDGET}_b", **{**higher, "name": "other"})) == [
        ("budget-raised", "fail", BUDGET)
    ]


def test_a_budget_that_may_be_under_another_name_is_unknown() -> None:
    made = comes(f"{BUDGET}_b", "cost_filter", **{**HELD, "name": "other"})
    assert found(goes(BUDGET, **HELD), made) == [("budget-raised", "unknown", BUDGET)]


def test_a_subscriber_that_is_told_no_more_is_named() -> None:
    nobody = becomes(BUDGET, HELD, notification=[alert(emails=[]), alert(100, emails=[])])
    weakening = only(nobody)
    assert (weakening.fault.rule, weakening.fault.key) == ("subscriber-dropped", "a@example.com")
    assert weakening.what == "budget ml tells a@example.com no more"
    hidden = becomes(BUDGET, HELD, notification=[alert(emails=[]), alert(100, emails=[])])
    secret = change(BUDGET, hidden.before, hidden.after, sensitive={"notification": [{"emails": True}]})
    assert only(secret).what == "budget ml tells (sensitive) no more"


def test_an_alert_that_goes_is_a_subscriber_who_is_told_less() -> None:
    fewer = becomes(BUDGET, HELD, notification=[alert(topics=[]), alert(100, emails=[])])
    assert [rule for rule, _, _ in found(fewer)] == ["subscriber-dropped", "subscriber-dropped"]
    other = becomes(BUDGET, HELD, notification=[alert(80, unit="ABSOLUTE_VALUE"), alert(100)])
    assert {verdict for _, verdict, _ in found(other)} == {"unknown"}


SUBSCRIPTION = "aws_sns_topic_subscription.this"


def test_a_subscription_to_alerts_that_goes_is_a_weakening() -> None:
    budget = stays(BUDGET, **HELD)
    held = {"topic_arn": TOPIC, "protocol": "email", "endpoint": "a@example.com"}
    gone = [("subscriber-dropped", "fail", SUBSCRIPTION)]
    assert found(budget, goes(SUBSCRIPTION, **held)) == gone
    assert found(budget, becomes(SUBSCRIPTION, held, endpoint="b@example.com")) == gone
    assert found(budget, becomes(SUBSCRIPTION, held, "endpoint")) == [("subscriber-dropped", "unknown", SUBSCRIPTION)]
    assert found(budget, goes(SUBSCRIPTION, **held), comes(f"{SUBSCRIPTION}_b", **held)) == []
    filtered = becomes(SUBSCRIPTION, held, filter_policy='{"a": ["b"]}')
    assert found(budget, filtered) == [("subscriber-dropped", "unknown", SUBSCRIPTION)]


def test_a_subscription_to_something_else_is_none() -> None:
    held = {"topic_arn": f"{TOPIC}-orders", "protocol": "email", "endpoint": "a@example.com"}
    assert found(stays(BUDGET, **HELD), goes(SUBSCRIPTION, **held)) == []
    named = {**held, "topic_arn": "arn:aws:sns:eu-central-1:111122223333:cost-news"}
    assert found(goes(SUBSCRIPTION, **named)) == [("subscriber-dropped", "unknown", SUBSCRIPTION)]


def leave(service: str) -> str:
    return document({"Effect": "Allow", "Principal": {"Service": service}, "Action": "SNS:Publish", "Resource": "*"})


@pytest.mark.parametrize("kind", ["aws_sns_topic_policy", "aws_kms_key", "aws_kms_key_policy", "aws_sns_topic"])
def test_a_leave_to_send_alerts_that_goes_is_a_weakening(kind: str) -> None:
    address, held = f"{kind}.this", {"arn": TOPIC, "policy": leave("budgets.amazonaws.com"), "is_enabled": True}
    assert found(becomes(address, held, policy=leave("s3.amazonaws.com"))) == [("subscriber-dropped", "fail", address)]
    assert found(goes(address, **held)) == [("subscriber-dropped", "fail", address)]
    other = {"arn": TOPIC, "policy": leave("s3.amazonaws.com")}
    assert found(goes(address, **other)) == []
    unknown = [] if kind == "aws_sns_topic" else [("subscriber-dropped", "unknown", address)]
    assert found(becomes(address, held, "policy")) == unknown


def test_a_topic_of_alerts_that_goes_or_is_renamed_is_told_of() -> None:
    topic, held = "aws_sns_topic.this", {"arn": TOPIC, "name": "alerts"}
    assert found(stays(BUDGET, **HELD), goes(topic, **held)) == [("subscriber-dropped", "fail", topic)]
    renamed = change(topic, held, {"name": "news"}, {"arn": True}, actions=("delete", "create"))
    new = [alert(topics=[TOPIC.replace("alerts", "news")]), alert(100, topics=[TOPIC.replace("alerts", "news")])]
    assert found(becomes(BUDGET, HELD, notification=new), renamed) == [("subscriber-dropped", "unknown", topic)]


def anomalies(usd: str = "100", **values: Any) -> dict[str, Any]:
    dimension = {"key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE", "match_options": ["GREATER_THAN_OR_EQUAL"], "values": [usd]}
    return {
        "name": "all",
        "monitor_arn_list": ["arn:m"],
        "subscriber": [{"type": "EMAIL", "address": "a@example.com"}],
        "threshold_expression": [{"dimension": [dimension]}],
        **values,
    }


def test_anomaly_subscriptions_keep_subscribers_monitors_and_threshold() -> None:
    this = "aws_ce_anomaly_subscription.this"
    assert found(goes(this, **anomalies())) == [("subscriber-dropped", "fail", this)]
    assert found(goes(this, **anomalies()), comes(f"{this}_b", **anomalies())) == []
    assert found(becomes(this, anomalies(), **anomalies(subscriber=[]))) == [("subscriber-dropped", "fail", this)]
    assert found(becomes(this, anomalies(), **anomalies(monitor_arn_list=[]))) == [("subscriber-dropped", "fail", this)]
    assert found(becomes(this, anomalies(), **anomalies("150"))) == [("budget-raised", "fail", this)]
    assert found(becomes(this, anomalies(), **anomalies("50"))) == []
    assert found(becomes(this, anomalies(), threshold_expression=[])) == [("budget-raised", "unknown", this)]
    assert found(becomes(this, anomalies(), "subscriber")) == [("subscriber-dropped", "unknown", this)]
    daily = anomalies(frequency="DAILY")
    assert found(becomes(this, daily, frequency="WEEKLY")) == [("subscriber-dropped", "fail", this)]
    assert found(becomes(this, daily, "frequency")) == [("subscriber-dropped", "unknown", this)]
    assert found(becomes(this, daily, frequency="IMMEDIATE")) == []
