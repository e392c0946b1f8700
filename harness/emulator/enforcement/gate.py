"""Decide, before a call is carried out, whether the organization of its account lets it pass.

First the service control policies on the account's path, which do not bind the management account, then the account's
effective tag policy where it is enforced. Nothing else of IAM is judged: every caller has all rights in its account.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from moto.iam.models import iam_backends

from harness.emulator.enforcement.call import Call
from harness.emulator.enforcement.context import Caller, make_context
from harness.emulator.enforcement.errors import Denial, control_policy_denial, tag_policy_denial
from harness.emulator.enforcement.resources import Touched, touched_resources
from harness.emulator.inventory import resources
from harness.emulator.organizations.responses import Organizations, organization_of
from harness.policy.actions import find_action
from harness.policy.compliance import violated_key
from harness.policy.context import Unknown
from harness.policy.effective import effective_tag_policy
from harness.policy.evaluation import Access, Decision, Level, Policy, judge
from harness.policy.request import role_arn
from harness.policy.statement import parse_policy

_CONTROL, _TAG = "SERVICE_CONTROL_POLICY", "TAG_POLICY"


@dataclass(frozen=True, slots=True)
class _Rules:
    """Hold what binds an account: control policies by node, root first, and its effective tag policy."""

    levels: Sequence[Level]
    tags: Mapping[str, Any]
    organization: Mapping[str, str]


def denial_of(call: Call) -> Denial | None:
    """Return why a call is denied, in its service's own words; None when it may pass.

    Raises: NotImplementedError for a policy with a condition that the emulator cannot judge.
    """
    rules = _rules_of(call.account_id)
    if rules is None:
        return None
    touched = touched_resources(call)
    caller = _caller(call)
    for resource in touched:
        decision = _judged(call, resource, rules, caller)
        if decision.verdict == "denied":
            return control_policy_denial(call, resource.arn, decision, rules.organization["id"])
    action = find_action(call.action)
    if action is not None and action.removes_tags:  # a wrong tag may go
        return None
    for resource in touched:
        if key := violated_key(rules.tags, resource.service, resource.type_names, resource.tags or {}):
            return tag_policy_denial(call, key)
    return None


def effective_tags_of(account_id: str) -> Mapping[str, Any]:
    """Return the effective tag policy of an account, `{"tags": {}}` where there is none. Raises: nothing."""
    backend = organization_of(account_id)
    return _tag_policy(backend, backend.lineage(account_id)) if backend else {"tags": {}}


def _judged(call: Call, resource: Touched, rules: _Rules, caller: Caller) -> Decision:
    """Return what the control policies say of a call on one resource.

    Raises: NotImplementedError when that cannot be told.
    """
    context = make_context(
        call,
        resource,
        organization=rules.organization,
        caller=caller,
        resource_tags=lambda: _present_tags(call.account_id, resource),
    )
    decision = judge(rules.levels, Access(call.action, resource.arn, context))
    if decision.verdict == "unknown":
        raise NotImplementedError(f"{call.action} under a policy with {', '.join(decision.reasons)}")
    return decision


def _rules_of(account_id: str) -> _Rules | None:
    """Return what binds an account; None when nothing can deny it anything."""
    backend = organization_of(account_id)
    if backend is None:
        return None
    lineage = backend.lineage(account_id)
    control = () if account_id == backend.account_id else _control_policies(backend, lineage)
    tags = _tag_policy(backend, lineage)
    if not control and not tags["tags"]:
        return None
    path = "/".join([backend.org.id, *(node.id for node in lineage[:-1])]) + "/"
    return _Rules(control, tags, {"id": backend.org.id, "path": path})


def _control_policies(backend: Organizations, lineage: Sequence[Any]) -> Sequence[Level]:
    """Return the policies of each node; nothing when only AWS's own policy, which allows everything, is attached."""
    if not backend.is_enabled(_CONTROL):
        return ()
    held = {node.id: [policy for policy in node.attached_policies if policy.type == _CONTROL] for node in lineage}
    if all(any(policy.aws_managed for policy in node) and len(node) == 1 for node in held.values()):
        return ()
    return [Level("service control policy", node, tuple(map(_policy, policies))) for node, policies in held.items()]


def _policy(policy: Any) -> Policy:
    return Policy(policy.id, policy.name, parse_policy(policy.content, "scp"))


def _tag_policy(backend: Organizations, lineage: Sequence[Any]) -> Mapping[str, Any]:
    if not backend.is_enabled(_TAG):
        return {"tags": {}}
    return _effective(
        tuple(tuple(policy.content for policy in node.attached_policies if policy.type == _TAG) for node in lineage)
    )


@lru_cache(maxsize=256)
def _effective(contents: tuple[tuple[str, ...], ...]) -> Mapping[str, Any]:
    return effective_tag_policy([[json.loads(content) for content in node] for node in contents])


def _present_tags(account_id: str, touched: Touched) -> Mapping[str, str] | Unknown:
    """Return the tags that a resource has now; none for one that is yet to be made, unknown for one not listed."""
    found = next((resource.tags for resource in resources(account_id) if resource.arn == touched.arn), None)
    if found is None and touched.is_new:
        return {}
    return Unknown(f"the tags of {touched.arn}, which the emulator does not list") if found is None else found


def _caller(call: Call) -> Caller:
    """Return who calls: of a session the role behind it, with the path that the session's ARN has not."""
    if ":assumed-role/" in call.principal_arn:
        name = call.principal_arn.split("/")[1]
        for role in iam_backends[call.account_id][call.partition].roles.values():
            if role.name == name:
                return Caller(role.arn, {tag["Key"]: tag["Value"] for tag in role.tags})
    return Caller(role_arn(call.principal_arn), {})
