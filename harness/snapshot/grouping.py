"""Write what was read of the accounts as a seed has it: equal things together, always in the same order."""

from collections.abc import Iterable, Iterator, Mapping

from harness.emulator.seed_model import ConfigRecorders, TaggedResources, Unread
from harness.snapshot.accounts import Accounts, Place, Tags
from harness.snapshot.unread import unread
from harness.state import Unreadable


def grouped_resources(found: Accounts) -> Iterator[TaggedResources]:
    """Yield the resources, those with equal tags in an account and region together; an ARN counts once an account.

    Raises: nothing.
    """
    seen: set[tuple[str, str]] = set()
    for (account, region), resources in sorted(found.resources.items(), key=lambda item: item[0]):
        groups: dict[Tags, list[str]] = {}
        for arn, tags in () if isinstance(resources, Unreadable) else sorted(resources.items()):
            if (account, arn) not in seen:
                seen.add((account, arn))
                groups.setdefault(tags, []).append(arn)
        for tags, arns in sorted(groups.items(), key=lambda group: group[1]):
            yield TaggedResources(account=account, region=region, tags=dict(tags), arns=tuple(arns))


def grouped_recorders(found: Accounts) -> Iterator[ConfigRecorders]:
    """Yield the recorders, equal ones of several regions and accounts together.

    Where nobody could look, one is assumed: AWS makes no organisation rule in an account that has none.
    Raises: nothing.
    """
    regions: dict[tuple[str, ConfigRecorders], list[str]] = {}
    for (account, region), recorder in sorted(found.recorders.items(), key=lambda item: item[0]):
        if isinstance(recorder, Unreadable):
            regions.setdefault((account, ConfigRecorders(regions=("any",), assumed=True)), []).append(region)
        elif recorder:
            kind = ConfigRecorders(regions=("any",), bucket_name=recorder.bucket_name, recording=recorder.recording)
            regions.setdefault((account, kind), []).append(region)
    accounts: dict[ConfigRecorders, list[str]] = {}
    for (account, kind), held in regions.items():
        accounts.setdefault(kind.model_copy(update={"regions": tuple(held)}), []).append(account)
    for kind, members in accounts.items():
        yield kind.model_copy(update={"accounts": tuple(members)})


def unread_accounts(found: Accounts, account_ids: Iterable[str], regions: Iterable[str]) -> tuple[Unread, ...]:
    """Return what could not be read of the accounts; a region is named where the others could be. Raises: nothing."""
    ids, places = [*account_ids], [*regions]
    parts: Mapping[str, Mapping[Place, object]] = {
        "tagged resources": found.resources,
        "Config recorders": found.recorders,
    }
    return tuple(entry for part, held in parts.items() for entry in unread(part, dict(_gaps(held, ids, places))))


def _gaps(
    held: Mapping[Place, object], account_ids: Iterable[str], regions: Iterable[str]
) -> Iterator[tuple[str, Unreadable]]:
    for account in account_ids:
        found = [(region, held.get((account, region))) for region in regions]
        gaps = [(region, gap) for region, gap in found if isinstance(gap, Unreadable)]
        if len(gaps) == len(found) and len({gap for _, gap in gaps}) == 1:
            yield account, gaps[0][1]
        else:
            yield from ((f"{account}/{region}", gap) for region, gap in gaps)
