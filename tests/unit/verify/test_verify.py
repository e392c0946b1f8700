"""Everything that holds passes; each thing that is broken is named by exactly one finding; what was not seen is unknown."""

import copy
import dataclasses
import datetime
from collections.abc import Callable
from typing import Any

import pytest

from harness.documents import LimitDocument
from harness.finding import worst
from harness.inheritance import effective_tag_policy
from harness.organization import Organization
from harness.state import LiveAlerts, LiveBudget, LivePolicy, LiveRegion, LiveRule, State, Unreadable
from harness.verify import alert_topic, exemption_findings, verify
from tests.unit.verify.live import APPLY, effective, faults, loaded, right_state, with_policies

Break = Callable[[State], State]
BROKEN: dict[str, tuple[Break, str, str, str]] = {}
ROOT_POLICY = "anycompany-tags-root-1"
RULE = "anycompany-required-tags-1"
GUARD = "anycompany-required-tags-guard-1"
BUDGET = "anycompany-ml-platform"


def fault(plane: str, subject: str, held: str) -> Callable[[Break], Break]:
    """Register a fault with the plane, the subject and a part of what held that its one finding must have."""

    def register(change: Break) -> Break:
        BROKEN[change.__name__] = (change, plane, subject, held)
        return change

    return register


def policies(state: State) -> tuple[LivePolicy, ...]:
    assert not isinstance(state.policies, Unreadable)
    return state.policies


def changed_policy(state: State, name: str, change: Callable[[LivePolicy], LivePolicy | None]) -> State:
    found = [change(policy) if policy.name == name else policy for policy in policies(state)]
    return with_policies(state, [policy for policy in found if policy is not None])


def changed_rule(state: State, name: str, **fields: Any) -> State:
    region = state.regions["eu-central-1"]
    assert isinstance(region, LiveRegion)
    rules = {**region.rules, name: dataclasses.replace(region.rules[name], **fields)}
    return changed_region(state, rules=rules)


def changed_region(state: State, **fields: Any) -> State:
    region = state.regions["eu-central-1"]
    assert isinstance(region, LiveRegion)
    return dataclasses.replace(state, regions={**state.regions, "eu-central-1": dataclasses.replace(region, **fields)})


def rule(state: State, name: str) -> LiveRule:
    region = state.regions["eu-central-1"]
    assert isinstance(region, LiveRegion)
    return region.rules[name]


def budget(state: State, name: str = BUDGET) -> LiveBudget:
    assert not isinstance(state.budgets, Unreadable)
    return state.budgets[name]


def changed_budget(state: State, **fields: Any) -> State:
    assert not isinstance(state.budgets, Unreadable)
    return dataclasses.replace(
        state, budgets={**state.budgets, BUDGET: dataclasses.replace(budget(state), **fields)}
    )


def alerts(state: State) -> LiveAlerts:
    assert isinstance(state.alerts, LiveAlerts)
    return state.alerts


def changed_alerts(state: State, **fields: Any) -> State:
    return dataclasses.replace(state, alerts=dataclasses.replace(alerts(state), **fields))


@fault("tag policy", ROOT_POLICY, "no such policy")
def policy_deleted(state: State) -> State:
    return changed_policy(state, ROOT_POLICY, lambda policy: None)


@fault("tag policy", ROOT_POLICY, "not attached")
def policy_detached(state: State) -> State:
    return changed_policy(state, ROOT_POLICY, lambda policy: dataclasses.replace(policy, targets=frozenset()))


@fault("tag policy", "anycompany-tags-account:ml-lab-1: attachments", "333333333331")
def policy_attached_to_another_account_too(state: State) -> State:
    return changed_policy(
        state,
        "anycompany-tags-account:ml-lab-1",
        lambda policy: dataclasses.replace(policy, targets=policy.targets | {"333333333331"}),
    )


@fault("tag policy", "anycompany-tags-Old-1", "nothing asks for")
def policy_left_over(state: State) -> State:
    content = {"tags": {"anycompany:finance:owner": {"tag_value": {"@@assign": ["nobody"]}}}}
    old = LivePolicy("p-9", "anycompany-tags-Old-1", content, frozenset({"333333333331"}))
    return with_policies(state, [*policies(state), old])


