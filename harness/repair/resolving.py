"""Work out what is left to do for one resource: its changes against its tags as they are now. Pure functions."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from harness.personal_data import masked
from harness.repair.model import Change, Held, Result

Allowed = Callable[[str, str], bool]  # key and value: whether the dictionary allows it


class Resolution(msgspec.Struct, frozen=True):
    """Hold what to write and to remove, the changes that need it, and what is settled without.

    `write` comes first; `remove` only once that has been done.
    """

    write: Mapping[str, str]
    remove: tuple[str, ...]
    open: tuple[Change, ...]
    settled: tuple[Result, ...]


def resolve(changes: Sequence[Change], held: Held, allowed: Allowed, most_tags: int) -> Resolution:
    """Return what the changes of one resource need, given its tags now.

    A key is written only over what the audit saw there, or over nothing; what is right already is left alone. Raises:
    nothing.
    """
    write: dict[str, str] = {}
    still_open: list[Change] = []
    settled: list[Result] = []
    for key, some in _by_key(changes).items():
        becomes, reasons = some[0].becomes, {change: _refusal(change, some, held, allowed) for change in some}
        wanted = [change for change, reason in reasons.items() if not reason]
        if wanted and held.tags.get(key) != becomes:
            if key not in held.tags and held.count() + sum(one not in held.tags for one in write) >= most_tags:
                reasons = dict.fromkeys(some, f"has {most_tags} tags, the most that AWS allows")
            else:
                write[key] = becomes
        is_right = write.get(key, held.tags.get(key)) == becomes
        still_open += (change for change, reason in reasons.items() if not reason)
        settled += (_result(change, reason, held, is_right=is_right) for change, reason in reasons.items() if reason)
    remove = tuple(change.remove for change in still_open if change.remove)
    return Resolution(write, remove, tuple(still_open), tuple(settled))


def _by_key(changes: Sequence[Change]) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = {}
    for change in changes:
        found.setdefault(change.key, []).append(change)
    return found


def _refusal(change: Change, siblings: Sequence[Change], held: Held, allowed: Allowed) -> str:
    """Return why a change is not to be done, "" for no reason; `siblings` are all changes of its key."""
    value = held.tags.get(change.key, "")
    if value not in ("", change.becomes):
        if allowed(change.key, value):
            return f'has a right value since the audit, "{value}"'
        if not any(_is_now(one, value) for one in siblings if not one.remove):
            return "has another value than in the plan"
    return _spelling_refusal(change, held) if change.remove else _value_refusal(change, value, held)


def _spelling_refusal(change: Change, held: Held) -> str:
    there = held.tags.get(change.remove)
    if there is None:
        return f"had the value under {change.remove}, which is gone"
    return "" if _is_now(change, there) else f"{change.remove} has another value than in the plan"


def _value_refusal(change: Change, value: str, held: Held) -> str:
    if value == change.becomes:
        return "has the value already"
    if change.now and not value:
        return "had a value, which is gone" if held.found else "is gone, or has no tags any more"
    return ""


def _result(change: Change, reason: str, held: Held, *, is_right: bool) -> Result:
    """Return what a change came to that was not to be done: it is done already, or skipped for a reason."""
    is_done = is_right and (not change.remove or change.remove not in held.tags)
    return Result(change, "already" if is_done else "skipped", "is so already" if is_done else reason)


def _is_now(change: Change, value: str) -> bool:
    """Tell whether a value is what the plan says is there; a person's data stands there unreadable."""
    return change.now == value or (change.rule == "personal-data" and change.now == masked(value))
