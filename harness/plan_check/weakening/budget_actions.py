"""Find what answers or watches for a budget and goes or does less: budget actions and anomaly monitors.

docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Action.html
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harness.plan_check.model import UNKNOWN
from harness.plan_check.weakening.model import Change, Weakening, blocks, first, weakening

ACTION, MONITOR = "aws_budgets_budget_action", "aws_ce_anomaly_monitor"
TYPES = frozenset({ACTION, MONITOR})

_NAMES = {ACTION: ("budget action of", "budget_name"), MONITOR: ("anomaly monitor", "name")}
# What cannot be called more or less: the same, or other.
_SAME = {
    ACTION: ("budget_name", "account_id", "action_type", "notification_type", "definition"),
    MONITOR: ("monitor_type", "monitor_dimension", "monitor_specification"),
}
_Losses = Iterator[tuple[str, str, str]]  # path, sentence, why it is unknown


def budget_action_weakenings(by_type: Mapping[str, Sequence[Change]]) -> Iterator[Weakening]:
    """Yield what budget actions and anomaly monitors lose. Raises: nothing."""
    for kind, (words, name) in _NAMES.items():
        changes = by_type.get(kind, ())
        made = [each for each in changes if each.before is None and each.is_there()]
        for change in changes:
            if change.before is None or change.stays():
                continue
            after = change if change.is_there() else next((each for each in made if _is_alike(change, each)), None)
            called = f"{words} {change.held(name)}"
            if after is None:
                yield weakening(change, "budget-raised", f"{called} goes", path=name)
                continue
            for path, text, because in _losses(change, after):
                yield weakening(change, "budget-raised", f"{called}: {text}", path=path, because=because)
            yield from _subscribers(change, after, called)


def _is_alike(change: Change, other: Change) -> bool:
    return all(_plain(change.held(name)) == _plain(other.will(name)) for name in _SAME[change.type])


def _losses(old: Change, new: Change) -> _Losses:
    for name in _SAME[old.type]:
        will = new.will(name)
        if will is UNKNOWN and name == "account_id":
            continue  # the provider computes it where nobody writes it
        if will is UNKNOWN or _plain(will) != _plain(old.held(name)):
            why = f"{name} is known only after apply" if will is UNKNOWN else f"what {name} names is not compared"
            yield name, f"its {name} changes", why
    if old.type != ACTION:
        return
    model = new.will("approval_model")
    if old.held("approval_model") == "AUTOMATIC" and model != "AUTOMATIC":
        why = "approval_model is known only after apply" if model is UNKNOWN else ""
        yield "approval_model", "it waits for somebody's leave", why
    yield from _threshold(first(old.held("action_threshold")), new.will("action_threshold"))


def _threshold(held: Mapping[str, Any], will: Any) -> _Losses:
    path = "action_threshold"
    if will is UNKNOWN:
        yield path, "its threshold changes", "action_threshold is known only after apply"
        return
    (kind, was), (other, now) = (
        (side.get("action_threshold_type"), side.get("action_threshold_value")) for side in (held, first(will))
    )
    numbers = [float(each) for each in (was, now) if isinstance(each, int | float) and not isinstance(each, bool)]
    if len(numbers) < 2 or kind != other:
        if (kind, was) != (other, now):
            yield path, "its threshold changes", "thresholds of different kinds cannot be compared"
    elif numbers[1] > numbers[0]:
        yield path, f"its threshold rises from {numbers[0]:g} to {numbers[1]:g}", ""


def _subscribers(old: Change, new: Change, called: str) -> Iterator[Weakening]:
    if old.type != ACTION:
        return
    path, will = "subscriber", new.will("subscriber")
    if will is UNKNOWN:
        why = "subscriber is known only after apply"
        yield weakening(old, "subscriber-dropped", f"{called}: its subscribers change", path=path, because=why)
        return
    for lost in sorted(_addresses(old.held(path)) - _addresses(will)):
        shown = old.shown(lost)
        yield weakening(
            old, "subscriber-dropped", f"{called} tells {shown} no more", path=path, key=shown, wanted=(shown,)
        )


def _addresses(value: Any) -> frozenset[str]:
    return frozenset(str(each.get("address")) for each in blocks(value))


def _plain(value: Any) -> Any:
    """Return a value without what makes equal ones differ: the layout of JSON, the order of lists."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            return _plain(json.loads(value))
        except (ValueError, RecursionError):
            return value
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return sorted((_plain(each) for each in value), key=repr) if isinstance(value, list) else value
