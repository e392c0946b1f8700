"""Each thing that somebody changes by hand makes verify fail, name exactly that, and say how to repair it."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from tests.e2e import audit_role_drift, cost_export_drift, tag_option_drift
from tests.e2e.anomaly_drift import anomaly_subscriber_exchanged, anomaly_threshold_raised
from tests.e2e.cost_category_drift import (
    cost_categories_spoilt,
    default_dropped,
    rule_removed,
    rules_exchanged,
    shares_exchanged,
)

pytestmark = pytest.mark.terraform

PAYER = "111111111111"
TOPIC = f"arn:aws:sns:eu-central-1:{PAYER}:anycompany-budget-alerts"
ENVIRONMENT = "anycompany:workload:environment"
Drift = Callable[[Any], AbstractContextManager[None]]


def policy(client: Any, name: str) -> tuple[str, dict[str, Any], list[str]]:
    """Return id, content and targets of a tag policy."""
    summary = next(found for found in client.list_policies(Filter="TAG_POLICY")["Policies"] if found["Name"] == name)
    content = json.loads(client.describe_policy(PolicyId=summary["Id"])["Policy"]["Content"])
    targets = client.list_targets_for_policy(PolicyId=summary["Id"])["Targets"]
    return summary["Id"], content, [target["TargetId"] for target in targets]


@contextmanager
def policy_detached(tagrail: Any) -> Iterator[None]:
    client = tagrail.client("organizations")
    identity, _, targets = policy(client, "anycompany-tags-Workloads/Prod-1")
    client.detach_policy(PolicyId=identity, TargetId=targets[0])
    yield
    client.attach_policy(PolicyId=identity, TargetId=targets[0])


@contextmanager
def policy_updated(tagrail: Any, change: Callable[[dict[str, Any]], object]) -> Iterator[None]:
    client = tagrail.client("organizations")
    identity, content, _ = policy(client, "anycompany-tags-root-1")
    changed = json.loads(json.dumps(content))
    change(changed["tags"][ENVIRONMENT])
    client.update_policy(PolicyId=identity, Content=json.dumps(changed))
    yield
    client.update_policy(PolicyId=identity, Content=json.dumps(content))


def policy_text_changed(tagrail: Any) -> AbstractContextManager[None]:
    return policy_updated(
        tagrail, lambda entry: entry["report_required_tag_for"].update({"@@assign": ["ec2:instance"]})
    )


def policy_value_removed(tagrail: Any) -> AbstractContextManager[None]:
    return policy_updated(tagrail, lambda entry: entry["tag_value"]["@@assign"].remove("test"))


@contextmanager
def foreign_policy(tagrail: Any) -> Iterator[None]:
    client = tagrail.client("organizations")
    content = {"tags": {ENVIRONMENT: {"tag_key": {"@@assign": ENVIRONMENT}, "tag_value": {"@@append": ["qa"]}}}}
    created = client.create_policy(Name="other", Description="x", Type="TAG_POLICY", Content=json.dumps(content))
    identity = created["Policy"]["PolicySummary"]["Id"]
    client.attach_policy(PolicyId=identity, TargetId="444444444442")
    yield
    client.detach_policy(PolicyId=identity, TargetId="444444444442")
    client.delete_policy(PolicyId=identity)


def rule(client: Any, name: str) -> dict[str, Any]:
    found = client.describe_organization_config_rules(OrganizationConfigRuleNames=[name])["OrganizationConfigRules"][0]
    kept = ("OrganizationConfigRuleName", "ExcludedAccounts", "OrganizationManagedRuleMetadata")
    return {key: found[key] for key in kept}


@contextmanager
def rule_parameter_changed(tagrail: Any) -> Iterator[None]:
    client = tagrail.client("config")
    before = rule(client, "anycompany-required-tags-1")
    changed = json.loads(json.dumps(before))
    parameters = json.loads(changed["OrganizationManagedRuleMetadata"]["InputParameters"])
    parameters["tag6Value"] = "dev,prod"
    changed["OrganizationManagedRuleMetadata"]["InputParameters"] = json.dumps(parameters)
    client.put_organization_config_rule(**changed)
    yield
    client.put_organization_config_rule(**before)


@contextmanager
def rule_deleted(tagrail: Any) -> Iterator[None]:
    client = tagrail.client("config", "us-east-1")
    before = rule(client, "anycompany-required-tags-1")
    client.delete_organization_config_rule(OrganizationConfigRuleName="anycompany-required-tags-1")
    yield
    client.put_organization_config_rule(**before)


@contextmanager
def excluded_account_added(tagrail: Any) -> Iterator[None]:
    client = tagrail.client("config")
    before = rule(client, "anycompany-required-tags-1")
    client.put_organization_config_rule(**before | {"ExcludedAccounts": [*before["ExcludedAccounts"], "444444444443"]})
    yield
    client.put_organization_config_rule(**before)


@contextmanager
def recorder_stopped(tagrail: Any) -> Iterator[None]:
    client = tagrail.client("config")
    name = client.describe_configuration_recorders()["ConfigurationRecorders"][0]["name"]
    client.stop_configuration_recorder(ConfigurationRecorderName=name)
    yield
    client.start_configuration_recorder(ConfigurationRecorderName=name)


@contextmanager
def budget_subscriber_removed(tagrail: Any) -> Iterator[None]:
    client = tagrail.client("budgets")
    about = {
        "AccountId": PAYER,
        "BudgetName": "anycompany-ml-platform",
        "Notification": {
            "NotificationType": "ACTUAL",
            "ComparisonOperator": "GREATER_THAN",
            "Threshold": 80,
            "ThresholdType": "PERCENTAGE",
        },
        "Subscriber": {"SubscriptionType": "EMAIL", "Address": "finops@example.com"},
    }
    client.delete_subscriber(**about)
    yield
    client.create_subscriber(**about)


@contextmanager
def budget_updated(tagrail: Any, change: Callable[[dict[str, Any]], object]) -> Iterator[None]:
    client = tagrail.client("budgets")
    before = client.describe_budget(AccountId=PAYER, BudgetName="anycompany-ml-platform")["Budget"]
    for computed in ("CalculatedSpend", "LastUpdatedTime"):
        before.pop(computed, None)
    changed = dict(before)
    change(changed)
    client.update_budget(AccountId=PAYER, NewBudget=changed)
    yield
    client.update_budget(AccountId=PAYER, NewBudget=before)


def budget_limit_changed(tagrail: Any) -> AbstractContextManager[None]:
    return budget_updated(tagrail, lambda budget: budget.update(BudgetLimit={"Amount": "9000", "Unit": "USD"}))


def budget_filter_misspelt(tagrail: Any) -> AbstractContextManager[None]:
    def without_user(budget: dict[str, Any]) -> None:
        values = [value.removeprefix("user:") for value in budget["CostFilters"]["TagKeyValue"]]
        budget["CostFilters"] = budget["CostFilters"] | {"TagKeyValue": values}

    return budget_updated(tagrail, without_user)


@contextmanager
def budget_alert_removed(tagrail: Any) -> Iterator[None]:
    client = tagrail.client("budgets")
    about = {"AccountId": PAYER, "BudgetName": "anycompany-ml-production"}
    alert = {
        "NotificationType": "ACTUAL",
        "ComparisonOperator": "GREATER_THAN",
        "Threshold": 120,
        "ThresholdType": "PERCENTAGE",
    }
    subscribers = client.describe_subscribers_for_notification(**about, Notification=alert)["Subscribers"]
    client.delete_notification(**about, Notification=alert)
    yield
    client.create_notification(**about, Notification=alert, Subscribers=subscribers)


@contextmanager
def topic_statement_removed(tagrail: Any) -> Iterator[None]:
    client = tagrail.client("sns")
    before = client.get_topic_attributes(TopicArn=TOPIC)["Attributes"]["Policy"]
    changed = json.loads(before)
    changed["Statement"] = [one for one in changed["Statement"] if one["Sid"] != "AllowBudgetsToPublish"]
    client.set_topic_attributes(TopicArn=TOPIC, AttributeName="Policy", AttributeValue=json.dumps(changed))
    yield
    client.set_topic_attributes(TopicArn=TOPIC, AttributeName="Policy", AttributeValue=before)


@contextmanager
def key_statement_removed(tagrail: Any) -> Iterator[None]:
    client = tagrail.client("kms")
    key = client.describe_key(KeyId="alias/anycompany-budget-alerts")["KeyMetadata"]["KeyId"]
    before = client.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    changed = json.loads(before)
    changed["Statement"] = [one for one in changed["Statement"] if one["Sid"] != "AllowBudgetsToEncrypt"]
    client.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(changed))
    yield
    client.put_key_policy(KeyId=key, PolicyName="default", Policy=before)


@contextmanager
def cost_tag_deactivated(tagrail: Any) -> Iterator[None]:
    client = tagrail.client("ce")

    def put(status: str) -> None:
        entry = {"TagKey": ENVIRONMENT, "Status": status}
        assert not client.update_cost_allocation_tags_status(CostAllocationTagsStatus=[entry])["Errors"]

    put("Inactive")
    yield
    put("Active")


CASES: tuple[tuple[Drift, str, str], ...] = (
    (policy_detached, "tag policy", "anycompany-tags-Workloads/Prod-1"),
    (policy_text_changed, "tag policy", f"anycompany-tags-root-1: {ENVIRONMENT}.report_required_tag_for"),
    (policy_value_removed, "tag policy", f"anycompany-tags-root-1: {ENVIRONMENT}.tag_value"),
    (foreign_policy, "tag policy", "other"),
    (rule_parameter_changed, "Config rule", "anycompany-required-tags-1: tag6Value"),
    (rule_deleted, "Config rule", "anycompany-required-tags-1"),
    (excluded_account_added, "Config rule", "anycompany-required-tags-1: excluded accounts"),
    (recorder_stopped, "Config recorder", "recorder"),
    (tag_option_drift.tag_option_deactivated, "TagOption", f"{ENVIRONMENT}$dev: status"),
    (tag_option_drift.tag_option_disassociated, "TagOption", f"{ENVIRONMENT}$dev: associations"),
    (tag_option_drift.tag_option_renamed, "TagOption", f"{ENVIRONMENT}$dev"),
    (tag_option_drift.foreign_tag_option, "TagOption", f"{ENVIRONMENT}$production"),
    (rules_exchanged, "cost category", "Workload: order of rules, from rule 1 on"),
    (rule_removed, "cost category", "Workload: rules"),
    (shares_exchanged, "cost category", "Business unit: split of Shared"),
    (default_dropped, "cost category", "Business unit: default"),
    (anomaly_threshold_raised, "anomaly detection", "anycompany-weekly: threshold"),
    (anomaly_subscriber_exchanged, "anomaly detection", "anycompany-weekly: emails"),
    (budget_subscriber_removed, "budget", "anycompany-ml-platform: alert ACTUAL > 80% emails"),
    (budget_limit_changed, "budget", "anycompany-ml-platform: limit"),
    (budget_filter_misspelt, "budget", "anycompany-ml-platform: filter TagKeyValue"),
    (budget_alert_removed, "budget", "anycompany-ml-production: alert ACTUAL > 120%"),
    (topic_statement_removed, "alert channel", "topic policy: AllowBudgetsToPublish"),
    (key_statement_removed, "alert channel", "key policy: AllowBudgetsToEncrypt"),
    (cost_tag_deactivated, "cost allocation", ENVIRONMENT),
    *cost_export_drift.CASES,
    *audit_role_drift.CASES,
)


@pytest.mark.parametrize(("drift", "plane", "subject"), CASES, ids=[case[0].__name__ for case in CASES])
def test_drift_is_named_alone_with_its_repair(applied: Any, drift: Drift, plane: str, subject: str) -> None:
    with drift(applied):
        failing = applied.findings()
    assert [(one.plane, one.subject, one.verdict) for one in failing] == [(plane, subject, "fail")]
    repairs = {foreign_policy: "detach-policy", tag_option_drift.foreign_tag_option: "update-tag-option --id tag-"}
    assert repairs.get(drift, "make apply ENV=local") in failing[0].repair


def test_verify_is_clean_again(applied: Any) -> None:
    done = applied("verify")
    assert done.returncode == 0, done.stdout


def test_text_shows_held_and_must_hold(applied: Any) -> None:
    with budget_filter_misspelt(applied):
        done = applied("verify")
    assert done.returncode == 1
    assert "FAIL budget at billing: anycompany-ml-platform: filter TagKeyValue" in done.stdout
    key = "anycompany:workload:application-id"
    assert f"held       {key}$fraud-model, {key}$llm-chat\n" in done.stdout
    assert f"must hold  user:{key}$fraud-model, user:{key}$llm-chat\n" in done.stdout
    assert "repair     Do run make apply ENV=local\n" in done.stdout


def test_accounts_below_a_detached_policy_follow_from_it(applied: Any) -> None:
    with policy_detached(applied):
        done = applied("verify")
    assert "more follow from anycompany-tags-Workloads/Prod-1: effective policy of ml-prod" in done.stdout
    assert "retail-prod (444444444444)" in done.stdout


def test_apply_repairs_what_was_changed_by_hand(applied: Any) -> None:
    """Last in this file: leaves the drift to apply."""
    policy_value_removed(applied).__enter__()
    rule_parameter_changed(applied).__enter__()
    topic_statement_removed(applied).__enter__()
    cost_tag_deactivated(applied).__enter__()
    tag_option_drift.tag_options_deleted(applied)
    cost_categories_spoilt(applied)
    anomaly_threshold_raised(applied).__enter__()
    cost_export_drift.export_deleted(applied)
    cost_export_drift.table_column_dropped(applied).__enter__()
    cost_export_drift.bucket_policy_changed(applied).__enter__()
    cost_export_drift.scan_limit_removed(applied).__enter__()
    audit_role_drift.roles_spoilt(applied)
    assert len(applied.findings()) == 4 + 4 + 2 + 1 + 4 + 2
    assert applied("apply").returncode == 2, "the value that is given back is one more that passes"
    applied.ok("apply", "--allow-weakening", "the dictionary allows the value")
    assert applied.findings() == []
