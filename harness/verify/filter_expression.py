"""Translate a budget's filter expression into the cost filters that match the same costs, where there are such.

Source: docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Expression.html.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Filters = Mapping[str, tuple[str, ...]]

_NAMES = {"SERVICE": "Service", "LINKED_ACCOUNT": "LinkedAccount"}
_PLAIN: tuple[list[str] | None, ...] = (None, [], ["EQUALS"])


def equivalent_filters(expression: Mapping[str, Any]) -> Filters | None:
    """Return the cost filters that match what the expression matches, None where filters cannot say it.

    Raises: nothing.

    >>> equivalent_filters({"Tags": {"Key": "Team", "Values": ["ml", "ai"]}})
    {'TagKeyValue': ('user:Team$ai', 'user:Team$ml')}
    >>> equivalent_filters({"Not": {"Dimensions": {"Key": "SERVICE", "Values": ["Amazon EC2"]}}})
    """
    if len(expression) != 1:
        return None
    ((kind, body),) = expression.items()
    if kind not in ("And", "Or"):
        return _plain(kind, body)
    parts = [equivalent_filters(part) for part in body]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return _all_of(known) if kind == "And" else _any_of(known)


def _plain(kind: str, body: Mapping[str, Any]) -> Filters | None:
    """Return the filter that says what one match without And, Or and Not says."""
    if kind not in ("Dimensions", "Tags", "CostCategories") or body.get("MatchOptions") not in _PLAIN:
        return None
    key, values = body.get("Key", ""), body.get("Values", [])
    if kind == "Dimensions":
        return {_NAMES.get(key, key): tuple(sorted(values))}
    prefix = "user:" if kind == "Tags" and not key.startswith(("user:", "aws:")) else ""
    name = "TagKeyValue" if kind == "Tags" else "CostCategory"
    return {name: tuple(sorted(f"{prefix}{key}${value}" for value in values))}


def _all_of(parts: Iterable[Filters]) -> Filters | None:
    """Return filters on different things as one; two on the same thing would be read as `or`."""
    found: dict[str, tuple[str, ...]] = {}
    for part in parts:
        if found.keys() & part.keys():
            return None
        found.update(part)
    return found


def _any_of(parts: Sequence[Filters]) -> Filters | None:
    """Return filters on one and the same thing as one; an `or` of different things is no filter."""
    names = {name for part in parts for name in part}
    if len(names) != 1 or any(len(part) != 1 for part in parts):
        return None
    (name,) = names
    return {name: tuple(sorted({value for part in parts for value in part[name]}))}
