"""Undo a repair: give every resource the former tags of the keys that it touched, last call first."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import structs

from harness.repair.applying import Accounts, Place, Writing, chunks, grouped, in_accounts
from harness.repair.journal import Entry, Intent, Journal, Outcome
from harness.repair.model import Failure, Held, State

Tags = Mapping[str, str | None]
Sure = frozenset[tuple[int, str, str]]  # number of an intent, ARN, key


class Restored(NamedTuple):
    """Say what became of a key of a resource: done, already as before, skipped or failed with a reason."""

    arn: str
    key: str
    state: State
    reason: str = ""


def carried_out(entries: Sequence[Entry]) -> list[Intent]:
    """Return the intents of a repair that may have been carried out, each with the resources it may have reached.

    A call whose outcome is not known may have been; the tags as they are decide. Raises: nothing.
    """
    outcomes = {one.number: one.failed for one in entries if isinstance(one, Outcome)}
    found = []
    for intent in entries:
        if isinstance(intent, Intent) and not intent.undoes:
            surely_not = {arn for arn, why in outcomes.get(intent.number, {}).items() if not why.unsure}
            reached = tuple(arn for arn in intent.arns if arn not in surely_not)
            found += [structs.replace(intent, arns=reached)] if reached else []
    return found


def surely_written(entries: Sequence[Entry]) -> Sure:
    """Return what a repair has surely changed, and no undo has begun to take back.

    Of these a read that shows the former tags is one that AWS has not brought up to date: they are restored all the
    same, which does no harm if they are. Raises: nothing.
    """
    intents = [one for one in entries if isinstance(one, Intent)]
    outcomes = {one.number: one.failed for one in entries if isinstance(one, Outcome)}
    begun = {(arn, key) for one in intents if one.undoes for arn in one.arns for key in _keys(one)}
    return frozenset(
        (one.number, arn, key)
        for one in intents
        if not one.undoes and one.number in outcomes
        for arn in one.arns
        for key in _keys(one)
        if arn not in outcomes[one.number] and (arn, key) not in begun
    )


def undo(
    entries: Sequence[Entry], accounts: Accounts, journal: Journal, tell: Callable[[Restored], object]
) -> list[Restored]:
    """Return what became of each key that a repair touched. Raises: as apply_changes does."""
    by_account, sure = grouped(carried_out(entries), lambda one: one.account), surely_written(entries)

    def undo_one(account: str) -> list[Restored]:
        results: dict[tuple[str, str], Restored] = {}
        for one in _undo_account(by_account[account], sure, accounts, journal):
            if results.setdefault((one.arn, one.key), one).state == "already":
                results[one.arn, one.key] = one
        for one in results.values():
            tell(one)
        return list(results.values())

    return [one for some in in_accounts(undo_one, by_account, journal) for one in some]


def _undo_account(intents: Sequence[Intent], sure: Sure, accounts: Accounts, journal: Journal) -> Iterator[Restored]:
    if closed := accounts.enter(intents[0].account):
        for intent in intents:
            yield from (Restored(arn, key, "failed", closed) for arn in intent.arns for key in _keys(intent))
        return
    for intent in sorted(intents, key=lambda one: -one.number):
        api = accounts.api(Place(intent.account, intent.region, intent.service))
        writing = Writing(Place(intent.account, intent.region, intent.service), api, journal, undoes=True)
        for arns in chunks(intent.arns, api.reads):
            journal.check()
            yield from _undo_some(intent, sure, api.read(arns), writing)


def _undo_some(intent: Intent, sure: Sure, read: Mapping[str, Held | Failure], writing: Writing) -> Iterator[Restored]:
    """Give some resources of an intent their former tags, key by key."""
    wanted: dict[str, Held] = {}
    former: dict[str, Tags] = {}
    for arn, held in read.items():
        if isinstance(held, Failure):
            reason = f"could not be read: {held.reason}"
            yield from (Restored(arn, key, "failed", reason) for key in _keys(intent))
            continue
        settled = {
            key: _settled(intent, arn, key, held.tags.get(key), is_sure=(intent.number, arn, key) in sure)
            for key in _keys(intent)
        }
        yield from (one for one in settled.values() if one)
        wanted[arn] = Held(held.tags, held.found, {**held.flags, **intent.flags.get(arn, {})})
        former[arn] = {key: intent.former[arn][key] for key, one in settled.items() if not one}
    write = {arn: {key: value for key, value in tags.items() if value is not None} for arn, tags in former.items()}
    remove = {arn: tuple(key for key, value in tags.items() if value is None) for arn, tags in former.items()}
    failed = writing.send(wanted, write, remove)
    for arn, tags in former.items():
        why = failed.get(arn)
        yield from (Restored(arn, key, "failed" if why else "done", why.reason if why else "") for key in tags)


def _settled(intent: Intent, arn: str, key: str, now: str | None, *, is_sure: bool) -> Restored | None:
    """Return the result of a key that needs no call, None for one that is as the repair left it."""
    if now == intent.former[arn][key]:
        return None if is_sure else Restored(arn, key, "already", "is as before")
    if now == intent.write.get(key):
        return None
    return Restored(arn, key, "skipped", "was changed after the repair, and is left as it is")


def _keys(intent: Intent) -> tuple[str, ...]:
    return (*intent.write, *intent.remove)
