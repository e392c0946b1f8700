"""Read the seed of an emulator, and refuse with file and line what does not hold together."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from harness.emulator.seed_model import Costs, Seed
from harness.emulator.seed_policies import policy_faults
from harness.errors import InputError
from harness.spelling import nearest
from harness.strict_model import build
from harness.yaml_source import Path_, Source, read_source

# A snapshot of some ten thousand resources; every value takes about a kilobyte while it is read.
_MOST_VALUES = 500_000


def load_seed(path: Path, shown: str | None = None) -> tuple[Seed, Source]:
    """Return the seed of a file with its costs, and the source that knows each line of it.

    `shown` is the file's name in messages, its path if not given.
    Raises: InputError naming file and line of everything that is wrong; OSError when a file cannot be read.
    """
    source = read_source(path, shown or str(path), most=_MOST_VALUES)
    seed, problems = build(Seed, source)
    if seed is None:
        raise InputError(problems)
    found = [source.problem(at, message) for at, message in (*_faults(seed), *policy_faults(seed))]
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
    places: list[tuple[Path_, str]] = [(("costs", n, "account"), cost.account) for n, cost in enumerate(more.costs)]
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
        if not unit.path.endswith(unit.own_name):
            yield (*units, index, "name"), f'must end the path "{unit.path}"; got "{unit.name}". Do correct one of them'
        elif unit.parent not in paths:
            yield (*units, index, "path"), f'must stand below its parent "{unit.parent}". Do put the parent first'
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
    for index, indexes in enumerate(seed.explorer_indexes):
        if indexes.aggregator not in (None, *indexes.regions):
            place = ("explorer_indexes", index, "aggregator")
            yield place, f'must be one of the regions; got "{indexes.aggregator}". Do add it to them'
    if accounts[0].parent:
        yield ("organization", "accounts", 0, "parent"), "must be empty: the management account stands at the root"
    yield from _strangers(seed, _named_accounts(seed))


def _named_accounts(seed: Seed) -> Iterator[tuple[Path_, str]]:
    """Yield every place outside of the organization that names an account, with the name."""
    for index, cost in enumerate(seed.billing.costs):
        yield ("billing", "costs", index, "account"), cost.account
    for section in ("config_recorders", "explorer_indexes"):
        for index, each in enumerate(getattr(seed, section)):
            for number, account in enumerate(each.accounts or ()):
                yield (section, index, "accounts", number), account
    for section in ("resources", "pipeline_runs", "trail_events", "tagged_resources"):
        for index, each in enumerate(getattr(seed, section)):
            yield (section, index, "account"), each.account
    for kind in type(seed.faults).model_fields:
        for index, fault in enumerate(getattr(seed.faults, kind)):
            if fault.account is not None:
                yield ("faults", kind, index, "account"), fault.account


def _strangers(seed: Seed, places: Iterable[tuple[Path_, str]]) -> Iterator[tuple[Path_, str]]:
    """Yield what names an account, by name or id, that the seed does not hold."""
    names = {name for account in seed.organization.accounts for name in (account.id, account.name)}
    for place, name in places:
        if name not in names:
            guess = nearest(name, names) or " Do add the account"
            yield place, f'must be a known account; got "{name}".{guess}'


def _repeated(at: Path_, member: str, values: Sequence[str]) -> Iterator[tuple[Path_, str]]:
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value in seen:
            yield (*at, index, member), f'must be unique; "{value}" stands above too. Do change one'
        seen.add(value)
