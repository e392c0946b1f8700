from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import ML_DEV, PAYER, Client, error_code

pytestmark = pytest.mark.emulator

EMAIL = {"SubscriptionType": "EMAIL", "Address": "a@example.com"}
SNS = {"SubscriptionType": "SNS", "Address": "arn:aws:sns:eu-central-1:111111111111:alerts"}
ALERT = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80.0}


def fixed(name: str, amount: str = "100", **more: Any) -> dict[str, Any]:
    limit = {"BudgetLimit": {"Amount": amount, "Unit": "USD"}}
    return {"BudgetName": name, "BudgetType": "COST", "TimeUnit": "MONTHLY", **limit, **more}


@pytest.fixture
def budgets(client: Client) -> Iterator[Any]:
    made = client("budgets")
    yield made
    for budget in made.describe_budgets(AccountId=PAYER)["Budgets"]:
        made.delete_budget(AccountId=PAYER, BudgetName=budget["BudgetName"])


def test_a_budget_comes_back_in_the_spelling_of_aws(budgets: Any) -> None:
    filters = {"TagKeyValue": ["user:app$llm"]}
    budgets.create_budget(AccountId=PAYER, Budget=fixed("plain", "5000", CostFilters=filters))
    budget = budgets.describe_budget(AccountId=PAYER, BudgetName="plain")["Budget"]
    assert budget["BudgetLimit"] == {"Amount": "5000.0", "Unit": "USD"}
    assert budget["CostFilters"] == filters
    assert budget["CostTypes"]["IncludeTax"] is True
    assert budget["TimePeriod"]["Start"].day == 1
    assert budget["TimePeriod"]["End"].year == 2087


def test_update_replaces_limit_and_filters_and_keeps_notifications_and_tags(budgets: Any) -> None:
    alerts = [{"Notification": ALERT, "Subscribers": [EMAIL]}]
    tags = [{"Key": "k", "Value": "v"}]
    budgets.create_budget(AccountId=PAYER, Budget=fixed("u"), NotificationsWithSubscribers=alerts, ResourceTags=tags)
    budgets.update_budget(AccountId=PAYER, NewBudget=fixed("u", "7.5", CostFilters={"Service": ["Amazon SageMaker"]}))
    budget = budgets.describe_budget(AccountId=PAYER, BudgetName="u")["Budget"]
    assert (budget["BudgetLimit"]["Amount"], budget["CostFilters"]) == ("7.5", {"Service": ["Amazon SageMaker"]})
    assert len(budgets.describe_notifications_for_budget(AccountId=PAYER, BudgetName="u")["Notifications"]) == 1
    arn = f"arn:aws:budgets::{PAYER}:budget/u"
    assert budgets.list_tags_for_resource(ResourceARN=arn)["ResourceTags"] == tags


def test_planned_limits_give_the_limit_of_the_running_period(budgets: Any) -> None:
    starts = [1_700_000_000 + 2_592_000 * month for month in range(12)]
    planned = {str(start): {"Amount": str(index), "Unit": "USD"} for index, start in enumerate(starts)}
    budget = {"BudgetName": "planned", "BudgetType": "COST", "TimeUnit": "MONTHLY", "PlannedBudgetLimits": planned}
    budgets.create_budget(AccountId=PAYER, Budget=budget)
    found = budgets.describe_budget(AccountId=PAYER, BudgetName="planned")["Budget"]
    assert found["BudgetLimit"]["Amount"] == "11.0"
    assert found["PlannedBudgetLimits"]["1700000000"]["Amount"] == "0.0"


def test_planned_limits_must_cover_a_year(budgets: Any) -> None:
    planned = {"1700000000": {"Amount": "1", "Unit": "USD"}}
    budget = {"BudgetName": "short", "BudgetType": "COST", "TimeUnit": "MONTHLY", "PlannedBudgetLimits": planned}
    with pytest.raises(ClientError, match="12 months") as failure:
        budgets.create_budget(AccountId=PAYER, Budget=budget)
    assert error_code(failure) == "InvalidParameterException"


