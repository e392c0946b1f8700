"""Break one thing of the roles of audit and repair, and say which one finding must name it."""

import dataclasses
from typing import Any

from harness.state import LiveAuditRoles, LiveRole, LiveStackSet, State, Unreadable
from tests.unit.verify.fault import fault

AUDIT, REPAIR = "anycompany-audit", "anycompany-repair"
STACK_SET = "StackSet anycompany-audit-role"
MEMBER = "444444444443"
_PLANE = "audit role"


def live_roles(state: State) -> LiveAuditRoles:
    assert isinstance(state.audit_roles, LiveAuditRoles)
    return state.audit_roles


def role(state: State, name: str) -> LiveRole:
    held = live_roles(state).roles[name]
    assert isinstance(held, LiveRole)
    return held


def stack_set(state: State) -> LiveStackSet:
    held = live_roles(state).stack_set
    assert isinstance(held, LiveStackSet)
    return held


def changed(state: State, **fields: Any) -> State:
    return dataclasses.replace(state, audit_roles=dataclasses.replace(live_roles(state), **fields))


def changed_role(state: State, name: str, **fields: Any) -> State:
    roles = {**live_roles(state).roles, name: dataclasses.replace(role(state, name), **fields)}
    return changed(state, roles=roles)


def changed_stack_set(state: State, **fields: Any) -> State:
    return changed(state, stack_set=dataclasses.replace(stack_set(state), **fields))


def with_stack(state: State, account: str) -> State:
    """Return the state in which one more account has the roles."""
    instances = stack_set(state).instances
    assert not isinstance(instances, Unreadable)
    return changed_stack_set(state, instances={**instances, account: "CURRENT"})


@fault(_PLANE, AUDIT, "no such role")
def role_deleted(state: State) -> State:
    return changed(state, roles={**live_roles(state).roles, AUDIT: None})


@fault(_PLANE, f"{AUDIT}: trust: Enter", '"AWS":"*"')
def trust_opened(state: State) -> State:
    trust = role(state, AUDIT).trust
    statement = {**trust["Statement"][0], "Principal": {"AWS": "*"}}
    return changed_role(state, AUDIT, trust={**trust, "Statement": [statement]})


@fault(_PLANE, f"{AUDIT}: {AUDIT}-read-1: Config", '"config:PutConfigRule"')
def policy_writes(state: State) -> State:
    policies = role(state, AUDIT).policies
    content = policies[f"{AUDIT}-read-1"]
    statements = [
        {**each, "Action": ["config:PutConfigRule"]} if each["Sid"] == "Config" else each
        for each in content["Statement"]
    ]
    policies = {**policies, f"{AUDIT}-read-1": {**content, "Statement": statements}}
    return changed_role(state, AUDIT, policies=policies)


@fault(_PLANE, f"{REPAIR}: {REPAIR}-keys", "not attached")
def policy_detached(state: State) -> State:
    policies = {name: each for name, each in role(state, REPAIR).policies.items() if name != f"{REPAIR}-keys"}
    return changed_role(state, REPAIR, policies=policies)


@fault(_PLANE, f"{AUDIT}: AdministratorAccess", "attached")
def policy_attached_by_somebody(state: State) -> State:
    policies = {**role(state, AUDIT).policies, "AdministratorAccess": {"Version": "2012-10-17", "Statement": []}}
    return changed_role(state, AUDIT, policies=policies)


@fault(_PLANE, f"{AUDIT}: more", "inline")
def policy_put_inline(state: State) -> State:
    return changed_role(state, AUDIT, inline=frozenset({"more"}))


@fault(_PLANE, STACK_SET, "no such StackSet")
def stack_set_deleted(state: State) -> State:
    return changed(state, stack_set=None)


@fault(_PLANE, f"{STACK_SET}: template", "digest")
def template_changed(state: State) -> State:
    return changed_stack_set(state, template={**stack_set(state).template, "Description": "other"})


@fault(_PLANE, f"{STACK_SET}: new accounts", "do not get the roles")
def deployment_switched_off(state: State) -> State:
    return changed_stack_set(state, deploys_by_itself=False)


@fault(_PLANE, f"{STACK_SET}: units", "none")
def units_taken_out(state: State) -> State:
    return changed_stack_set(state, organizational_unit_ids=())


@fault(_PLANE, f"{STACK_SET}: permissions", "SELF_MANAGED")
def permissions_changed(state: State) -> State:
    return changed_stack_set(state, permission_model="SELF_MANAGED")


@fault(_PLANE, STACK_SET, "OUTDATED (Account is being closed)")
def account_outdated(state: State) -> State:
    instances = stack_set(state).instances
    assert not isinstance(instances, Unreadable)
    return changed_stack_set(state, instances={**instances, MEMBER: "OUTDATED (Account is being closed)"})


@fault(_PLANE, STACK_SET, "no stack")
def account_without_stack(state: State) -> State:
    instances = stack_set(state).instances
    assert not isinstance(instances, Unreadable)
    return changed_stack_set(state, instances={key: value for key, value in instances.items() if key != MEMBER})
