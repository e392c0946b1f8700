"""End the provider's fixed waits as soon as the provider itself reads what was planned.

After it has created an organisation's Config rule the AWS provider sleeps 30 s before it looks at all, after an update
or a removal 10 s; a new key it watches for 10 s, the lifecycle of a bucket for 50 s; a new stack set waits 15 s, and
every operation on its stacks 5 s. AWS needs them, an emulator does not. So the resource is read meanwhile, by the
provider's own ReadResource, and when every planned value is there that answer is the result. What never reads as
planned, or fails, takes the provider's own time and its own answer.
Source: hashicorp/terraform-provider-aws, internal/service/configservice/organization_managed_rule.go (Delay),
internal/service/kms/wait.go (ContinuousTargetOccurence), internal/service/cloudformation/wait.go (Delay). A budget's
5 s stay: they are part of the provider's reading.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import msgpack

from harness.warm_provider import wire
from harness.warm_provider.ids import LISTED

Call = Callable[[str, bytes], Awaitable[bytes]]
Ids = Callable[[str], Awaitable[frozenset[str] | None]]

APPLY, CONFIGURE, READ = "ApplyResourceChange", "Configure", "ReadResource"
_POLL_SECONDS = 0.1


def _stacks(planned: Mapping[str, Any]) -> str:
    """Return the id of stacks: internal/service/cloudformation/stack_instances.go (resourceStackInstancesCreate)."""
    targets = planned["deployment_targets"] or [{}]
    kind = "OU" if targets[0].get("organizational_unit_ids") else ""
    return f"{planned['stack_set_name']},{planned['call_as']},{kind}"


# Types whose id follows from attributes, so that they can be read before the provider has told the id.
_NAMED: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "aws_cloudformation_stack_instances": _stacks,
    "aws_cloudformation_stack_set": itemgetter("name"),
    "aws_config_organization_custom_policy_rule": itemgetter("name"),
    "aws_config_organization_managed_rule": itemgetter("name"),
    "aws_s3_bucket_lifecycle_configuration": itemgetter("bucket"),
}
# What AWS fills in although nobody asked for it, and no plan can say.
_FILLED_IN = frozenset({("aws_cloudformation_stack_set", "administration_role_arn")})
# What a resource has as soon as it is there, of types that the provider reads as planned when nothing is there.
_PROOF: Mapping[str, str] = {"aws_cloudformation_stack_instances": "stack_set_id"}
_GONE = wire.field(1, msgpack.packb(None))
_UNKNOWN = object()


@dataclass(frozen=True, slots=True)
class Change:
    """Hold an ApplyResourceChange request: type, states as terraform packed them, and the planned values, if any."""

    kind: str
    prior: bytes
    private: bytes
    planned: Mapping[str, Any] | None
    new: bool

    def read_request(self, id_: str) -> bytes:
        """Return the ReadResource request for the resource of that id."""
        state = self.prior
        if self.planned is not None:
            known = {key: None if value is _UNKNOWN else value for key, value in self.planned.items()}
            state = wire.field(1, msgpack.packb({**known, "id": id_}))
        return wire.field(1, self.kind.encode()) + wire.field(2, state) + wire.field(3, self.private)

    def settled(self, answer: bytes) -> bytes | None:
        """Return the state that was read (a DynamicValue) if it is what was planned, else None."""
        state = wire.content(answer, 1)
        if wire.content(answer, 2) or not state:  # diagnostics
            return None
        found = _decode(wire.content(state, 1))
        if found is not None and self.kind in _PROOF and not found.get(_PROOF[self.kind]):
            found, state = None, _GONE
        if self.planned is None or found is None:
            return state if self.planned is found else None
        asked = ((key, value) for key, value in self.planned.items() if (self.kind, key) not in _FILLED_IN)
        return state if all(_same(value, found.get(key)) for key, value in asked) else None


@dataclass(slots=True)
class Settler:
    """Apply changes through one provider; a resource that was found by its values is not found a second time."""

    call: Call
    ids: Ids
    _claimed: set[str] = field(default_factory=set)

    async def apply(self, request: bytes) -> bytes:
        """Return the answer to an ApplyResourceChange request: the provider's, or what it reads once as planned.

        Raises: what `call` raises.
        """
        kind = wire.content(request, 1).decode("utf-8")
        if kind not in _NAMED and kind not in LISTED:
            return await self.call(APPLY, request)
        change = read_change(kind, request)
        before = await self.ids(kind) if kind in LISTED and change.new else frozenset()
        if before is None or (kind in LISTED and not change.new):
            return await self.call(APPLY, request)
        applying = asyncio.ensure_future(self.call(APPLY, request))
        try:
            while not (await asyncio.wait({applying}, timeout=_POLL_SECONDS))[0]:
                if (state := await self._find(change, before)) is not None:
                    return wire.field(1, state) + wire.field(2, change.private) + wire.flag(4)
            return await applying
        finally:
            # The change itself is made; what is cancelled is the sleep.
            applying.cancel()

    async def _find(self, change: Change, before: frozenset[str]) -> bytes | None:
        """Return the state of the resource if it reads as planned: of the one of its name, or of one that is new."""
        if change.kind in _NAMED:
            name = "" if change.planned is None else _NAMED[change.kind](change.planned)
            return change.settled(await self.call(READ, change.read_request(name)))
        for id_ in (await self.ids(change.kind) or frozenset()) - before - self._claimed:
            state = change.settled(await self.call(READ, change.read_request(id_)))
            if state is not None and id_ not in self._claimed:
                self._claimed.add(id_)
                return state
        return None


def read_change(kind: str, request: bytes) -> Change:
    """Return what an ApplyResourceChange request of this type asks for. Raises: nothing for one of terraform's."""
    prior = wire.content(request, 2)
    planned = _decode(wire.content(wire.content(request, 3), 1))
    return Change(kind, prior, wire.content(request, 5), planned, _decode(wire.content(prior, 1)) is None)


def configured_region(request: bytes) -> str | None:
    """Return the region of a Configure request; None when the provider takes it from its environment."""
    region = _decode(wire.content(wire.content(request, 2), 1)).get("region")
    return region if isinstance(region, str) else None


def _same(planned: Any, found: Any) -> bool:
    """Tell whether a planned value was found; nothing is nothing, whether null or empty, and sets have no order."""
    return planned is _UNKNOWN or _canonical(planned) == _canonical(found)


def _canonical(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: made for key, part in value.items() if (made := _canonical(part)) is not None} or None
    if isinstance(value, list):
        return sorted((made for part in value if (made := _canonical(part)) is not None), key=repr) or None
    return value or None


def _decode(packed: bytes) -> Any:
    # Terraform writes an unknown value as an extension type: docs/plugin-protocol/object-wire-format.md.
    return msgpack.unpackb(packed, ext_hook=lambda _code, _data: _UNKNOWN, strict_map_key=False)