@fault("tag policy", f"{ROOT_POLICY}: anycompany:workload:environment.tag_value", '["dev","test"]')
def value_removed(state: State) -> State:
    def change(policy: LivePolicy) -> LivePolicy:
        content = copy.deepcopy(dict(policy.content))
        content["tags"]["anycompany:workload:environment"]["tag_value"] = {"@@assign": ["dev", "test"]}
        return dataclasses.replace(policy, content=content)

    return changed_policy(state, ROOT_POLICY, change)


@fault("tag policy", f"{ROOT_POLICY}: anycompany:finance:owner.tag_key", "nothing")
def key_removed(state: State) -> State:
    def change(policy: LivePolicy) -> LivePolicy:
        content = copy.deepcopy(dict(policy.content))
        entry = content["tags"].pop("anycompany:finance:owner")
        content["tags"]["anycompany:finance:owner"] = {name: held for name, held in entry.items() if name != "tag_key"}
        return dataclasses.replace(policy, content=content)

    return changed_policy(state, ROOT_POLICY, change)


@fault("tag policy", "TAG_POLICY", "policy type disabled")
def policy_type_disabled(state: State) -> State:
    assert isinstance(state.organization, Organization)
    off = dataclasses.replace(state.organization, policy_types=frozenset())
    return dataclasses.replace(state, organization=off, effective={account: {} for account in state.effective})


@fault("effective policy", "anycompany:finance:owner", '"tag_value":["nobody"]')
def foreign_policy_on_one_account(state: State) -> State:
    held = state.effective["333333333331"]
    assert not isinstance(held, Unreadable)
    owner = {"tag_key": "anycompany:finance:owner", "tag_value": ["nobody"]}
    changed = {"tags": {**held["tags"], "anycompany:finance:owner": owner}}
    return dataclasses.replace(state, effective={**state.effective, "333333333331": changed})


@fault("Config rule", RULE, "no such rule")
def rule_deleted(state: State) -> State:
    region = state.regions["eu-central-1"]
    assert isinstance(region, LiveRegion)
    return changed_region(state, rules={name: held for name, held in region.rules.items() if name != RULE})


@fault("Config rule", "anycompany-required-tags-9", "nothing asks for")
def rule_left_over(state: State) -> State:
    region = state.regions["eu-central-1"]
    assert isinstance(region, LiveRegion)
    return changed_region(state, rules={**region.rules, "anycompany-required-tags-9": rule(state, RULE)})


@fault("Config rule", f"{RULE}: tag1Value", "DevOps")
def rule_parameter_changed(state: State) -> State:
    return changed_rule(state, RULE, parameters={**(rule(state, RULE).parameters or {}), "tag1Value": "DevOps"})


@fault("Config rule", f"{RULE}: tag2Key", "nothing")
def rule_parameter_removed(state: State) -> State:
    held = {name: value for name, value in (rule(state, RULE).parameters or {}).items() if name != "tag2Key"}
    return changed_rule(state, RULE, parameters=held)


@fault("Config rule", f"{RULE}: resource types", "AWS::DynamoDB::Table")
def rule_scope_changed(state: State) -> State:
    return changed_rule(state, RULE, resource_types=("AWS::DynamoDB::Table",))


@fault("Config rule", f"{GUARD}: policy text", "tags[ keys == 'anycompany:finance:owner' ]")
def guard_text_changed(state: State) -> State:
    text = str(rule(state, GUARD).policy)
    return changed_rule(state, GUARD, policy=text.replace("owner is missing", "owner is not there"))


@fault("Config rule", f"{RULE}: excluded accounts", "none")
def rule_for_an_account_too_many(state: State) -> State:
    return changed_rule(state, RULE, excluded_accounts=frozenset())


@fault("Config rule", f"{RULE}: status", "CREATE_FAILED")
def rule_failed(state: State) -> State:
    return changed_rule(state, RULE, status="CREATE_FAILED")


@fault("Config rule", f"{RULE}: status", "CREATE_IN_PROGRESS")
def rule_in_progress(state: State) -> State:
    return changed_rule(state, RULE, status="CREATE_IN_PROGRESS")


@fault("Config rule", f"{RULE}: kind", "guard")
def rule_of_another_kind(state: State) -> State:
    return changed_rule(state, RULE, kind="guard")


@fault("Config recorder", "recorder", "0 recording")
def recorder_stopped(state: State) -> State:
    return changed_region(state, recorders={"anycompany": False})


@fault("Config recorder", "recorder", "delivering to elsewhere")
def delivery_to_another_bucket(state: State) -> State:
    return changed_region(state, delivery_buckets=("elsewhere",))


