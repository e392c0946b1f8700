"""Find what an interrupted apply left behind: resources under tagrail's names that terraform's state does not hold.

Terraform would try to create them again, and AWS refuses a second policy, rule, budget or alias of the same name.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Literal

from harness.documents import (
    guardrail_targets,
    option_name,
    policy_targets,
    render_config_rules,
    render_guardrails,
    render_tag_options,
    render_tag_policies,
    target_id,
)
from harness.environment import facts_of
from harness.operations.addresses import (
    ASSOCIATION,
    BUDGET,
    COST_CATEGORY,
    GOVERNANCE,
    MONITOR,
    SUBSCRIPTION,
    TAG_OPTION,
    indexed,
)
from harness.operations.export_orphans import find_export_orphans
from harness.operations.orphan import Orphan
from harness.operations.role_orphans import find_role_orphans
from harness.operations.session import Session
from harness.organization import Organization
from harness.state import LivePolicy, State, Unreadable

_MODULES: Mapping[Literal["tag policy", "guardrail"], str] = {"tag policy": "tag_policy", "guardrail": "tag_guardrail"}
_RULE_TYPES = {
    ("organization", "managed"): "aws_config_organization_managed_rule.required_tags",
    ("organization", "guard"): "aws_config_organization_custom_policy_rule.guard",
    ("account", "managed"): "aws_config_config_rule.required_tags",
    ("account", "guard"): "aws_config_config_rule.guard",
}


def find_orphans(session: Session, state: State, held: Collection[str]) -> tuple[Orphan, ...]:
    """Return what is live under tagrail's names and not among `held`, the addresses in terraform's state.

    The key of the alerts is no part of the state that is read: see `alert_key`.
    Raises: TagrailError when env.yaml names an account or unit that does not exist.
    """
    looks = (
        _tag_policies,
        _guardrails,
        _rules,
        _tag_options,
        _categories,
        _anomalies,
        _budgets,
        _topic,
        find_export_orphans,
        find_role_orphans,
    )
    found = (orphan for look in looks for orphan in look(session, state))
    return tuple(orphan for orphan in found if orphan.address not in held)


def rule_address(session: Session, region: str, name: str, kind: str) -> str:
    """Return the address of a Config rule, `managed` or `guard`, of one region. Raises: nothing."""
    environment = session.environment
    home = region == environment.regions.home
    module = f"{GOVERNANCE}.required_tags" if home else f"module.required_tags_{region.replace('-', '_')}"
    return indexed(f"{module}.{_RULE_TYPES[environment.config.scope, kind]}", name)


def budget_address(session: Session, name: str) -> str:
    """Return the address of the budget that AWS knows by this name. Raises: nothing."""
    return indexed(f"{BUDGET}.aws_budgets_budget.this", name.removeprefix(f"{session.environment.name}-"))


def _tag_policies(session: Session, state: State) -> Iterator[Orphan]:
    if isinstance(state.organization, Unreadable) or isinstance(state.policies, Unreadable):
        return
    environment = session.environment
    targets = policy_targets(session.dictionary, environment, state.organization)
    documents = render_tag_policies(session.dictionary, environment.name, targets, facts_of(environment).limits)
    places = {name: (document.target, document.label) for name, document in documents.items()}
    yield from _policies(session, state.organization, state.policies, places, "tag policy")


def _guardrails(session: Session, state: State) -> Iterator[Orphan]:
    if isinstance(state.organization, Unreadable) or isinstance(state.control_policies, Unreadable):
        return
    environment = session.environment
    targets = guardrail_targets(session.dictionary, environment, state.organization)
    documents = render_guardrails(environment, targets, facts_of(environment).limits)
    places = {name: (document.target, document.label) for name, document in documents.items()}
    yield from _policies(session, state.organization, state.control_policies, places, "guardrail")


def _policies(
    session: Session,
    organization: Organization,
    policies: Iterable[LivePolicy],
    places: Mapping[str, tuple[str, str]],
    kind: Literal["tag policy", "guardrail"],
) -> Iterator[Orphan]:
    """Yield the policies that are rendered, and their attachments; `places` is name -> target and label."""
    module, home = f"{GOVERNANCE}.{_MODULES[kind]}", session.environment.regions.home
    for live in policies:
        if live.name not in places:
            continue
        target, label = places[live.name]
        address = indexed(f"{module}.aws_organizations_policy.this", f"{target}/{label}")
        yield Orphan(address, live.id, kind, live.name, home)
        node = target_id(target, organization)
        if node in live.targets:
            address = indexed(f"{module}.aws_organizations_policy_attachment.this", f"{target}/{label}")
            yield Orphan(address, f"{node}:{live.id}", "attachment", live.name, home)


def _rules(session: Session, state: State) -> Iterator[Orphan]:
    environment = session.environment
    rules = render_config_rules(session.dictionary, environment.name, facts_of(environment))
    for region, live in state.regions.items():
        for name, rule in () if isinstance(live, Unreadable) else live.rules.items():
            if name in rules and rule.kind == rules[name].kind:
                yield Orphan(rule_address(session, region, name, rule.kind), name, "Config rule", name, region)


def _tag_options(session: Session, state: State) -> Iterator[Orphan]:
    if isinstance(state.tag_options, Unreadable):
        return
    documents = render_tag_options(session.dictionary, session.environment)
    home = session.environment.regions.home
    for live in state.tag_options:
        name = option_name(live.key, live.value)
        if name not in documents:
            continue
        yield Orphan(indexed(TAG_OPTION, name), live.id, "TagOption", name, home)
        held = frozenset() if isinstance(live.resources, Unreadable) else live.resources
        for resource in documents[name].resources:
            if resource in held:
                address, identity = indexed(ASSOCIATION, f"{resource}/{name}"), f"{live.id}:{resource}"
                yield Orphan(address, identity, "TagOption association", name, home)


def _categories(session: Session, state: State) -> Iterator[Orphan]:
    home = session.environment.regions.home
    for name, live in () if isinstance(state.cost_categories, Unreadable) else state.cost_categories.items():
        if not isinstance(live, Unreadable):
            yield Orphan(indexed(COST_CATEGORY, name), live.arn, "cost category", name, home)


def _anomalies(session: Session, state: State) -> Iterator[Orphan]:
    if isinstance(state.anomalies, Unreadable):
        return
    section, prefix, home = session.environment.anomaly, session.environment.name, session.environment.regions.home
    for name in section.monitors:
        if monitor := state.anomalies.monitors.get(f"{prefix}-{name}"):
            yield Orphan(indexed(MONITOR, f"{prefix}-{name}"), monitor.arn, "anomaly monitor", f"{prefix}-{name}", home)
    for name in section.subscriptions:
        if live := state.anomalies.subscriptions.get(f"{prefix}-{name}"):
            address = indexed(SUBSCRIPTION, f"{prefix}-{name}")
            yield Orphan(address, live.arn, "anomaly subscription", f"{prefix}-{name}", home)


def _budgets(session: Session, state: State) -> Iterator[Orphan]:
    if isinstance(state.budgets, Unreadable):
        return
    environment = session.environment
    for name in state.budgets:
        if _wanted(session, name.removeprefix(f"{environment.name}-")):
            identity = f"{environment.payer_account_id}:{name}"
            yield Orphan(budget_address(session, name), identity, "budget", name, environment.regions.home)


def _wanted(session: Session, key: str) -> bool:
    """Tell whether env.yaml asks for a budget of this name, by itself or for a value of a key."""
    for name, budget in session.environment.budgets.items():
        if budget.per_value_of is None and key == name:
            return True
        if budget.per_value_of and key in {f"{name}-{v}" for v in session.dictionary.every_value(budget.per_value_of)}:
            return True
    return False


def _topic(session: Session, state: State) -> Iterator[Orphan]:
    if state.alerts is None or isinstance(state.alerts, Unreadable) or session.environment.subscribers.topic_arn:
        return
    arn, home = state.alerts.topic_arn, session.environment.regions.home
    yield Orphan(f"{BUDGET}.aws_sns_topic.this[0]", arn, "alert topic", arn.rsplit(":", 1)[-1], home)
