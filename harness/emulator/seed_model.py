"""Model a seed: the organisation with its policies, what billing knows, and the resources that an emulator begins with.

The file names every id, so that two runs agree. Organisational units are named by path (`Workloads/Prod`), the root by
the empty path; days count back from the start of the emulator. `tagrail snapshot` writes a seed of a real organisation.
"""

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field

from harness.emulator.faults.model import Faults
from harness.strict_model import Date, StrictModel, Strings

AccountId = Annotated[str, Field(pattern=r"^\d{12}$")]
TAG_POLICY, CONTROL_POLICY = "TAG_POLICY", "SERVICE_CONTROL_POLICY"
FULL_ACCESS = "p-FullAWSAccess"  # AWS's own policy, which every node of a new organization has
NOT_ASKED = "unasked"


class Account(StrictModel):
    """Describe one account; `parent` is the path of its organizational unit, empty for the root.

    `status` is one of AWS's states: docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html.
    """

    id: AccountId
    name: str
    email: str
    parent: str = ""
    status: Literal["ACTIVE", "SUSPENDED", "PENDING_ACTIVATION", "PENDING_CLOSURE", "CLOSED"] = "ACTIVE"
    tags: Annotated[dict[str, str], Field(default_factory=dict)]


class OrganizationalUnit(StrictModel):
    """Describe one organizational unit by its path below the root; `name` is needed where it holds a slash itself."""

    id: Annotated[str, Field(pattern=r"^ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}$")]
    path: str
    name: str = ""

    @property
    def own_name(self) -> str:
        """Return the name that AWS knows it by."""
        return self.name or self.path.rpartition("/")[2]

    @property
    def parent(self) -> str:
        """Return the path of the unit above it, empty for the root."""
        return self.path.removesuffix(self.own_name).removesuffix("/")


class Organization(StrictModel):
    """Describe the organization; the first account is its management account (payer)."""

    id: Annotated[str, Field(pattern=r"^o-[a-z0-9]{10,32}$")]
    root_id: Annotated[str, Field(pattern=r"^r-[a-z0-9]{4,32}$")]
    policy_types: Strings = ()
    trusted_services: Strings = ()
    organizational_units: Annotated[tuple[OrganizationalUnit, ...], Field(strict=False)] = ()
    accounts: Annotated[tuple[Account, ...], Field(strict=False, min_length=1)]


class OrganizationPolicy(StrictModel):
    """Describe a policy of the organization; `content` is the very text, since AWS counts its white space."""

    id: Annotated[str, Field(pattern=r"^p-[0-9a-zA-Z_]{8,128}$")]
    name: Annotated[str, Field(min_length=1, max_length=128)]
    type: Literal["TAG_POLICY", "SERVICE_CONTROL_POLICY"]
    description: str = ""
    content: str
    aws_managed: bool = False


class CostAllocationTag(StrictModel):
    """Describe a key that billing has seen."""

    key: str
    status: Literal["Active", "Inactive"]
    type: Literal["AWSGenerated", "UserDefined"] = "UserDefined"
    last_used_days_ago: Annotated[int, Field(ge=0)] = 0
    last_updated_days_ago: Annotated[int, Field(ge=0)] = 0
    values: Strings = ()


class Cost(StrictModel):
    """Describe what one thing in an account (name or id) costs each day, evenly, since so many days.

    `service` is Cost Explorer's name, such as Amazon SageMaker. Cost data shows the tags whose keys are active.
    """

    account: str
    service: Annotated[str, Field(min_length=1)]
    usd_per_day: Annotated[float, Field(gt=0)]
    since_days_ago: Annotated[int, Field(ge=0)] = 400
    tags: Annotated[dict[str, str], Field(default_factory=dict)]
    cost_categories: Annotated[dict[str, str], Field(default_factory=dict)]


class Costs(StrictModel):
    """Hold a file of costs."""

    version: Literal[1]
    costs: Annotated[tuple[Cost, ...], Field(strict=False)]


class Billing(StrictModel):
    """Describe what the payer's billing knows; `costs_file` names a file beside the seed with more `costs`."""

    cost_allocation_tags: Annotated[tuple[CostAllocationTag, ...], Field(strict=False)] = ()
    costs: Annotated[tuple[Cost, ...], Field(strict=False)] = ()
    costs_file: str | None = None


class Resource(StrictModel):
    """Describe one boto3 call, `service.operation`, made in an account (name or id) and region.

    `user_profile` is the profile of SageMaker Studio that made it, `DOMAIN-ID/NAME`; the answer must name an ARN.
    """

    account: str
    region: str
    call: Annotated[str, Field(pattern=r"^[a-z0-9-]+\.[a-z0-9_]+$")]
    arguments: Annotated[dict[str, Any], Field(default_factory=dict)]
    user_profile: Annotated[str, Field(pattern=r"^d-[^/]+/[^/]+$")] | None = None


class PipelineRun(StrictModel):
    """Describe one execution of a SageMaker pipeline of `resources`, with its steps as AWS lists them.

    docs.aws.amazon.com/sagemaker/latest/APIReference/API_PipelineExecutionStep.html; jobs and models that the steps
    name may stand in other accounts.
    """

    account: str
    region: str
    pipeline: str
    id: Annotated[str, Field(pattern=r"^[a-z0-9]{12}$")]
    status: Literal["Executing", "Stopping", "Stopped", "Failed", "Succeeded"] = "Succeeded"
    steps: Annotated[tuple[dict[str, Any], ...], Field(strict=False)] = ()
    user_profile: Annotated[str, Field(pattern=r"^d-[^/]+/[^/]+$")] | None = None


