"""Rules on condition operators: sets of values, wildcards, capitals."""

from collections.abc import Iterable, Iterator

from harness.policy.context import is_list
from harness.policy.lint import pages
from harness.policy.lint.model import (
    PRINCIPALS,
    STATEMENTS,
    Given,
    Lint,
    LintedPolicy,
    Rule,
    entry_path,
    listed,
    quoted,
)
from harness.policy.lint.reach import actions_in, covers_everything, global_keys, has_key
from harness.policy.lint.tag_conditions import (
    head,
    is_negated,
    is_null,
    is_tag_keys,
    quantifier,
    request_tag,
    resource_tag,
    tells_of_request_tags,
    when_absent,
)
from harness.policy.operators import find_operator
from harness.policy.statement import ConditionEntry, Statement
from harness.policy.truth import Truth

# The values of these have neither * nor ?, so that a value with one equals none of them.
_PLAIN = frozenset({"aws:principalarn", "aws:sourcearn", "aws:principalorgid", "aws:sourceorgid", "aws:resourceorgid"})


def _deny_for_all(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for path, statement in policy.statements:
        for entry in statement.condition:
            if statement.effect != "Deny" or not is_tag_keys(entry.key) or is_negated(entry):
                continue
            if quantifier(entry) != "ForAllValues" or not entry.values:
                continue
            keys = listed(entry.values)
            if any(action.removes_tags for action in actions_in(statement)):
                why = f"it denies only where every key of the call is one of {keys}: one more key, and it passes"
                repair = f'Do write "ForAnyValue:StringEquals": {{"aws:TagKeys": [{quoted(entry.values)}]}}'
            else:
                why = f"it denies what has no key but {keys}, and what has no tag; other keys alone pass"
                repair = f'Do write "Null": {{"aws:RequestTag/{entry.values[0]}": "true"}}, a statement for each key'
            yield Lint(entry_path(path, entry), why, repair)


def _allow_for_all(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for path, statement in policy.statements:
        guarded = any(tells_of_request_tags(entry) and when_absent(entry) is Truth.NO for entry in statement.condition)
        if statement.effect != "Allow" or guarded or not _always_tagged(statement):
            continue
        for entry in statement.condition:
            if is_tag_keys(entry.key) and quantifier(entry) == "ForAllValues":
                why = "ForAllValues holds for a request without any tag as well: untagged creates are allowed"
                yield Lint(entry_path(path, entry), why, 'Do add "Null": {"aws:TagKeys": "false"}')


def _always_tagged(statement: Statement) -> bool:
    """Tell whether every action takes tags; where some do not, a guard would forbid these."""
    actions = list(actions_in(statement))
    return bool(actions) and all(has_key(action, None, "aws:TagKeys") for action in actions)


def _set_on_single(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for path, statement in policy.statements:
        for entry in statement.condition:
            if quantifier(entry) and head(entry.key) in global_keys() and not is_list(entry.key, ("one",)):
                plain = entry.operator.partition(":")[2]
                effect = (
                    "it also holds where the key is absent" if when_absent(entry) is Truth.YES else "it adds nothing"
                )
                why = f"{entry.key} has one value, for which {quantifier(entry)} is not meant: {effect}"
                yield Lint(
                    entry_path(path, entry), why, f'Do write "{plain}": {{"{entry.key}": [{quoted(entry.values)}]}}'
                )


def _no_set(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for path, statement in policy.statements:
        for entry in statement.condition:
            if entry.operator != "Null" and not quantifier(entry) and is_list(entry.key, ("one",)):
                why = f"{entry.key} is a list, which takes ForAnyValue or ForAllValues; without one the result is open"
                yield Lint(entry_path(path, entry), why, _with_operator(entry, f"ForAnyValue:{entry.operator}"))


def _wildcards(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for path, statement in policy.statements:
        for entry in statement.condition:
            operator = find_operator(entry.operator)
            literal = operator is not None and "StringEquals" in entry.operator.replace("Not", "")
            wild = [value for value in entry.values if {"*", "?"} & set(_without_variables(value))]
            if literal and wild and _is_plain(entry.key):
                effect = "holds for every request" if is_negated(entry) else "never holds"
                plain = entry.operator.replace("EqualsIgnoreCase", "Equals").replace("Equals", "Like")
                why = f'{entry.operator} takes the * of "{wild[0]}" as a character, which no value has: it {effect}'
                yield Lint(
                    entry_path(path, entry), why, f'Do write "{plain}": {{"{entry.key}": [{quoted(entry.values)}]}}'
                )


def _with_operator(entry: ConditionEntry, operator: str) -> str:
    return f'Do write "{operator}": {{"{entry.key}": [{quoted(entry.values)}]}}'


def _is_plain(key: str) -> bool:
    tag = request_tag(key) or resource_tag(key) or is_tag_keys(key) or head(key) == "aws:principaltag"
    return bool(tag) or head(key) in _PLAIN


def _without_variables(value: str) -> str:
    while "${" in value and "}" in value:
        value = value[: value.index("${")] + value[value.index("}", value.index("${")) + 1 :]
    return value


def _bypass(policy: LintedPolicy, given: Given) -> Iterator[Lint]:
    shut = {request_tag(entry.key).lower() for entry in _shut_by_request_tag(given.beside(policy))}
    for path, statement in policy.statements:
        if statement.effect != "Deny" or not _lets_set(statement):
            continue
        for entry in statement.condition:
            if not is_tag_keys(entry.key) or quantifier(entry) != "ForAnyValue" or is_negated(entry):
                continue
            if "IgnoreCase" in entry.operator:
                continue
            open_keys = [
                key for key in entry.values if not _variants(key) <= {*entry.values} and key.lower() not in shut
            ]
            if open_keys:
                other = next(iter(sorted(_variants(open_keys[0]) - {open_keys[0]})))
                folded = "aws:ResourceTag and aws:PrincipalTag do not"
                why = f'aws:TagKeys compares capitals, {folded}: "{other}" passes for "{open_keys[0]}"'
                yield Lint(entry_path(path, entry), why, _bypass_repair(entry))


def _bypass_repair(entry: ConditionEntry) -> str:
    if "Like" in entry.operator:
        variants = (variant for value in entry.values for variant in (value, *sorted(_variants(value) - {value})))
        return f'Do list the capitals too: "aws:TagKeys": [{quoted(variants)}]'
    return f'Do write "ForAnyValue:StringEqualsIgnoreCase": {{"aws:TagKeys": [{quoted(entry.values)}]}}'


def _shut_by_request_tag(statements: Iterable[Statement]) -> Iterator[ConditionEntry]:
    for statement in statements:
        if statement.effect == "Deny":
            yield from (entry for entry in statement.condition if request_tag(entry.key) and is_null(entry, "false"))


def _variants(key: str) -> frozenset[str]:
    return frozenset({key.lower(), key.upper(), key[:1].upper() + key[1:].lower()})


def _lets_set(statement: Statement) -> bool:
    return covers_everything(statement) or any(
        action.sets_tags or (has_key(action, None, "aws:RequestTag/x") and not action.removes_tags)
        for action in actions_in(statement)
    )


RULES = (
    Rule(
        "deny-for-all-values",
        "error",
        STATEMENTS,
        "a Deny that demands or protects tag keys has no ForAllValues with a positive operator",
        pages.SETS,
        _deny_for_all,
    ),
    Rule(
        "allow-for-all-values",
        "warning",
        PRINCIPALS,
        "an Allow with ForAllValues on aws:TagKeys also asks that there is a tag",
        pages.SETS,
        _allow_for_all,
    ),
    Rule(
        "set-operator-on-single-value",
        "warning",
        STATEMENTS,
        "ForAllValues and ForAnyValue stand before keys that are lists",
        pages.SETS,
        _set_on_single,
    ),
    Rule(
        "missing-set-operator",
        "error",
        STATEMENTS,
        "ForAllValues or ForAnyValue stands before a key that is a list",
        pages.SETS,
        _no_set,
    ),
    Rule(
        "wildcard-in-string-equals",
        "error",
        STATEMENTS,
        "a value with * or ? is compared by StringLike, not by StringEquals",
        pages.OPERATORS,
        _wildcards,
    ),
    Rule(
        "tag-keys-case-bypass",
        "warning",
        STATEMENTS,
        "a Deny that protects tag keys by aws:TagKeys covers their other capitals",
        pages.CONTEXT_KEYS,
        _bypass,
    ),
)
