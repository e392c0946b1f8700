"""Read the live governance state of an environment through boto3; each part is read even when another cannot be."""

from collections.abc import Callable, Iterable, Mapping, Sized
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeVar, get_args

from harness.organization import Organization
from harness.state.alerts import read_alerts
from harness.state.anomalies import read_anomalies
from harness.state.budgets import read_budgets
from harness.state.config import read_config
from harness.state.cost_allocation import read_cost_tags
from harness.state.cost_categories import read_cost_categories
from harness.state.cost_exports import (
    CatalogScope,
    CostExportClients,
    CostExportScope,
    read_bucket_size,
    read_cost_exports,
)
from harness.state.model import (
    MALFORMED,
    UNASKED,
    Clients,
    LiveAlerts,
    LiveAnomalies,
    LiveBudget,
    LiveCatalog,
    LiveCostCategory,
    LiveCostExports,
    LiveExport,
    LiveExportBucket,
    LiveKey,
    LiveMonitor,
    LivePolicy,
    LiveRecorder,
    LiveRegion,
    LiveRule,
    LiveSubscription,
    LiveTable,
    LiveTagOption,
    LiveWorkgroup,
    State,
    Unreadable,
)
from harness.state.organizations import read_effective_policy, read_organization, read_policies
from harness.state.reading import at_once, read, read_each
from harness.state.tag_options import read_associations, read_tag_options

__all__ = [
    "MALFORMED",
    "PARTS",
    "UNASKED",
    "CatalogScope",
    "Clients",
    "CostExportScope",
    "LiveAlerts",
    "LiveAnomalies",
    "LiveBudget",
    "LiveCatalog",
    "LiveCostCategory",
    "LiveCostExports",
    "LiveExport",
    "LiveExportBucket",
    "LiveKey",
    "LiveMonitor",
    "LivePolicy",
    "LiveRecorder",
    "LiveRegion",
    "LiveRule",
    "LiveSubscription",
    "LiveTable",
    "LiveTagOption",
    "LiveWorkgroup",
    "Part",
    "Progress",
    "Scope",
    "State",
    "Unreadable",
    "at_once",
    "read_associations",
    "read_bucket_size",
    "read_cost_categories",
    "read_cost_tags",
    "read_organization",
    "read_state",
]


Progress = Callable[[str], object]
Part = Literal[
    "tag policies",
    "service control policies",
    "effective policies",
    "regions of AWS Config",
    "TagOptions",
    "cost allocation tags",
    "cost categories",
    "anomaly monitors",
    "budgets",
    "topic of budget alerts",
    "exports of the bill",
]
PARTS: frozenset[Part] = frozenset(get_args(Part))
_UNASKED = Unreadable("nothing asked for it", UNASKED)
Found = TypeVar("Found")


