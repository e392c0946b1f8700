"""Find alerts of budgets that come later or go, and people and topics that are told no more.

An alert is a subscriber's: of each kind of threshold everybody has to keep as many, none of them higher.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from harness.plan_check.model import UNKNOWN
from harness.plan_check.weakening.model import Change, Weakening, blocks, texts, weakening

TOPIC = "aws_sns_topic"
_Alerts = Mapping[str, Mapping["_Kind", list[float]]]


class _Kind(NamedTuple):
    type: str
    unit: str
    comparison: str

    def __str__(self) -> str:
        return f"{self.type.lower()} {self.unit.lower()}"


def renamed_topics(by_type: Mapping[str, Sequence[Change]]) -> dict[str, str]:
    """Return the ARNs before and after of topics that are made anew under another name. Raises: nothing."""
    found = {}
    for change in by_type.get(TOPIC, ()):
        arn, name = change.held("arn"), change.will("name")
        if isinstance(arn, str) and isinstance(name, str) and change.is_there():
            found[arn] = f"{arn.rpartition(':')[0]}:{name}"
    return found


def notification_weakenings(old: Change, new: Change, renamed: Mapping[str, str]) -> Iterator[Weakening]:
    """Yield what the subscribers of a budget lose; `renamed` are topics by their ARN before. Raises: nothing."""
    name, path = old.held("name"), "notification"
    before = _alerts(old.held(path))
    if not before:
        return
    if new.will(path) is UNKNOWN:
        what, why = f"budget {name}: its alerts change", "a part of its notifications is known only after apply"
        yield weakening(old, "subscriber-dropped", what, path=path, because=why)
        return
    after = _alerts(new.will(path))
    for subscriber in sorted(before):
        shown, will = old.shown(subscriber), renamed.get(subscriber, subscriber)
        if will not in after and subscriber in after:
            will = subscriber
        if will not in after:
            what = f"budget {name} tells {shown} no more"
            yield weakening(old, "subscriber-dropped", what, path=path, key=shown, wanted=(shown,))
            continue
        for text, because in _later(before[subscriber], after[will]):
            rule: Any = "budget-raised" if "rise" in text else "subscriber-dropped"
            what = f"budget {name} tells {shown} less: {text}"
            yield weakening(old, rule, what, path=path, key=shown, held=text, because=because)


def _later(before: Mapping[_Kind, list[float]], after: Mapping[_Kind, list[float]]) -> Iterator[tuple[str, str]]:
    for kind, thresholds in before.items():
        will = after.get(kind, [])
        others = [each for each in after if each not in before]
        if len(will) < len(thresholds):
            why = f"it gains thresholds of another kind ({', '.join(map(str, others))})" if others else ""
            yield f"{len(will)} alerts of {kind} instead of {len(thresholds)}", why
        elif kind.comparison != "GREATER_THAN":
            if will != thresholds:
                yield f"its {kind} thresholds change", f"thresholds of {kind.comparison} are not compared"
        else:
            pairs = zip(sorted(thresholds), sorted(will), strict=False)
            if raised := [f"{was:g} to {now:g}" for was, now in pairs if now > was]:
                yield f"its {kind} thresholds rise from {', '.join(raised)}", ""


def _alerts(value: Any) -> _Alerts:
    """Return subscriber -> kind of threshold -> thresholds."""
    found: dict[str, dict[_Kind, list[float]]] = {}
    for block in blocks(value):
        kind = _Kind(*(str(block.get(name)) for name in ("notification_type", "threshold_type", "comparison_operator")))
        addresses = texts(block.get("subscriber_email_addresses")) | texts(block.get("subscriber_sns_topic_arns"))
        for subscriber in addresses:
            found.setdefault(subscriber, {}).setdefault(kind, []).append(_number(block.get("threshold")))
    return found


def _number(value: Any) -> float:
    """Return a threshold; what is no number counts as one that is never reached."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and math.isfinite(value) else math.inf
