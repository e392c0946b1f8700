"""A live state in which everything that the shipped dictionary and the local environment imply holds."""

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from harness.dictionary import Dictionary
from harness.documents import (
    guardrail_targets,
    policy_targets,
    render_anomaly,
    render_budgets,
    render_config_rules,
    render_cost_categories,
    render_guardrails,
    render_key_policy,
    render_tag_options,
    render_tag_policies,
    render_topic_policy,
    target_id,
)
from harness.environment import Environment, facts_of
from harness.finding import Finding
from harness.organization import Organization
from harness.policy.effective import effective_tag_policy
from harness.project import load_project
from harness.state import (
    LiveAlerts,
    LiveAnomalies,
    LiveBudget,
    LiveCostCategory,
    LiveKey,
    LiveMonitor,
    LivePolicy,
    LiveRecorder,
    LiveRegion,
    LiveRule,
    LiveSubscription,
    LiveTagOption,
    State,
    Unreadable,
)
from harness.verify import alert_topic, verify
from tests.contracts.case import FOLDER
from tests.contracts.seeded_organization import seeded_organization
from tests.unit.verify.live_audit_role import live_audit_roles
from tests.unit.verify.live_cost_exports import live_cost_exports

APPLY = "make apply ENV=local"
TODAY = datetime.date(2026, 7, 15)
KEY = "arn:aws:kms:eu-central-1:111111111111:key/1"


@cache
def loaded() -> tuple[Dictionary, Environment]:
    project = load_project(FOLDER.parent.parent, ["local"])
    return project.dictionary, project.environments["local"]


def right_state() -> State:
    """Return the state after an apply that did everything."""
    dictionary, environment = loaded()
    organization = seeded_organization()
    policies = _policies(dictionary, environment, organization)
    payer = environment.payer_account_id
    region = _region(dictionary, environment, organization)
    home = dataclasses.replace(region, aggregators=("anycompany-organization",))
    budgets = render_budgets(
        dictionary, environment, lambda name: organization.account(name).id, alert_topic(environment)
    )
    return State(
        organization=organization,
        policies=policies,
        control_policies=_guardrails(dictionary, environment, organization),
        effective=effective(organization, policies),
        regions={"eu-central-1": home, "us-east-1": region},
        cost_tags={
            "anycompany:workload:application-id": "Active",
            "anycompany:finance:owner": "Active",
            "Other": "Inactive",
        },
        budgets={
            name: LiveBudget(each.limit, each.time_unit, each.filters, each.notifications)
            for name, each in budgets.items()
        },
        alerts=LiveAlerts(
            topic_arn=alert_topic(environment),
            topic_policy=render_topic_policy(payer, alert_topic(environment), anomalies=True),
            key=LiveKey(KEY, "Enabled", render_key_policy(payer, "aws", anomalies=True)),
        ),
        tag_options=tag_options(dictionary, environment),
        anomalies=_anomalies(environment, organization),
        cost_categories=_cost_categories(dictionary, environment, organization),
        cost_exports=live_cost_exports(environment),
        audit_roles=live_audit_roles(dictionary, environment, organization),
    )


def _anomalies(environment: Environment, organization: Organization) -> LiveAnomalies:
    document = render_anomaly(environment, lambda name: organization.account(name).id, alert_topic(environment))
    return LiveAnomalies(
        {name: LiveMonitor(f"arn:{name}", each) for name, each in document.monitors.items()},
        {name: LiveSubscription(f"arn:{name}", each) for name, each in document.subscriptions.items()},
    )


def _cost_categories(
    dictionary: Dictionary, environment: Environment, organization: Organization
) -> dict[str, LiveCostCategory | Unreadable]:
    documents = render_cost_categories(dictionary, environment, lambda name: organization.account(name).id)
    return {
        name: LiveCostCategory(f"arn:{name}", each.default, each.rules, each.split_charges)
        for name, each in documents.items()
    }


def tag_options(dictionary: Dictionary, environment: Environment) -> tuple[LiveTagOption, ...]:
    documents = render_tag_options(dictionary, environment)
    return tuple(
        LiveTagOption(f"tag-{number}", each.key, each.value, each.active, frozenset(each.resources))
        for number, each in enumerate(documents.values())
    )


def _guardrails(dictionary: Dictionary, environment: Environment, organization: Organization) -> tuple[LivePolicy, ...]:
    targets = guardrail_targets(dictionary, environment, organization)
    enforced = {target.key for target in targets if target.mode == "enforce"}
    documents = render_guardrails(environment, targets, facts_of(environment).limits)
    return tuple(
        LivePolicy(
            f"p-guardrail{index}",
            name,
            each.content,
            frozenset({target_id(each.target, organization)} if each.target in enforced else ()),
        )
        for index, (name, each) in enumerate(documents.items())
    )


def effective(organization: Organization, policies: Sequence[LivePolicy]) -> dict[str, Mapping[str, Any] | Unreadable]:
    """Return what each account gets from the policies that are attached, as AWS would work it out."""
    found: dict[str, Mapping[str, Any] | Unreadable] = {}
    for account in organization.accounts:
        units = [path for path in sorted(organization.units, key=len) if f"{account.unit}/".startswith(f"{path}/")]
        nodes = [organization.root_id, *(organization.units[unit] for unit in units), account.id]
        found[account.id] = effective_tag_policy(
            [[policy.content for policy in policies if node in policy.targets] for node in nodes]
        )
    return found


def with_policies(state: State, policies: Sequence[LivePolicy]) -> State:
    """Return the state with other policies, and what follows for the accounts."""
    assert isinstance(state.organization, Organization)
    return dataclasses.replace(state, policies=tuple(policies), effective=effective(state.organization, policies))


def with_foreign(state: State, foreign: Sequence[LivePolicy]) -> State:
    """Return the state with policies beside tagrail's, and what follows for the accounts."""
    assert isinstance(state.organization, Organization)
    assert not isinstance(state.policies, Unreadable)
    changed = effective(state.organization, [*state.policies, *foreign])
    return dataclasses.replace(state, foreign_policies=tuple(foreign), effective=changed)


def faults(state: State) -> list[Finding]:
    """Return what does not hold, without what only follows from something else."""
    found = verify(*loaded(), state, APPLY, TODAY)
    return [finding for finding in found if finding.verdict != "pass" and not finding.follows_from]


def _policies(dictionary: Dictionary, environment: Environment, organization: Organization) -> tuple[LivePolicy, ...]:
    targets = policy_targets(dictionary, environment, organization)
    documents = render_tag_policies(dictionary, environment.name, targets, facts_of(environment).limits)
    return tuple(
        LivePolicy(f"p-{number}", name, each.content, frozenset({target_id(each.target, organization)}))
        for number, (name, each) in enumerate(documents.items())
    )


def _region(dictionary: Dictionary, environment: Environment, organization: Organization) -> LiveRegion:
    excluded = frozenset(organization.account(name).id for name in environment.config.excluded_accounts)
    rules = render_config_rules(dictionary, environment.name, facts_of(environment))
    live = {
        name: LiveRule(each.kind, each.resource_types, "CREATE_SUCCESSFUL", each.parameters, each.policy, excluded)
        for name, each in rules.items()
    }
    return LiveRegion(live, {"anycompany": LiveRecorder(recording=True)}, ("anycompany-config",))
