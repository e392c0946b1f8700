"""Break one thing of a budget, and say which one finding must name it."""

import dataclasses

from harness.documents import LimitDocument
from harness.state import State, Unreadable
from tests.unit.verify.fault import BUDGET, budget, changed_budget, fault


@fault("budget", BUDGET, "no such budget")
def budget_deleted(state: State) -> State:
    assert not isinstance(state.budgets, Unreadable)
    return dataclasses.replace(state, budgets={name: held for name, held in state.budgets.items() if name != BUDGET})


@fault("budget", f"{BUDGET}: limit", "6000 USD")
def budget_limit_changed(state: State) -> State:
    return changed_budget(state, limit=LimitDocument("fixed", usd=6000.0))


@fault("budget", f"{BUDGET}: time unit", "ANNUALLY")
def budget_time_unit_changed(state: State) -> State:
    return changed_budget(state, time_unit="ANNUALLY")


@fault("budget", f"{BUDGET}: filter TagKeyValue", "anycompany:workload:application-id$llm-chat")
def budget_filter_without_user(state: State) -> State:
    pairs = tuple(pair.removeprefix("user:") for pair in budget(state).filters["TagKeyValue"])
    return changed_budget(state, filters={**budget(state).filters, "TagKeyValue": pairs})


@fault("budget", f"{BUDGET}: filter Service", "nothing")
def budget_filter_removed(state: State) -> State:
    pairs = budget(state).filters["TagKeyValue"]
    return changed_budget(state, filters={"TagKeyValue": pairs})


@fault("budget", f"{BUDGET}: filter Region", "eu-central-1")
def budget_filter_added(state: State) -> State:
    return changed_budget(state, filters={**budget(state).filters, "Region": ("eu-central-1",)})


@fault("budget", f"{BUDGET}: alert ACTUAL > 80% emails", "finops@example.com")
def budget_subscriber_removed(state: State) -> State:
    first, *rest = budget(state).notifications
    return changed_budget(state, notifications=(dataclasses.replace(first, emails=("finops@example.com",)), *rest))


@fault("budget", f"{BUDGET}: alert ACTUAL > 80% topics", "none")
def budget_topic_removed(state: State) -> State:
    first, *rest = budget(state).notifications
    return changed_budget(state, notifications=(dataclasses.replace(first, topics=()), *rest))


@fault("budget", f"{BUDGET}: alert FORECASTED > 100%", "nothing")
def budget_alert_removed(state: State) -> State:
    return changed_budget(state, notifications=budget(state).notifications[:1])


@fault("budget", f"{BUDGET}: alert ACTUAL > 5 USD", "an alert")
def budget_alert_added(state: State) -> State:
    more = dataclasses.replace(budget(state).notifications[0], threshold=5.0, threshold_type="ABSOLUTE_VALUE")
    return changed_budget(state, notifications=(*budget(state).notifications, more))


@fault("budget", f"{BUDGET}: type", "USAGE")
def budget_of_another_type(state: State) -> State:
    return changed_budget(state, budget_type="USAGE")


@fault("budget", f"{BUDGET}: unit", "CNY")
def budget_in_another_currency(state: State) -> State:
    return changed_budget(state, units=frozenset({"CNY"}))


@fault("budget", f"{BUDGET}: cost type IncludeCredit", "false")
def budget_without_credits(state: State) -> State:
    return changed_budget(state, cost_types={"IncludeCredit": False, "IncludeTax": True, "UseBlended": False})


@fault("budget", f"{BUDGET}: cost type UseAmortized", "true")
def budget_of_amortized_costs(state: State) -> State:
    return changed_budget(state, cost_types={"UseAmortized": True})


@fault("budget", f"{BUDGET}: billing view", "billingview/custom-1")
def budget_of_another_billing_view(state: State) -> State:
    return changed_budget(state, billing_view="arn:aws:billing::111111111111:billingview/custom-1")


@fault("budget", f"{BUDGET}: filter expression", "eu-central-1")
def budget_filter_expression_instead_of_filters(state: State) -> State:
    return changed_budget(state, filters={}, expression={"Dimensions": {"Key": "REGION", "Values": ["eu-central-1"]}})


@fault("budget", f"{BUDGET}: filter expression", "eu-central-1")
def budget_filter_expression_beside_filters(state: State) -> State:
    return changed_budget(state, expression={"Dimensions": {"Key": "REGION", "Values": ["eu-central-1"]}})
