"""Rules on what a demand for tags leaves open: removal, empty values, other capitals, and whom it binds."""

from collections.abc import Iterator

from harness.policy.actions import Action
from harness.policy.lint import pages
from harness.policy.lint.demands import create_demands_of, request_keys
from harness.policy.lint.model import PRINCIPALS, Given, Lint, LintedPolicy, Placed, Rule, listed, quoted
from harness.policy.lint.reach import actions_in, covers_everything, has_key, named
from harness.policy.lint.tag_conditions import (
    demanding,
    is_negated,
    is_null,
    is_tag_keys,
    quantifier,
    request_tag,
    resource_tag,
    tells_of_principal,
    tells_of_request_tags,
)
from harness.policy.patterns import like
from harness.policy.statement import ConditionEntry, Statement

# Without keys it removes all that a user has set (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTags.html).
_TAKES_ALL = frozenset({"ec2:DeleteTags"})


def _removal(policy: LintedPolicy, given: Given) -> Iterator[Lint]:
    demands = create_demands_of(policy)
    keys = [
        key for key in request_keys(demands) if not any(_denies_removal(each, key) for each in given.beside(policy))
    ]
    if keys:
        why = f"no policy given denies the removal of {listed(keys)}: what was demanded can be taken away"
        names = [action.id for action in _removers(demands)]
        condition = f'"ForAnyValue:StringEquals": {{"aws:TagKeys": [{quoted(keys)}]}}'
        repair = f'Do add a Deny of [{quoted(names)}] with "Condition": {{{condition}}}'
        if whole := sorted(_TAKES_ALL & set(names)):
            none = '"Condition": {"Null": {"aws:TagKeys": "true"}}'
            repair += f", and one of [{quoted(whole)}] with {none}, since a call that names no key removes all"
        yield Lint(demands[0].path, why, repair)


def _removers(demands: list[Placed]) -> Iterator[Action]:
    """Yield the actions that take tags away from what the demands are about."""
    services = dict.fromkeys(action.service for placed in demands for action in actions_in(placed.statement))
    for service in services:
        found = named(f"{service}:*").actions
        yield from (action for action in found if action.removes_tags and has_key(action, None, "aws:TagKeys"))


def _denies_removal(statement: Statement, key: str) -> bool:
    if statement.effect != "Deny":
        return False
    if not covers_everything(statement) and not any(action.removes_tags for action in actions_in(statement)):
        return False
    asked = [entry for entry in statement.condition if tells_of_request_tags(entry)]
    if any(request_tag(entry.key).lower() == key.lower() and is_null(entry, "false") for entry in asked):
        return True
    lists = [entry for entry in asked if is_tag_keys(entry.key) and quantifier(entry) == "ForAnyValue"]
    return not asked or any(like(value.lower(), key.lower()) for entry in lists for value in entry.values)


def _empty_value(policy: LintedPolicy, given: Given) -> Iterator[Lint]:
    demands = create_demands_of(policy)
    valued = {
        request_tag(entry.key).lower()
        for statement in given.beside(policy)
        if statement.effect == "Deny"
        for entry in statement.condition
        if request_tag(entry.key) and (is_negated(entry) or "" in entry.values)
    }
    keys = [key for key in request_keys(demands) if key.lower() not in valued]
    if keys:
        why = f"presence is demanded of {listed(keys)}, a value is not: the key with an empty value passes"
        repair = f'Do write "StringNotLike": {{"aws:RequestTag/{keys[0]}": "?*"}}, which denies absence too'
        yield Lint(demands[0].path, why, repair)


def _other_capitals(policy: LintedPolicy, given: Given) -> Iterator[Lint]:
    demands = create_demands_of(policy)
    exact = {
        value
        for statement in given.beside(policy)
        for entry in demanding(statement)
        if is_tag_keys(entry.key) and is_negated(entry)
        for value in entry.values
    }
    keys = [key for key in request_keys(demands) if key not in exact]
    if keys:
        other = next(variant for variant in (keys[0].lower(), keys[0].upper(), "") if variant != keys[0])
        why = f"aws:RequestTag folds the case of tag keys: {other} passes for {keys[0]}, and is another tag for billing"
        condition = f'"ForAllValues:StringNotEquals": {{"aws:TagKeys": ["{keys[0]}"]}}'
        yield Lint(demands[0].path, why, f"Do add, where the spelling counts, a Deny for each key: {condition}")


def _no_exemption(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    bound = [
        placed
        for placed in policy.statements
        if placed.statement.effect == "Deny"
        and any(_tells_of_tags(entry) for entry in placed.statement.condition)
        and not any(map(tells_of_principal, placed.statement.condition))
    ]
    if bound:
        why = "nobody is exempt, so that a mistake in it, or a tool that cannot tag, stops every role of the accounts"
        repair = 'Do exempt a break-glass role: "ArnNotLike": {"aws:PrincipalArn": "arn:*:iam::*:role/break-glass"}'
        yield Lint(bound[0].path, why, repair)


def _tells_of_tags(entry: ConditionEntry) -> bool:
    return tells_of_request_tags(entry) or bool(resource_tag(entry.key))


RULES = (
    Rule(
        "removal-not-denied",
        "warning",
        PRINCIPALS,
        "where a tag is demanded on create, a policy given denies its removal",
        pages.CONTROL_EXAMPLES,
        _removal,
    ),
    Rule(
        "empty-value-passes",
        "info",
        PRINCIPALS,
        "a demanded tag must also have a value",
        pages.OPERATORS,
        _empty_value,
    ),
    Rule(
        "request-tag-folds-case",
        "info",
        PRINCIPALS,
        "a demanded tag must be spelt exactly",
        pages.CONTEXT_KEYS,
        _other_capitals,
    ),
    Rule(
        "nobody-exempt",
        "info",
        frozenset({"scp"}),
        "a control policy on tags exempts a break-glass role",
        pages.CONTROL_POLICIES,
        _no_exemption,
    ),
)
