"""Which charges a filter keeps: CostFilters of a budget, or the Expression that budgets and Cost Explorer share.

docs.aws.amazon.com/cost-management/latest/userguide/budgets-create-filters.html and
docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Expression.html.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from harness.emulator.billing.cost_data import Charge, Keep
from harness.emulator.wire import AwsError

# What Cost Explorer calls a charge for the use of a service; the emulator's cost data has no credits, taxes or refunds.
_RECORD_TYPE = "Usage"

DIMENSIONS: Mapping[str, Callable[[Charge], str]] = {
    "LINKED_ACCOUNT": lambda charge: charge.line.account_id,
    "RECORD_TYPE": lambda _charge: _RECORD_TYPE,
    "SERVICE": lambda charge: charge.line.service,
}
_COST_FILTERS = {"LinkedAccount": "LINKED_ACCOUNT", "Service": "SERVICE"}


class UnknownCostError(AwsError):
    """Answer HTTP 501 where the emulator's cost data cannot tell."""

    code = 501

    def __init__(self, what: str) -> None:
        """Name what is asked for."""
        super().__init__("NotImplemented", f"The tagrail emulator has no cost data by {what}.")


def cost_filters(filters: Mapping[str, Sequence[str]]) -> Keep:
    """Return what a budget's CostFilters keep: all of the filters, and any value of each.

    Values of TagKeyValue are `user:Key$Value`, or `aws:Key$Value` for keys of AWS; another prefix matches nothing, and
    AWS says nothing about it. Those of CostCategory are `Name$Value`.

    Raises: UnknownCostError for a filter that is not LinkedAccount, Service, TagKeyValue or CostCategory.
    """
    return _every([_cost_filter(name, values) for name, values in filters.items()])


def expression(raw: Mapping[str, Any]) -> Keep:
    """Return what an Expression keeps; tag keys stand in it without `user:`, as in Cost Explorer.

    Raises: UnknownCostError for dimensions and match options that cost data cannot tell; AwsError ValidationException
    when the expression has not exactly one root.
    """
    if len(raw) != 1:
        text = (
            "Expression has zero or more than one roots. Only one root operator is allowed for each expression: "
            "And, Or, Not, Dimensions, Tags, CostCategories"
        )
        raise AwsError("ValidationException", text)
    (root, inner), *_ = raw.items()
    if root == "And":
        return _every([expression(part) for part in inner])
    if root == "Or":
        return _any([expression(part) for part in inner])
    if root == "Not":
        kept = expression(inner)
        return lambda charge: not kept(charge)
    return _leaf(root, inner)


def group_of(kind: str, key: str) -> Callable[[Charge], str]:
    """Return what names a charge's group in GetCostAndUsage: the value of a dimension, or `Key$Value`.

    Raises: UnknownCostError for a dimension that cost data cannot tell.
    """
    if kind == "TAG":
        return lambda charge: f"{key}${charge.tags.get(key, '')}"
    if kind == "COST_CATEGORY":
        return lambda charge: f"{key}${charge.line.categories.get(key, '')}"
    if key not in DIMENSIONS:
        raise UnknownCostError(key)
    return DIMENSIONS[key]


def _cost_filter(name: str, values: Sequence[str]) -> Keep:
    if name == "TagKeyValue":
        return _every([_tag(key, wanted) for key, wanted in _by_key(values).items()])
    if name == "CostCategory":
        return _every([_category(key, wanted) for key, wanted in _by_key(values).items()])
    if name not in _COST_FILTERS:
        raise UnknownCostError(name)
    return _dimension(_COST_FILTERS[name], values)


def _by_key(pairs: Sequence[str]) -> dict[str, list[str]]:
    """Return the values of each key of `Key$Value` texts."""
    found: dict[str, list[str]] = {}
    for pair in pairs:
        key, _, value = pair.partition("$")
        found.setdefault(key, []).append(value)
    return found


def _tag(prefixed: str, values: Sequence[str]) -> Keep:
    key = prefixed.removeprefix("user:")
    if key == prefixed and not prefixed.startswith("aws:"):
        return lambda _charge: False
    return lambda charge: charge.tags.get(key) in values


def _category(name: str, values: Sequence[str]) -> Keep:
    return lambda charge: charge.line.categories.get(name) in values


def _dimension(name: str, values: Sequence[str]) -> Keep:
    if name not in DIMENSIONS:
        raise UnknownCostError(name)
    return lambda charge: DIMENSIONS[name](charge) in values


def _leaf(root: str, inner: Mapping[str, Any]) -> Keep:
    key, values = inner.get("Key", ""), inner.get("Values", ())
    options = set(inner.get("MatchOptions", ())) - {"EQUALS", "CASE_SENSITIVE"}
    if options - {"ABSENT"}:
        raise UnknownCostError(f"match option {', '.join(sorted(options))}")
    if root == "Dimensions" and not options:
        return _dimension(key, values)
    if root == "Tags":
        return (lambda charge: key not in charge.tags) if options else lambda charge: charge.tags.get(key) in values
    if root == "CostCategories":
        return (lambda charge: key not in charge.line.categories) if options else _category(key, values)
    raise UnknownCostError(f"{root} {key}")


def _every(kept: Sequence[Keep]) -> Keep:
    return lambda charge: all(keep(charge) for keep in kept)


def _any(kept: Sequence[Keep]) -> Keep:
    return lambda charge: any(keep(charge) for keep in kept)
