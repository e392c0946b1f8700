"""Waits end when the provider reads what was planned, and only then. The provider here is a script of its answers."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgpack
import pytest

from harness.warm_provider.settle import Settler, configured_region
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


async def no_ids(_kind: str) -> frozenset[str] | None:
    pytest.fail("only types whose id AWS makes up are listed")


def applied(provider: Callable[[str, bytes], Awaitable[bytes]], asked: bytes) -> bytes:
    return asyncio.run(Settler(provider, no_ids).apply(asked))


def test_a_creation_ends_when_it_is_read() -> None:
    live = state(LIVE)
    provider = Provider(field(1, state(None)), field(1, live))
    answer = applied(provider, request(PLANNED))
    assert answer == field(1, live) + field(2, b"private") + flag(4)
    assert provider.cancelled
    asked = msgpack.unpackb(content(content(provider.asked[0], 2), 1))
    assert asked == {"name": "rule", "arn": None, "id": "rule", "accounts": ["2", "1"], "description": None}
    assert content(provider.asked[0], 3) == b"private"


def test_a_lifecycle_is_read_by_the_name_of_its_bucket() -> None:
    rules = [{"id": "expire", "expiration": [{"days": 30}]}]
    planned = {"bucket": "bill", "id": UNKNOWN, "rule": rules}
    provider = Provider(field(1, state({"bucket": "bill", "id": "bill", "rule": rules})))
    applied(provider, request(planned, kind="aws_s3_bucket_lifecycle_configuration"))
    assert provider.cancelled
    assert msgpack.unpackb(content(content(provider.asked[0], 2), 1))["id"] == "bill"


STACKS = "aws_cloudformation_stack_instances"
PLANNED_STACKS = {
    "id": UNKNOWN,
    "stack_set_name": "roles",
    "call_as": "SELF",
    "stack_set_id": UNKNOWN,
    "deployment_targets": [{"organizational_unit_ids": ["r-root"], "accounts": None}],
}
LIVE_STACKS = {
    "id": "roles,SELF,OU",
    "stack_set_name": "roles",
    "call_as": "SELF",
    "stack_set_id": "roles:1",
    "deployment_targets": [{"organizational_unit_ids": ["r-root"], "accounts": []}],
}
NO_STACKS = {**LIVE_STACKS, "stack_set_id": ""}  # what the provider reads of them before they are made, and after


def test_stacks_are_read_by_their_stack_set_and_are_there_when_they_have_its_id() -> None:
    provider = Provider(field(1, state(NO_STACKS)), field(1, state(LIVE_STACKS)))
    answer = applied(provider, request(PLANNED_STACKS, kind=STACKS))
    assert content(answer, 1) == state(LIVE_STACKS)
    assert [msgpack.unpackb(content(content(one, 2), 1))["id"] for one in provider.asked] == ["roles,SELF,OU"] * 2


def test_stacks_are_gone_when_they_have_no_stack_set() -> None:
    provider = Provider(field(1, state(LIVE_STACKS)), field(1, state(NO_STACKS)))
    answer = applied(provider, request(None, kind=STACKS, prior=LIVE_STACKS))
    assert content(answer, 1) == state(None)
    assert len(provider.asked) == 2


def test_what_aws_fills_in_of_a_stack_set_is_no_difference() -> None:
    planned = {"name": "roles", "administration_role_arn": None, "managed_execution": [], "description": "d"}
    found = {**planned, "administration_role_arn": "arn:role", "managed_execution": [{"active": False}]}
    provider = Provider(field(1, state({**found, "description": "another"})), field(1, state(found)))
    assert content(applied(provider, request(planned, kind="aws_cloudformation_stack_set")), 1) == state(found)
    assert len(provider.asked) == 2


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
    assert applied(provider, request(PLANNED, kind="aws_sns_topic")) == b"the provider's own answer"
    assert provider.asked == []


class Keys:
    """Tell the ids of all keys: one set after the other, then the last."""

    def __init__(self, *listed: frozenset[str] | None) -> None:
        self.listed = list(listed)

    async def __call__(self, kind: str) -> frozenset[str] | None:
        assert kind == "aws_kms_key"
        return self.listed.pop(0) if len(self.listed) > 1 else self.listed[0]


KEY = {"description": "alerts", "key_id": UNKNOWN, "id": UNKNOWN}


def key(id_: str, description: str = "alerts") -> bytes:
    return field(1, state({"description": description, "key_id": id_, "id": id_}))


class Reads(Provider):
    """Answer ReadResource by the id that is asked for."""

    def __init__(self, **keys: bytes) -> None:
        super().__init__()
        self.keys = keys

    async def __call__(self, method: str, asked: bytes) -> bytes:
        if method != "ReadResource":
            return await super().__call__(method, asked)
        self.asked.append(asked)
        return self.keys[msgpack.unpackb(content(content(asked, 2), 1))["id"]]


def test_a_new_key_is_found_among_those_that_were_not_there_before() -> None:
    provider = Reads(new=key("new"), other=key("other", "another's"), old=key("old"))
    keys = Keys(frozenset({"old"}), frozenset({"old", "other"}), frozenset({"old", "other", "new"}))
    answer = asyncio.run(Settler(provider, keys).apply(request(KEY, kind="aws_kms_key")))
    assert content(answer, 1) == content(key("new"), 1)


def test_two_equal_keys_are_two_keys() -> None:
    settler = Settler(Reads(one=key("one"), two=key("two")), Keys(frozenset(), frozenset(), frozenset({"one", "two"})))
    asked = request(KEY, kind="aws_kms_key")

    async def both() -> list[bytes]:
        return await asyncio.gather(settler.apply(asked), settler.apply(asked))

    assert {content(answer, 1) for answer in asyncio.run(both())} == {content(key(name), 1) for name in ("one", "two")}


@pytest.mark.parametrize("listed", [Keys(None), Keys(frozenset(), None), Keys(frozenset())])
def test_keys_that_are_not_listed_take_the_providers_time(listed: Keys) -> None:
    provider = Provider(key("new"), wait=0.3)
    answer = asyncio.run(Settler(provider, listed).apply(request(KEY, kind="aws_kms_key")))
    assert answer == b"the provider's own answer"


def test_a_key_that_is_changed_or_removed_takes_the_providers_time() -> None:
    held = {**KEY, "id": "old", "key_id": "old"}
    for asked in (request(held, kind="aws_kms_key", prior=held), request(None, kind="aws_kms_key", prior=held)):
        assert applied(Provider(key("old"), wait=0.3), asked) == b"the provider's own answer"


@pytest.mark.parametrize(("config", "region"), [({"region": "us-east-1"}, "us-east-1"), ({"region": None}, None)])
def test_the_region_is_that_of_the_configuration(config: dict[str, Any], region: str | None) -> None:
    assert configured_region(field(1, b"1.11.4") + field(2, state(config))) == region
