"""Rules on statements that demand tags where a request cannot carry them, so that they always deny or never apply."""

from collections.abc import Iterable, Iterator, Mapping

from harness.policy.actions import Action
from harness.policy.lint import pages
from harness.policy.lint.model import STATEMENTS, Given, Lint, LintedPolicy, Placed, Rule, listed, quoted
from harness.policy.lint.reach import actions_in, covers_everything, has_key, may_apply, reaches
from harness.policy.lint.tag_conditions import denies_untagged, resource_tag, tells_of_request_tags, when_absent
from harness.policy.resource_types import ResourceUse
from harness.policy.statement import Statement
from harness.policy.truth import Truth

# Of what a call tags, what AWS's own example leaves out, since tools seldom tag it
# (docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_tagging.html).
_SPARED = {"ec2:RunInstances": ("network-interface",)}

_Touched = Mapping[Action, tuple[ResourceUse, ...]]


def _actions(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for path, statement in _denying(policy):
        if covers_everything(statement):
            element = "NotAction" if statement.not_actions else "Action"
            why = "it covers actions that take no tags, reading among them, and denies every one of them always"
            yield Lint(f"{path}.{element}", why, 'Do name the actions that create: "Action": ["ec2:RunInstances"]')
            continue
        bare = (action for action in actions_in(statement) if _is_bare(statement, action, None))
        names = [action.id for action in bare if may_apply(statement, action, None)]
        if names:
            why = f"no tags go with a request of {listed(names)}, so that each call is denied"
            yield Lint(f"{path}.Action", why, f"Do take out of this statement: {listed(names, 20)}")


def _required(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for path, statement in _denying(policy):
        touched = _touched(statement, required=True)
        if touched:
            why = f"{_pairs(touched)}; AWS judges each resource by itself, and that never has the tags: always denied"
            yield Lint(_place(path, statement), why, _repair(touched))


def _optional(policy: LintedPolicy, _: Given) -> Iterator[Lint]:
    for path, statement in _denying(policy):
        fatal = _touched(statement, required=True)
        touched = {action: uses for action, uses in _touched(statement, required=False).items() if action not in fatal}
        if touched:
            why = f"{_pairs(touched)}; a call that names such a resource is denied, whatever its tags"
            yield Lint(_place(path, statement), why, _repair(touched))


def _never_allowed(policy: LintedPolicy, given: Given) -> Iterator[Lint]:
    for path, statement in policy.statements:
        asked = [entry for entry in statement.condition if tells_of_request_tags(entry)]
        if statement.effect != "Allow" or not any(when_absent(entry) is Truth.NO for entry in asked):
            continue
        touched = {
            action: missing
            for action, uses in _touched(statement, required=True).items()
            if (missing := tuple(use for use in uses if not _allowed(action, use, given.beside(policy))))
        }
        if touched:
            why = f"{_pairs(touched)}; there the condition on tags never holds, and no other Allow covers it"
            arns = quoted(arn for uses in touched.values() for use in uses for arn in use.patterns())
            yield Lint(_place(path, statement), why, f'Do add an Allow without that condition: "Resource": [{arns}]')


def _denying(policy: LintedPolicy) -> Iterator[Placed]:
    """Yield the statements that demand tags of a request, whatever tags a resource has already."""
    for placed in policy.statements:
        if denies_untagged(placed.statement) and not any(resource_tag(e.key) for e in placed.statement.condition):
            yield placed


def _is_bare(statement: Statement, action: Action, use: ResourceUse | None) -> bool:
    """Tell whether a request has none of the keys by which a statement asks for its tags."""
    asked = [entry for entry in statement.condition if tells_of_request_tags(entry)]
    return not any(has_key(action, use, entry.key) for entry in asked)


def _touched(statement: Statement, *, required: bool) -> dict[Action, tuple[ResourceUse, ...]]:
    """Return per action that takes tags the types that it touches within the statement and that carry none."""
    found: dict[Action, tuple[ResourceUse, ...]] = {}
    for action in actions_in(statement):
        uses = tuple(
            use
            for use in action.resources
            if use.required is required
            and reaches(statement, use)
            and _is_bare(statement, action, use)
            and may_apply(statement, action, use)
        )
        if uses and not _is_bare(statement, action, None):
            found[action] = uses
    return found


def _allowed(action: Action, use: ResourceUse, statements: Iterable[Statement]) -> bool:
    """Tell whether some Allow covers a resource without asking for the request's tags."""
    return any(
        statement.effect == "Allow"
        and (covers_everything(statement) or action in actions_in(statement))
        and reaches(statement, use)
        and not any(tells_of_request_tags(entry) for entry in statement.condition)
        for statement in statements
    )


def _pairs(touched: _Touched) -> str:
    pairs = (f"{action.id} also touches {listed(use.type for use in uses)}" for action, uses in touched.items())
    return listed(pairs, 3)


def _place(path: str, statement: Statement) -> str:
    return f"{path}.NotResource" if statement.not_resources else f"{path}.Resource"


def _repair(touched: _Touched) -> str:
    parts = (f'for {action.id} "Resource": [{quoted(_arns(action))}]' for action in touched)
    own = ", each in a statement of its own" if len(touched) > 1 else ""
    return f"Do name the resources that carry the tags{own}: {listed(parts, 12)}"


def _arns(action: Action) -> Iterator[str]:
    """Yield the ARN patterns of what every call tags, else of all that it may tag."""
    uses = [use for use in action.tagged() if use.type not in _SPARED.get(action.id, ())]
    required = [use for use in uses if use.required]
    yield from (arn for use in required or uses for arn in use.patterns())


RULES = (
    Rule(
        "untaggable-action-denied",
        "error",
        STATEMENTS,
        "a Deny that demands tags names only actions that take tags with the request",
        pages.REFERENCE,
        _actions,
    ),
    Rule(
        "untagged-resource-denied",
        "error",
        STATEMENTS,
        "a Deny that demands tags covers no resource that every call touches and that does not carry them",
        pages.REFERENCE,
        _required,
    ),
    Rule(
        "untagged-resource-may-be-denied",
        "warning",
        STATEMENTS,
        "a Deny that demands tags covers no resource that a call may name and that does not carry them",
        pages.REFERENCE,
        _optional,
    ),
    Rule(
        "allow-misses-a-resource",
        "warning",
        frozenset({"scp", "identity"}),
        "an Allow that asks for tags has an Allow without that condition beside it for what does not carry them",
        pages.CREATE_TAGS,
        _never_allowed,
    ),
)
