"""Whether a resource's policy lets an AWS service in: statements, principals, actions, resources and conditions.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html. Only what a service principal meets
is judged; what this file does not know is said, never guessed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.policy.conditions import UnknownConditionError, arn_like, like
from harness.policy.evaluation import covers

Compare = Callable[[str, str], bool]


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
        ("Action" in statement or "NotAction" in statement)
        and _principal_matches(statement, call.principal)
        and covers(statement, "Action", call.action)
        and covers(statement, "Resource", call.resource)
    )


def _principal_matches(statement: Mapping[str, Any], service: str) -> bool:
    element = "NotPrincipal" if "NotPrincipal" in statement else "Principal"
    named = statement.get(element, {})
    everyone = named == "*" or (isinstance(named, Mapping) and "*" in _list(named.get("AWS", ())))
    listed = isinstance(named, Mapping) and service in _list(named.get("Service", ()))
    return (everyone or listed) is (element == "Principal")


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


_OPERATORS: Mapping[str, Compare] = {
    "ArnEquals": arn_like,
    "ArnLike": arn_like,
    "Bool": _equal_folded,
    "StringEquals": _equal,
    "StringEqualsIgnoreCase": _equal_folded,
    "StringLike": lambda actual, pattern: like(pattern, actual),
}


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [value]
