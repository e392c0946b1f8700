"""Find budgets that go, rise, or watch less.

docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html. A budget is followed by its
address, else by its name; one that is called otherwise is the same when it watches the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from harness.plan_check.model import UNKNOWN
from harness.plan_check.weakening.model import Change, Weakening, blocks, first, texts, weakening
from harness.plan_check.weakening.notifications import notification_weakenings, renamed_topics

BUDGET = "aws_budgets_budget"
TYPES = frozenset({BUDGET})

_LOWERS = frozenset({"include_credit", "include_discount", "include_refund"})
_OTHER_AMOUNTS = frozenset({"use_amortized", "use_blended"})
_OTHER_KIND = "limits of different kinds cannot be compared"
_Losses = Iterator[tuple[str, str, str, str]]  # path, sentence, held, why it is unknown


def budget_weakenings(by_type: Mapping[str, Sequence[Change]]) -> Iterator[Weakening]:
    """Yield what budgets lose: limits, filters, thresholds, subscribers. Raises: nothing."""
    budgets, renamed = by_type.get(BUDGET, ()), renamed_topics(by_type)
    made = _by_trait(change for change in budgets if change.before is None and change.is_there())
    for change in budgets:
        if change.before is None or change.stays():
            continue
        name, after = change.held("name"), _follow(change, made)
        if after is None:
            unknown = "what a new budget is called or watches is known only after apply" if None in made else ""
            what = f"budget {name} goes"
            yield weakening(change, "budget-raised", what, path="name", wanted=(str(name),), because=unknown)
            continue
        for path, text, held, because in _losses(change, after):
            what = f"budget {name}: {text}"
            yield weakening(change, "budget-raised", what, path=path, held=held, because=because)
        yield from notification_weakenings(change, after, renamed)


def _by_trait(made: Iterable[Change]) -> dict[Any, list[Change]]:
    """Return new budgets by their name and by what they watch; under None those of which a part is not known."""
    found: dict[Any, list[Change]] = {}
    for change in made:
        name, filters = change.will("name"), change.will("cost_filter")
        watched = None if filters is UNKNOWN else _watched(filters)
        for trait in (None if name is UNKNOWN else name, watched):
            found.setdefault(trait, []).append(change)
    return found


def _watched(cost_filter: Any) -> frozenset[tuple[str, frozenset[str]]]:
    return frozenset(_filters(cost_filter).items())


def _follow(change: Change, made: Mapping[Any, Sequence[Change]]) -> Change | None:
    """Return where a budget is afterwards."""
    if change.is_there():
        return change
    same_name = made.get(change.held("name"), ())
    alike = made.get(_watched(change.held("cost_filter")), ())
    return next(iter(same_name), None) or next((each for each in alike if not any(_losses(change, each))), None)


def _losses(old: Change, new: Change) -> _Losses:
    """Yield what a budget loses but for its notifications."""
    if new.will("budget_type") != old.held("budget_type"):
        yield "budget_type", "its type changes", "", "budgets of different types cannot be compared"
        return
    yield from _limit_losses(old, new)
    yield from _filter_losses(old, new)
    yield from _cost_type_losses(old, new)
    for name in ("account_id", "billing_view_arn"):
        was, now = old.held(name), new.will(name)
        if not was or now == was or (now is UNKNOWN and name == "account_id"):
            continue  # the provider computes the account where nobody writes it
        why = f"{name} is known only after apply" if now is UNKNOWN else f"what {name} names is not compared"
        yield name, f"its {name} changes", "", why
    start, will = old.held("time_period_start"), new.will("time_period_start")
    today = datetime.now(tz=UTC).date().isoformat()
    if isinstance(start, str) and isinstance(will, str) and will > max(start, f"{today}_99"):
        yield "time_period_start", f"it counts nothing before {will}", will, ""
    end, will = old.held("time_period_end"), new.will("time_period_end")
    if will is not UNKNOWN and isinstance(will, str) and isinstance(end, str) and will < end:
        yield "time_period_end", f"it ends at {will}, before {end}", will, ""


def _limit_losses(old: Change, new: Change) -> _Losses:
    if _adjustment(old.before) != _adjustment(new.after):
        yield "auto_adjust_data", "its auto_adjust_data changes", "", _OTHER_KIND
    if _adjustment(old.before) != _adjustment(new.after) or _adjustment(old.before):
        return
    for name in ("time_unit", "limit_unit"):
        was, now = old.held(name), new.will(name)
        if now != was and (name == "time_unit" or (isinstance(was, str) and isinstance(now, str))):
            yield name, f"its {name} changes", "", _OTHER_KIND
            return
    planned, amount = new.will("planned_limit"), new.will("limit_amount")
    if planned is UNKNOWN or (amount is UNKNOWN and not planned):
        yield "limit_amount", "its limit changes", "", "the limit is known only after apply"
        return
    before, after = _limits(old.held("planned_limit"), old.held("limit_amount")), _limits(planned, amount)
    if before is None or after is None:
        yield "limit_amount", "its limit changes", "", "a limit is no number"
        return
    yield from _raised(before, after)


def _adjustment(values: Mapping[str, Any] | None) -> tuple[Any, Any] | None:
    """Return how a limit follows the cost; None where it does not. AWS adds when it did so last."""
    block = first((values or {}).get("auto_adjust_data"))
    if not block:
        return None
    return block.get("auto_adjust_type"), first(block.get("historical_options")).get("budget_adjustment_period")


def _raised(before: Mapping[str, Decimal], after: Mapping[str, Decimal]) -> _Losses:
    """Yield limits that rise; `before` and `after` are by period, "" standing for every period."""
    for period in sorted({*before, *after}):
        was, now = (side.get(period, side.get("")) for side in (before, after))
        if was is not None and now is not None and now > was:
            of = f" of {period}" if period else ""
            yield (
                "planned_limit" if period else "limit_amount",
                f"its limit{of} rises from {was.normalize():f} to {now.normalize():f}",
                str(now),
                "",
            )
    if "" in after and "" not in before and before:
        return
    if "" not in after and after and max(after) < max((period for period in before if period), default=""):
        yield "planned_limit", f"it has no limit after {max(after)}", "", ""


def _limits(planned: Any, amount: Any) -> dict[str, Decimal] | None:
    try:
        found = {str(each.get("start_time")): Decimal(str(each.get("amount"))) for each in blocks(planned)}
        found = found or ({} if amount is None or amount == "" else {"": Decimal(str(amount))})
    except InvalidOperation:
        return None
    return found if all(usd.is_finite() for usd in found.values()) else None


def _filter_losses(old: Change, new: Change) -> _Losses:
    for name in ("cost_filter", "filter_expression"):
        if new.will(name) is UNKNOWN:
            yield name, "what it watches changes", "", f"{name} is known only after apply"
            return
    if new.will("filter_expression") != old.held("filter_expression"):
        if new.will("filter_expression"):
            yield "filter_expression", "what it watches changes", "", "filter expressions are not compared"
        return
    before, after = _filters(old.held("cost_filter")), _filters(new.will("cost_filter"))
    for name in sorted(after):
        if name not in before:
            yield "cost_filter", f"it watches only {name} {', '.join(sorted(after[name]))}", name, ""
        elif lost := sorted(before[name] - after[name]):
            yield "cost_filter", f"it watches {name} {', '.join(lost)} no more", name, ""


def _filters(value: Any) -> dict[str, frozenset[str]]:
    return {str(block.get("name")): texts(block.get("values")) for block in blocks(value)}


def _cost_type_losses(old: Change, new: Change) -> _Losses:
    if new.will("cost_types") is UNKNOWN:
        return  # computed by the provider where nobody writes it
    before, after = first(old.held("cost_types")), first(new.will("cost_types"))
    for name in sorted(before.keys() & after.keys()):
        was, now = before[name], after[name]
        if was == now:
            continue
        if name in _OTHER_AMOUNTS:
            yield f"cost_types.{name}", f"{name} changes to {now}", str(now), "the amounts are other ones"
        elif bool(now) == (name in _LOWERS):
            yield f"cost_types.{name}", f"{name} changes to {now}, which counts less cost", str(now), ""
