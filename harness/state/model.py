"""Hold the live governance state, as read through the AWS API; what could not be read says why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from harness.documents import (
    CategoryRuleDocument,
    LimitDocument,
    MonitorDocument,
    NotificationDocument,
    SplitChargeDocument,
    SubscriptionDocument,
)
from harness.organization import Organization

MALFORMED = "malformed"  # AWS answered, and not with what its documentation says
UNASKED = "unasked"  # nobody looked, since the scope does not name the part


class Clients(Protocol):
    """Give boto3 clients of a target."""

    def client(self, service: str, region: str) -> Any:
        """Return a boto3 client."""
        ...


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Say why a part of the state could not be read; every check on it is `unknown`.

    `code` is AWS's own, else what kept boto3 from an answer (targets/refusals.py), or MALFORMED or UNASKED.
    """

    reason: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class LivePolicy:
    """Hold a policy of the organisation and the ids of the nodes that it is attached to."""

    id: str
    name: str
    content: Mapping[str, Any]
    targets: frozenset[str]


@dataclass(frozen=True, slots=True)
class LiveRule:
    """Hold one Config rule; `status` is AWS's own word (ACTIVE, CREATE_SUCCESSFUL, ...)."""

    kind: str
    resource_types: tuple[str, ...]
    status: str
    parameters: Mapping[str, str] | None = None
    policy: str | None = None
    excluded_accounts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LiveRecorder:
    """Hold a Config recorder; `failure` is what AWS says when it failed last, empty when it did not."""

    recording: bool
    failure: str = ""


@dataclass(frozen=True, slots=True)
class LiveRegion:
    """Hold what AWS Config has in one region of the payer account."""

    rules: Mapping[str, LiveRule]
    recorders: Mapping[str, LiveRecorder] = field(default_factory=dict)
    delivery_buckets: tuple[str, ...] = ()
    aggregators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LiveBudget:
    """Hold one budget with its notifications and subscribers.

    `cost_types` are those that AWS names; `billing_view` is an ARN, empty where AWS names none.
    """

    limit: LimitDocument
    time_unit: str
    filters: Mapping[str, tuple[str, ...]]
    notifications: tuple[NotificationDocument, ...]
    budget_type: str = "COST"
    units: frozenset[str] = frozenset({"USD"})
    expression: Mapping[str, Any] | None = None
    cost_types: Mapping[str, bool] = field(default_factory=dict)
    billing_view: str = ""


@dataclass(frozen=True, slots=True)
class LiveTagOption:
    """Hold one TagOption and the ids of the portfolios and products that it is associated with."""

    id: str
    key: str
    value: str
    active: bool
    resources: frozenset[str] | Unreadable


@dataclass(frozen=True, slots=True)
class LiveCostCategory:
    """Hold one cost category: rules in order, each as its JSON where tagrail makes none such; `default` None = none."""

    arn: str
    default: str | None
    rules: tuple[CategoryRuleDocument | str, ...]
    split_charges: tuple[SplitChargeDocument, ...] = ()


@dataclass(frozen=True, slots=True)
class LiveMonitor:
    """Hold one anomaly monitor; `watches` is JSON where tagrail makes none such, `twins` ARNs of its name besides."""

    arn: str
    watches: MonitorDocument | str
    twins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LiveSubscription:
    """Hold one anomaly subscription; `declined` are addresses that want none, `twins` ARNs of its name besides."""

    arn: str
    tells: SubscriptionDocument
    declined: tuple[str, ...] = ()
    twins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LiveAnomalies:
    """Hold what watches for unusual costs under tagrail's prefix, by name."""

    monitors: Mapping[str, LiveMonitor] = field(default_factory=dict)
    subscriptions: Mapping[str, LiveSubscription] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LiveKey:
    """Hold a KMS key: ARN, AWS's word for its state, and a customer-managed key's policy."""

    id: str
    state: str
    policy: Mapping[str, Any] | None = None
    managed_by_aws: bool = False


@dataclass(frozen=True, slots=True)
class LiveAlerts:
    """Hold the alert topic's policy and key; `None` where there is none."""

    topic_arn: str
    topic_policy: Mapping[str, Any] | None
    key: LiveKey | Unreadable | None


@dataclass(frozen=True, slots=True)
class LiveExport:
    """Hold one export: statement, settings by table, where it goes to, and AWS's words for its health."""

    arn: str
    statement: str
    settings: Mapping[str, Mapping[str, str]]
    bucket: str
    prefix: str
    region: str
    output: Mapping[str, str]
    status: str


@dataclass(frozen=True, slots=True)
class LiveExportBucket:
    """Hold the bucket of the exports; `algorithm` is None without encryption.

    `lifecycle` is days by what happens then and to which objects: a prefix, with further conditions in words behind it.
    """

    name: str
    policy: Mapping[str, Any] | None
    algorithm: str | None
    kms_key_arn: str | None
    public_access: Mapping[str, bool]
    versioning: str
    ownership: str
    lifecycle: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class LiveTable:
    """Hold one table of the Glue catalog: columns and partition keys with their types, in order."""

    columns: tuple[tuple[str, str], ...]
    partitions: tuple[tuple[str, str], ...]
    location: str
    serde: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LiveWorkgroup:
    """Hold one workgroup of Athena; `scan_limit` is in bytes, None without one."""

    enabled: bool
    enforced: bool
    output_location: str
    encryption: str | None
    kms_key_arn: str | None
    scan_limit: int | None


@dataclass(frozen=True, slots=True)
class LiveCatalog:
    """Hold what queries the exports; None stands for what is not there, `database` says whether it is."""

    database: bool | Unreadable
    tables: Mapping[str, LiveTable | Unreadable | None]
    workgroup: LiveWorkgroup | Unreadable | None


@dataclass(frozen=True, slots=True)
class LiveCostExports:
    """Hold the exports by name, their bucket, and the catalog and the customer's key where they are asked for."""

    exports: Mapping[str, LiveExport | Unreadable] | Unreadable
    bucket: LiveExportBucket | Unreadable | None
    catalog: LiveCatalog | None = None
    key: LiveKey | Unreadable | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Hold everything that verify compares.

    `effective` maps account id to effective tag policy (empty = none); `foreign_policies` are not named by tagrail,
    and none while `policies` or effective policies were not read. `tag_options` are those of the keys in the scope,
    `cost_categories` those of its names; `cost_exports` is None where the scope has none.
    """

    organization: Organization | Unreadable
    policies: tuple[LivePolicy, ...] | Unreadable
    control_policies: tuple[LivePolicy, ...] | Unreadable
    effective: Mapping[str, Mapping[str, Any] | Unreadable]
    regions: Mapping[str, LiveRegion | Unreadable]
    cost_tags: Mapping[str, str] | Unreadable
    budgets: Mapping[str, LiveBudget | Unreadable] | Unreadable
    alerts: LiveAlerts | Unreadable | None
    foreign_policies: tuple[LivePolicy, ...] = ()
    tag_options: tuple[LiveTagOption, ...] | Unreadable = ()
    cost_categories: Mapping[str, LiveCostCategory | Unreadable] | Unreadable = field(default_factory=dict)
    anomalies: LiveAnomalies | Unreadable = LiveAnomalies()
    cost_exports: LiveCostExports | Unreadable | None = None
