"""Cost categories: their definitions with the rules of AWS, and the values that they give to charges.

docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_CreateCostCategoryDefinition.html and the pages of the
types that it names.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harness.emulator.clock import stamp, utcnow
from harness.emulator.wire import AwsError
from harness.facts import load_facts

_DIMENSIONS = frozenset(
    {"LINKED_ACCOUNT", "LINKED_ACCOUNT_NAME", "REGION", "RECORD_TYPE", "SERVICE_CODE", "USAGE_TYPE", "BILLING_ENTITY"}
)
_MATCHES = frozenset({"EQUALS", "ABSENT", "STARTS_WITH", "ENDS_WITH", "CONTAINS", "CASE_SENSITIVE", "CASE_INSENSITIVE"})
_LEAVES = {"Dimensions", "Tags", "CostCategories"}
_OPERATORS = {"And", "Or", "Not"}
_HUNDRED = 100.0


def check_definition(request: Mapping[str, Any], *, applied: bool) -> None:
    """Refuse what AWS refuses in the rules and split charges of a definition; `applied` if costs have its values.

    Raises: AwsError ValidationException, or ServiceQuotaExceededException past a quota.
    """
    for rule in request["Rules"]:
        _check_rule(rule)
    _check_splits(request.get("SplitChargeRules") or ())
    _check_values(request, applied=applied)
    start = request.get("EffectiveStart")
    if start is not None:
        _check_start(start)


def refuse_more(names: Sequence[str], name: str) -> None:
    """Refuse a further cost category of a payer that has these: one past the quota, or one of the same name.

    Raises: AwsError ServiceQuotaExceededException or ValidationException.
    """
    most = load_facts().limits["cost_categories_per_payer"]
    if name in names:
        raise _invalid(f"Failed to create Cost Category: Cost category name already exists: {name}")
    if len(names) >= most:
        raise AwsError("ServiceQuotaExceededException", f"You can have at most {most} cost categories.")


def first_of_month() -> str:
    """Return the day from which a definition holds that names none."""
    return stamp(utcnow().replace(day=1, hour=0, minute=0, second=0, microsecond=0))


def _check_rule(rule: Mapping[str, Any]) -> None:
    kind = rule.get("Type") or ("INHERITED_VALUE" if rule.get("InheritedValue") else "REGULAR")
    if kind == "REGULAR":
        if not rule.get("Value") or not rule.get("Rule") or rule.get("InheritedValue"):
            raise _invalid("A rule of type REGULAR must have a value and a rule, and no inherited value.")
        _check_expression(rule["Rule"])
        return
    inherited = rule.get("InheritedValue") or {}
    if not inherited.get("DimensionName") or rule.get("Rule") or rule.get("Value"):
        raise _invalid("A rule of type INHERITED_VALUE must have an inherited value, and neither value nor rule.")
    if (inherited["DimensionName"] == "TAG") != bool(inherited.get("DimensionKey")):
        raise _invalid("DimensionKey must be given with TAG, and with nothing else.")


def _check_expression(raw: Mapping[str, Any]) -> None:
    roots = [root for root, inner in raw.items() if inner]
    if len(roots) != 1 or roots[0] not in {*_LEAVES, *_OPERATORS}:
        text = "Only one root operator is allowed for each expression: And, Or, Not, Dimensions, Tags, CostCategories"
        raise _invalid(f"Expression has zero or more than one roots. {text}")
    (root,) = roots
    for part in _parts(root, raw[root]):
        _check_expression(part)
    if root in _LEAVES:
        _check_leaf(root, raw[root])


def _parts(root: str, inner: Any) -> Iterator[Mapping[str, Any]]:
    if root == "Not":
        yield inner
    elif root in _OPERATORS:
        if len(inner) < 2:
            raise _invalid(f"{root} must have two expressions or more.")
        yield from inner


def _check_leaf(root: str, leaf: Mapping[str, Any]) -> None:
    key, options = leaf.get("Key"), set(leaf.get("MatchOptions") or ())
    if not key:
        raise _invalid(f"{root} must have a key.")
    if root == "Dimensions" and key not in _DIMENSIONS:
        raise _invalid(f"Dimension {key} is not supported in cost category rules.")
    if options - _MATCHES:
        raise _invalid(f"Match option {', '.join(sorted(options - _MATCHES))} is not supported.")
    if not leaf.get("Values") and "ABSENT" not in options:
        raise _invalid(f"{root} {key} must have values.")


def _check_splits(splits: Sequence[Mapping[str, Any]]) -> None:
    sources = [split["Source"] for split in splits]
    for split in splits:
        source, targets = split["Source"], split["Targets"]
        if sources.count(source) > 1 or any(target in sources for target in targets):
            raise _invalid(f"The source {source} must not be a source or target of another split charge rule.")
        if len(set(targets)) < len(targets):
            raise _invalid("Targets must be unique.")
        shares = [text for parameter in split.get("Parameters") or () for text in parameter["Values"]]
        if split["Method"] != "FIXED":
            if shares:
                raise _invalid(f"Parameters must be left out with the method {split['Method']}.")
            continue
        if len(shares) != len(targets):
            raise _invalid("Allocation percentages must be given for each target.")
        if not math.isclose(math.fsum(map(_number, shares)), _HUNDRED, abs_tol=1e-6):
            raise _invalid("Allocation percentages must add up to 100.")


def _check_values(request: Mapping[str, Any], *, applied: bool) -> None:
    """Refuse names that are no values, and inherited ones before they are applied.

    docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/splitcharge-cost-categories.html. An empty source stands for
    costs without a value.
    """
    if applied and any(rule.get("InheritedValue") for rule in request["Rules"]):
        return
    values = {"", request.get("DefaultValue"), *(rule.get("Value") for rule in request["Rules"])}
    for split in request.get("SplitChargeRules") or ():
        for value in (split["Source"], *split["Targets"]):
            if value not in values:
                raise _invalid(f"Split charge rules must name existing values of the cost category: {value}")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise _invalid(f"Allocation percentage {text} is not a number.") from error


def _check_start(start: str) -> None:
    if not start[8:19] == "01T00:00:00":
        raise _invalid("EffectiveStart must be the first day of a month.")
    now = utcnow()
    months = (now.year - int(start[:4])) * 12 + now.month - int(start[5:7])
    if not 0 <= months <= 12:
        raise _invalid("EffectiveStart must be within the last 12 months, and not in the future.")


def _invalid(text: str) -> AwsError:
    return AwsError("ValidationException", text)
