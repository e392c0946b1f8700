"""Rules on statements that demand several tags at once, or demand the wrong thing of one."""

from collections.abc import Iterator

from harness.policy.lint import pages
from harness.policy.lint.model import PRINCIPALS, STATEMENTS, Given, Lint, LintedPolicy, Rule, listed
from harness.policy.lint.reach import actions_in, creates
from harness.policy.lint.tag_conditions import (
    demanding,
    is_negated,
    is_null,
    is_tag_keys,
    request_tag,
    tells_of_principal,
    tells_of_request_tags,
)
from harness.policy.statement import Statement


def _null_blocks(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for path, statement in policy.statements:
        keys = _demanded_by_null(statement)
        if len(keys) > 1 and not _demanded_otherwise(statement):
            why = f"all keys of a Null block must be absent for it to hold, so one of {listed(keys)} is enough to pass"
            yield Lint(f"{path}.Condition.Null", why, f"Do write a statement for each key: {_null(keys[0])}")


def _several(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for path, statement in policy.statements:
        nulls, others = _demanded_by_null(statement), _demanded_otherwise(statement)
        keys = {key.lower(): key for key in (*nulls, *others)}
        if others and len(keys) > 1:
            why = f"all conditions must hold for the Deny to apply, so one of {listed(keys.values())} is enough to pass"
            yield Lint(f"{path}.Condition", why, f"Do write a statement for each key: {_not_like(others[0])}")


def _inverted(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for path, statement in policy.statements:
        asked = [entry for entry in statement.condition if tells_of_request_tags(entry)]
        nulls = [entry for entry in asked if entry.operator == "Null"]
        for entry in nulls:
            if {value.lower() for value in entry.values} == {"true", "false"}:
                why = "true and false together hold for every request, with the tag and without it"
                yield Lint(f"{path}.Condition.Null", why, f'Do keep one: "{entry.key}": "true"')
        if len(asked) > len(nulls) or not nulls or any(map(tells_of_principal, statement.condition)):
            continue
        keys = listed(entry.key for entry in nulls)
        if statement.effect == "Deny" and _creates_only(statement) and all(is_null(entry, "false") for entry in nulls):
            why = f'Null "false" holds where {keys} is there: creates with the tag are denied, those without it pass'
            yield Lint(f"{path}.Condition.Null", why, f"Do write {_null(_tag(nulls[0].key))}")
        if statement.effect == "Allow" and _creates_only(statement) and all(is_null(entry, "true") for entry in nulls):
            why = (
                f'Null "true" holds where {keys} is absent: creates without the tag are allowed, those with it are not'
            )
            yield Lint(f"{path}.Condition.Null", why, f'Do write "Null": {{"{nulls[0].key}": "false"}}')


def _demanded_by_null(statement: Statement) -> list[str]:
    found = (request_tag(entry.key) for entry in demanding(statement) if is_null(entry, "true"))
    return list(dict.fromkeys(key for key in found if key))


def _demanded_otherwise(statement: Statement) -> list[str]:
    found: list[str] = []
    for entry in demanding(statement):
        if is_negated(entry):
            found += entry.values if is_tag_keys(entry.key) else [request_tag(entry.key)]
    return list(dict.fromkeys(found))


def _creates_only(statement: Statement) -> bool:
    actions = list(actions_in(statement))
    return bool(actions) and all(creates(action) for action in actions)


def _tag(key: str) -> str:
    return request_tag(key) or "Owner"


def _null(key: str) -> str:
    return f'"Null": {{"aws:RequestTag/{key}": "true"}}'


def _not_like(key: str) -> str:
    return f'"StringNotLike": {{"aws:RequestTag/{key}": "?*"}}'


RULES = (
    Rule(
        "null-block-of-several-keys",
        "error",
        STATEMENTS,
        "a Deny demands one tag key in its Null block",
        pages.CONTROL_EXAMPLES,
        _null_blocks,
    ),
    Rule(
        "deny-of-several-keys",
        "error",
        STATEMENTS,
        "a Deny demands one tag key in all its conditions together",
        pages.CONDITIONS,
        _several,
    ),
    Rule(
        "null-inverted",
        "warning",
        PRINCIPALS,
        'Null is "true" in a Deny and "false" in an Allow of creates, never both',
        pages.OPERATORS,
        _inverted,
    ),
)
