"""Calls keep to a rate that throttling halves and success brings back; pauses grow, and end."""

import pytest
from botocore.exceptions import EndpointConnectionError

from harness.repair.pace import GivenUpError, Pace
from tests.unit.repair.world import error


class Time:
    def __init__(self) -> None:
        self.now, self.slept = 0.0, list[float]()

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)

    def pace(self, rate: float = 5.0) -> Pace:
        return Pace(rate, self.clock, self.sleep, lambda: 1.0)


def failing(*codes: str) -> object:
    left = list(codes)

    def send() -> str:
        if left:
            raise error(left.pop(0))
        return "answer"

    return send


def test_calls_keep_to_the_rate() -> None:
    time = Time()
    pace = time.pace()
    for _ in range(25):
        pace.call(lambda: None)
    assert time.now == pytest.approx(4.0)  # five at once, then five a second


def test_throttling_halves_the_rate_and_calls_that_pass_bring_it_back() -> None:
    time = Time()
    pace = time.pace()
    assert pace.call(failing("ThrottledException", "Throttling")) == "answer"  # type: ignore[arg-type]
    assert pace.rate == pytest.approx(1.5)
    for _ in range(20):
        pace.call(lambda: None)
    assert pace.rate == 5.0


def test_pauses_double_and_a_call_is_given_up_in_the_end() -> None:
    time = Time()
    pace = time.pace(1000.0)
    with pytest.raises(GivenUpError, match="ThrottledException: told so") as caught:
        pace.call(failing(*["ThrottledException"] * 20))  # type: ignore[arg-type]
    assert [seconds for seconds in time.slept if seconds >= 0.5] == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0]
    assert not caught.value.unsure


@pytest.mark.parametrize(
    ("code", "doubt"), [("AccessDenied", ""), ("ServiceUnavailable", "unsure"), ("InternalServiceException", "unsure")]
)
def test_only_what_may_have_been_carried_out_is_unsure(code: str, doubt: str) -> None:
    with pytest.raises(GivenUpError) as caught:
        Time().pace().call(failing(*[code] * 20))  # type: ignore[arg-type]
    assert caught.value.unsure == bool(doubt)


@pytest.mark.parametrize("code", ["ConcurrentModification", "ConcurrentModificationException", "ResourceContention"])
def test_a_resource_that_somebody_else_changes_is_tried_again(code: str) -> None:
    assert Time().pace().call(failing(code)) == "answer"  # type: ignore[arg-type]


def test_a_lost_connection_is_tried_again_and_unsure() -> None:
    def send() -> None:
        raise EndpointConnectionError(endpoint_url="https://x")

    with pytest.raises(GivenUpError) as caught:
        Time().pace().call(send)
    assert caught.value.unsure
