"""Read the live governance state of an environment through boto3; each part is read even when another cannot be."""

from dataclasses import dataclass
from functools import partial

from harness.state.alerts import read_alerts
from harness.state.budgets import read_budgets
from harness.state.config import read_config
from harness.state.cost_allocation import read_cost_tags
from harness.state.model import (
    MALFORMED,
    Clients,
    LiveAlerts,
    LiveBudget,
    LiveKey,
    LivePolicy,
    LiveRecorder,
    LiveRegion,
    LiveRule,
    State,
    Unreadable,
)
from harness.state.organizations import read_effective_policy, read_organization, read_tag_policies
from harness.state.reading import read, read_each

__all__ = [
    "MALFORMED",
    "Clients",
    "LiveAlerts",
    "LiveBudget",
    "LiveKey",
    "LivePolicy",
    "LiveRecorder",
    "LiveRegion",
    "LiveRule",
    "Scope",
    "State",
    "Unreadable",
    "read_cost_tags",
    "read_organization",
    "read_state",
]


@dataclass(frozen=True, slots=True)
class Scope:
    """Say what to read: `name` is the prefix of tagrail's own resources, `regions` begins with the home region."""

    name: str
    account_id: str
    regions: tuple[str, ...]
    organization_rules: bool
    topic_arn: str


def read_state(clients: Clients, scope: Scope) -> State:
    """Return the whole state.

    Raises: nothing of AWS's; what could not be read is `Unreadable`.
    """
    home = scope.regions[0]
    organizations = clients.client("organizations", home)
    organization = read(partial(read_organization, organizations))
    accounts = () if isinstance(organization, Unreadable) else organization.accounts
    ids = [account.id for account in accounts]
    prefix = f"{scope.name}-"
    policies = read(partial(read_tag_policies, organizations))
    named = () if isinstance(policies, Unreadable) else policies
    ours = tuple(policy for policy in named if policy.name.startswith(f"{prefix}tags-"))
    foreign = tuple(policy for policy in named if policy not in ours)
    return State(
        organization=organization,
        policies=policies if isinstance(policies, Unreadable) else ours,
        foreign_policies=foreign,
        effective=read_each(partial(read_effective_policy, organizations), ids),
        regions={region: read(partial(_config, clients, region, scope)) for region in scope.regions},
        cost_tags=read(lambda: read_cost_tags(clients.client("ce", home))),
        budgets=read(lambda: read_budgets(clients.client("budgets", home), scope.account_id, prefix)),
        alerts=read(partial(_alerts, clients, scope.topic_arn)),
    )


def _config(clients: Clients, region: str, scope: Scope) -> LiveRegion:
    client = clients.client("config", region)
    return read_config(client, organization=scope.organization_rules, prefix=f"{scope.name}-")


def _alerts(clients: Clients, topic_arn: str) -> LiveAlerts | None:
    region = topic_arn.split(":")[3]  # the organisation's own topic may be anywhere
    return read_alerts(clients.client("sns", region), clients.client("kms", region), topic_arn)
