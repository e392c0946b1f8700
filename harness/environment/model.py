"""Model an environment, `envs/<name>/env.yaml`: where the dictionary is applied, and the budgets watched there."""

from typing import Literal

from pydantic import Field

from harness.environment.anomaly_model import Anomaly
from harness.environment.audit_role_model import AuditRole
from harness.environment.cost_export_model import CostExports
from harness.environment.cost_model import CostCategory
from harness.strict_model import StrictModel, Strings

Mode = Literal["report", "enforce"]
AlertKind = Literal["actual_percent", "actual_usd", "forecasted_percent", "forecasted_usd"]


class Regions(StrictModel):
    """Name the regions in which Config rules are deployed."""

    home: str = Field(description="Region of everything that is not global.")
    further: Strings = Field((), description="Each needs a provider and a module block in main.tf.")


class TagPolicy(StrictModel):
    """Name where tag policies are attached, and whether they report or deny there."""

    root: Mode | None = Field(None, description="Mode at the root of the organisation; absent = no policy there.")
    organizational_units: dict[str, Mode] = Field({}, description="Mode by path, such as Workloads/Prod.")
    accounts: dict[str, Mode] = Field({}, description="Mode by account name or 12-digit id.")


class Guardrail(StrictModel):
    """Name where service control policies deny what the dictionary does not allow, what they guard and whom not."""

    root: Mode | None = Field(None, description="Mode at the root: report makes the policies, enforce attaches them.")
    organizational_units: dict[str, Mode] = Field({}, description="Mode by path, such as Workloads/Prod.")
    accounts: dict[str, Mode] = Field({}, description="Mode by account name or 12-digit id.")
    groups: Strings = Field((), description="Groups of services, as modules/tag-guardrail/actions.yaml names them.")
    keys: Strings | None = Field(None, description="Keys to demand; absent = every mandatory key.")
    exact_spelling: bool = Field(default=False, description="Deny other capitals too; nearly twice the characters.")
    exempt_principals: Strings = Field((), description="ARN patterns of roles that nothing binds (break-glass).")
    tag_editors: Strings = Field((), description="ARN patterns of roles that may change and remove mandatory tags.")
    without_actions: Strings = Field((), description="Actions of the groups to leave alone.")
    further_actions: dict[str, Strings] = Field(
        {}, description="More create actions, each with the ARN patterns that carry its tags (* = the whole call)."
    )

    def is_wanted(self) -> bool:
        """Tell whether any target is named."""
        return bool(self.root or self.organizational_units or self.accounts)


class Recorder(StrictModel):
    """Ask for a Config recorder and delivery channel in the payer account."""

    bucket_name: str
    role_arn: str


class Aggregator(StrictModel):
    """Ask for a Config aggregator over the organisation."""

    role_arn: str


class Config(StrictModel):
    """Say how AWS Config rules are deployed."""

    scope: Literal["organization", "account"]
    excluded_accounts: Strings = Field((), description="Names or ids of accounts that get no rules.")
    recorder: Recorder | None = Field(None, description="Absent = a recorder exists already.")
    aggregator: Aggregator | None = None


class TagOption(StrictModel):
    """Offer the dictionary's values in Service Catalog, in the home region."""

    keys: Strings | None = Field(None, description="Keys to offer; absent = the mandatory ones with values.")
    portfolios: Strings = Field((), description="Ids (port-...) of portfolios that offer them.")
    products: Strings = Field((), description="Ids (prod-...) of products that offer them.")
    retired: dict[str, Strings] = Field({}, description="Values by key that stay as inactive TagOptions.")


class CostAllocation(StrictModel):
    """Say which cost allocation tags there are besides the dictionary's."""

    deactivate: Strings = Field((), description="Keys to deactivate, by name; nothing else ever deactivates a key.")
    account_tags: Strings = Field((), description="Keys of account tags to activate (accountTag/<key>).")


class Subscribers(StrictModel):
    """Name who hears of budget alerts."""

    emails: Strings = ()
    topic_arn: str | None = Field(None, description="An existing SNS topic; absent = tagrail makes one, encrypted.")


class AutoAdjust(StrictModel):
    """Let AWS set the limit from past spend or from its forecast."""

    type: Literal["historical", "forecast"]
    periods: int | None = Field(None, description="Periods to look back, for historical.")


class BudgetTag(StrictModel):
    """Narrow a budget to values of one tag."""

    key: str
    values: Strings


class Alert(StrictModel):
    """Set one threshold; exactly one field."""

    actual_percent: float | None = None
    actual_usd: float | None = None
    forecasted_percent: float | None = None
    forecasted_usd: float | None = None

    def given(self) -> tuple[tuple[AlertKind, float], ...]:
        """Return the fields that are set with their thresholds (percent or USD)."""
        fields = ((kind, getattr(self, kind)) for kind in Alert.model_fields)
        return tuple((kind, value) for kind, value in fields if value is not None)  # type: ignore[misc]


class Budget(StrictModel):
    """Describe one budget, or with `per_value_of` one for each allowed value of a key. Amounts are USD per period."""

    limit_usd: float | None = None
    limits_usd: dict[str, float] = Field({}, description="Limit by value, with per_value_of.")
    planned_limits_usd: dict[str, float] = Field({}, description="Limit by month (YYYY-MM).")
    auto_adjust: AutoAdjust | None = None
    time_unit: Literal["monthly", "quarterly", "annually"] = "monthly"
    per_value_of: str | None = Field(None, description="A key of the dictionary with allowed values.")
    tag: BudgetTag | None = None
    accounts: Strings = Field((), description="Names or ids of linked accounts.")
    services: Strings = Field((), description="Service names as billing writes them, such as Amazon SageMaker.")
    cost_categories: dict[str, Strings] = Field({}, description="Values by name of cost category.")
    alerts: tuple[Alert, ...] = Field(strict=False)
    emails: Strings | None = Field(None, description="Instead of subscribers.emails.")


class EmulatorSettings(StrictModel):
    """Say what the emulator starts with."""

    seed: str = Field(description="File beside env.yaml with organisation, billing and resources.")


class Environment(StrictModel):
    """Hold the whole env.yaml."""

    version: Literal[1]
    name: str = Field(description="Prefix of every name that tagrail creates.")
    target: Literal["emulator", "localstack", "aws"]
    payer_account_id: str = Field(description="Account that must be the caller: the payer of the organisation.")
    organization_id: str
    regions: Regions
    tag_policy: TagPolicy = TagPolicy()
    guardrail: Guardrail = Guardrail()
    config: Config
    tag_option: TagOption | None = Field(None, description="Absent = no TagOptions.")
    cost_allocation: CostAllocation = CostAllocation()
    cost_categories: dict[str, CostCategory] = Field({}, description="Cost categories by their name in billing.")
    subscribers: Subscribers = Subscribers()
    budgets: dict[str, Budget] = Field({}, description="Budgets by name.")
    anomaly: Anomaly = Anomaly()
    cost_exports: CostExports | None = Field(None, description="Absent = no exports of the bill.")
    audit_role: AuditRole | None = Field(None, description="Absent = no roles to audit and repair accounts by.")
    resource_tags: dict[str, str] = Field({}, description="Tags that tagrail's own resources carry.")
    limits: dict[str, int] = Field({}, description="Overrides of rows of modules/aws-facts.yaml.")
    emulator: EmulatorSettings | None = None
