"""Judge an access by the policies that bind it: who decided, by which statement, for which conditions.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html. Each level must allow the access: the
nodes of the organization from the root to the account
(docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html), the policies of the
identity, its permissions boundary. A Deny at any of them denies it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from harness.policy.conditions import JudgedEntry, judge_entry
from harness.policy.context import Context, Unknown
from harness.policy.patterns import like, open_resource_matches, resource_matches, resource_tokens, tokens_of
from harness.policy.statement import Document, Statement
from harness.policy.truth import Truth, every, some, told

Verdict = Literal["allowed", "denied", "unknown"]
Layer = Literal["service control policy", "resource control policy", "identity-based policy", "permissions boundary"]


@dataclass(frozen=True, slots=True)
class Policy:
    """Hold a policy's id, name and document."""

    id: str
    name: str
    document: Document


@dataclass(frozen=True, slots=True)
class Level:
    """Hold policies of which one must allow; `name` is the node's id, or the identity's ARN."""

    layer: Layer
    name: str
    policies: tuple[Policy, ...]


@dataclass(frozen=True, slots=True)
class Access:
    """Describe one action on one resource (`*` where the action knows none), with the request's condition keys.

    With `is_open` a `*` in the ARN stands for what is not known of it, else for itself: IAM sees it where there is no
    name yet.
    """

    action: str
    arn: str
    context: Context
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Applied:
    """Say whether a statement applies to an access; `reasons` say why that is unknown."""

    truth: Truth
    conditions: tuple[JudgedEntry, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """Say what becomes of an access, and by whom.

    `policy` with `index` (from 0) and `sid` of the statement is what denies or allows it, or what may; `conditions` are
    that statement's entries that match. Where a level allows nothing, `policy` is None. `reasons` name what is unknown,
    and `doubts` all statements, each with its level, on which an unknown verdict rests.
    """

    verdict: Verdict
    level: Level | None = None
    policy: Policy | None = None
    index: int = -1
    sid: str = ""
    conditions: tuple[JudgedEntry, ...] = ()
    reasons: tuple[str, ...] = ()
    doubts: tuple[tuple[str, Statement], ...] = ()

    @property
    def explicit(self) -> bool:
        """Tell whether a Deny statement denies, not the lack of an Allow."""
        return self.verdict == "denied" and self.policy is not None


@dataclass(frozen=True, slots=True)
class Judgement:
    """Hold the decision for each access of one call, in their order; every touched resource must pass."""

    decisions: tuple[tuple[Access, Decision], ...]

    @property
    def overall(self) -> Decision:
        """Return the first decision that is denied, else the first unknown one, else the first; unknown of none."""
        verdicts: tuple[Verdict, ...] = ("denied", "unknown", "allowed")
        return next(
            (decision for verdict in verdicts for _, decision in self.decisions if decision.verdict == verdict),
            Decision("unknown", reasons=("no access was judged",)),
        )


def judge_all(levels: Sequence[Level], accesses: Sequence[Access]) -> Judgement:
    """Return the decision for every resource that one call touches. Raises: nothing."""
    return Judgement(tuple((access, judge(levels, access)) for access in accesses))


def judge(levels: Sequence[Level], access: Access) -> Decision:
    """Return what becomes of an access under levels, of which every one must allow it.

    A Deny that surely applies and a level that surely allows nothing settle it; else anything unknown makes it unknown.
    Raises: nothing.
    """
    judged = [(level, tuple(_judged(level, access))) for level in levels]
    denies = [each for _, found in judged for each in found if each.statement.effect == "Deny"]
    refused = _first(denies, Truth.YES)
    if refused:
        return refused.decision("denied")
    doubts, allowed = denies, Decision("allowed")
    for level, found in judged:
        allows = [each for each in found if each.statement.effect == "Allow"]
        granted = _first(allows, Truth.YES)
        if granted:
            allowed = granted.decision("allowed")
        elif _first(allows, Truth.UNKNOWN):
            doubts = [*doubts, *allows]
        else:
            return Decision("denied", level)
    doubtful = [each for each in doubts if each.applied.truth is Truth.UNKNOWN]
    if not doubtful:
        return allowed
    return replace(doubtful[0].decision("unknown"), doubts=tuple((one.level.name, one.statement) for one in doubtful))


def applies(statement: Statement, access: Access, *, variables: bool) -> Applied:
    """Return whether a statement's actions, resources and conditions cover an access, its principals aside.

    Raises: nothing.
    """
    covered = [_covers_action(statement, access.action)]
    reasons: list[str] = []
    if covered[0] is Truth.YES:
        resource = _covers_resource(statement, access, variables=variables)
        covered.append(resource.truth)
        reasons += resource.reasons
    if Truth.NO in covered:
        return Applied(Truth.NO)
    entries: list[JudgedEntry] = []
    for entry in statement.condition:
        entries.append(judge_entry(entry, access.context, variables=variables))
        if entries[-1].truth is Truth.NO:  # a value may be costly to look up
            return Applied(Truth.NO)
    reasons += [entry.reason for entry in entries if entry.reason]
    truth = every([*covered, *(entry.truth for entry in entries)])
    matched = tuple(entry for entry in entries if entry.truth is Truth.YES)
    return Applied(truth, matched, tuple(dict.fromkeys(reasons)) if truth is Truth.UNKNOWN else ())


def _covers_action(statement: Statement, action: str) -> Truth:
    """Tell whether Action or NotAction covers an action; case does not matter. Raises: nothing."""
    return told(_is_named(statement.actions or statement.not_actions, action.lower()) == bool(statement.actions))


@lru_cache(maxsize=16384)
def _is_named(patterns: tuple[str, ...], action: str) -> bool:
    """Tell whether one of the patterns matches an action; statements repeat the same long lists."""
    return any(like(pattern.lower(), action) for pattern in patterns)


def _covers_resource(statement: Statement, access: Access, *, variables: bool) -> Applied:
    """Tell whether Resource or NotResource covers an ARN, with its case; a statement with neither covers all."""
    patterns = statement.resources or statement.not_resources
    if not patterns:
        return Applied(Truth.YES)
    truths: list[Truth] = []
    reasons: list[str] = []
    for pattern in patterns:
        tokens = resource_tokens(pattern, access.context) if variables else tokens_of(pattern)
        if isinstance(tokens, Unknown):
            truths.append(Truth.UNKNOWN)
            reasons.append(tokens.reason)
        elif tokens is None:  # a variable without a value makes a pattern that matches no resource
            truths.append(Truth.NO)
        elif access.is_open:
            truths.append(open_resource_matches(tokens, access.arn))
        else:
            truths.append(told(resource_matches(tokens, access.arn)))
    truth = some(truths)
    if truth is Truth.UNKNOWN and not reasons:
        reasons.append(f"which resource {access.arn} is")
    return Applied(truth if statement.resources else truth.negated(), (), tuple(reasons))


@dataclass(frozen=True, slots=True)
class _Judged:
    """Hold a statement, where it stands, and whether it applies."""

    level: Level
    policy: Policy
    index: int
    statement: Statement
    applied: Applied

    def decision(self, verdict: Verdict) -> Decision:
        """Return the decision that rests on this statement."""
        where = (self.level, self.policy, self.index, self.statement.sid)
        return Decision(verdict, *where, self.applied.conditions, self.applied.reasons)


def _judged(level: Level, access: Access) -> Iterator[_Judged]:
    for policy in level.policies:
        for index, statement in enumerate(policy.document.statements):
            applied = applies(statement, access, variables=policy.document.has_variables)
            yield _Judged(level, policy, index, statement, applied)


def _first(judged: Sequence[_Judged], truth: Truth) -> _Judged | None:
    return next((each for each in judged if each.applied.truth is truth), None)
