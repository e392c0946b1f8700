"""Name what a snapshot lacks: equal reasons together, so that five hundred closed accounts are one entry."""

from collections.abc import Mapping
from dataclasses import replace

from harness.emulator.seed_model import Unread
from harness.state import Unreadable


def unread(part: str, gaps: Mapping[str, Unreadable]) -> tuple[Unread, ...]:
    """Return an entry for each reason, with the sorted names it holds for; the name "" stands for the whole part.

    What a reason says of the account that a name begins with, AWS's refusals do, it says of all.

    >>> found = unread("tags", {"2": Unreadable("2 denied"), "1/eu": Unreadable("1 denied")})
    >>> [(entry.of, entry.reason) for entry in found]
    [(('1/eu', '2'), 'ACCOUNT denied')]

    Raises: nothing.
    """
    names: dict[Unreadable, list[str]] = {}
    for name, gap in gaps.items():
        account = name.split("/")[0]
        same = replace(gap, reason=gap.reason.replace(account, "ACCOUNT")) if account.isdigit() else gap
        names.setdefault(same, []).append(name)
    return tuple(
        Unread(part=part, of=tuple(sorted(filter(None, held))), reason=gap.reason, code=gap.code)
        for gap, held in names.items()
    )