@pytest.mark.parametrize(
    ("adjusting", "options"),
    [
        ({"AutoAdjustType": "FORECAST"}, {}),
        (
            {"AutoAdjustType": "HISTORICAL", "HistoricalOptions": {"BudgetAdjustmentPeriod": 3}},
            {"BudgetAdjustmentPeriod": 3, "LookBackAvailablePeriods": 3},
        ),
    ],
    ids=["forecast", "historical"],
)
def test_an_adjusting_budget_has_options_and_a_limit(budgets: Any, adjusting: Any, options: Any) -> None:
    budget = {"BudgetName": "auto", "BudgetType": "COST", "TimeUnit": "MONTHLY", "AutoAdjustData": adjusting}
    budgets.create_budget(AccountId=PAYER, Budget=budget)
    found = budgets.describe_budget(AccountId=PAYER, BudgetName="auto")["Budget"]
    assert found["AutoAdjustData"]["HistoricalOptions"] == options
    assert found["BudgetLimit"]["Unit"] == "USD"


def test_a_budget_needs_exactly_one_kind_of_limit(budgets: Any) -> None:
    none = {"BudgetName": "none", "BudgetType": "COST", "TimeUnit": "MONTHLY"}
    both = fixed("both", AutoAdjustData={"AutoAdjustType": "FORECAST"})
    for budget in (none, both):
        with pytest.raises(ClientError, match="exactly one") as failure:
            budgets.create_budget(AccountId=PAYER, Budget=budget)
        assert error_code(failure) == "InvalidParameterException"


def test_a_name_is_taken_once(budgets: Any) -> None:
    budgets.create_budget(AccountId=PAYER, Budget=fixed("twice"))
    with pytest.raises(ClientError) as failure:
        budgets.create_budget(AccountId=PAYER, Budget=fixed("twice"))
    assert error_code(failure) == "DuplicateRecordException"


@pytest.mark.parametrize("name", ["a:b", "a\\b", "x/action/y", "n" * 101])
def test_names_that_aws_refuses(budgets: Any, name: str) -> None:
    with pytest.raises(ClientError) as failure:
        budgets.create_budget(AccountId=PAYER, Budget=fixed(name))
    assert error_code(failure) == "InvalidParameterException"


def test_what_is_not_there_is_not_found(budgets: Any) -> None:
    for call, arguments in (
        (budgets.describe_budget, {}),
        (budgets.delete_budget, {}),
        (budgets.describe_notifications_for_budget, {}),
        (budgets.describe_subscribers_for_notification, {"Notification": ALERT}),
    ):
        with pytest.raises(ClientError) as failure:
            call(AccountId=PAYER, BudgetName="absent", **arguments)
        assert error_code(failure) == "NotFoundException"


def test_percentage_is_left_out_as_on_aws(budgets: Any) -> None:
    budgets.create_budget(AccountId=PAYER, Budget=fixed("n"))
    percent = {**ALERT, "ThresholdType": "PERCENTAGE"}
    dollars = {**ALERT, "ThresholdType": "ABSOLUTE_VALUE"}
    for alert in (percent, dollars):
        budgets.create_notification(AccountId=PAYER, BudgetName="n", Notification=alert, Subscribers=[EMAIL])
    found = budgets.describe_notifications_for_budget(AccountId=PAYER, BudgetName="n")["Notifications"]
    assert [alert.get("ThresholdType") for alert in found] == [None, "ABSOLUTE_VALUE"]
    subscribers = budgets.describe_subscribers_for_notification(AccountId=PAYER, BudgetName="n", Notification=ALERT)
    assert subscribers["Subscribers"] == [EMAIL]


def test_notifications_differ_and_are_ten_at_most(budgets: Any) -> None:
    budgets.create_budget(AccountId=PAYER, Budget=fixed("ten"))
    place = {"AccountId": PAYER, "BudgetName": "ten"}
    for threshold in range(1, 11):
        alert = {**ALERT, "Threshold": float(threshold)}
        budgets.create_notification(**place, Notification=alert, Subscribers=[EMAIL])
    for threshold, code in ((1.0, "DuplicateRecordException"), (11.0, "CreationLimitExceededException")):
        with pytest.raises(ClientError) as failure:
            budgets.create_notification(**place, Notification={**ALERT, "Threshold": threshold}, Subscribers=[EMAIL])
        assert error_code(failure) == code


