"""Whether a resource's policy lets an AWS service in: statements, principals, actions, resources and conditions.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html. Only what a service principal meets
is judged; what this file does not know is said, never guessed.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Compare = Callable[[str, str], bool]


class UnknownConditionError(Exception):
    """Report a condition that cannot be judged."""


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """Describe a call: `principal` such as budgets.amazonaws.com, `action` such as SNS:Publish.

    `context` has the condition keys of the call in lower case; None stands for a key that such calls never have.
    """

    principal: str
    action: str
    resource: str
    context: Mapping[str, str | None]


def refusal(policy: Mapping[str, Any], call: ServiceCall) -> str | None:
    """Return why a policy does not let the call pass, or None when it does.

    Raises: UnknownConditionError when a statement that matters has a condition that this file cannot judge.
    """
    allowed = False
    for statement in _list(policy.get("Statement", ())):
        if not _concerns(statement, call) or not _holds(statement.get("Condition") or {}, call.context):
            continue
        if statement.get("Effect") == "Deny":
            return f"statement {statement.get('Sid') or '(no Sid)'} denies {call.action} to {call.principal}"
        allowed = allowed or statement.get("Effect") == "Allow"
    return None if allowed else f"no statement allows {call.action} to {call.principal}"


def _concerns(statement: Mapping[str, Any], call: ServiceCall) -> bool:
    return (
        _principal_matches(statement, call.principal)
        and _matches(statement, "Action", call.action, fold=True)
        and _matches(statement, "Resource", call.resource, fold=False)
    )


def _principal_matches(statement: Mapping[str, Any], service: str) -> bool:
    element = "NotPrincipal" if "NotPrincipal" in statement else "Principal"
    named = statement.get(element, {})
    everyone = named == "*" or (isinstance(named, Mapping) and "*" in _list(named.get("AWS", ())))
    listed = isinstance(named, Mapping) and service in _list(named.get("Service", ()))
    return (everyone or listed) is (element == "Principal")


def _matches(statement: Mapping[str, Any], element: str, wanted: str, *, fold: bool) -> bool:
    """Tell whether Action or Resource, or their negation, matches; a statement without Resource means its own."""
    if f"Not{element}" in statement:
        return not any(_like(wanted, pattern, fold=fold) for pattern in _list(statement[f"Not{element}"]))
    patterns = _list(statement.get(element, "*" if element == "Resource" else ()))
    return any(_like(wanted, pattern, fold=fold) for pattern in patterns)


def _holds(conditions: Mapping[str, Mapping[str, Any]], context: Mapping[str, str | None]) -> bool:
    return all(
        _condition_holds(operator, key, [str(value) for value in _list(values)], context)
        for operator, keys in conditions.items()
        for key, values in keys.items()
    )


def _condition_holds(operator: str, key: str, values: list[str], context: Mapping[str, str | None]) -> bool:
    name = operator.removesuffix("IfExists")
    if key.lower() not in context:
        raise UnknownConditionError(f"the condition key {key} is not known for calls of a service")
    if any("${" in value for value in values):
        raise UnknownConditionError(f"the policy variable in {operator} {key} is not known")
    actual = context[key.lower()]
    if name == "Null":
        return (actual is None) is (values[0].lower() == "true")
    compare, negated = _comparison(name)
    if actual is None:
        return negated or operator.endswith("IfExists")
    return any(compare(actual, value) for value in values) is not negated


def _comparison(name: str) -> tuple[Compare, bool]:
    """Return how an operator compares, and whether it is a negation.

    Raises: UnknownConditionError for an operator that is not listed here.
    """
    positive = name.replace("Not", "", 1) if name.startswith(("StringNot", "ArnNot")) else name
    if positive not in _OPERATORS:
        raise UnknownConditionError(f"the condition operator {name} is not known")
    return _OPERATORS[positive], positive != name


def _equal(actual: str, value: str) -> bool:
    return actual == value


def _equal_folded(actual: str, value: str) -> bool:
    return actual.lower() == value.lower()


def _string_like(actual: str, pattern: str) -> bool:
    return _like(actual, pattern, fold=False)


def _arn_like(actual: str, pattern: str) -> bool:
    """Compare the six parts of an ARN one by one: a `*` of one part does not reach into the next."""
    parts = list(zip(actual.split(":", 5), pattern.split(":", 5), strict=False))
    return len(parts) == 6 and all(_like(part, wanted, fold=False) for part, wanted in parts)


_OPERATORS: Mapping[str, Compare] = {
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
    "Bool": _equal_folded,
    "StringEquals": _equal,
    "StringEqualsIgnoreCase": _equal_folded,
    "StringLike": _string_like,
}


def _like(text: str, pattern: str, *, fold: bool) -> bool:
    translated = "".join(_translate(pattern))
    return re.fullmatch(translated, text, re.DOTALL | (re.IGNORECASE if fold else 0)) is not None


def _translate(pattern: str) -> Iterator[str]:
    for sign in pattern:
        yield {"*": ".*", "?": "."}.get(sign) or re.escape(sign)


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [value]
