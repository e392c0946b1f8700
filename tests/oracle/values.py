"""Draw condition values: what a request holds of a key, and conditions that may match it."""

import random
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

ACCOUNT = "111122223333"
PRINCIPAL = f"arn:aws:iam::{ACCOUNT}:role/dev"
KEYS = ("Owner", "env", "CostCenter", "anycompany:finance:owner", "team")
TAG_VALUES = ("", "ml", "ML", "web", "dev", "prod", "a*b", "x y", "team-ml", "5045", "straße")
PATTERNS = ("*", "?*", "m?", "*b", "a*b", "team-*", "", "ml", "?? *", "*-*")
ADDRESSES = ("10.1.2.3", "203.0.113.7", "2001:db8::7")
RANGES = ("10.0.0.0/8", "203.0.113.7/32", "203.0.113.0/24", "2001:db8::/32", "10.1.2.4/31", "0.0.0.0/1", "::/0")
DATES = ("2026-11-25T08:00:00Z", "2026-11-25", "2026-12", "2026-11-25T09:00:00+01:00", "2020-02-29T23:59:59.5Z")
NUMBERS = ("0", "5", "10", "10.5", "-3", "100", "10.0")
ARNS = (
    PRINCIPAL,
    "arn:aws:iam::111122223333:role/admin/break-glass",
    "arn:aws:kms:eu-central-1:111122223333:key/1234",
    "arn:aws:sns:eu-central-1:111122223333:alerts:with:colons",
)
ARN_PATTERNS = (
    *ARNS,
    "arn:aws:iam::*:role/*",
    "arn:*:*:*:*:*",
    "arn:aws:sns:*:*:alerts*colons",
    "arn:aws:iam::*:role/d?v",
)
LISTS = ("aws:tagkeys", "aws:principalorgpaths", "aws:calledvia")
_STRINGS = ("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase")
_LIKES = ("StringLike", "StringNotLike")
_ARNS = ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike")
_ORDERS = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
_SAMPLES: Mapping[str, tuple[str, ...]] = {
    "aws:principalarn": ARNS[:2],
    "aws:principaltag": ("ml", "web", "team-ml", "dev"),
    "aws:principalaccount": (ACCOUNT,),
    "aws:principalorgid": ("o-1", "o-2"),
    "aws:requestedregion": ("eu-central-1", "us-east-1"),
    "aws:currenttime": (DATES[0], "2026-12-31T12:00:00Z"),
    "aws:epochtime": ("1795593600", "1609459200"),
    "aws:securetransport": ("true", "false"),
    "aws:viaawsservice": ("true", "false"),
    "aws:sourceip": ADDRESSES,
    "aws:multifactorauthage": ("10", "3600"),
    "aws:username": ("jobs", "bob"),
}
_TYPES: Mapping[str, str] = {
    "aws:principalarn": "ARN",
    "aws:currenttime": "Date",
    "aws:epochtime": "Numeric",
    "aws:securetransport": "Bool",
    "aws:viaawsservice": "Bool",
    "aws:sourceip": "IPAddress",
    "aws:multifactorauthage": "Numeric",
}
Item = TypeVar("Item")


class Draw:
    """Choose from a seeded source."""

    def __init__(self, source: random.Random) -> None:
        self._source = source

    def one(self, items: Sequence[Item]) -> Item:
        return self._source.choice(items)

    def some(self, items: Sequence[Item], most: int) -> list[Item]:
        return self._source.sample(items, self.number(1, min(most, len(items))))

    def number(self, least: int, most: int) -> int:
        return self._source.randint(least, most)

    def chance(self, share: float) -> bool:
        return self._source.random() < share

    def effect(self) -> str:
        return "Allow" if self.chance(0.7) else "Deny"

    def tag_value(self) -> str:
        return self.one(TAG_VALUES)

    def single_or_list(self, items: list[str]) -> str | list[str]:
        return items[0] if len(items) == 1 and self.chance(0.5) else items

    def recased(self, key: str) -> str:
        return self.one([key, key, key.lower(), key.upper()])