class TaggedResources(StrictModel):
    """List resources of an account (name or id) and region that carry the same tags, or none, by ARN and nothing else.

    Without tags they were never tagged, unless `once_tagged`. `created_by` is the ARN of who made them.
    """

    account: str
    region: str
    tags: Annotated[dict[str, str], Field(default_factory=dict)]
    once_tagged: bool = False
    created_days_ago: Annotated[int, Field(ge=0)] | None = None
    created_by: Annotated[str, Field(pattern=r"^arn:[^:]+:(iam|sts)::")] | None = None
    arns: Annotated[tuple[Annotated[str, Field(pattern=r"^arn:[^:]+:[^:]+:")], ...], Field(strict=False, min_length=1)]


class TrailEvent(StrictModel):
    """Describe one event of CloudTrail's history in an account (name or id) and region.

    `source` is such as sagemaker.amazonaws.com, `principal` the ARN of who called, `resources` names and ARNs.
    """

    account: str
    region: str
    name: str
    source: Annotated[str, Field(pattern=r"^[a-z0-9.-]+\.amazonaws\.com$")]
    principal: Annotated[str, Field(pattern=r"^arn:[^:]+:(iam|sts)::")]
    days_ago: Annotated[float, Field(ge=0, strict=False)] = 0
    resources: Strings = ()


class CatalogItem(StrictModel):
    """Name a portfolio or product of the payer's Service Catalog in a region; nothing else of it is known."""

    id: Annotated[str, Field(pattern=r"^(port|prod)-[a-z0-9]{13}$")]
    region: str


class ConfigRecorders(StrictModel):
    """Ask for recorders of AWS Config in accounts (names or ids), without `accounts` in every member account.

    Without `bucket_name` there is no delivery channel. `assumed` marks those that nobody has looked at.
    """

    accounts: Annotated[tuple[str, ...], Field(strict=False, min_length=1)] | None = None
    regions: Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
    bucket_name: str | None = None
    recording: bool = True
    assumed: bool = False


class ExplorerIndexes(StrictModel):
    """Turn Resource Explorer on in accounts (names or ids), without `accounts` in every one, each region with a view.

    `aggregator` is the region whose index has those of all others. `organization_view` lets the management account's
    default view there, or in the first region, show the whole organization.
    """

    accounts: Annotated[tuple[str, ...], Field(strict=False, min_length=1)] | None = None
    regions: Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
    aggregator: str | None = None
    organization_view: bool = False


class Unread(StrictModel):
    """Say what a snapshot lacks of a part, and why; `of` names accounts, policies or regions, none for all of it.

    `code` is AWS's own, or what kept boto3 from an answer; NOT_ASKED where nobody asked.
    """

    part: str
    of: Strings = ()
    reason: str
    code: str = ""


class Seed(StrictModel):
    """Hold a whole seed file.

    `attachments` maps the id of a root, unit or account to its policies in the order of attachment; a node without a
    service control policy in it has FULL_ACCESS. `taken` and `unreadable` are what a snapshot says of itself.
    """

    version: Literal[1]
    taken: Date | None = None
    organization: Organization
    policies: Annotated[tuple[OrganizationPolicy, ...], Field(strict=False)] = ()
    attachments: Annotated[dict[str, Strings], Field(default_factory=dict)]
    billing: Billing = Billing()
    config_recorders: Annotated[tuple[ConfigRecorders, ...], Field(strict=False)] = ()
    explorer_indexes: Annotated[tuple[ExplorerIndexes, ...], Field(strict=False)] = ()
    catalog_items: Annotated[tuple[CatalogItem, ...], Field(strict=False)] = ()
    resources: Annotated[tuple[Resource, ...], Field(strict=False)] = ()
    pipeline_runs: Annotated[tuple[PipelineRun, ...], Field(strict=False)] = ()
    faults: Faults = Faults()
    trail_events: Annotated[tuple[TrailEvent, ...], Field(strict=False)] = ()
    tagged_resources: Annotated[tuple[TaggedResources, ...], Field(strict=False)] = ()
    unreadable: Annotated[tuple[Unread, ...], Field(strict=False)] = ()

    @property
    def payer_id(self) -> str:
        """Return the id of the management account."""
        return self.organization.accounts[0].id

    @cached_property
    def _ids(self) -> dict[str, str]:
        accounts = self.organization.accounts
        return {
            **{account.name: account.id for account in reversed(accounts)},
            **{each.id: each.id for each in accounts},
        }

    def account_id(self, name_or_id: str) -> str:
        """Return the id of the account of that name or id.

        Raises: KeyError for an account that the seed does not hold; `load_seed` has refused those.
        """
        return self._ids[name_or_id]

    def with_account_ids(self, faults: Faults) -> Faults:
        """Return faults with the ids of accounts in the place of their names.

        Raises: KeyError for an account that the seed does not hold; `load_seed` has refused those.
        """
        kinds = {name: getattr(faults, name) for name in type(faults).model_fields}
        return Faults(
            **{
                name: tuple(
                    each.model_copy(update={"account": self.account_id(each.account)}) if each.account else each
                    for each in held
                )
                for name, held in kinds.items()
            }
        )