def _silent(_: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Scope:
    """Say what to read: `name` is the prefix of tagrail's own resources, `regions` begins with the home region.

    Of tag policies the foreign ones are read only with `effective policies`, which they explain. Without
    `tag_option_keys` Service Catalog is not asked, without `cost_categories` (names in billing), `anomalies` and
    `cost_exports` nothing about these.
    """

    name: str
    account_id: str
    regions: tuple[str, ...]
    organization_rules: bool
    topic_arn: str
    tag_option_keys: frozenset[str] = frozenset()
    cost_categories: frozenset[str] = frozenset()
    anomalies: bool = False
    cost_exports: CostExportScope | None = None
    parts: frozenset[Part] = PARTS


@dataclass(frozen=True, slots=True)
class _Reader:
    """Read the parts that the scope names, and tell `progress` of each."""

    parts: frozenset[Part]
    progress: Progress

    def whole(self, part: Part, look: Callable[[], Found]) -> Found | Unreadable:
        """Return what `look` returns, or why there is nothing."""
        if part not in self.parts:
            return _UNASKED
        found = read(look)
        self.progress(_line(part, found))
        return found

    def each(self, part: Part, look: Callable[[str], Found], keys: Iterable[str]) -> dict[str, Found | Unreadable]:
        """Return key -> what `look` returns for it, or why there is nothing."""
        if part not in self.parts:
            return dict.fromkeys(keys, _UNASKED)
        found = read_each(look, keys)
        self.progress(_line(part, found))
        return found


def read_state(
    clients: Clients, scope: Scope, organization: Organization | None = None, progress: Progress = _silent
) -> State:
    """Return the state, as far as the scope names its parts; an `organization` that was read before is not read again.

    `progress` gets one line for each part that has been read.
    Raises: nothing of AWS's; what could not be read, or was not asked for, is `Unreadable`.
    """
    exports = scope.cost_exports
    home, reader = scope.regions[0], _Reader(scope.parts, progress)
    client = clients.client("organizations", home)
    tree = read(partial(read_organization, client)) if organization is None else organization
    accounts = () if isinstance(tree, Unreadable) else tree.accounts
    progress(_line("accounts of the organisation", tree if isinstance(tree, Unreadable) else accounts))
    ours = f"{scope.name}-tags-"
    wanted = "" if "effective policies" in scope.parts else ours
    policies = reader.whole("tag policies", lambda: read_policies(client, "TAG_POLICY", wanted))
    control = partial(read_policies, client, "SERVICE_CONTROL_POLICY", f"{scope.name}-guardrail-")
    named = () if isinstance(policies, Unreadable) else policies
    ids = (account.id for account in accounts)
    # Clients are made here, one after another: making one is not safe in several threads, using one is.
    configs = {region: clients.client("config", region) for region in scope.regions}
    return State(
        organization=tree,
        policies=policies if isinstance(policies, Unreadable) else _policies(named, ours, foreign=False),
        control_policies=reader.whole("service control policies", control),
        effective=reader.each("effective policies", partial(read_effective_policy, client), ids),
        regions=reader.each("regions of AWS Config", lambda region: _config(configs[region], scope), scope.regions),
        cost_tags=reader.whole("cost allocation tags", lambda: read_cost_tags(clients.client("ce", home))),
        budgets=reader.whole("budgets", lambda: _budgets(clients, scope)),
        alerts=reader.whole("topic of budget alerts", lambda: _alerts(clients, scope.topic_arn)),
        foreign_policies=_policies(named, ours, foreign=True),
        tag_options=reader.whole("TagOptions", lambda: _tag_options(clients, scope)) if scope.tag_option_keys else (),
        cost_categories=reader.whole("cost categories", lambda: _categories(clients, scope))
        if scope.cost_categories
        else {},
        anomalies=reader.whole("anomaly monitors", lambda: read_anomalies(clients.client("ce", home), f"{scope.name}-"))
        if scope.anomalies
        else LiveAnomalies(),
        cost_exports=(
            reader.whole("exports of the bill", lambda: _cost_exports(clients, exports, home)) if exports else None
        ),
    )


def _policies(policies: Iterable[LivePolicy], ours: str, *, foreign: bool) -> tuple[LivePolicy, ...]:
    return tuple(policy for policy in policies if policy.name.startswith(ours) is not foreign)


def _line(what: str, part: object) -> str:
    """Return how many of what were read, and of how many AWS did not let us look.

    >>> _line("budgets", {"a": Unreadable("denied"), "b": 1})
    'read budgets: 2, of which 1 unreadable'
    """
    if isinstance(part, Unreadable):
        return f"read {what}: {part.reason}"
    if not isinstance(part, Sized):
        return f"read {what}: {'none' if part is None else 'found'}"
    unread = sum(isinstance(each, Unreadable) for each in part.values()) if isinstance(part, Mapping) else 0
    return f"read {what}: {len(part)}" + (f", of which {unread} unreadable" if unread else "")


def _config(client: Any, scope: Scope) -> LiveRegion:
    return read_config(client, organization=scope.organization_rules, prefix=f"{scope.name}-")


def _budgets(clients: Clients, scope: Scope) -> dict[str, LiveBudget | Unreadable]:
    return read_budgets(clients.client("budgets", scope.regions[0]), scope.account_id, f"{scope.name}-")


def _categories(clients: Clients, scope: Scope) -> dict[str, LiveCostCategory | Unreadable]:
    return read_cost_categories(clients.client("ce", scope.regions[0]), scope.cost_categories)


def _tag_options(clients: Clients, scope: Scope) -> tuple[LiveTagOption, ...]:
    client = clients.client("servicecatalog", scope.regions[0])
    return read_tag_options(client, scope.account_id, scope.tag_option_keys)


def _cost_exports(clients: Clients, wanted: CostExportScope, region: str) -> LiveCostExports:
    services = ("bcm-data-exports", "s3", "glue", "athena", "kms")
    return read_cost_exports(CostExportClients(*(clients.client(service, region) for service in services)), wanted)


def _alerts(clients: Clients, topic_arn: str) -> LiveAlerts | None:
    region = topic_arn.split(":")[3]  # the organisation's own topic may be anywhere
    return read_alerts(clients.client("sns", region), clients.client("kms", region), topic_arn)
