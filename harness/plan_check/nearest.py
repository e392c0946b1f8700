"""Find what was meant: the words that come near a wrong one, the nearest first."""

import re
from collections.abc import Iterable
from functools import lru_cache

_PART = re.compile(r"[:/.]")
_LETTERS_A_SLIP = 8  # as many letters are typed for each slip that is allowed; "storage" is no slip of "stage"


def nearest_first(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the known words that a word may be a slip of the fingers for, case aside; () for none. Raises: nothing.

    Letters that are left out, put in, changed or swapped count. A prefix that both have makes no two words alike.

    >>> nearest_first("anycompany:finance:onwer", ["anycompany:finance:owner", "team"]), nearest_first("x", ["team"])
    (('anycompany:finance:owner',), ())
    >>> nearest_first("anycompany:finance:region", ["anycompany:finance:owner"]), nearest_first("storage", ["stage"])
    ((), ())
    """
    found: list[tuple[int, str]] = []
    for other in known:
        start = _shared_prefix(word.lower(), other.lower())
        one, two = word.lower()[start:], other.lower()[start:]
        most = max(1, len(two) // _LETTERS_A_SLIP) if len(two) > 3 else 0  # short words are all alike
        if abs(len(one) - len(two)) <= most and (slips := _slips(one, two)) <= most:
            found.append((slips, other))
    return tuple(other for _, other in sorted(found))


def _shared_prefix(one: str, other: str) -> int:
    """Return how many characters of whole parts, as `company:finance:`, two words begin with alike."""
    ends = [part.end() for part in _PART.finditer(one)]
    return max((end for end in ends if one[:end] == other[:end]), default=0)


def _slips(one: str, other: str) -> int:
    """Return the fewest letters to leave out, put in, change or swap with the next, that make one word the other.

    >>> _slips("onwer", "owner"), _slips("costcenter", "cost-centre"), _slips("power", "owner")
    (1, 2, 2)
    """
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for at, wanted in enumerate(other, 1):
            least = min(above[at] + 1, line[-1] + 1, above[at - 1] + (letter != wanted))
            if row > 1 and at > 1 and letter == other[at - 2] and one[row - 2] == wanted:
                least = min(least, before[at - 2] + 1)
            line.append(least)
        before, above = above, line
    return above[-1]


@lru_cache(maxsize=1_000)
def by_nearness(word: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return all known words, those that come near first, the others in their order. Raises: nothing.

    >>> by_nearness("Prod", ("dev", "prod")), by_nearness("production", ("dev", "test", "prod"))
    (('prod', 'dev'), ('prod', 'dev', 'test'))
    """
    from difflib import get_close_matches  # noqa: PLC0415 (loaded for faults alone)

    low = {one.lower(): one for one in known}
    near = tuple(low[one] for one in get_close_matches(word.lower(), low, 3, 0.5))
    return (*near, *(one for one in known if one not in near))
