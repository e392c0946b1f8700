"""Read the live governance state of an environment through boto3; each part is read even when another cannot be."""

from collections.abc import Callable, Mapping, Sized
from dataclasses import dataclass
from functools import partial

from harness.organization import Organization
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
    "Progress",
    "Scope",
    "State",
    "Unreadable",
    "read_cost_tags",
    "read_organization",
    "read_state",
]


Progress = Callable[[str], object]


def _silent(_: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Scope:
    """Say what to read: `name` is the prefix of tagrail's own resources, `regions` begins with the home region."""

    name: str
    account_id: str
    regions: tuple[str, ...]
    organization_rules: bool
    topic_arn: str


def read_state(
    clients: Clients, scope: Scope, organization: Organization | None = None, progress: Progress = _silent
) -> State:
    """Return the whole state; an `organization` that was read before is not read again.

    `progress` gets one line for each part that has been read.
    Raises: nothing of AWS's; what could not be read is `Unreadable`.
    """
    home, prefix = scope.regions[0], f"{scope.name}-"
    client = clients.client("organizations", home)
    tree = read(partial(read_organization, client)) if organization is None else organization
    accounts = () if isinstance(tree, Unreadable) else tree.accounts
    progress(_line("accounts of the organisation", tree if isinstance(tree, Unreadable) else accounts))
    policies = read(partial(read_tag_policies, client))
    progress(_line("tag policies", policies))
    named = () if isinstance(policies, Unreadable) else policies
    ours = tuple(policy for policy in named if policy.name.startswith(f"{prefix}tags-"))
    effective = read_each(partial(read_effective_policy, client), (account.id for account in accounts))
    progress(_line("effective policies", effective))
    regions = {region: read(partial(_config, clients, region, scope)) for region in scope.regions}
    progress(_line("regions of AWS Config", regions))
    cost_tags = read(lambda: read_cost_tags(clients.client("ce", home)))
    progress(_line("cost allocation tags", cost_tags))
    budgets = read(lambda: read_budgets(clients.client("budgets", home), scope.account_id, prefix))
    progress(_line("budgets", budgets))
    return State(
        organization=tree,
        policies=policies if isinstance(policies, Unreadable) else ours,
        effective=effective,
        regions=regions,
        cost_tags=cost_tags,
        budgets=budgets,
        alerts=read(partial(_alerts, clients, scope.topic_arn)),
        foreign_policies=tuple(policy for policy in named if policy not in ours),
    )


def _line(what: str, part: Sized | Unreadable) -> str:
    """Return how many of what were read, and of how many AWS did not let us look.

    >>> _line("budgets", {"a": Unreadable("denied"), "b": 1})
    'read budgets: 2, of which 1 unreadable'
    """
    if isinstance(part, Unreadable):
        return f"read {what}: {part.reason}"
    unread = sum(isinstance(each, Unreadable) for each in part.values()) if isinstance(part, Mapping) else 0
    return f"read {what}: {len(part)}" + (f", of which {unread} unreadable" if unread else "")


def _config(clients: Clients, region: str, scope: Scope) -> LiveRegion:
    client = clients.client("config", region)
    return read_config(client, organization=scope.organization_rules, prefix=f"{scope.name}-")


def _alerts(clients: Clients, topic_arn: str) -> LiveAlerts | None:
    region = topic_arn.split(":")[3]  # the organisation's own topic may be anywhere
    return read_alerts(clients.client("sns", region), clients.client("kms", region), topic_arn)
