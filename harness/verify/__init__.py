"""Compare the live state with everything that the dictionary and the environment imply; pure."""

import datetime
from collections.abc import Iterator
from functools import partial

from harness.dictionary import Dictionary
from harness.documents import (
    policy_targets,
    render_budgets,
    render_config_rules,
    render_cost_allocation_tags,
    render_key_policy,
    render_tag_policies,
    render_topic_policy,
    topic_arn,
)
from harness.environment import Environment, facts_of
from harness.finding import Finding
from harness.organization import Organization
from harness.state import State, Unreadable
from harness.verify.billing import alert_findings, budget_findings, cost_tag_findings, foreign_topic_findings
from harness.verify.config import ConfigExpectation, config_findings
from harness.verify.policies import policy_findings

__all__ = ["alert_topic", "exemption_findings", "verify"]


def verify(dictionary: Dictionary, environment: Environment, state: State, apply: str) -> tuple[Finding, ...]:
    """Return one finding for each fact that must hold, whether it holds or not.

    `apply` is the command that repairs, as the user would type it.
    Raises: TagrailError when env.yaml names an account or unit that the organisation does not have.
    """
    return tuple(_findings(dictionary, environment, state, apply))


def _findings(dictionary: Dictionary, environment: Environment, state: State, apply: str) -> Iterator[Finding]:
    organization = None if isinstance(state.organization, Unreadable) else state.organization
    facts = facts_of(environment)
    targets = policy_targets(dictionary, environment, organization)
    policies = render_tag_policies(dictionary, environment.name, targets, facts.limits)
    yield from policy_findings(policies, state, apply)
    account_id = partial(_account_id, organization)
    rules = render_config_rules(dictionary, environment.name, facts)
    excluded = frozenset(account_id(name) for name in environment.config.excluded_accounts)
    yield from config_findings(ConfigExpectation(rules, excluded), environment, state, apply)
    billed = frozenset() if isinstance(state.cost_tags, Unreadable) else frozenset(state.cost_tags)
    yield from cost_tag_findings(render_cost_allocation_tags(dictionary, environment, billed), state, apply)
    topic = alert_topic(environment)
    yield from budget_findings(render_budgets(dictionary, environment, account_id, topic), state, apply)
    if environment.subscribers.topic_arn:
        yield from foreign_topic_findings(state)
    else:
        payer = environment.payer_account_id
        yield from alert_findings(render_topic_policy(payer, topic), render_key_policy(payer, "aws"), state, apply)


def _account_id(organization: Organization | None, name: str) -> str:
    """Return an account's id; without an organisation the name stays, and what depends on it shows as a difference."""
    return organization.account(name).id if organization else name


def alert_topic(environment: Environment) -> str:
    """Return the ARN of the topic that budgets publish to: the organisation's own, or tagrail's."""
    own = topic_arn(environment.name, environment.regions.home, environment.payer_account_id, "aws")
    return environment.subscribers.topic_arn or own


def exemption_findings(dictionary: Dictionary, today: datetime.date) -> tuple[Finding, ...]:
    """Return a finding for each exemption: an expired one fails, since nobody renewed it. Raises: nothing."""
    findings = []
    for exemption in dictionary.exemptions:
        good = exemption.expires >= today
        repair = "" if good else f"Do ask {exemption.owner} to tag the resources, or renew it with a new date"
        until = f"expires {exemption.expires}"
        findings.append(
            Finding(
                "exemption",
                "envs/tags.yaml",
                exemption.resource,
                "pass" if good else "fail",
                until,
                "a date to come",
                repair,
            )
        )
    return tuple(findings)
