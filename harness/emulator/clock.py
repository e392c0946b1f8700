"""The emulator's time: the machine's time, and how far a caller has moved it ahead. It never goes back.

Everything that the emulator adds to moto reads the time here: billing, budgets, AWS Config. moto's own clock is left
alone: its modules hold 88 copies of it, and it stamps session tokens and creation times, which callers compare with
their machine's time.
"""

import datetime
import threading
from collections.abc import Iterator

DAY = datetime.timedelta(days=1)
# How far the clock can be moved at once. Budgets are looked at in between, so more would take long.
MOST_SECONDS = 400 * 86_400
# AWS refreshes budgets up to three times a day:
# docs.aws.amazon.com/cost-management/latest/userguide/budgets-best-practices.html
_REFRESH_SECONDS = 8 * 3_600


class _Clock:
    """Hold how far ahead of the machine this emulator is."""

    def __init__(self) -> None:
        self.ahead = datetime.timedelta()
        self.moving = threading.Lock()

    def move(self, seconds: float) -> None:
        with self.moving:
            self.ahead += datetime.timedelta(seconds=seconds)


_CLOCK = _Clock()


def utcnow() -> datetime.datetime:
    """Return the emulator's time in UTC, without a zone as moto's own `utcnow`."""
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None) + _CLOCK.ahead


def unix_time(moment: datetime.datetime | None = None) -> float:
    """Return seconds since 1970 of a UTC time without a zone, or of now."""
    return (moment or utcnow()).replace(tzinfo=datetime.UTC).timestamp()


def from_unix(seconds: float | str) -> datetime.datetime:
    """Return the UTC time, without a zone, of seconds since 1970.

    >>> from_unix("86400")
    datetime.datetime(1970, 1, 2, 0, 0)
    """
    return datetime.datetime.fromtimestamp(float(seconds), datetime.UTC).replace(tzinfo=None)


def stamp(moment: datetime.datetime) -> str:
    """Return a UTC time in AWS's ZonedDateTime form.

    >>> stamp(datetime.datetime(2026, 12, 1))
    '2026-12-01T00:00:00Z'
    """
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def ahead() -> datetime.timedelta:
    """Return how far the clock was moved."""
    return _CLOCK.ahead


def move(seconds: int) -> Iterator[None]:
    """Move the clock ahead, and yield each time that AWS would look at budgets on the way, and at the end.

    Raises: ValueError when `seconds` is not 1 to `MOST_SECONDS`.
    """
    if not 1 <= seconds <= MOST_SECONDS:
        raise ValueError(f"must be 1 to {MOST_SECONDS} seconds; got {seconds}")
    while seconds > 0:
        step = min(seconds, _REFRESH_SECONDS)
        _CLOCK.move(step)
        seconds -= step
        yield
