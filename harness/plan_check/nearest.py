"""Find what was meant: the words that come near a wrong one, the nearest first."""

from collections.abc import Iterable
from functools import lru_cache

_NEAR = 0.8  # from here on a slip of the fingers is likelier than another word


def nearest_first(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the known words that come near, case aside; () for none. Raises: nothing.

    >>> nearest_first("anycompany:finance:onwer", ["anycompany:finance:owner", "team"]), nearest_first("x", ["team"])
    (('anycompany:finance:owner',), ())
    """
    from difflib import get_close_matches  # noqa: PLC0415 (loaded for faults alone)

    low = {one.lower(): one for one in known}
    return tuple(low[one] for one in get_close_matches(word.lower(), low, 3, _NEAR))


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
