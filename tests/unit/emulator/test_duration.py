import pytest

from harness.emulator.duration import parse_duration
from harness.errors import TagrailError

MOST = 400 * 86_400


@pytest.mark.parametrize(("text", "seconds"), [("24h", 86_400), ("7d", 604_800), ("90m", 5_400), ("400d", MOST)])
def test_durations(text: str, seconds: int) -> None:
    assert parse_duration(text, MOST) == seconds


@pytest.mark.parametrize("text", ["", "0h", "-24h", "24", "h", "1.5h", "24H", "24 h", "401d", "1w", "1d2h"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(TagrailError, match=f'--advance: must be .* 400d at most; got "{text}".*forward only'):
        parse_duration(text, MOST)
