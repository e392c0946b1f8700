"""Name the known word that a wrong one may have meant."""

import difflib
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """Return ` Did you mean "x"?` for the known word that is nearest, or nothing. Raises: nothing.

    >>> nearest("mandatry", ["mandatory", "values"])
    ' Did you mean "mandatory"?'
    """
    words = sorted(known)
    lower = {candidate.lower(): candidate for candidate in words}
    found = difflib.get_close_matches(word.lower(), lower, n=1, cutoff=0.6)
    return f' Did you mean "{lower[found[0]]}"?' if found else ""
