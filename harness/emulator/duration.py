"""Read durations as people write them: 24h, 7d, 90m."""

import re

from harness.errors import TagrailError

_SECONDS = {"d": 86_400, "h": 3_600, "m": 60}
_WRITTEN = re.compile(r"([1-9][0-9]{0,5})([dhm])")


def parse_duration(text: str, most_seconds: int) -> int:
    """Return the seconds of a duration.

    Raises: TagrailError for what is no duration or longer than `most_seconds`.

    >>> parse_duration("36h", 400 * 86_400)
    129600
    """
    found = _WRITTEN.fullmatch(text)
    seconds = int(found[1]) * _SECONDS[found[2]] if found else 0
    if not 1 <= seconds <= most_seconds:
        rule = f"must be a number and d, h or m, {most_seconds // 86_400}d at most"
        raise TagrailError(f'--advance: {rule}; got "{text}". Do write it as 24h: the clock goes forward only')
    return seconds
