"""Apply changes: account by account, read the tags as they are, announce what is left to do, and do it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

from harness.repair.journal import Intent, Journal, Outcome, StoppedError
from harness.repair.model import Change, Failure, Held, Result
from harness.repair.resolving import Allowed, Resolution, resolve
from harness.repair.services import region_of, service_of
from harness.repair.tag_api import TagApi

Item = TypeVar("Item")
Unit = TypeVar("Unit")

_ACCOUNTS_AT_ONCE = 8
_KEYS_A_CALL = 50


class Place(NamedTuple):
    """Name where calls go: an account's region, and a service in boto3's name."""

    account: str
    region: str
    service: str


class Accounts(NamedTuple):
    """Say how accounts are reached: `api` gives a place's API once `enter` has let us in, or said why not."""

    enter: Callable[[str], str]
    api: Callable[[Place], TagApi]


class Repair(NamedTuple):
    """Hold what a repair works with; `allowed_in` gives what the dictionary allows in an account."""

    accounts: Accounts
    journal: Journal
    allowed_in: Callable[[str], Allowed]
    most_tags: int


def apply_changes(changes: Sequence[Change], repair: Repair, tell: Callable[[Result], object]) -> list[Result]:
    """Do the changes that are still to be done, in several accounts at once, and return what became of each.

    Raises: what is no error of AWS's or boto3's, as OSError when the journal cannot be written: nothing is sent then.
    """
    by_account = grouped(changes, identity_of)

    def apply_one(account: str) -> list[Result]:
        results = []
        for result in _apply_account(by_account[account], repair):
            tell(result)
            results.append(result)
        return results

    return [one for some in in_accounts(apply_one, by_account, repair.journal) for one in some]


def in_accounts(work: Callable[[str], list[Item]], accounts: Iterable[str], journal: Journal) -> list[list[Item]]:
    """Return what the work in each account returns, several at once; a fault in one ends all before their next call.

    Raises: what `work` raises.
    """

    def guarded(account: str) -> list[Item]:
        try:
            return work(account)
        except StoppedError:
            return []  # the fault that stopped it is raised below
        except BaseException:
            journal.stop()
            raise

    with ThreadPoolExecutor(_ACCOUNTS_AT_ONCE) as pool:
        try:
            return list(pool.map(guarded, accounts))
        except BaseException:
            journal.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def grouped(items: Iterable[Item], by: Callable[[Item], Unit]) -> dict[Unit, list[Item]]:
    """Return the items by what a function gives for them, in order. Raises: nothing of its own."""
    found: dict[Unit, list[Item]] = {}
    for item in items:
        found.setdefault(by(item), []).append(item)
    return found


def chunks(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """Yield the items, so many at a time. Raises: nothing."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def identity_of(change: Change) -> str:
    """Return the account that has to write a change: for accounts and units of an organisation the one in their ARN.

    Raises: nothing.
    """
    parts = change.arn.split(":", 5)
    return parts[4] if parts[2] == "organizations" else change.account


def place_of(change: Change) -> Place:
    """Return where a change is written. Raises: nothing."""
    return Place(identity_of(change), region_of(change.arn, change.region), service_of(change.arn))


def _apply_account(changes: Sequence[Change], repair: Repair) -> Iterator[Result]:
    if closed := repair.accounts.enter(identity_of(changes[0])):
        yield from (Result(change, "failed", closed) for change in changes)
        return
    for place, some in grouped(changes, place_of).items():
        api = repair.accounts.api(place)
        by_arn = grouped(some, lambda one: one.arn)
        for arns in chunks(list(by_arn), api.reads):
            repair.journal.check()
            wanted: dict[str, tuple[Held, Resolution]] = {}
            for arn, held in api.read(arns).items():
                if isinstance(held, Failure):
                    yield from (Result(change, "failed", f"could not be read: {held.reason}") for change in by_arn[arn])
                    continue
                allowed = repair.allowed_in(by_arn[arn][0].account)
                found = resolve(by_arn[arn], held, allowed, repair.most_tags)
                yield from found.settled
                wanted[arn] = (_flagged(held, found), found)
            yield from Writing(place, api, repair.journal).write(wanted)


def _flagged(held: Held, found: Resolution) -> Held:
    """Return what a resource has, such that a renamed key keeps what its wrong spelling says to new instances."""
    flags = {change.key: held.flags[change.remove] for change in found.open if change.remove in held.flags}
    return Held(held.tags, held.found, {**flags, **held.flags})


class Writing:
    """Write what resources of one place need, those that need the same in one call."""

    def __init__(self, place: Place, api: TagApi, journal: Journal, *, undoes: bool = False) -> None:
        """Write nothing yet."""
        self._place, self._api, self._journal, self._undoes = place, api, journal, undoes

    def write(self, wanted: Mapping[str, tuple[Held, Resolution]]) -> Iterator[Result]:
        """Write keys, then remove wrong spellings where that succeeded; yield what became of the open changes.

        Raises: OSError when the journal cannot be written.
        """
        held = {arn: tags for arn, (tags, _) in wanted.items()}
        failed = self.send(held, {arn: found.write for arn, (_, found) in wanted.items()}, {})
        removes = {arn: found.remove for arn, (_, found) in wanted.items() if arn not in failed}
        kept = self.send(held, {}, removes)
        for arn, (_, found) in wanted.items():
            for change in found.open:
                why = failed.get(arn) or (kept.get(arn) if change.remove else None)
                yield Result(change, "failed" if why else "done", why.reason if why else "")

    def send(
        self, held: Mapping[str, Held], write: Mapping[str, Mapping[str, str]], remove: Mapping[str, tuple[str, ...]]
    ) -> dict[str, Failure]:
        """Send what each resource gets or loses, in as few calls as may be, and return what failed.

        Raises: OSError when the journal cannot be written.
        """
        needs = {arn: (tuple(sorted(write.get(arn, {}).items())), remove.get(arn, ())) for arn in held}
        needy = [arn for arn, need in needs.items() if any(need)]
        failed: dict[str, Failure] = {}
        for (tags, keys), arns in grouped(needy, lambda arn: needs[arn]).items():
            for some in chunks(arns, self._api.writes):
                for pairs in chunks(tags, _KEYS_A_CALL):
                    failed |= self._call(held, some, dict(pairs), ())
                for part in chunks(keys, _KEYS_A_CALL):
                    failed |= self._call(held, some, {}, tuple(part))
        return failed

    def _call(
        self, held: Mapping[str, Held], arns: Sequence[str], write: Mapping[str, str], remove: tuple[str, ...]
    ) -> dict[str, Failure]:
        touched = (*write, *remove)
        number = self._journal.announce(
            Intent(
                number=0,
                account=self._place.account,
                region=self._place.region,
                service=self._place.service,
                arns=tuple(arns),
                write=write,
                remove=remove,
                former={arn: {key: held[arn].tags.get(key) for key in touched} for arn in arns},
                flags={arn: dict(held[arn].flags) for arn in arns if held[arn].flags},
                undoes=self._undoes,
            )
        )
        flags = {arn: held[arn].flags for arn in arns}
        failed = self._api.write(arns, write, flags) if write else self._api.remove(arns, remove)
        self._journal.write(Outcome(number, failed))
        return failed
