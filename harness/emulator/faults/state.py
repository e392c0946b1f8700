"""Decide which call meets a fault, and count all calls by account, region, service and operation."""

import threading
import time
from collections import Counter, deque
from fnmatch import fnmatchcase
from typing import Any

from moto.organizations.models import organizations_backends

from harness.emulator.enforcement.call import Call
from harness.emulator.enforcement.errors import Denial
from harness.emulator.faults.errors import account_suspended, denied, region_disabled, throttled
from harness.emulator.faults.model import Faults, Throttle
from harness.emulator.wire import payer_of

_SECOND = 1.0
# Global services answer whatever region an account has disabled.
_GLOBAL = frozenset({"account", "budgets", "ce", "cloudfront", "iam", "organizations", "route53"})

_Bucket = tuple[int, str, str]


class _State:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.reset(Faults())

    def reset(self, faults: Faults) -> None:
        self.faults = faults
        self.passed: dict[_Bucket, deque[float]] = {}
        self.made: Counter[str] = Counter()
        self.calls: Counter[tuple[str, str, str, str]] = Counter()
        self.throttled: Counter[tuple[str, str, str, str]] = Counter()


_STATE = _State()


def set_faults(faults: Faults) -> None:
    """Let these faults hold from now on, in the place of others; counts begin anew. Raises: nothing."""
    with _STATE.lock:
        _STATE.reset(faults)


def present_faults() -> Faults:
    """Return the faults that hold. Raises: nothing."""
    return _STATE.faults


def counted_calls() -> list[dict[str, Any]]:
    """Return how often each operation was called, and how many of these calls were throttled. Raises: nothing."""
    members = ("account", "region", "service", "operation")
    with _STATE.lock:
        return [
            {**dict(zip(members, key, strict=True)), "calls": count, "throttled": _STATE.throttled[key]}
            for key, count in sorted(_STATE.calls.items())
        ]


def is_region_disabled(account_id: str, region: str) -> bool:
    """Tell whether an account cannot use a region. Raises: nothing."""
    return any(region in each.regions and each.account in (None, account_id) for each in _STATE.faults.disabled_regions)


def fault_of(call: Call) -> Denial | None:
    """Count a call, and return the error that it meets; None when it may pass. Raises: nothing."""
    with _STATE.lock:
        key = (call.account_id, call.region, call.service, call.operation)
        _STATE.calls[key] += 1
        _STATE.made[call.account_id] += 1
        found = _suspended(call) or _disabled(call) or _denied(call)
        if found is None and not _passes(call):
            _STATE.throttled[key] += 1
            found = throttled(call)
        return found


def _target(call: Call) -> str:
    """Return the account that a call is about: of AssumeRole that of the role."""
    arn = str(call.parameters.get("RoleArn") or "").split(":")
    return arn[4] if call.operation == "AssumeRole" and len(arn) > 4 else call.account_id


def _suspended(call: Call) -> Denial | None:
    for each in _STATE.faults.suspended:
        if _STATE.made[each.account] <= each.after_calls or each.account != _target(call):
            continue
        _close(each.account)
        is_entering = call.operation == "AssumeRole"
        return denied(call, str(call.parameters["RoleArn"])) if is_entering else account_suspended(call)
    return None


def _close(account_id: str) -> None:
    """Let the organization show that an account is suspended."""
    accounts = organizations_backends[payer_of(account_id)]["aws"].accounts
    for account in accounts:
        if account.id == account_id:
            account.status = account.state = "SUSPENDED"


def _disabled(call: Call) -> Denial | None:
    is_off = call.service not in _GLOBAL and is_region_disabled(call.account_id, call.region)
    return region_disabled(call) if is_off else None


def _denied(call: Call) -> Denial | None:
    for each in _STATE.faults.denied:
        if each.account in (None, _target(call)) and any(
            fnmatchcase(call.action.lower(), action.lower()) for action in each.actions
        ):
            return denied(call, str(call.parameters.get("RoleArn") or "*"))
    return None


def _passes(call: Call) -> bool:
    """Tell whether a call stays below every limit that holds for it, and if so let it count."""
    now, buckets = time.monotonic(), []
    for index, limit in enumerate(_STATE.faults.throttle):
        if not _holds(limit, call):
            continue
        bucket = _STATE.passed.setdefault((index, call.account_id, call.region if limit.per_region else ""), deque())
        while bucket and now - bucket[0] >= _SECOND:
            bucket.popleft()
        if len(bucket) >= limit.per_second:
            return False
        buckets.append(bucket)
    for bucket in buckets:
        bucket.append(now)
    return True


def _holds(limit: Throttle, call: Call) -> bool:
    wanted = ((limit.account, call.account_id), (limit.service, call.service), (limit.operation, call.operation))
    return all(each in (None, own) for each, own in wanted)
