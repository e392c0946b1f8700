"""What AWS answers about budgets, as it is read: all pages, expressions too, and one budget apart from another."""

from typing import Any

from harness.documents import LimitDocument
from harness.state import LiveBudget, Unreadable
from harness.state.budgets import read_budgets
from tests.unit.state.aws import aws_client, error

PAYER = "111111111111"
ALERT = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80}
EXPRESSION = {"Dimensions": {"Key": "SERVICE", "Values": ["Amazon EC2"]}}


def raw(name: str, **fields: Any) -> dict[str, Any]:
    own = {"BudgetName": name, "TimeUnit": "MONTHLY", "BudgetType": "COST"}
    return {**own, "BudgetLimit": {"Amount": "5.0", "Unit": "USD"}, **fields}


class Budgets:
    """Answer for some budgets; `refusals` maps operation and budget to an error code."""

    def __init__(self, *budgets: dict[str, Any], refusals: dict[tuple[str, str], str] | None = None) -> None:
        self.budgets = budgets
        self.refusals = refusals or {}

    def __call__(self, operation: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if code := self.refusals.get((operation, request.get("BudgetName", ""))):
            return error(code)
        if operation == "DescribeBudgets":
            shown = request["ShowFilterExpression"]
            hidden = () if shown else ("FilterExpression",)
            return 200, {"Budgets": [{key: raw[key] for key in raw if key not in hidden} for raw in self.budgets]}
        if operation == "DescribeNotificationsForBudget":
            return 200, {"Notifications": [ALERT]}
        return 200, {"Subscribers": [{"SubscriptionType": "EMAIL", "Address": "jo@example.com"}]}

    def read(self) -> dict[str, LiveBudget | Unreadable]:
        return read_budgets(aws_client("budgets", self), PAYER, "any-")


def test_only_budgets_of_the_environment_are_read() -> None:
    assert list(Budgets(raw("other"), raw("any-b"), raw("any-a")).read()) == ["any-a", "any-b"]


def test_what_narrows_a_budget_is_read() -> None:
    view = "arn:aws:billing::111111111111:billingview/custom-1"
    found = Budgets(
        raw("any-a", FilterExpression=EXPRESSION, CostTypes={"IncludeTax": False}, BillingViewArn=view),
        raw("any-b", BudgetType="USAGE", BudgetLimit={"Amount": "5.0", "Unit": "GB"}),
    ).read()
    first, second = found["any-a"], found["any-b"]
    assert isinstance(first, LiveBudget)
    assert isinstance(second, LiveBudget)
    assert (first.expression, first.cost_types, first.billing_view) == (EXPRESSION, {"IncludeTax": False}, view)
    assert (first.limit, first.budget_type, first.units) == (LimitDocument("fixed", usd=5.0), "COST", {"USD"})
    assert (second.expression, second.billing_view) == (None, "")
    assert (second.budget_type, second.units) == ("USAGE", {"GB"})


def test_a_budget_without_alerts_has_none() -> None:
    refusals = {("DescribeNotificationsForBudget", "any-a"): "NotFoundException"}
    found = Budgets(raw("any-a"), raw("any-b"), refusals=refusals).read()
    assert {name: len(held.notifications) for name, held in found.items() if isinstance(held, LiveBudget)} == {
        "any-a": 0,
        "any-b": 1,
    }


def test_an_alert_without_subscribers_has_none() -> None:
    refusals = {("DescribeSubscribersForNotification", "any-a"): "NotFoundException"}
    held = Budgets(raw("any-a"), refusals=refusals).read()["any-a"]
    assert isinstance(held, LiveBudget)
    assert [(alert.threshold, alert.emails, alert.topics) for alert in held.notifications] == [(80.0, (), ())]


def test_one_budget_that_cannot_be_read_does_not_hide_the_others() -> None:
    refusals = {("DescribeNotificationsForBudget", "any-a"): "AccessDeniedException"}
    found = Budgets(raw("any-a"), raw("any-b"), refusals=refusals).read()
    unread = found["any-a"]
    assert isinstance(unread, Unreadable)
    assert (unread.code, unread.reason) == (
        "AccessDeniedException",
        "DescribeNotificationsForBudget: AccessDeniedException: no",
    )
    assert isinstance(found["any-b"], LiveBudget)
