"""Break one thing of billing or the alert channel, and say which one finding must name it."""

import copy
import dataclasses

from harness.documents import LimitDocument
from harness.state import State, Unreadable
from tests.unit.verify.fault import BUDGET, alerts, budget, changed_alerts, changed_budget, fault


@fault("cost allocation", "anycompany:workload:application-id", "Inactive")
def cost_tag_deactivated(state: State) -> State:
    assert not isinstance(state.cost_tags, Unreadable)
    return dataclasses.replace(state, cost_tags={**state.cost_tags, "anycompany:workload:application-id": "Inactive"})


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


@fault("alert channel", "topic", "no such topic")
def topic_deleted(state: State) -> State:
    return dataclasses.replace(state, alerts=None)


@fault("alert channel", "topic policy: AllowBudgetsToPublish", "no such statement")
def topic_statement_removed(state: State) -> State:
    return changed_alerts(state, topic_policy={"Version": "2012-10-17", "Statement": []})


@fault("alert channel", "topic policy: AllowBudgetsToPublish", "no such statement")
def topic_policy_deleted(state: State) -> State:
    return changed_alerts(state, topic_policy=None)


@fault("alert channel", "topic policy: AllowBudgetsToPublish", "222222222222")
def topic_open_to_another_account(state: State) -> State:
    policy = copy.deepcopy(dict(alerts(state).topic_policy or {}))
    policy["Statement"][0]["Condition"] = {"StringEquals": {"aws:SourceAccount": "222222222222"}}
    return changed_alerts(state, topic_policy=policy)


@fault("alert channel", "topic policy: Everybody", '"Principal":"*"')
def topic_open_to_everybody(state: State) -> State:
    policy = copy.deepcopy(dict(alerts(state).topic_policy or {}))
    policy["Statement"].append({"Sid": "Everybody", "Effect": "Allow", "Principal": "*", "Action": "SNS:Publish"})
    return changed_alerts(state, topic_policy=policy)


@fault("alert channel", "key policy: AllowBudgetsToEncrypt", "no such statement")
def key_statement_removed(state: State) -> State:
    policy = copy.deepcopy(dict(alerts(state).key_policy or {}))
    policy["Statement"] = policy["Statement"][:1]
    return changed_alerts(state, key_policy=policy)


@fault("alert channel", "key policy: AllowBudgetsToEncrypt", '["kms:Decrypt"]')
def key_action_removed(state: State) -> State:
    policy = copy.deepcopy(dict(alerts(state).key_policy or {}))
    policy["Statement"][1]["Action"] = ["kms:Decrypt"]
    return changed_alerts(state, key_policy=policy)


@fault("alert channel", "key", "not encrypted")
def topic_without_key(state: State) -> State:
    return changed_alerts(state, key_id=None, key_state=None, key_policy=None)


@fault("alert channel", "key", "PendingDeletion")
def key_about_to_be_deleted(state: State) -> State:
    return changed_alerts(state, key_state="PendingDeletion")
