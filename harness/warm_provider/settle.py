"""End the provider's fixed waits as soon as the provider itself reads what was planned.

After it has created an organisation's Config rule the AWS provider sleeps 30 s before it looks at all, after an update
or a removal 10 s: AWS needs them, an emulator does not. So the rule is read meanwhile, by the provider's own
ReadResource, and when every planned value is there that answer is the result. What never reads as planned, or fails,
takes the provider's own time and its own answer. Other waits stay: a key's id is known only when its wait is over, and
a budget's 5 s are part of the provider's reading.
Source: hashicorp/terraform-provider-aws, internal/service/configservice/organization_managed_rule.go (Delay).
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgpack

from harness.warm_provider.wire import content, field, flag

Call = Callable[[str, bytes], Awaitable[bytes]]

APPLY, READ = "ApplyResourceChange", "ReadResource"
_POLL_SECONDS = 0.1

# Types whose id is their name, so that they can be read before the provider has told the id.
_NAMED = frozenset({"aws_config_organization_custom_policy_rule", "aws_config_organization_managed_rule"})
_UNKNOWN = object()


async def apply_change(call: Call, request: bytes) -> bytes:
    """Return the answer to an ApplyResourceChange request: the provider's, or what it reads once that is as planned.

    Raises: what `call` raises.
    """
    kind = content(request, 1).decode("utf-8")
    if kind not in _NAMED:
        return await call(APPLY, request)
    applying = asyncio.ensure_future(call(APPLY, request))
    try:
        planned, read = _planned_and_read(kind, request)
        while not (await asyncio.wait({applying}, timeout=_POLL_SECONDS))[0]:
            if (state := _settled(planned, await call(READ, read))) is not None:
                return field(1, state) + field(2, content(request, 5)) + flag(4)
        return await applying
    finally:
        # The change itself is made; what is cancelled is the sleep.
        applying.cancel()


def _planned_and_read(kind: str, request: bytes) -> tuple[Mapping[str, Any] | None, bytes]:
    """Return the planned values, None for a removal, and the ReadResource request that asks for the resource."""
    planned = _decode(content(content(request, 3), 1))
    if planned is None:
        current = content(request, 2)
    else:
        known = {key: None if value is _UNKNOWN else value for key, value in planned.items()}
        current = field(1, msgpack.packb({**known, "id": planned["name"]}))
    return planned, field(1, kind.encode()) + field(2, current) + field(3, content(request, 5))


def _settled(planned: Mapping[str, Any] | None, answer: bytes) -> bytes | None:
    """Return the state (a DynamicValue) that was read if it is what was planned, else None."""
    state = content(answer, 1)
    if content(answer, 2) or not state:  # diagnostics
        return None
    found = _decode(content(state, 1))
    if planned is None or found is None:
        return state if planned is found else None
    return state if all(_same(value, found.get(key)) for key, value in planned.items()) else None


def _same(planned: Any, found: Any) -> bool:
    """Tell whether a planned value was found; nothing is nothing, whether null or empty, and sets have no order."""
    return planned is _UNKNOWN or _canonical(planned) == _canonical(found)


def _canonical(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: made for key, part in value.items() if (made := _canonical(part)) is not None} or None
    if isinstance(value, list):
        return sorted((_canonical(part) for part in value), key=repr) or None
    return value or None


def _decode(packed: bytes) -> Any:
    # Terraform writes an unknown value as an extension type: docs/plugin-protocol/object-wire-format.md.
    return msgpack.unpackb(packed, ext_hook=lambda _code, _data: _UNKNOWN, strict_map_key=False)
