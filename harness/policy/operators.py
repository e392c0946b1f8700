"""The condition operators of IAM: their names with set qualifier and IfExists, and how each compares.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html. Names have one spelling,
also in case. Variables are for the operators of texts, ARNs and booleans.
"""

import operator as order
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from harness.policy.value_comparison import (
    Compare,
    Read,
    binary,
    in_network,
    instant,
    like_arn,
    like_text,
    network,
    number,
    ordered,
    same_folded,
    same_text,
)

Quantifier = Literal["", "ForAllValues", "ForAnyValue"]


@dataclass(frozen=True, slots=True)
class Operator:
    """Hold one operator; `compare` is that of the operator without negation, None for `Null`.

    `read` makes of a policy's value what is compared, None of a value that the operator cannot take; `form` says which
    it takes.
    """

    compare: Compare | None
    read: Read
    form: str
    takes_variables: bool
    negated: bool = False
    if_exists: bool = False
    quantifier: Quantifier = ""


def _anything(text: str) -> str:
    return text


def _null(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.lower())


_DATE_FORM = "a date such as 2026-11-30T08:00:00Z, or seconds since 1970"
_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "Equals": order.eq,
    "LessThan": order.lt,
    "LessThanEquals": order.le,
    "GreaterThan": order.gt,
    "GreaterThanEquals": order.ge,
}


def _text(compare: Compare) -> Operator:
    return Operator(compare, _anything, "a text", takes_variables=True)


def _typed(read: Read, compare: Callable[[Any, Any], bool], form: str) -> Operator:
    return Operator(ordered(read, compare), read, form, takes_variables=False)


_POSITIVE: Mapping[str, Operator] = {
    "StringEquals": _text(same_text),
    "StringEqualsIgnoreCase": _text(same_folded),
    "StringLike": _text(like_text),
    "ArnEquals": _text(like_arn),
    "ArnLike": _text(like_arn),
    "Bool": _text(same_folded),
    "BinaryEquals": _typed(binary, order.eq, "bytes in base64"),
    "IpAddress": Operator(in_network, network, "an address or a range in CIDR form", takes_variables=False),
    **{f"Numeric{name}": _typed(number, compare, "an integer or decimal") for name, compare in _ORDERS.items()},
    **{f"Date{name}": _typed(instant, compare, _DATE_FORM) for name, compare in _ORDERS.items()},
    "Null": Operator(None, _null, "true or false", takes_variables=False),
}
_NEGATIONS: Mapping[str, str] = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NotIpAddress": "IpAddress",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
}
NAMES = frozenset({*_POSITIVE, *_NEGATIONS})
_QUANTIFIERS: tuple[Quantifier, ...] = ("ForAllValues", "ForAnyValue")


@cache
def find_operator(name: str) -> Operator | None:
    """Return the operator of a name such as `ForAnyValue:StringNotLikeIfExists`; None when IAM has none of it.

    Raises: nothing.
    """
    quantifier: Quantifier = next((each for each in _QUANTIFIERS if name.startswith(f"{each}:")), "")
    rest = name.removeprefix(f"{quantifier}:") if quantifier else name
    base = rest.removesuffix("IfExists")
    if base not in NAMES or rest == "NullIfExists":
        return None
    found = _POSITIVE[_NEGATIONS.get(base, base)]
    return replace(found, negated=base in _NEGATIONS, if_exists=rest != base, quantifier=quantifier)