def context_value(draw: Draw, key: str, kind: str) -> str | list[str] | None:
    """Return what a request may hold of a key; None for a type that no sample is of."""
    name = key.lower().partition("/")[0]
    if name == "aws:principalorgpaths":
        return draw.some(["o-1/r-1/ou-1/", "o-1/r-1/ou-2/", "o-2/r-9/"], 2)
    if name == "aws:calledvia":
        return draw.some(["athena.amazonaws.com", "cloudformation.amazonaws.com"], 2)
    by_type = {"Numeric": NUMBERS, "Bool": ("true", "false"), "String": TAG_VALUES[1:], "ARN": ARNS, "Date": DATES[:1]}
    samples = _SAMPLES.get(name) or by_type.get(kind)
    return draw.one(samples) if samples else None


def condition(draw: Draw, context: Mapping[str, str | list[str]]) -> tuple[str, str, Any]:
    """Return operator, key and values of a condition that speaks of the request's keys, or of absent ones."""
    held = sorted(context)
    absent = [f"aws:RequestTag/{key}" for key in KEYS] + ["aws:TagKeys", "aws:PrincipalTag/absent", "aws:SourceVpce"]
    tags = [key for key in held if key.startswith(("aws:RequestTag", "aws:ResourceTag", "aws:TagKeys"))]
    typed = [key for key in held if key.lower() in _TYPES]
    pools = [tags, tags, tags, typed, typed, held, absent]
    key = draw.one(draw.one(pools) or absent)
    value = context.get(key)
    if draw.chance(0.22):
        return "Null", draw.recased(key), draw.one(["true", "false", True, False, ["true"]])
    if isinstance(value, list) or key.lower() in LISTS:
        return _set_condition(draw, key, value or [])
    operator, values = _operator(draw, key, value, context)
    if draw.chance(0.2):
        operator += "IfExists"
    return operator, draw.recased(key), draw.single_or_list(values)


def _set_condition(draw: Draw, key: str, held: Sequence[str]) -> tuple[str, str, Any]:
    quantifier = draw.one(["ForAllValues", "ForAnyValue"])
    operator = f"{quantifier}:{draw.one([*_STRINGS, *_LIKES])}"
    if draw.chance(0.2) and (held or quantifier == "ForAllValues"):
        operator += "IfExists"
    pool = [*held, *KEYS, *(key.upper() for key in KEYS[:2])]
    if "Like" in operator:
        pool += ["any*", "*", "o-1/*", "E??"]
    return operator, draw.recased(key), draw.single_or_list(draw.some(pool, 4))


def _operator(
    draw: Draw, key: str, value: str | list[str] | None, context: Mapping[str, str | list[str]]
) -> tuple[str, list[str]]:
    kind = _TYPES.get(key.lower().partition("/")[0]) or _kind_of(value)
    orders = [f"{kind}{order}" for order in _ORDERS]
    by_kind: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
        "ARN": (_ARNS, ARN_PATTERNS),
        "Date": (orders, [*DATES, str(value)]),
        "Numeric": (orders, [*NUMBERS, "1795593600", str(value), str(value).partition(".")[0] + ".00"]),
        "Bool": (["Bool"], ["true", "false", "True"]),
        "IPAddress": (["IpAddress", "NotIpAddress"], RANGES),
    }
    likes, strings = (_LIKES, PATTERNS), (_STRINGS, [*TAG_VALUES, *_variables(context)])
    operators, values = by_kind.get(kind) or draw.one([likes, strings])
    return draw.one(operators), draw.some(values, 1 if kind == "Bool" else 3)


def _kind_of(value: str | list[str] | None) -> str:
    if value in ("true", "false"):
        return "Bool"
    if value in NUMBERS:
        return "Numeric"
    return "ARN" if isinstance(value, str) and value.startswith("arn:") else "String"


def _variables(context: Mapping[str, str | list[str]]) -> list[str]:
    """Return policy variables that have a value or a default."""
    found = ["${aws:PrincipalTag/absent, 'ml'}"]
    for key in ("aws:PrincipalTag/team", "aws:PrincipalTag/Owner"):
        if key in context:
            found += [f"${{{key}}}", f"x-${{{key.lower()}}}", f"${{{key}, 'web'}}"]
    return found
