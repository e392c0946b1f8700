"""Mark resources whose values nobody could prove with the day until which owners have time, and check them again."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from harness.repair.model import Change, Held
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
