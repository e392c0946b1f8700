"""Work out what is left to do for one resource: its changes against its tags as they are now. Pure functions."""

from collections.abc import Callable, Iterator, Mapping, Sequence

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
    remove: list[str] = []
    still_open: list[Change] = []
    settled: list[Result] = []
    for key, some in _by_key(changes).items():
        reason = _refusal(key, some, held, allowed)
        if reason:
            settled += (Result(change, "skipped", reason) for change in some)
            continue
        becomes = some[0].becomes
        if held.tags.get(key) != becomes:
            if key not in held.tags and held.count() + sum(one not in held.tags for one in write) >= most_tags:
                full = f"has {most_tags} tags, the most that AWS allows"
                settled += (Result(change, "skipped", full) for change in some)
                continue
            write[key] = becomes
        for change, result in _steps(some, held, is_written=key in write):
            if result:
                settled.append(result)
                continue
            still_open.append(change)
            remove += [change.remove] if change.remove else []
    return Resolution(write, tuple(remove), tuple(still_open), tuple(settled))


def _by_key(changes: Sequence[Change]) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = {}
    for change in changes:
        found.setdefault(change.key, []).append(change)
    return found


def _refusal(key: str, changes: Sequence[Change], held: Held, allowed: Allowed) -> str:
    """Return why a key is not written, "" for no reason."""
    value, becomes = held.tags.get(key), changes[0].becomes
    if value == becomes:
        return ""
    own = [change for change in changes if not change.remove]
    if value and allowed(key, value):
        return f'has a right value since the audit, "{value}"'
    if value and not any(_is_now(change, value) for change in own):
        return "has another value than in the plan"
    if not value and own and all(change.now for change in own):
        return "had a value, which is gone" if held.found else "is gone, or has no tags any more"
    if not own and not any(change.remove in held.tags for change in changes):
        return f"had the value under {changes[0].remove}, which is gone"
    return ""


def _steps(changes: Sequence[Change], held: Held, *, is_written: bool) -> Iterator[tuple[Change, Result | None]]:
    """Yield the changes of a key that is or will be right, each with its result where nothing is left to do."""
    for change in changes:
        if not change.remove:
            yield change, None if is_written else Result(change, "already", "has the value already")
        elif change.remove not in held.tags:
            yield change, None if is_written else Result(change, "already", f"{change.remove} is gone already")
        elif not _is_now(change, held.tags[change.remove]):
            yield change, Result(change, "skipped", f"{change.remove} has another value than in the plan")
        else:
            yield change, None


def _is_now(change: Change, value: str) -> bool:
    """Tell whether a value is what the plan says is there; a person's data stands there unreadable."""
    return change.now == value or (change.rule == "personal-data" and change.now == masked(value))
