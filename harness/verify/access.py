"""Judge whether a resource policy lets a billing service in: yes, no, or "cannot tell" (None).

Evaluation: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html. Any principal (`*`)
counts as both. The keys of a request of Budgets: budgets-sns-policy.html of the Cost Management guide.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

Judgement = bool | None
Statement = Mapping[str, Any]

BUDGETS, ANOMALIES = "budgets.amazonaws.com", "costalerts.amazonaws.com"
EXPORTS = "bcm-data-exports.amazonaws.com"
_ANY_BUDGET = "\0"  # a name that no pattern spells out, so that only a wildcard matches it
_OPERATORS = frozenset({"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "bool"})


@dataclass(frozen=True, slots=True)
class Request:
    """Name what a service asks for: `action` on `resource`, on behalf of the payer `account_id`."""

    action: str
    resource: str
    account_id: str
    organization_id: str
    partition: str
    service: str = BUDGETS

    def context(self) -> dict[str, str]:
        """Return the condition keys of the request in lower case. Raises: nothing."""
        arn = f"arn:{self.partition}:budgets::{self.account_id}:budget/{_ANY_BUDGET}"
        return {
            "aws:principalisawsservice": "true",
            "aws:principalservicename": self.service,
            "aws:securetransport": "true",
            "aws:sourceaccount": self.account_id,
            # AWS documents the key for Budgets alone.
            **({"aws:sourcearn": arn} if self.service == BUDGETS else {}),
            "aws:sourceorgid": self.organization_id,
            # Absent: the policy that each topic is born with allows its owner's calls, and those of Budgets are none.
            "aws:sourceowner": "",
        }


def lets_in(statements: Iterable[Statement], request: Request) -> Judgement:
    """Return whether some statement allows the request and none denies it. Raises: nothing."""
    found = list(statements)
    allowed = _any_of(_applies(each, request) for each in found if each.get("Effect") == "Allow")
    denied = _any_of(_applies(each, request) for each in found if each.get("Effect") == "Deny")
    return _all_of([allowed, _not(denied)])


def _applies(statement: Statement, request: Request) -> Judgement:
    return _all_of(
        [
            _principal(statement, request.service),
            _named(statement, "Action", request.action),
            _named(statement, "Resource", request.resource),
            *(
                _condition(operator, key, _items(values), request.context())
                for operator, keys in statement.get("Condition", {}).items()
                for key, values in keys.items()
            ),
        ]
    )


def _principal(statement: Statement, service: str) -> Judgement:
    if "NotPrincipal" in statement:
        return _not(_names(statement["NotPrincipal"], service))
    return _names(statement.get("Principal", {}), service)


def _names(principal: object, service: str) -> bool:
    if not isinstance(principal, Mapping):
        return principal == "*"
    return service in _items(principal.get("Service", ())) or "*" in _items(principal.get("AWS", ()))


def _named(statement: Statement, element: str, wanted: str) -> Judgement:
    """Return whether Action or Resource, or the lack in NotAction or NotResource, covers what is wanted."""
    patterns = _items(statement.get(element, statement.get(f"Not{element}", ())))
    fold = element == "Action"
    covered = any(_like(wanted, pattern, ignore_case=fold) for pattern in patterns)
    return covered if element in statement else not covered


def _condition(operator: str, key: str, values: tuple[str, ...], context: Mapping[str, str]) -> Judgement:
    kind = operator.lower().removesuffix("ifexists")
    positive = kind.replace("not", "", 1)
    if positive not in _OPERATORS or key.lower() not in context:
        return None
    held = context[key.lower()]
    if not held and operator.lower().endswith("ifexists"):
        return True
    exact = positive.startswith("stringequals")
    if key.lower() == "aws:sourcearn":
        # To StringEquals a wildcard is a sign like any other, and no ARN has one.
        patterns = (value for value in values if not (exact and {"*", "?"} & {*value}))
        matched = _any_of(_arn_like(held, value) for value in patterns)
    else:
        folded = positive in ("stringequalsignorecase", "bool")
        matched = any(
            held.lower() == value.lower() if folded else held == value if exact else _like(held, value)
            for value in values
        )
    return matched if positive == kind else _not(matched)


def _arn_like(arn: str, pattern: str) -> Judgement:
    """Return whether the pattern covers every budget; one that covers some of them cannot be told."""
    if _like(arn, pattern):
        return True
    held, wanted = arn.split(":", 5), pattern.split(":", 5)
    same = all(_like(part, other) for part, other in zip(held[:5], wanted[:5], strict=False))
    return None if same else False


def _like(text: str, pattern: str, *, ignore_case: bool = False) -> bool:
    """Return whether a pattern with IAM's wildcards, `*` and `?`, covers the text."""
    if ignore_case:
        text, pattern = text.lower(), pattern.lower()
    return fnmatchcase(text, pattern.replace("[", "[[]"))


def _items(value: Any) -> tuple[str, ...]:
    """Return the texts of an element that may stand without a list around it."""
    found = value if isinstance(value, list | tuple) else [value]
    return tuple(str(item).lower() if isinstance(item, bool) else str(item) for item in found)


def _not(judgement: Judgement) -> Judgement:
    return None if judgement is None else not judgement


def _all_of(judgements: Iterable[Judgement]) -> Judgement:
    found = set(judgements)
    return False if False in found else None if None in found else True


def _any_of(judgements: Iterable[Judgement]) -> Judgement:
    return _not(_all_of(_not(judgement) for judgement in judgements))
