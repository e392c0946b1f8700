"""Mark resources whose values nobody could prove with the day until which owners have time, and check them again."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from harness.repair.applying import Accounts, Repair, Writing, chunks, grouped, identity_of, place_of
from harness.repair.model import Change, Failure, Held
from harness.repair.resolving import Allowed

Standing = Literal["repaired", "overdue", "waiting", "unmarked"]


class Due(NamedTuple):
    """Say how a resource stands: what it still lacks, until when; `marked` is what its mark says, "" for none."""

    change: Change
    lacking: tuple[str, ...]
    marked: str
    standing: Standing


def unproven(changes: Sequence[Change]) -> dict[str, list[Change]]:
    """Return the changes that nothing proves and nobody has filled in, by ARN. Raises: nothing."""
    found: dict[str, list[Change]] = {}
    for change in changes:
        if not change.do and not change.becomes:
            found.setdefault(change.arn, []).append(change)
    return found


def standing(changes: Sequence[Change], held: Held, allowed: Allowed, key: str, today: datetime.date) -> Due:
    """Return how a resource stands, by its tags as they are now. Raises: nothing."""
    lacking = tuple(dict.fromkeys(one.key for one in changes if not _is_mended(one, held.tags, allowed)))
    marked = held.tags.get(key, "")
    if not lacking:
        state: Standing = "repaired"
    elif not marked:
        state = "unmarked"
    else:
        state = "overdue" if _is_past(marked, today) else "waiting"
    return Due(changes[0], lacking, marked, state)


def mark_of(due: Due, key: str, day: datetime.date) -> Change:
    """Return the change that marks a resource. Raises: nothing."""
    old = due.change
    return Change(
        do=True,
        account=old.account,
        region=old.region,
        type=old.type,
        arn=old.arn,
        key=key,
        becomes=day.isoformat(),
        owner=old.owner,
    )


def _is_mended(change: Change, tags: Mapping[str, str], allowed: Allowed) -> bool:
    value = tags.get(change.key, "")
    return bool(value) and allowed(change.key, value) and change.remove not in tags


def _is_past(marked: str, today: datetime.date) -> bool:
    """Tell whether a mark's day has passed; one that is no day was set by somebody else, and never passes."""
    try:
        return datetime.date.fromisoformat(marked) < today
    except ValueError:
        return False


def read_held(changes: Sequence[Change], accounts: Accounts) -> dict[str, Held | Failure]:
    """Return the tags as they are now, by ARN, or why they could not be read. Raises: nothing of AWS's."""
    found: dict[str, Held | Failure] = {}
    for account, theirs in grouped(changes, identity_of).items():
        if closed := accounts.enter(account):
            found |= {change.arn: Failure(closed) for change in theirs}
            continue
        for place, some in grouped(theirs, place_of).items():
            api = accounts.api(place)
            for arns in chunks(list(dict.fromkeys(change.arn for change in some)), api.reads):
                found |= api.read(arns)
    return found


def take_off(dues: Sequence[Due], held: Mapping[str, Held], key: str, repair: Repair) -> dict[str, Failure]:
    """Take the marks off resources that are repaired and return what failed. Raises: OSError for the journal."""
    failed: dict[str, Failure] = {}
    for place, some in grouped((due.change for due in dues), place_of).items():
        writing = Writing(place, repair.accounts.api(place), repair.journal)
        arns = [change.arn for change in some]
        failed |= writing.send({arn: held[arn] for arn in arns}, {}, dict.fromkeys(arns, (key,)))
    return failed
