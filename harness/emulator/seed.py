"""Read the organisation, billing state and resources that an emulator begins with.

The file names every id, so that two runs agree. Organisational units are named by path (`Workloads/Prod`), the root by
the empty path; days count back from the start of the emulator.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from harness.errors import InputError
from harness.strict_model import StrictModel, Strings, build, nearest
from harness.yaml_source import Path_, Source, read_source

AccountId = Annotated[str, Field(pattern=r"^\d{12}$")]


class Account(StrictModel):
    """Describe one account; `parent` is the path of its organizational unit, empty for the root."""

    id: AccountId
    name: str
    email: str
    parent: str = ""
    status: Literal["ACTIVE", "SUSPENDED"] = "ACTIVE"
    tags: Annotated[dict[str, str], Field(default_factory=dict)]


class OrganizationalUnit(StrictModel):
    """Describe one organizational unit by its path below the root."""

    id: Annotated[str, Field(pattern=r"^ou-[a-z0-9]{4}-[a-z0-9]{8}$")]
    path: str


class Organization(StrictModel):
    """Describe the organization; the first account is its management account (payer)."""

    id: Annotated[str, Field(pattern=r"^o-[a-z0-9]{10,32}$")]
    root_id: Annotated[str, Field(pattern=r"^r-[a-z0-9]{4}$")]
    policy_types: Strings = ()
    trusted_services: Strings = ()
    organizational_units: Annotated[tuple[OrganizationalUnit, ...], Field(strict=False)] = ()
    accounts: Annotated[tuple[Account, ...], Field(strict=False, min_length=1)]


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
    """Describe one boto3 call, `service.operation`, made in an account (name or id) and region."""

    account: str
    region: str
    call: Annotated[str, Field(pattern=r"^[a-z0-9-]+\.[a-z0-9_]+$")]
    arguments: Annotated[dict[str, Any], Field(default_factory=dict)]


class ConfigRecorders(StrictModel):
    """Ask for a running recorder of AWS Config in every member account, as a landing zone puts it there."""

    regions: Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
    bucket_name: str


class Seed(StrictModel):
    """Hold a whole seed file."""

    version: Literal[1]
    organization: Organization
    billing: Billing = Billing()
    config_recorders: ConfigRecorders | None = None
    resources: Annotated[tuple[Resource, ...], Field(strict=False)] = ()

    @property
    def payer_id(self) -> str:
        """Return the id of the management account."""
        return self.organization.accounts[0].id

    def account_id(self, name_or_id: str) -> str:
        """Return the id of the account of that name or id.

        Raises: KeyError for an account that the seed does not hold; `load_seed` has refused those.
        """
        for account in self.organization.accounts:
            if name_or_id in (account.id, account.name):
                return account.id
        raise KeyError(name_or_id)


def load_seed(path: Path) -> tuple[Seed, Source]:
    """Return the seed of a file with its costs, and the source that knows each line of it.

    Raises: InputError naming file and line of everything that is wrong; OSError when a file cannot be read.
    """
    source = read_source(path, str(path))
    seed, problems = build(Seed, source)
    if seed is None:
        raise InputError(problems)
    found = [source.problem(at, message) for at, message in _faults(seed)]
    if found:
        raise InputError(found)
    return _add_costs(seed, path.parent), source


def _add_costs(seed: Seed, folder: Path) -> Seed:
    """Return the seed with the costs of its file of costs."""
    if seed.billing.costs_file is None:
        return seed
    file = folder / seed.billing.costs_file
    source = read_source(file, str(file))
    more, problems = build(Costs, source)
    if more is None:
        raise InputError(problems)
    places = [(("costs", index), cost.account) for index, cost in enumerate(more.costs)]
    found = [source.problem(at, message) for at, message in _strangers(seed, places)]
    if found:
        raise InputError(found)
    billing = seed.billing.model_copy(update={"costs": (*seed.billing.costs, *more.costs)})
    return seed.model_copy(update={"billing": billing})


def refuse(source: Source, place: Path_, rule: str) -> InputError:
    """Return the error for what the file says at `place` and the emulator, like AWS, refuses."""
    return InputError([source.problem(place, f"must be {rule}. Do correct or remove it")])


def _faults(seed: Seed) -> Iterator[tuple[Path_, str]]:
    organization, accounts = seed.organization, seed.organization.accounts
    units: Path_ = ("organization", "organizational_units")
    paths: set[str] = {""}
    for index, unit in enumerate(organization.organizational_units):
        parent = unit.path.rpartition("/")[0]
        if parent not in paths:
            yield (*units, index, "path"), f'must stand below its parent "{parent}". Do put the parent first'
        paths.add(unit.path)
    for index, account in enumerate(accounts):
        at: Path_ = ("organization", "accounts", index)
        if account.parent not in paths:
            guess = nearest(account.parent, paths - {""}) or " Do add the unit"
            yield (*at, "parent"), f'must be the path of an organizational unit; got "{account.parent}".{guess}'
    unit_ids = [unit.id for unit in organization.organizational_units]
    yield from _repeated(units, "id", unit_ids)
    yield from _repeated(units, "path", [unit.path for unit in organization.organizational_units])
    yield from _repeated(("organization", "accounts"), "id", [account.id for account in accounts])
    keys = [tag.key for tag in seed.billing.cost_allocation_tags]
    yield from _repeated(("billing", "cost_allocation_tags"), "key", keys)
    if accounts[0].parent:
        yield ("organization", "accounts", 0, "parent"), "must be empty: the management account stands at the root"
    yield from _strangers(
        seed,
        [
            *((("billing", "costs", index), cost.account) for index, cost in enumerate(seed.billing.costs)),
            *((("resources", index), resource.account) for index, resource in enumerate(seed.resources)),
        ],
    )


def _strangers(seed: Seed, places: Sequence[tuple[Path_, str]]) -> Iterator[tuple[Path_, str]]:
    """Yield what names an account, by name or id, that the seed does not hold."""
    names = [name for account in seed.organization.accounts for name in (account.id, account.name)]
    for place, name in places:
        if name not in names:
            guess = nearest(name, names) or " Do add the account"
            yield (*place, "account"), f'must be a known account; got "{name}".{guess}'


def _repeated(at: Path_, member: str, values: list[str]) -> Iterator[tuple[Path_, str]]:
    for index, value in enumerate(values):
        if value in values[:index]:
            yield (*at, index, member), f'must be unique; "{value}" stands above too. Do change one'
