"""Find cost categories that go, values that no rule of one gives any more, and keys that none sorts by any more."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harness.plan_check.model import UNKNOWN
from harness.plan_check.weakening.model import Change, Weakening, blocks, weakening

CATEGORY = "aws_ce_cost_category"
TYPES = frozenset({CATEGORY})


def cost_category_weakenings(by_type: Mapping[str, Sequence[Change]]) -> Iterator[Weakening]:
    """Yield what cost categories lose: a budget on a value that none gives any more counts nothing. Raises: nothing."""
    changes = by_type.get(CATEGORY, ())
    there = [change for change in changes if change.is_there()]
    names = {change.will("name") for change in there}
    for change in changes:
        if change.before is None or change.stays():
            continue
        name = change.held("name")
        if not change.is_there():
            if name not in names:
                because = "what a new cost category is called is known only after apply" if UNKNOWN in names else ""
                yield weakening(
                    change,
                    "budget-raised",
                    f"cost category {name} goes",
                    path="name",
                    wanted=(str(name),),
                    because=because,
                )
            continue
        yield from _values(change, str(name))
    yield from _keys(changes, there)


def _values(change: Change, name: str) -> Iterator[Weakening]:
    after = change.will("rule")
    if after is not UNKNOWN and any(rule.get("inherited_value") for rule in blocks(after)):
        return
    given = set() if after is UNKNOWN else {rule.get("value") for rule in blocks(after)}
    for value in sorted({str(rule["value"]) for rule in blocks(change.held("rule")) if rule.get("value")} - given):
        because = "its rules are known only after apply" if after is UNKNOWN else ""
        what = f"cost category {name}: no rule gives {value} any more"
        yield weakening(change, "budget-raised", what, path="rule", wanted=(value,), because=because)


def _keys(changes: Sequence[Change], there: Sequence[Change]) -> Iterator[Weakening]:
    rules = [change.will("rule") for change in there]
    kept = {key for each in rules if each is not UNKNOWN for key in _named(each)}
    for change in changes:
        if change.before is None or change.stays():
            continue
        for key in sorted({*_named(change.held("rule"))} - kept):
            kept.add(key)
            because = "rules of a cost category are known only after apply" if UNKNOWN in rules else ""
            what = f"no cost category sorts by {key} any more"
            yield weakening(change, "key-unwatched", what, path="rule", key=key, because=because)


def _named(value: Any) -> Iterator[str]:
    """Yield the tag keys that stand anywhere in rules."""
    if isinstance(value, list):
        for each in value:
            yield from _named(each)
    elif isinstance(value, Mapping):
        for block in (*blocks(value.get("tags")), *blocks(value.get("inherited_value"))):
            yield from (str(block[name]) for name in ("key", "dimension_key") if block.get(name))
        for name in ("rule", "and", "or", "not"):
            yield from _named(value.get(name))
