"""Rules on names: of actions, and of condition keys that an action's requests have."""

import difflib
from collections.abc import Iterator

from harness.policy.actions import Action, actions_of, condition_keys_of, known_services
from harness.policy.lint import pages
from harness.policy.lint.model import STATEMENTS, Given, Lint, LintedPolicy, Rule, entry_path, listed
from harness.policy.lint.reach import (
    actions_in,
    covered,
    covers_everything,
    global_keys,
    has_key,
    is_about_all,
    is_judged_by_action,
    named,
    overlap,
    reaches,
)
from harness.policy.lint.tag_conditions import (
    denies_untagged,
    head,
    resource_tag,
    tells_of_request_tags,
    when_absent,
)
from harness.policy.operators import find_operator
from harness.policy.statement import ConditionEntry, Statement
from harness.policy.truth import Truth


def _unknown_actions(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for place, pattern in _patterns(policy):
        if named(pattern).is_exact and not named(pattern).actions:
            why = f'AWS\'s reference has no action "{pattern}", so that this line has no effect'
            yield Lint(place, why, nearest_action(pattern))


def _empty_patterns(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for place, pattern in _patterns(policy):
        found = named(pattern)
        if not found.is_exact and not found.actions and not covers_everything(Statement("Deny", actions=(pattern,))):
            why = f'AWS\'s reference has no action that "{pattern}" covers, so that this line has no effect'
            yield Lint(place, why, nearest_action(pattern))


def _patterns(policy: LintedPolicy) -> Iterator[tuple[str, str]]:
    for path, statement in policy.statements:
        for element, patterns in (("Action", statement.actions), ("NotAction", statement.not_actions)):
            for index, pattern in enumerate(patterns):
                yield f"{path}.{element}[{index}]" if len(patterns) > 1 else f"{path}.{element}", pattern


def nearest_action(pattern: str) -> str:
    """Return a repair that names the nearest action: of that service, or that name in another. Raises: nothing."""
    service, _, name = pattern.partition(":")
    if service.lower() not in known_services():
        found = difflib.get_close_matches(service.lower(), known_services(), n=1, cutoff=0.8)
        return (
            f'Do write "{found[0]}:{name}", if that is meant'
            if found
            else f'Do name a service of AWS instead of "{service}", or remove it'
        )
    by_name = {each.partition(":")[2].lower(): each for each in actions_of(service.lower())}
    found = difflib.get_close_matches(name.lower().strip("*?"), by_name, n=1, cutoff=0.75)
    if found and not set(name) & set("*?"):
        return f'Do write "{by_name[found[0]]}", if that is meant'
    return f"Do name an action of {service}, or remove it"


def _unknown_keys(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for path, statement in policy.statements:
        for entry in statement.condition:
            found = _nearest_key(head(entry.key))
            if found:
                rest = entry.key[len(head(entry.key)) :]
                why = f'AWS knows no condition key "{entry.key}", so that no request has it'
                yield Lint(entry_path(path, entry), why, f'Do write "{found}{rest}"')


def _nearest_key(key: str) -> str:
    """Return the known key that an unknown one is like; nothing for a known one, and for one that is like none."""
    prefix = key.partition(":")[0]
    known = {head(each): each.partition("/")[0] for each in condition_keys_of(prefix)}
    known |= {each: each for each in global_keys() if each.startswith(f"{prefix}:")}
    if key in known or not known:
        return ""
    found = difflib.get_close_matches(key, known, n=1, cutoff=0.85)
    return known[found[0]] if found else ""


def _foreign_keys(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for path, statement in policy.statements:
        for entry in statement.condition:
            if not is_judged_by_action(entry.key) or _nearest_key(head(entry.key)) or _is_optional(entry):
                continue
            if denies_untagged(statement) and tells_of_request_tags(entry):
                continue  # told by untaggable-action-denied
            lacking = _lacking(statement, entry)
            if lacking:
                names = listed(lacking)
                never = when_absent(entry) is Truth.NO
                effect = "the statement never applies to them" if never else "the condition always holds for them"
                why = f"requests of {names} have no {entry.key}, so that {effect}"
                yield Lint(entry_path(path, entry), why, _key_repair(statement, entry, names))


def _lacking(statement: Statement, entry: ConditionEntry) -> list[str]:
    """Return the actions, or patterns of them, of which no request has the key."""
    return [
        each.pattern
        for each in covered(statement)
        if each.actions and not any(has_key(action, None, entry.key) for action in each.actions)
    ]


def _key_repair(statement: Statement, entry: ConditionEntry, names: str) -> str:
    actions: list[Action] = [action for each in covered(statement) for action in each.actions]
    if tells_of_request_tags(entry) and any(has_key(action, None, "aws:ResourceTag/x") for action in actions):
        named = entry.values[:1] if entry.operator != "Null" else ()
        tag = entry.key.partition("/")[2] or "".join(named) or "Owner"
        return f"Do ask for the tags of the resource: aws:ResourceTag/{tag}"
    if resource_tag(entry.key) and any(has_key(action, None, "aws:RequestTag/x") for action in actions):
        return f"Do ask for the tags of the request: aws:RequestTag/{resource_tag(entry.key)}"
    return f"Do move {names} to a statement without this condition"


def _foreign_resources(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for path, statement in policy.statements:
        actions = list(actions_in(statement))
        known = {use for action in actions for use in action.resources}
        for index, pattern in enumerate(statement.resources if actions and not covers_everything(statement) else ()):
            whole = pattern == "*" or any(is_about_all(action, pattern) for action in actions)
            if not whole and not any(overlap(pattern, use.arn) for use in known):
                place = f"{path}.Resource[{index}]" if len(statement.resources) > 1 else f"{path}.Resource"
                why = f'no resource of {listed(action.id for action in actions)} has an ARN such as "{pattern}"'
                own = listed((f'"{arn}"' for arn in sorted({arn for use in known for arn in use.patterns()})), 3)
                yield Lint(place, why, f"Do write one of its resources: {own}" if own else 'Do write "Resource": "*"')


def _foreign_actions(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for path, statement in policy.statements:
        if not statement.resources or "*" in statement.resources:
            continue
        bare = [
            action.id
            for each in covered(statement)
            for action in each.actions
            if each.is_exact and not any(reaches(statement, use) for use in action.resources)
            if not any(is_about_all(action, pattern) for pattern in statement.resources)
        ]
        if bare and any(reaches(statement, use) for action in actions_in(statement) for use in action.resources):
            why = f"none of the resources is one of {listed(bare)}, so that the statement never applies to it"
            repair = f'Do move {listed(bare)} to a statement with its own resources, or with "Resource": "*"'
            yield Lint(f"{path}.Action", why, repair)


def _is_optional(entry: ConditionEntry) -> bool:
    operator = find_operator(entry.operator)
    return operator is not None and operator.if_exists


RULES = (
    Rule(
        "unknown-action",
        "warning",
        STATEMENTS,
        "each action is one that AWS's reference knows",
        pages.REFERENCE,
        _unknown_actions,
    ),
    Rule(
        "pattern-without-action",
        "warning",
        STATEMENTS,
        "each action with a wildcard covers one that AWS's reference knows",
        pages.ELEMENT_ACTION,
        _empty_patterns,
    ),
    Rule(
        "unknown-condition-key",
        "warning",
        STATEMENTS,
        "a condition key is spelt as AWS spells it, but for case",
        pages.CONTEXT_KEYS,
        _unknown_keys,
    ),
    Rule(
        "resource-not-of-action",
        "warning",
        STATEMENTS,
        "each resource can be one of the statement's actions",
        pages.REFERENCE,
        _foreign_resources,
    ),
    Rule(
        "action-not-of-resource",
        "warning",
        STATEMENTS,
        "each action touches one of the statement's resources",
        pages.REFERENCE,
        _foreign_actions,
    ),
    Rule(
        "condition-key-not-of-action",
        "warning",
        STATEMENTS,
        "requests of each action can have each condition key of its statement",
        pages.REFERENCE,
        _foreign_keys,
    ),
)
