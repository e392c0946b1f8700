"""Judge one entry of a Condition block against the context of a request.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and, for sets of values,
reference_policies_condition-single-vs-multi-valued-context-keys.html beside it. A key that is absent matches a negated
operator, `IfExists` and `ForAllValues`, and no other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from harness.policy.context import Context, Unknown, Values
from harness.policy.operators import Operator, find_operator
from harness.policy.patterns import Tokens, filled, tokens_of
from harness.policy.statement import ConditionEntry
from harness.policy.truth import Truth, every, some, told

Wanted = Tokens | Unknown | None


@dataclass(frozen=True, slots=True)
class JudgedEntry:
    """Hold an entry, the values that the request has of its key, and whether they match.

    `reason` says why that is unknown, and is empty where it is known.
    """

    entry: ConditionEntry
    held: Values
    truth: Truth
    reason: str = ""


def judge_entry(entry: ConditionEntry, context: Context, *, variables: bool) -> JudgedEntry:
    """Return whether an entry matches; `variables` says whether the policy's version has policy variables.

    Raises: nothing; what cannot be told is unknown, with the reason.
    """
    held = context(entry.key)
    operator = find_operator(entry.operator)
    if operator is None or isinstance(held, Unknown):
        reason = held.reason if isinstance(held, Unknown) else f"condition operator {entry.operator}"
        return JudgedEntry(entry, held, Truth.UNKNOWN, reason)
    known = _without_comparison(entry, operator, held or ())
    if known is not None:
        return JudgedEntry(entry, held, told(known))
    values = [_wanted(value, operator, context, variables=variables) for value in entry.values]
    results = [_matches(operator, value, values) for value in held or ()]
    truth = every(results) if operator.quantifier == "ForAllValues" else some(results)
    if len(results) > 1 and not operator.quantifier:
        reason = f"condition operator {entry.operator} on the list {entry.key}, which takes ForAllValues or ForAnyValue"
        return JudgedEntry(entry, held, Truth.UNKNOWN, reason)
    return JudgedEntry(entry, held, truth, _reason(entry, values) if truth is Truth.UNKNOWN else "")


def _without_comparison(entry: ConditionEntry, operator: Operator, held: Sequence[str]) -> bool | None:
    """Tell whether an entry matches where no value has to be compared; None where one has to be."""
    if operator.compare is None:
        return (not held) in {operator.read(value) for value in entry.values}
    for_all = operator.quantifier == "ForAllValues"
    if not held:
        return operator.if_exists or for_all or (operator.negated and not operator.quantifier)
    return for_all if operator.quantifier and not any(held) else None  # empty texts alone are a null data set


def _wanted(value: str, operator: Operator, context: Context, *, variables: bool) -> Wanted:
    return filled(value, context) if variables and operator.takes_variables else tokens_of(value)


def _matches(operator: Operator, held: str, values: Sequence[Wanted]) -> Truth:
    """Tell whether a value of the request matches one of the policy's, or with a negated operator none of them."""
    found = some(_compared(operator, held, value) for value in values)
    return found.negated() if operator.negated else found


def _compared(operator: Operator, held: str, wanted: Wanted) -> Truth:
    if operator.compare is None or wanted is None:
        return Truth.NO  # a variable without a value is like nothing
    return Truth.UNKNOWN if isinstance(wanted, Unknown) else operator.compare(held, wanted)


def _reason(entry: ConditionEntry, values: Sequence[Wanted]) -> str:
    unknown = next((value.reason for value in values if isinstance(value, Unknown)), "")
    return unknown or f"values of condition key {entry.key} that {entry.operator} cannot compare"
