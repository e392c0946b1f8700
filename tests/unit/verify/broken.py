"""Break one thing of organisation or Config, and say which one finding must name it."""

import copy
import dataclasses

from harness.organization import Organization
from harness.state import LivePolicy, LiveRecorder, LiveRegion, State, Unreadable
from tests.unit.verify.fault import (
    GUARD,
    ROOT_POLICY,
    RULE,
    changed_policy,
    changed_region,
    changed_rule,
    fault,
    foreign_policy,
    policies,
    rule,
)
from tests.unit.verify.live import with_foreign, with_policies


@fault("tag policy", ROOT_POLICY, "no such policy")
def policy_deleted(state: State) -> State:
    return changed_policy(state, ROOT_POLICY, lambda _: None)


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
    off = dataclasses.replace(state.organization, policy_types=frozenset({"SERVICE_CONTROL_POLICY"}))
    return dataclasses.replace(state, organization=off, effective={account: {} for account in state.effective})


@fault("effective policy", "anycompany:finance:owner", '"tag_value":["nobody"]')
def unexplained_difference_of_one_account(state: State) -> State:
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
    return changed_region(state, recorders={"anycompany": LiveRecorder(recording=False)})


@fault("Config recorder", "recorder", "0 recording, delivering to nothing")
def recorder_of_a_further_region_deleted(state: State) -> State:
    region = state.regions["us-east-1"]
    assert isinstance(region, LiveRegion)
    blind = dataclasses.replace(region, recorders={}, delivery_buckets=())
    return dataclasses.replace(state, regions={**state.regions, "us-east-1": blind})


@fault("Config recorder", "recorder", "failed last: NoSuchBucket: it is gone")
def recorder_that_fails(state: State) -> State:
    failing = LiveRecorder(recording=True, failure="NoSuchBucket: it is gone")
    return changed_region(state, recorders={"anycompany": failing})


@fault("Config recorder", "recorder", "delivering to elsewhere")
def delivery_to_another_bucket(state: State) -> State:
    return changed_region(state, delivery_buckets=("elsewhere",))


@fault("Config recorder", "aggregator", "[]")
def aggregator_deleted(state: State) -> State:
    return changed_region(state, aggregators=())


@fault("tag policy", "other", "changes anycompany:finance:owner (accounts: 1)")
def foreign_policy_on_one_account(state: State) -> State:
    return with_foreign(state, [foreign_policy("333333333331")])


@fault("tag policy", "other", "changes anycompany:finance:owner (accounts: 10)")
def foreign_policy_at_the_root(state: State) -> State:
    assert isinstance(state.organization, Organization)
    return with_foreign(state, [foreign_policy(state.organization.root_id)])


@fault("tag policy", "attachments", "foreign ones: other-0 (p-f0), other-1 (p-f1)")
def too_many_policies_at_the_root(state: State) -> State:
    assert isinstance(state.organization, Organization)
    root = state.organization.root_id
    nothing: dict[str, object] = {"tags": {}}
    return with_foreign(
        state, [LivePolicy(f"p-f{number}", f"other-{number}", nothing, frozenset({root})) for number in range(10)]
    )
