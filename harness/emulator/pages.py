"""Hand out a long answer page by page: what was found first stays as it was while a caller reads on.

A token can be used again, since SDKs repeat a request whose answer was lost.
"""

import secrets
from collections.abc import Sequence
from typing import Any

_MOST = 2_000  # tokens; the oldest are forgotten, as they expire on AWS


class Pages:
    """Hold what follows each page that was handed out."""

    def __init__(self) -> None:
        """Start without any."""
        self._rest: dict[str, tuple[Sequence[Any], int]] = {}

    def rest(self, token: str) -> tuple[Sequence[Any], int] | None:
        """Return what a token stands for, the items and where to go on; None for one that is not known."""
        return self._rest.get(token)

    def keep(self, items: Sequence[Any], start: int) -> str:
        """Return a token for the items from `start` on."""
        token = secrets.token_urlsafe(24)
        self._rest[token] = (items, start)
        if len(self._rest) > _MOST:
            del self._rest[next(iter(self._rest))]
        return token
