"""Rules on the elements of statements: NotAction, NotResource, Allow, Sid, repetition, tags of what is being made."""

import re
from collections.abc import Collection, Iterator
from itertools import chain, count

from harness.policy.actions import Action
from harness.policy.elements import PARTITIONS
from harness.policy.lint import pages
from harness.policy.lint.model import (
    CONTROL,
    PRINCIPALS,
    STATEMENTS,
    Given,
    Lint,
    LintedPolicy,
    Rule,
    entry_path,
    listed,
)
from harness.policy.lint.reach import covered, creates, reaches
from harness.policy.lint.tag_conditions import head, is_negated, resource_tag
from harness.policy.patterns import like
from harness.policy.resource_types import ResourceUse
from harness.policy.statement import Statement


def _deny_not_action(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for path, statement in policy.statements:
        if statement.effect == "Deny" and statement.not_actions and not statement.condition:
            why = "it denies every action but these, to everyone: also what AWS adds later, and iam, sts and support"
            yield Lint(f"{path}.NotAction", why, "Do add a Condition, or name the actions that are denied in Action")


def _allow_not_action(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for path, statement in policy.statements:
        if statement.effect == "Allow" and statement.not_actions:
            why = f"it allows every action but {listed(statement.not_actions)}, also what AWS adds later"
            yield Lint(f"{path}.NotAction", why, "Do name the actions that are allowed in Action")


def _deny_not_resource(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for path, statement in policy.statements:
        if statement.effect == "Deny" and statement.not_resources and "*" not in statement.not_resources:
            names = [a.id for each in covered(statement) for a in each.actions if each.is_exact and not a.resources]
            if names:
                why = f'{listed(names)} know no resource and are judged on "*", which it never names: always denied'
                yield Lint(f"{path}.NotResource", why, f"Do move {listed(names)} to a statement with Resource")


def _allow_in_control_policy(policy: LintedPolicy, given: Given) -> Iterator[Lint]:
    allows = [placed for placed in policy.statements if placed.statement.effect == "Allow"]
    if allows and not any(_allows_everything(placed.statement) for placed in allows):
        beside = any(_allows_everything(statement) for statement in given.beside(policy))
        if given.same_target and beside:
            why = "a policy at the same node allows everything, so that this Allow limits nothing"
            yield Lint(
                f"{allows[0].path}.Effect", why, "Do detach FullAWSAccess where this list shall hold, or write Deny"
            )
        else:
            why = "an Allow here grants nothing: it limits to this list, and only where FullAWSAccess is detached"
            repair = "Do detach FullAWSAccess at the same node if that is meant, or write Deny"
            yield Lint(f"{allows[0].path}.Effect", why, repair)


def _allows_everything(statement: Statement) -> bool:
    return statement.effect == "Allow" and "*" in statement.actions and "*" in statement.resources


def _without_sid(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    bare = [placed for placed in policy.statements if not placed.statement.sid]
    if bare:
        why = f"a denial, a review or a diff cannot name {listed(placed.path for placed in bare)}"
        taken = {placed.statement.sid for placed in policy.statements}
        yield Lint(bare[0].path, why, f'Do name it: "Sid": "{_free_sid(bare[0].statement, taken)}"')


def _free_sid(statement: Statement, taken: Collection[str]) -> str:
    """Return a name that says what a statement does, and that no other one has."""
    first = (*statement.actions, *statement.not_actions)[0]
    service, _, action = first.partition(":")
    words = re.sub(r"[^A-Za-z0-9]", "", f"{service.capitalize()}{action}") or "All"
    name = f"{statement.effect}{'AllBut' if statement.not_actions else ''}{words}"
    return next(free for free in chain([name], (f"{name}{number}" for number in count(2))) if free not in taken)


def _repeated(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for index, (path, statement) in enumerate(policy.statements):
        for other, (first, wider) in enumerate(policy.statements):
            if other != index and _covers(wider, statement) and (other < index or not _covers(statement, wider)):
                why = f"{first} says all that it says, so that it has no effect of its own"
                yield Lint(path, why, f"Do remove it, or narrow {first}")
                break


def _covers(wider: Statement, statement: Statement) -> bool:
    """Tell whether a statement applies wherever another one does, with the same effect."""
    if wider.effect != statement.effect or (wider.condition and set(wider.condition) != set(statement.condition)):
        return False
    if wider.principals != statement.principals or wider.not_principals != statement.not_principals:
        return False
    if {wider.not_actions, wider.not_resources, statement.not_actions, statement.not_resources} != {()}:
        same = (wider.not_actions, wider.not_resources, set(wider.actions), set(wider.resources))
        return same == (
            statement.not_actions,
            statement.not_resources,
            set(statement.actions),
            set(statement.resources),
        )
    actions = [name.lower() for name in wider.actions]
    return all(any(like(name, each.lower()) for name in actions) for each in statement.actions) and all(
        any(like(name, each) for name in wider.resources) for each in statement.resources
    )


def _tag_of_the_new(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for path, statement in policy.statements:
        for entry in statement.condition:
            if not resource_tag(entry.key):
                continue
            names = [
                action.id
                for each in covered(statement)
                for action in each.actions
                if each.is_exact and creates(action) and _lacks_tags(statement, action, entry.key)
            ]
            if names:
                always = statement.effect == "Deny" and is_negated(entry)
                effect = "every call is denied" if always else "it never applies to what is being made"
                why = f"what {listed(names)} makes has no tags yet when AWS judges the call: {effect}"
                repair = f'Do ask for the tags of the request: "aws:RequestTag/{resource_tag(entry.key)}"'
                yield Lint(entry_path(path, entry), why, repair)


def _lacks_tags(statement: Statement, action: Action, key: str) -> bool:
    """Tell whether a statement reaches, of what an action touches, only new resources, and those have no such key."""
    new = [use for use in action.resources if _is_new(action, use)]
    known = {head(each) for use in (None, *new) for each in (use.condition_keys if use else action.condition_keys)}
    old = [use for use in action.resources if use.required and use not in new]
    return (
        any(reaches(statement, use) for use in new)
        and head(key) not in known
        and not any(reaches(statement, use) for use in old)
    )


def _is_new(action: Action, use: ResourceUse) -> bool:
    """Tell whether an action makes a resource of a type: it carries the request's tags, or its name is the action's."""
    return use.carries_tags or action.name.lower() == f"create{use.type.replace('-', '')}".lower()


def _fixed_partition(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    found: list[tuple[str, str]] = []
    for path, statement in policy.statements:
        names = [(f"{path}.Resource", arn) for arn in (*statement.resources, *statement.not_resources)]
        for entry in statement.condition:
            place = entry_path(path, entry)
            names += [(place, value) for value in entry.values]
        found += [(place, arn) for place, arn in names if _partition(arn) in PARTITIONS]
    if found:
        why = f"its ARNs name the partition {_partition(found[0][1])}, {len(found)} in all: elsewhere it does not hold"
        anywhere = f"arn:*:{found[0][1].split(':', 2)[2]}"
        yield Lint(found[0][0], why, f'Do write "{anywhere}", if the policy is used in other partitions too')


def _partition(arn: str) -> str:
    return arn.split(":")[1] if arn.startswith("arn:") and arn.count(":") > 1 else ""


RULES = (
    Rule(
        "deny-not-action",
        "warning",
        STATEMENTS,
        "a Deny with NotAction has a Condition",
        pages.ELEMENT_NOT_ACTION,
        _deny_not_action,
    ),
    Rule(
        "allow-not-action",
        "warning",
        STATEMENTS,
        "an Allow names what it allows",
        pages.ELEMENT_NOT_ACTION,
        _allow_not_action,
    ),
    Rule(
        "deny-not-resource",
        "warning",
        STATEMENTS,
        "a Deny with NotResource names no action that knows no resource",
        pages.ELEMENT_NOT_RESOURCE,
        _deny_not_resource,
    ),
    Rule(
        "allow-in-control-policy",
        "info",
        frozenset({"scp"}),
        "a service control policy denies; one that allows stands without FullAWSAccess",
        pages.CONTROL_EVALUATION,
        _allow_in_control_policy,
    ),
    Rule(
        "statement-without-sid",
        "info",
        CONTROL | PRINCIPALS,
        "each statement has a Sid",
        pages.ELEMENT_SID,
        _without_sid,
    ),
    Rule(
        "repeated-statement",
        "warning",
        STATEMENTS,
        "no statement says only what another one says",
        pages.GRAMMAR,
        _repeated,
    ),
    Rule(
        "resource-tag-on-create",
        "warning",
        STATEMENTS,
        "a create is judged by aws:RequestTag, not by the tags of what does not exist yet",
        pages.TAG_ACCESS,
        _tag_of_the_new,
    ),
    Rule(
        "fixed-partition",
        "info",
        STATEMENTS,
        "an ARN holds in every partition",
        pages.ARNS,
        _fixed_partition,
    ),
)