@fault("Config recorder", "aggregator", "[]")
def aggregator_deleted(state: State) -> State:
    return changed_region(state, aggregators=())


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


def test_everything_that_holds_passes() -> None:
    findings = verify(*loaded(), right_state(), APPLY)
    assert worst(findings) == "pass"
    assert {finding.plane for finding in findings} == {
        "tag policy",
        "effective policy",
        "Config rule",
        "Config recorder",
        "cost allocation",
        "budget",
        "alert channel",
    }


def test_each_document_has_a_finding_of_its_own() -> None:
    state = right_state()
    subjects = {(finding.plane, finding.where, finding.subject) for finding in verify(*loaded(), state, APPLY)}
    for policy in policies(state):
        assert [subject for plane, _, subject in subjects if plane == "tag policy" and subject == policy.name]
    for region, held in state.regions.items():
        assert isinstance(held, LiveRegion)
        assert {("Config rule", region, name) for name in held.rules} <= subjects
    assert not isinstance(state.budgets, Unreadable)
    assert {("budget", "billing", name) for name in state.budgets} <= subjects
    assert len([subject for subject in subjects if subject[0] == "effective policy"]) == 10


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_what_is_broken_is_named_by_exactly_one_finding_with_a_repair(name: str) -> None:
    change, plane, subject, held = BROKEN[name]
    found = faults(change(right_state()))
    assert [(finding.plane, finding.subject) for finding in found] == [(plane, subject)]
    (finding,) = found
    assert finding.verdict == ("unknown" if name == "rule_in_progress" else "fail")
    assert held in finding.held
    assert finding.held != finding.must_hold
    assert finding.repair.startswith("Do ")


@pytest.mark.parametrize(
    "name",
    ["policy_deleted", "policy_detached", "value_removed", "policy_type_disabled", "policy_left_over"],
)
def test_what_accounts_miss_follows_from_the_policy_that_is_at_fault(name: str) -> None:
    change, _, subject, _ = BROKEN[name]
    findings = verify(*loaded(), change(right_state()), APPLY)
    following = {finding.follows_from for finding in findings if finding.plane == "effective policy" and finding.verdict == "fail"}
    assert following == {subject}


def test_a_foreign_policy_is_named_at_the_account_that_it_changes() -> None:
    (finding,) = faults(foreign_policy_on_one_account(right_state()))
    assert finding.where == "network (333333333331)"
    assert "foreign tag policy" in finding.repair


def test_the_order_of_a_list_means_nothing_in_an_effective_policy() -> None:
    state = right_state()
    turned = {
        account: {"tags": {key: {name: _turned(value) for name, value in entry.items()} for key, entry in held["tags"].items()}}
        for account, held in state.effective.items()
        if not isinstance(held, Unreadable)
    }
    assert faults(dataclasses.replace(state, effective=turned)) == []


def test_a_policy_that_allows_more_at_one_account_is_seen() -> None:
    state = right_state()
    assert isinstance(state.organization, Organization)
    more = dict(effective(state.organization, policies(state)))
    more["444444444441"] = effective_tag_policy([])
    found = faults(dataclasses.replace(state, effective=more))
    assert {finding.where for finding in found} == {"ml-dev (444444444441)"}
    assert len(found) == len(loaded()[0].tags)


def test_statements_that_aws_wrote_in_another_form_still_pass() -> None:
    state = right_state()
    policy = copy.deepcopy(dict(alerts(state).key_policy or {}))
    policy["Statement"][1]["Action"].reverse()
    policy["Statement"][0]["Action"] = ["kms:*"]
    policy["Statement"].reverse()
    assert faults(changed_alerts(state, key_policy=policy)) == []


def test_a_pending_cost_allocation_key_passes_and_says_so() -> None:
    findings = verify(*loaded(), right_state(), APPLY)
    pending = [finding for finding in findings if finding.held.startswith("pending")]
    assert {finding.subject for finding in pending} == {
        "accountTag/anycompany:finance:business-unit",
        "anycompany:finance:business-unit",
        "anycompany:finance:cost-center",
        "anycompany:workload:environment",
    }
    assert all(finding.verdict == "pass" and finding.repair for finding in pending)


UNSEEN = Unreadable("AccessDenied: not allowed")