def test_a_day_has_no_forecast(budgets: Any) -> None:
    alert = {"Notification": {**ALERT, "NotificationType": "FORECASTED"}, "Subscribers": [EMAIL]}
    with pytest.raises(ClientError) as failure:
        budgets.create_budget(
            AccountId=PAYER, Budget={**fixed("day"), "TimeUnit": "DAILY"}, NotificationsWithSubscribers=[alert]
        )
    assert error_code(failure) == "InvalidParameterException"


def test_subscribers_come_and_go_and_the_last_takes_the_notification_along(budgets: Any) -> None:
    budgets.create_budget(AccountId=PAYER, Budget=fixed("s"))
    place = {"AccountId": PAYER, "BudgetName": "s", "Notification": ALERT}
    budgets.create_notification(**place, Subscribers=[EMAIL])
    budgets.create_subscriber(**place, Subscriber=SNS)
    other = {"SubscriptionType": "EMAIL", "Address": "b@example.com"}
    budgets.update_subscriber(**place, OldSubscriber=EMAIL, NewSubscriber=other)
    assert budgets.describe_subscribers_for_notification(**place)["Subscribers"] == [SNS, other]
    for subscriber in (SNS, other):
        budgets.delete_subscriber(**place, Subscriber=subscriber)
    found = budgets.describe_notifications_for_budget(AccountId=PAYER, BudgetName="s")
    assert found["Notifications"] == []


def test_subscriber_quotas(budgets: Any) -> None:
    budgets.create_budget(AccountId=PAYER, Budget=fixed("q"))
    emails = [{"SubscriptionType": "EMAIL", "Address": f"{number}@example.com"} for number in range(11)]
    other_topic = {**SNS, "Address": SNS["Address"] + "2"}
    for subscribers in (emails, [SNS, other_topic]):
        with pytest.raises(ClientError) as failure:
            budgets.create_notification(AccountId=PAYER, BudgetName="q", Notification=ALERT, Subscribers=subscribers)
        assert error_code(failure) in ("CreationLimitExceededException", "InvalidParameterException")


def test_a_notification_changes_in_place_and_keeps_its_subscribers(budgets: Any) -> None:
    budgets.create_budget(AccountId=PAYER, Budget=fixed("c"))
    budgets.create_notification(AccountId=PAYER, BudgetName="c", Notification=ALERT, Subscribers=[EMAIL])
    new = {**ALERT, "Threshold": 90.0}
    budgets.update_notification(AccountId=PAYER, BudgetName="c", OldNotification=ALERT, NewNotification=new)
    found = budgets.describe_subscribers_for_notification(AccountId=PAYER, BudgetName="c", Notification=new)
    assert found["Subscribers"] == [EMAIL]
    budgets.delete_notification(AccountId=PAYER, BudgetName="c", Notification=new)
    assert not budgets.describe_notifications_for_budget(AccountId=PAYER, BudgetName="c")["Notifications"]


def test_tags_change(budgets: Any) -> None:
    budgets.create_budget(AccountId=PAYER, Budget=fixed("t"), ResourceTags=[{"Key": "a", "Value": "1"}])
    arn = f"arn:aws:budgets::{PAYER}:budget/t"
    budgets.tag_resource(ResourceARN=arn, ResourceTags=[{"Key": "b", "Value": "2"}])
    budgets.untag_resource(ResourceARN=arn, ResourceTagKeys=["a"])
    assert budgets.list_tags_for_resource(ResourceARN=arn)["ResourceTags"] == [{"Key": "b", "Value": "2"}]


def test_budgets_come_in_pages(budgets: Any) -> None:
    for number in range(5):
        budgets.create_budget(AccountId=PAYER, Budget=fixed(f"page-{number}"))
    pages = budgets.get_paginator("describe_budgets").paginate(AccountId=PAYER, PaginationConfig={"PageSize": 2})
    names = [[budget["BudgetName"] for budget in page["Budgets"]] for page in pages]
    assert names == [["page-0", "page-1"], ["page-2", "page-3"], ["page-4"]]


def test_another_account_is_refused(client: Client) -> None:
    with pytest.raises(ClientError) as failure:
        client("budgets", ML_DEV).describe_budgets(AccountId=PAYER)
    assert error_code(failure) == "AccessDeniedException"
