"""Tell whether one condition of a policy holds whenever another one does, and what differs where it does not.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html: the values of an entry
are joined by OR, those of a negated operator by NOR, so more values match more, or with negation less.
"""

from collections.abc import Iterable
from typing import NamedTuple

from harness.plan_check.weakening.globs import covers
from harness.plan_check.weakening.model import Rule, Verdict, listed
from harness.policy.operators import Operator, find_operator
from harness.policy.statement import ConditionEntry

_PRINCIPAL_KEYS = frozenset({"aws:userid", "aws:username", "aws:viaawsservice", "aws:calledvia"})
_COMPARABLE = frozenset({"String", "StringIgnoreCase", "Arn", "Bool", "Null"})


class Difference(NamedTuple):
    """Say in which way a statement denies less than another one."""

    rule: Rule
    verdict: Verdict
    text: str


def implies(entry: ConditionEntry, other: ConditionEntry) -> bool:
    """Tell whether `other` surely holds whenever `entry` does. Raises: nothing."""
    if entry == other:
        return True
    own, wide = find_operator(entry.operator), find_operator(other.operator)
    if own is None or wide is None or not _comparable(entry, own, other, wide):
        return False
    if own.compare is None:
        return {value.lower() for value in entry.values} <= {value.lower() for value in other.values}
    if own.if_exists and not (wide.if_exists or own.negated):
        return False
    if own.negated:
        return all(any(_covers(mine, entry, value, other) for mine in entry.values) for value in other.values)
    return all(any(_covers(value, other, mine, entry) for value in other.values) for mine in entry.values)


def is_about_principals(key: str) -> bool:
    """Tell whether a condition key tells who calls. Raises: nothing."""
    return key.lower().startswith("aws:principal") or key.lower() in _PRINCIPAL_KEYS


def splittable(entry: ConditionEntry) -> bool:
    """Tell whether an entry of several values says the same as one entry for each value, joined by OR."""
    operator = find_operator(entry.operator)
    return operator is not None and not operator.negated and operator.quantifier != "ForAllValues"


def difference(wanted: Iterable[ConditionEntry], entry: ConditionEntry) -> Difference | None:
    """Return why a statement with `entry` denies less than one with the conditions `wanted`; None where it does not.

    Raises: nothing.
    """
    candidates = list(wanted)
    if any(implies(each, entry) for each in candidates):
        return None
    operator = find_operator(entry.operator)
    negated = operator is not None and operator.negated
    rule: Rule = "exemption-widened" if negated and is_about_principals(entry.key) else "policy-weakened"
    shown = f"{entry.operator} {entry.key}"
    same_key = [each for each in candidates if each.key.lower() == entry.key.lower()]
    if not same_key:
        return Difference(rule, "fail", f"only where {shown} {_listed(entry.values)}")
    old = next((each for each in same_key if each.operator == entry.operator), same_key[0])
    if not _judgeable(old, entry):
        text = f"{old.operator} {_listed(old.values)} and {entry.operator} {_listed(entry.values)} of {entry.key}"
        return Difference(rule, "unknown", f"{text} cannot be compared")
    if negated:
        return Difference(rule, "fail", f"{shown} leaves out {_listed(_without(entry.values, old.values))} too")
    return Difference(rule, "fail", f"{shown} names {_listed(_without(old.values, entry.values))} no more")


def _judgeable(old: ConditionEntry, entry: ConditionEntry) -> bool:
    own, new = find_operator(old.operator), find_operator(entry.operator)
    if own is None or new is None or not _comparable(old, own, entry, new) or own.if_exists != new.if_exists:
        return False
    has_variables = any("${" in value for value in (*old.values, *entry.values))
    return _family(old.operator) in _COMPARABLE and not has_variables


def _comparable(entry: ConditionEntry, own: Operator, other: ConditionEntry, wide: Operator) -> bool:
    same = entry.key.lower() == other.key.lower() and _family(entry.operator) == _family(other.operator)
    return same and own.negated == wide.negated and own.quantifier == wide.quantifier


def _family(name: str) -> str:
    """Return the name of an operator without quantifier, negation and IfExists; Equals and Like of a kind are one."""
    base = name.rpartition(":")[2].removesuffix("IfExists").replace("Not", "")
    if base in {"StringEquals", "StringLike"}:
        return "String"
    if base in {"ArnEquals", "ArnLike"}:
        return "Arn"
    return "StringIgnoreCase" if base == "StringEqualsIgnoreCase" else base


def _covers(wide: str, wide_entry: ConditionEntry, value: str, entry: ConditionEntry) -> bool:
    """Tell whether a value of an entry matches all that a value of another entry matches."""
    if "${" in wide or "${" in value:
        return wide == value and ("Like" in wide_entry.operator) == ("Like" in entry.operator)
    family = _family(entry.operator)
    if family in {"StringIgnoreCase", "Bool"}:
        return wide.lower() == value.lower()
    if family == "Arn" or "Like" in wide_entry.operator:
        return covers(wide, value)
    has_wildcard = "Like" in entry.operator and ("*" in value or "?" in value)
    return wide == value and not has_wildcard


def _without(values: Iterable[str], others: Iterable[str]) -> list[str]:
    known = set(others)
    return [value for value in values if value not in known] or sorted(values)


def _listed(values: Iterable[str]) -> str:
    return listed(f'"{value}"' for value in values)
