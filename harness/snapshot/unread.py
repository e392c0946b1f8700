"""Name what a snapshot lacks: equal reasons together, so that five hundred closed accounts are one entry."""

from collections.abc import Mapping

from harness.emulator.seed_model import Unread
from harness.state import Unreadable


def unread(part: str, gaps: Mapping[str, Unreadable]) -> tuple[Unread, ...]:
    """Return an entry for each reason, with the sorted names it holds for; the name "" stands for the whole part.

    >>> [entry.of for entry in unread("tags", {"b": Unreadable("denied"), "a": Unreadable("denied")})]
    [('a', 'b')]

    Raises: nothing.
    """
    names: dict[Unreadable, list[str]] = {}
    for name, gap in gaps.items():
        names.setdefault(gap, []).append(name)
    return tuple(
        Unread(part=part, of=tuple(sorted(filter(None, held))), reason=gap.reason, code=gap.code)
        for gap, held in names.items()
    )
