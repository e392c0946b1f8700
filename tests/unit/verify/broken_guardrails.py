"""Faults of service control policies."""

import dataclasses
from typing import Any

from harness.organization import Organization
from harness.state import LivePolicy, State, Unreadable
from tests.unit.verify.fault import fault

TEST_UNIT = "anycompany-guardrail-Workloads/Test-1"
ROOT = "anycompany-guardrail-root-1"


def guardrails(state: State) -> tuple[LivePolicy, ...]:
    assert not isinstance(state.control_policies, Unreadable)
    return state.control_policies


def changed(state: State, name: str, **fields: Any) -> State:
    assert name in {policy.name for policy in guardrails(state)}
    found = (dataclasses.replace(one, **fields) if one.name == name else one for one in guardrails(state))
    return dataclasses.replace(state, control_policies=tuple(found))


@fault("guardrail", TEST_UNIT, "no such policy")
def guardrail_deleted(state: State) -> State:
    kept = tuple(policy for policy in guardrails(state) if policy.name != TEST_UNIT)
    return dataclasses.replace(state, control_policies=kept)


@fault("guardrail", TEST_UNIT, "not attached")
def guardrail_detached(state: State) -> State:
    return changed(state, TEST_UNIT, targets=frozenset())


@fault("guardrail", f"{ROOT}: attachments", "attached to r-tgrl")
def reporting_guardrail_attached(state: State) -> State:
    return changed(state, ROOT, targets=frozenset({"r-tgrl"}))


@fault("guardrail", f"{TEST_UNIT}: statement Remove", "DeleteTags")
def guardrail_statement_changed(state: State) -> State:
    (policy,) = (one for one in guardrails(state) if one.name == TEST_UNIT)
    statements = [
        {**one, "Action": ["ec2:DeleteTags"]} if one["Sid"] == "Remove" else one for one in policy.content["Statement"]
    ]
    return changed(state, TEST_UNIT, content={**policy.content, "Statement": statements})


@fault("guardrail", f"{TEST_UNIT}: statement 0", "Allow")
def guardrail_statement_added(state: State) -> State:
    (policy,) = (one for one in guardrails(state) if one.name == TEST_UNIT)
    more = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    return changed(state, TEST_UNIT, content={**policy.content, "Statement": [more, *policy.content["Statement"]]})


@fault("guardrail", "anycompany-guardrail-old-1", "a policy that nothing asks for")
def guardrail_left_over(state: State) -> State:
    old = LivePolicy("p-old", "anycompany-guardrail-old-1", {}, frozenset())
    return dataclasses.replace(state, control_policies=(*guardrails(state), old))


@fault("guardrail", "SERVICE_CONTROL_POLICY", "policy type disabled")
def control_policies_disabled(state: State) -> State:
    assert isinstance(state.organization, Organization)
    organization = dataclasses.replace(state.organization, policy_types=frozenset({"TAG_POLICY"}))
    return dataclasses.replace(state, organization=organization)
