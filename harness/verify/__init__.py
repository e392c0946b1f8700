"""Compare the live state with everything that the dictionary and the environment imply; pure."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from harness.dictionary import Dictionary
from harness.documents import (
    partition_of,
    policy_targets,
    render_anomaly,
    render_budgets,
    render_config_rules,
    render_cost_allocation_tags,
    render_cost_categories,
    render_cost_exports,
    render_key_policy,
    render_tag_options,
    render_tag_policies,
    render_topic_policy,
    target_id,
    topic_arn,
)
from harness.environment import Environment, category_accounts, facts_of, offered_values
from harness.errors import TagrailError
from harness.finding import Finding
from harness.state import LiveCostExports, State, Unreadable
from harness.verify.alerts import alert_findings, foreign_topic_findings
from harness.verify.anomalies import ANOMALY, anomaly_findings
from harness.verify.budgets import BUDGET, budget_findings
from harness.verify.config import EXCLUDED, ConfigExpectation, config_findings
from harness.verify.config import PLANE as RULES
from harness.verify.cost_allocation import cost_tag_findings
from harness.verify.cost_categories import COST_CATEGORY, cost_category_findings
from harness.verify.cost_exports import EXPORT, cost_export_findings
from harness.verify.effective import EFFECTIVE
from harness.verify.effective import PLANE as POLICIES
from harness.verify.export_key import export_key_findings
from harness.verify.guardrails import guardrail_findings
from harness.verify.names import gone, refused
from harness.verify.policies import policy_findings, unreadable_policies
from harness.verify.tag_options import tag_option_findings
from harness.verify.unreadable import ORGANIZATIONS, unknown

__all__ = ["EFFECTIVE", "RULES", "alert_topic", "exemption_findings", "verify"]


def verify(
    dictionary: Dictionary, environment: Environment, state: State, apply: str, today: datetime.date
) -> tuple[Finding, ...]:
    """Return one finding for each fact that must hold, whether it holds or not.

    `apply` is the command that repairs, as the user would type it; limits of budgets are those from `today` on.
    An account or unit that env.yaml names and the organisation does not have fails in its plane. Raises: nothing.
    """
    return tuple(_findings(dictionary, environment, state, apply, today))


def _findings(
    dictionary: Dictionary, environment: Environment, state: State, apply: str, today: datetime.date
) -> Iterator[Finding]:
    yield from _policies(dictionary, environment, state, apply)
    yield from guardrail_findings(dictionary, environment, state, apply)
    yield from _config(dictionary, environment, state, apply)
    options, offered = render_tag_options(dictionary, environment), offered_values(dictionary, environment)
    yield from tag_option_findings(options, offered, state, environment.regions.home, apply)
    billed = frozenset() if isinstance(state.cost_tags, Unreadable) else frozenset(state.cost_tags)
    yield from cost_tag_findings(render_cost_allocation_tags(dictionary, environment, billed), state, apply)
    yield from _categories(dictionary, environment, state, apply)
    yield from _budgets(dictionary, environment, state, apply, today)
    yield from _anomalies(environment, state, apply)
    payer = environment.payer_account_id
    yield from cost_export_findings(render_cost_exports(environment), state, apply)
    yield from _export_key(environment, state)
    anomalies = environment.anomaly.is_immediate()
    if environment.subscribers.topic_arn:
        yield from foreign_topic_findings(state, payer, environment.organization_id, anomalies=anomalies)
    else:
        topic_policy = render_topic_policy(payer, alert_topic(environment), anomalies=anomalies)
        key_policy = render_key_policy(payer, partition_of(environment.regions.home), anomalies=anomalies)
        yield from alert_findings(topic_policy, key_policy, state, apply)


def _export_key(environment: Environment, state: State) -> Iterator[Finding]:
    arn = environment.cost_exports.bucket.kms_key_arn if environment.cost_exports else None
    if arn and isinstance(state.cost_exports, LiveCostExports):
        ids = environment.payer_account_id, environment.organization_id
        yield from export_key_findings(EXPORT, arn, state.cost_exports.key, *ids)


def _policies(dictionary: Dictionary, environment: Environment, state: State, apply: str) -> Iterator[Finding]:
    organization, limits = state.organization, facts_of(environment).limits
    if isinstance(organization, Unreadable):
        yield from unreadable_policies(organization)
        return
    named = environment.tag_policy.accounts
    accounts = gone(POLICIES, named, organization.account)
    kept = {name: mode for name, mode in named.items() if name not in accounts}
    policy = environment.tag_policy.model_copy(update={"accounts": kept})
    try:
        targets = policy_targets(dictionary, environment.model_copy(update={"tag_policy": policy}), organization)
    except TagrailError as error:
        yield refused(POLICIES, "tag_policy", error)
        return
    units = gone(POLICIES, (target.key for target in targets), partial(target_id, organization=organization))
    yield from (*accounts.values(), *units.values())
    documents = {
        name: document
        for name, document in render_tag_policies(dictionary, environment.name, targets, limits).items()
        if document.target not in units
    }
    labels = {**{name: f"account:{name}" for name in accounts}, **{path: path for path in units}}
    prefixes = {f"{environment.name}-tags-{label}-": subject for subject, label in labels.items()}
    yield from policy_findings(documents, state, apply, limits["tag_policies_per_target"], prefixes)


def _config(dictionary: Dictionary, environment: Environment, state: State, apply: str) -> Iterator[Finding]:
    excluded = environment.config.excluded_accounts
    named = ("every account that is not active", *excluded) if environment.config.scope == "organization" else ()
    if unresolved := _unresolved(RULES, named, state):
        yield unresolved
        return
    missing = _gone_accounts(RULES, excluded, state)
    yield from missing.values()
    ids = frozenset(_account_id(state, name) for name in excluded if name not in missing)
    ids |= _inactive(state) if environment.config.scope == "organization" else frozenset()
    rules = render_config_rules(dictionary, environment.name, facts_of(environment))
    for finding in config_findings(ConfigExpectation(rules, ids), environment, state, apply):
        follows = bool(missing) and finding.verdict == "fail" and finding.subject.endswith(f": {EXCLUDED}")
        yield replace(finding, follows_from=min(missing)) if follows else finding


def _categories(dictionary: Dictionary, environment: Environment, state: State, apply: str) -> Iterator[Finding]:
    named = {name: category_accounts(category) for name, category in environment.cost_categories.items()}
    accounts = [account for each in named.values() for account in each]
    if unresolved := _unresolved(COST_CATEGORY, accounts, state):
        yield unresolved
        return
    missing = _gone_accounts(COST_CATEGORY, accounts, state)
    yield from missing.values()
    whole = {name: each for name, each in environment.cost_categories.items() if not missing.keys() & {*named[name]}}
    kept = environment.model_copy(update={"cost_categories": whole})
    yield from cost_category_findings(
        render_cost_categories(dictionary, kept, partial(_account_id, state)), state, apply
    )


def _budgets(
    dictionary: Dictionary, environment: Environment, state: State, apply: str, today: datetime.date
) -> Iterator[Finding]:
    accounts = [account for budget in environment.budgets.values() for account in budget.accounts]
    if unresolved := _unresolved(BUDGET, accounts, state):
        yield unresolved
        return
    missing = _gone_accounts(BUDGET, accounts, state)
    yield from missing.values()
    whole = {name: each for name, each in environment.budgets.items() if not missing.keys() & {*each.accounts}}
    kept = environment.model_copy(update={"budgets": whole})
    documents = render_budgets(dictionary, kept, partial(_account_id, state), alert_topic(environment))
    yield from budget_findings(documents, state, apply, today)


def _anomalies(environment: Environment, state: State, apply: str) -> Iterator[Finding]:
    monitors = environment.anomaly.monitors
    accounts = [account for monitor in monitors.values() for account in monitor.accounts]
    if unresolved := _unresolved(ANOMALY, accounts, state):
        yield unresolved
        return
    missing = _gone_accounts(ANOMALY, accounts, state)
    yield from missing.values()
    whole = {name: each for name, each in monitors.items() if not missing.keys() & {*each.accounts}}
    kept = environment.model_copy(update={"anomaly": environment.anomaly.model_copy(update={"monitors": whole})})
    yield from anomaly_findings(
        render_anomaly(kept, partial(_account_id, state), alert_topic(environment)), state, apply
    )


def _gone_accounts(plane: str, names: Iterable[str], state: State) -> dict[str, Finding]:
    """Return name -> finding of the names that no account has; none where the organisation is unreadable.

    An id may be that of an account that has left: what it cost stays in the bill.
    """
    organization = state.organization
    written = [name for name in names if not name.isdigit()]
    return {} if isinstance(organization, Unreadable) else gone(plane, written, organization.account)


def _unresolved(plane: str, accounts: Iterable[str], state: State) -> Finding | None:
    """Return an unknown finding when accounts are named and the organisation, which knows their ids, is unreadable."""
    names = sorted(name for name in accounts if not name.isdigit())
    if not names or not isinstance(state.organization, Unreadable):
        return None
    return unknown(plane, "organisation", f"ids of {', '.join(names)}", state.organization, ORGANIZATIONS)


def _inactive(state: State) -> frozenset[str]:
    """Return the accounts that AWS Config can make no rule in, which modules/governance excludes unasked."""
    if isinstance(state.organization, Unreadable):
        return frozenset()
    return frozenset(account.id for account in state.organization.accounts if account.status != "ACTIVE")


def _account_id(state: State, name: str) -> str:
    if name.isdigit() or isinstance(state.organization, Unreadable):
        return name
    return state.organization.account(name).id


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
