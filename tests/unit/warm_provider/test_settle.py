"""Waits end when the provider reads what was planned, and only then. The provider here is a script of its answers."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgpack
import pytest

from harness.warm_provider.settle import apply_change
from harness.warm_provider.wire import content, field, flag

RULE = "aws_config_organization_managed_rule"
UNKNOWN = msgpack.ExtType(0, b"\x00")
PLANNED = {"name": "rule", "arn": UNKNOWN, "id": UNKNOWN, "accounts": ["2", "1"], "description": None}
LIVE = {"name": "rule", "arn": "arn:rule", "id": "rule", "accounts": ["1", "2"], "description": ""}
SECONDS = 2.0


def state(values: Any) -> bytes:
    return field(1, msgpack.packb(values))


def request(planned: Any, *, kind: str = RULE, prior: Any = None) -> bytes:
    return field(1, kind.encode()) + field(2, state(prior)) + field(3, state(planned)) + field(5, b"private")


class Provider:
    """Answer ApplyResourceChange after its wait, and ReadResource with one answer after the other, then the last."""

    def __init__(self, *reads: bytes, wait: float = SECONDS, fails: bool = False) -> None:
        self.reads, self.wait, self.fails = list(reads), wait, fails
        self.asked: list[bytes] = []
        self.cancelled = False

    async def __call__(self, method: str, asked: bytes) -> bytes:
        if method == "ReadResource":
            self.asked.append(asked)
            return self.reads.pop(0) if len(self.reads) > 1 else self.reads[0]
        try:
            await asyncio.sleep(self.wait)
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        if self.fails:
            raise OSError("the provider is gone")
        return b"the provider's own answer"


def applied(provider: Callable[[str, bytes], Awaitable[bytes]], asked: bytes) -> bytes:
    return asyncio.run(apply_change(provider, asked))


def test_a_creation_ends_when_it_is_read() -> None:
    live = state(LIVE)
    provider = Provider(field(1, state(None)), field(1, live))
    answer = applied(provider, request(PLANNED))
    assert answer == field(1, live) + field(2, b"private") + flag(4)
    assert provider.cancelled
    asked = msgpack.unpackb(content(content(provider.asked[0], 2), 1))
    assert asked == {"name": "rule", "arn": None, "id": "rule", "accounts": ["2", "1"], "description": None}
    assert content(provider.asked[0], 3) == b"private"


@pytest.mark.parametrize(
    "found",
    [
        {**LIVE, "accounts": ["1"]},
        {**LIVE, "accounts": []},
        {**LIVE, "description": "another"},
        {key: value for key, value in LIVE.items() if key != "accounts"},
        None,
    ],
)
def test_what_is_not_as_planned_takes_the_providers_time_and_answer(found: Any) -> None:
    provider = Provider(field(1, state(found)), wait=0.5)
    assert applied(provider, request(PLANNED)) == b"the provider's own answer"
    assert provider.asked


def test_an_update_ends_when_the_new_values_are_read() -> None:
    provider = Provider(field(1, state({**LIVE, "accounts": ["1"]})), field(1, state(LIVE)))
    answer = applied(provider, request({**PLANNED, "id": "rule"}, prior={**LIVE, "accounts": ["1"]}))
    assert content(answer, 1) == state(LIVE)
    assert len(provider.asked) == 2


def test_a_removal_ends_when_nothing_is_read() -> None:
    provider = Provider(field(1, state(LIVE)), field(1, state(None)))
    answer = applied(provider, request(None, prior=LIVE))
    assert content(answer, 1) == state(None)
    assert content(provider.asked[0], 2) == state(LIVE)


def test_a_reading_with_diagnostics_ends_nothing() -> None:
    provider = Provider(field(1, state(LIVE)) + field(2, b"denied"), wait=0.5)
    assert applied(provider, request(PLANNED)) == b"the provider's own answer"


def test_the_providers_failure_is_handed_on() -> None:
    provider = Provider(field(1, state(None)), wait=0.3, fails=True)
    with pytest.raises(OSError, match="the provider is gone"):
        applied(provider, request(PLANNED))


def test_other_types_are_never_read() -> None:
    provider = Provider(field(1, state(LIVE)), wait=0.3)
    assert applied(provider, request(PLANNED, kind="aws_kms_key")) == b"the provider's own answer"
    assert provider.asked == []
