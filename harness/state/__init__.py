"""Read the live governance state of an environment through boto3; each part is read even when another cannot be."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from harness.state.billing import read_alerts, read_budgets, read_cost_tags
from harness.state.config import read_config
from harness.state.model import (
    Clients,
    LiveAlerts,
    LiveBudget,
    LivePolicy,
    LiveRegion,
    LiveRule,
    State,
    Unreadable,
)
from harness.state.organizations import read_effective_policy, read_organization, read_tag_policies

__all__ = [
    "Clients",
    "LiveAlerts",
    "LiveBudget",
    "LivePolicy",
    "LiveRegion",
    "LiveRule",
    "Scope",
    "State",
    "Unreadable",
    "read_cost_tags",
    "read_organization",
    "read_state",
]

Part = TypeVar("Part")

_READERS = 8  # one call per account: an organisation of 500 is read in about a minute less


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
    organization = _read(partial(read_organization, organizations))
    accounts = () if isinstance(organization, Unreadable) else organization.accounts
    ids = [account.id for account in accounts]
    with ThreadPoolExecutor(_READERS) as pool:
        policies = pool.map(lambda account: _read(partial(read_effective_policy, organizations, account)), ids)
        effective = dict(zip(ids, policies, strict=True))
    prefix = f"{scope.name}-"
    return State(
        organization=organization,
        policies=_read(partial(read_tag_policies, organizations, f"{prefix}tags-")),
        effective=effective,
        regions={region: _read(partial(_config, clients, region, scope)) for region in scope.regions},
        cost_tags=_read(lambda: read_cost_tags(clients.client("ce", home))),
        budgets=_read(lambda: read_budgets(clients.client("budgets", home), scope.account_id, prefix)),
        alerts=_read(lambda: read_alerts(clients.client("sns", home), clients.client("kms", home), scope.topic_arn)),
    )


def _config(clients: Clients, region: str, scope: Scope) -> LiveRegion:
    client = clients.client("config", region)
    return read_config(client, organization=scope.organization_rules, prefix=f"{scope.name}-")


def _read(read: Callable[[], Part]) -> Part | Unreadable:
    """Return what `read` returns, or why AWS did not let us look."""
    try:
        return read()
    except ClientError as error:
        details = error.response["Error"]
        return Unreadable(f"{error.operation_name}: {details['Code']}: {details['Message']}")
    except (BotoCoreError, ValueError) as error:
        return Unreadable(str(error))
