"""Break one thing of billing or the alert channel, and say which one finding must name it."""

import copy
import dataclasses

from harness.state import State, Unreadable
from tests.unit.verify.fault import alerts, changed_alerts, changed_key, fault, key


@fault("cost allocation", "anycompany:workload:application-id", "Inactive")
def cost_tag_deactivated(state: State) -> State:
    assert not isinstance(state.cost_tags, Unreadable)
    return dataclasses.replace(state, cost_tags={**state.cost_tags, "anycompany:workload:application-id": "Inactive"})


@fault("alert channel", "topic", "no such topic")
def topic_deleted(state: State) -> State:
    return dataclasses.replace(state, alerts=None)


@fault("alert channel", "topic policy: AllowBudgetsToPublish", "no such statement")
def topic_statement_removed(state: State) -> State:
    policy = copy.deepcopy(dict(alerts(state).topic_policy or {}))
    policy["Statement"] = policy["Statement"][1:]
    return changed_alerts(state, topic_policy=policy)


@fault("alert channel", "topic policy: AllowAnomaliesToPublish", "no such statement")
def topic_closed_to_anomalies(state: State) -> State:
    policy = copy.deepcopy(dict(alerts(state).topic_policy or {}))
    policy["Statement"] = policy["Statement"][:1]
    return changed_alerts(state, topic_policy=policy)


@fault("alert channel", "key policy: AllowAnomaliesToEncrypt", "no such statement")
def key_closed_to_anomalies(state: State) -> State:
    policy = copy.deepcopy(dict(key(state).policy or {}))
    policy["Statement"] = policy["Statement"][:2]
    return changed_key(state, policy=policy)


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
    policy = copy.deepcopy(dict(key(state).policy or {}))
    del policy["Statement"][1]
    return changed_key(state, policy=policy)


@fault("alert channel", "key policy: AllowBudgetsToEncrypt", '["kms:Decrypt"]')
def key_action_removed(state: State) -> State:
    policy = copy.deepcopy(dict(key(state).policy or {}))
    policy["Statement"][1]["Action"] = ["kms:Decrypt"]
    return changed_key(state, policy=policy)


@fault("alert channel", "key", "not encrypted")
def topic_without_key(state: State) -> State:
    return changed_alerts(state, key=None)


@fault("alert channel", "key", "PendingDeletion")
def key_about_to_be_deleted(state: State) -> State:
    return changed_key(state, state="PendingDeletion")


@fault("alert channel", "key", "AWS-managed key")
def key_of_aws(state: State) -> State:
    return changed_key(state, managed_by_aws=True, policy=None)