@pytest.mark.parametrize(
    ("fields", "planes"),
    [
        ({"organization": UNSEEN}, {"tag policy", "effective policy"}),
        ({"policies": UNSEEN}, {"tag policy", "effective policy"}),
        ({"cost_tags": UNSEEN}, {"cost allocation"}),
        ({"budgets": UNSEEN}, {"budget"}),
        ({"alerts": UNSEEN}, {"alert channel"}),
        ({"regions": {"eu-central-1": UNSEEN, "us-east-1": UNSEEN}}, {"Config rule"}),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_could_not_be_read_is_unknown_and_neither_passes_nor_fails(fields: dict[str, Any], planes: set[str]) -> None:
    findings = verify(*loaded(), dataclasses.replace(right_state(), **fields), APPLY)
    assert {finding.plane for finding in findings if finding.verdict == "unknown"} >= planes
    assert {finding.plane for finding in findings if finding.verdict == "pass"} & planes == set()
    assert [finding for finding in findings if finding.verdict == "fail"] == []
    unknown = [finding for finding in findings if finding.verdict == "unknown"]
    assert all(finding.held and finding.repair.startswith("Do ") for finding in unknown)
    assert worst(findings) == "unknown"


def test_one_account_that_could_not_be_read_does_not_hide_the_others() -> None:
    state = right_state()
    findings = verify(*loaded(), dataclasses.replace(state, effective={**state.effective, "222222222221": UNSEEN}), APPLY)
    (unknown,) = [finding for finding in findings if finding.verdict == "unknown"]
    assert (unknown.where, unknown.held) == ("log-archive (222222222221)", UNSEEN.reason)
    assert len([finding for finding in findings if finding.plane == "effective policy" and finding.verdict == "pass"]) == 9


def test_one_region_that_could_not_be_read_does_not_hide_the_other() -> None:
    state = right_state()
    found = faults(dataclasses.replace(state, regions={**state.regions, "us-east-1": UNSEEN}))
    assert [(finding.where, finding.verdict) for finding in found] == [("us-east-1", "unknown")]


TOPIC = "arn:aws:sns:eu-central-1:111111111111:alerts"


def foreign_topic_faults(policy: dict[str, Any] | None, key: str | None) -> list[str]:
    """Return the subjects at fault when the organisation brought its own topic."""
    dictionary, environment = loaded()
    own = environment.subscribers.model_copy(update={"topic_arn": TOPIC})
    brought = environment.model_copy(update={"subscribers": own, "budgets": {}})
    assert alert_topic(brought) == TOPIC
    state = dataclasses.replace(right_state(), alerts=LiveAlerts(TOPIC, policy, key, None, None))
    findings = verify(dictionary, brought, state, APPLY)
    return [finding.subject for finding in findings if finding.plane == "alert channel" and finding.verdict != "pass"]


def statement(**fields: Any) -> dict[str, Any]:
    own = {"Effect": "Allow", "Principal": {"Service": "budgets.amazonaws.com"}, "Action": "SNS:Publish", **fields}
    return {"Statement": [own]}


@pytest.mark.parametrize(
    "policy",
    [
        statement(),
        statement(Action=["sns:Publish", "sns:Subscribe"]),
        statement(Principal={"Service": ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]}),
    ],
)
def test_a_topic_of_the_organisation_must_let_budgets_in(policy: dict[str, Any]) -> None:
    assert foreign_topic_faults(policy, None) == []


@pytest.mark.parametrize(
    "policy",
    [
        None,
        {"Statement": []},
        statement(Effect="Deny"),
        statement(Principal={"Service": "cloudwatch.amazonaws.com"}),
        statement(Action="sns:Subscribe"),
    ],
)
def test_a_topic_of_the_organisation_that_keeps_budgets_out_fails(policy: dict[str, Any] | None) -> None:
    assert foreign_topic_faults(policy, None) == ["topic policy"]


def test_the_key_that_aws_manages_keeps_budgets_out() -> None:
    assert foreign_topic_faults(statement(), "alias/aws/sns") == ["key"]


def test_an_exemption_holds_on_its_last_day_and_fails_after_it() -> None:
    dictionary, _ = loaded()
    (held,) = exemption_findings(dictionary, datetime.date(2027, 6, 30))
    (expired,) = exemption_findings(dictionary, datetime.date(2027, 7, 1))
    assert (held.verdict, held.repair) == ("pass", "")
    assert expired.verdict == "fail"
    assert "platform-team" in expired.repair


def test_nothing_checked_is_unknown() -> None:
    assert worst([]) == "unknown"


def _turned(value: Any) -> Any:
    return value[::-1] if isinstance(value, list) else value
