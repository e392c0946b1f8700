"""Compare the live state with everything that the dictionary and the environment imply; pure."""

import datetime
from collections.abc import Iterable, Iterator
from functools import partial

from harness.dictionary import Dictionary
from harness.documents import (
    partition_of,
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
from harness.state import State, Unreadable
from harness.verify.billing import BUDGET, alert_findings, budget_findings, cost_tag_findings, foreign_topic_findings
from harness.verify.config import PLANE as RULES
from harness.verify.config import ConfigExpectation, config_findings
from harness.verify.policies import EFFECTIVE, policy_findings

__all__ = ["EFFECTIVE", "RULES", "alert_topic", "exemption_findings", "verify"]


def verify(dictionary: Dictionary, environment: Environment, state: State, apply: str) -> tuple[Finding, ...]:
    """Return one finding for each fact that must hold, whether it holds or not.

    `apply` is the command that repairs, as the user would type it.
    Raises: TagrailError when env.yaml names an account or unit that the organisation does not have.
    """
    return tuple(_findings(dictionary, environment, state, apply))


def _findings(dictionary: Dictionary, environment: Environment, state: State, apply: str) -> Iterator[Finding]:
    facts = facts_of(environment)
    organization = None if isinstance(state.organization, Unreadable) else state.organization
    targets = policy_targets(dictionary, environment, organization)
    policies = render_tag_policies(dictionary, environment.name, targets, facts.limits)
    yield from policy_findings(policies, state, apply)
    yield from _config(dictionary, environment, state, apply)
    billed = frozenset() if isinstance(state.cost_tags, Unreadable) else frozenset(state.cost_tags)
    yield from cost_tag_findings(render_cost_allocation_tags(dictionary, environment, billed), state, apply)
    yield from _budgets(dictionary, environment, state, apply)
    if environment.subscribers.topic_arn:
        yield from foreign_topic_findings(state)
    else:
        payer = environment.payer_account_id
        topic_policy = render_topic_policy(payer, alert_topic(environment))
        yield from alert_findings(
            topic_policy, render_key_policy(payer, partition_of(environment.regions.home)), state, apply
        )


def _config(dictionary: Dictionary, environment: Environment, state: State, apply: str) -> Iterator[Finding]:
    excluded = environment.config.excluded_accounts
    named = ("every account that is not active", *excluded) if environment.config.scope == "organization" else ()
    if unknown := _unresolved(RULES, named, state):
        yield unknown
        return
    ids = frozenset(_account_id(state, name) for name in excluded) | _inactive(state)
    rules = render_config_rules(dictionary, environment.name, facts_of(environment))
    yield from config_findings(ConfigExpectation(rules, ids), environment, state, apply)


def _budgets(dictionary: Dictionary, environment: Environment, state: State, apply: str) -> Iterator[Finding]:
    accounts = tuple(account for budget in environment.budgets.values() for account in budget.accounts)
    if unknown := _unresolved(BUDGET, accounts, state):
        yield unknown
        return
    documents = render_budgets(dictionary, environment, partial(_account_id, state), alert_topic(environment))
    yield from budget_findings(documents, state, apply)


def _unresolved(plane: str, accounts: Iterable[str], state: State) -> Finding | None:
    """Return an unknown finding when accounts are named and the organisation, which knows their ids, is unreadable."""
    names = sorted(name for name in accounts if not name.isdigit())
    if not names or not isinstance(state.organization, Unreadable):
        return None
    must_hold = f"ids of {', '.join(names)}"
    repair = "Do allow organizations:List* and organizations:Describe*"
    return Finding(plane, "organisation", "all", "unknown", state.organization.reason, must_hold, repair)


def _inactive(state: State) -> frozenset[str]:
    """Return the accounts that AWS Config can make no rule in, which modules/governance excludes unasked."""
    if isinstance(state.organization, Unreadable):
        return frozenset()
    return frozenset(account.id for account in state.organization.accounts if account.status != "ACTIVE")


def _account_id(state: State, name: str) -> str:
    return name if isinstance(state.organization, Unreadable) else state.organization.account(name).id


def alert_topic(environment: Environment) -> str:
    """Return the ARN of the topic that budgets publish to: the organisation's own, or tagrail's."""
    home = environment.regions.home
    own = topic_arn(environment.name, home, environment.payer_account_id, partition_of(home))
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
