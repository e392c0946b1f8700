"""Judge the Condition block of a policy statement against the context of a request.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html. Absent keys count as
there: a negated operator matches, any other does not, `IfExists` matches, `ForAllValues` matches an empty set.
"""

import datetime
import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

Context = Callable[[str], Sequence[str] | None]

_SETS = ("ForAllValues:", "ForAnyValue:")


class UnknownConditionError(Exception):
    """Name a condition operator or key that cannot be judged; treating it as met or unmet would be a guess."""


def matches(condition: Mapping[str, Mapping[str, object]], context: Context) -> bool:
    """Tell whether every operator and key of a Condition block matches.

    `context` gives the values of a key, None when the request does not carry it.
    Raises: UnknownConditionError for an operator that IAM does not have.
    """
    return all(
        _matches(operator, context(key), [_substituted(text, context) for text in _texts(wanted)])
        for operator, keys in condition.items()
        for key, wanted in keys.items()
    )


def like(pattern: str, text: str) -> bool:
    """Tell whether a text matches a pattern of `*` and `?`, as in StringLike and Resource."""
    parts = (".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern)
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


def _matches(operator: str, held: Sequence[str] | None, wanted: Sequence[str]) -> bool:
    prefix = next((name for name in _SETS if operator.startswith(name)), "")
    name = operator.removeprefix(prefix)
    if name == "Null":
        return (held is None or not held) == (wanted[0].lower() == "true")
    if_exists = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    negated = "Not" in name
    compare = _OPERATORS.get(name.replace("Not", "", 1) if negated else name)
    if compare is None:
        raise UnknownConditionError(f"condition operator {operator}")
    if held is None or not held:
        return if_exists or prefix == "ForAllValues:" or (negated and not prefix)
    results = [any(compare(value, item) for item in wanted) != negated for value in held]
    return any(results) if prefix == "ForAnyValue:" or not (prefix or negated) else all(results)


def _texts(wanted: object) -> Iterator[str]:
    for item in wanted if isinstance(wanted, list) else [wanted]:
        yield str(item).lower() if isinstance(item, bool) else str(item)


def _substituted(text: str, context: Context) -> str:
    """Return a value with its policy variables filled in; one without a value stays, and so matches nothing."""

    def fill(found: re.Match[str]) -> str:
        name, _, default = found[1].partition(",")
        if name in ("*", "?", "$"):
            return name
        values = context(name.strip())
        return values[0] if values else default.strip().strip("'") or found[0]

    return re.sub(r"\$\{([^}]+)\}", fill, text)


def _number(compare: Callable[[float, float], bool]) -> Callable[[str, str], bool]:
    def judge(held: str, wanted: str) -> bool:
        try:
            return compare(float(held), float(wanted))
        except ValueError:
            return False

    return judge


def _date(compare: Callable[[float, float], bool]) -> Callable[[str, str], bool]:
    def seconds(text: str) -> float:
        return float(text) if text.isdigit() else datetime.datetime.fromisoformat(text).timestamp()

    def judge(held: str, wanted: str) -> bool:
        try:
            return compare(seconds(held), seconds(wanted))
        except ValueError:
            return False

    return judge


def _in_network(held: str, wanted: str) -> bool:
    try:
        return ipaddress.ip_address(held) in ipaddress.ip_network(wanted, strict=False)
    except ValueError:
        return False


def arn_like(held: str, wanted: str) -> bool:
    """Tell whether an ARN matches a pattern, part by part: a `*` does not cross a colon but in the last part."""
    held_parts, wanted_parts = held.split(":", 5), wanted.split(":", 5)
    if len(held_parts) != len(wanted_parts):
        return wanted == "*"
    return all(like(pattern, part) for pattern, part in zip(wanted_parts, held_parts, strict=True))


_ORDERS: Mapping[str, Callable[[float, float], bool]] = {
    "Equals": lambda held, wanted: held == wanted,
    "LessThan": lambda held, wanted: held < wanted,
    "LessThanEquals": lambda held, wanted: held <= wanted,
    "GreaterThan": lambda held, wanted: held > wanted,
    "GreaterThanEquals": lambda held, wanted: held >= wanted,
}
_OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda held, wanted: held == wanted,
    "StringEqualsIgnoreCase": lambda held, wanted: held.casefold() == wanted.casefold(),
    "StringLike": lambda held, wanted: like(wanted, held),
    "BinaryEquals": lambda held, wanted: held == wanted,
    "Bool": lambda held, wanted: held.lower() == wanted.lower(),
    "IpAddress": _in_network,
    "ArnEquals": arn_like,
    "ArnLike": arn_like,
    **{f"Numeric{name}": _number(compare) for name, compare in _ORDERS.items()},
    **{f"Date{name}": _date(compare) for name, compare in _ORDERS.items()},
}
