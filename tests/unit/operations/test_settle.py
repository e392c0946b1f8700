"""After an apply verify waits for what AWS spreads over minutes, and for nothing else."""

from collections.abc import Callable

import pytest

from harness.finding import Finding, Verdict
from harness.operations.life_cycle import verify_settled
from harness.verify import EFFECTIVE, RULES


def found(plane: str, verdict: Verdict, cause: str = "") -> Finding:
    return Finding(plane, "x", "y", verdict, "held", "must hold", follows_from=cause)


def looks(*answers: tuple[Finding, ...]) -> Callable[[], tuple[Finding, ...]]:
    return iter(answers).__next__


@pytest.mark.parametrize(
    "first",
    [
        (found(EFFECTIVE, "pass"),),
        (found(EFFECTIVE, "unknown"),),
        (found("budget", "fail"),),
        (found(EFFECTIVE, "fail", cause="policy"), found("tag policy", "fail")),
    ],
)
def test_nothing_is_waited_for_that_waiting_does_not_mend(first: tuple[Finding, ...]) -> None:
    pauses: list[float] = []
    assert verify_settled(looks(first), pauses.append) == first
    assert pauses == []


@pytest.mark.parametrize("plane", [EFFECTIVE, RULES])
def test_a_settling_plane_is_waited_for_beside_another_that_fails(plane: str) -> None:
    pauses: list[float] = []
    other = found("budget", "fail")
    settled = (found(plane, "pass"), other)
    assert verify_settled(looks((found(plane, "fail"), other), settled), pauses.append) == settled
    assert pauses == [15]


def test_waiting_ends() -> None:
    pauses: list[float] = []
    failing = (found(RULES, "fail"),)
    assert verify_settled(lambda: failing, pauses.append) == failing
    assert pauses == [15] * 4
