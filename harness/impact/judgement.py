"""Judge create calls and resources by the rules of now and of after: what passes now and would not any more."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from harness.documents import partition_of
from harness.impact.broken_tags import BrokenTag, broken_tags
from harness.impact.cloudtrail import CreateCall
from harness.policy.evaluation import Verdict
from harness.policy.request import Request
from harness.policy.simulation import Rules, Simulation, simulate

RulesOf = Callable[[str], Rules | None]


@dataclass(frozen=True, slots=True)
class TaggedResource:
    """Hold a resource that exists: ARN, account and tags."""

    arn: str
    account_id: str
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HitCall:
    """Hold a call that passes now and would be denied, or for which that cannot be told."""

    call: CreateCall
    verdict: Verdict
    simulation: Simulation


@dataclass(frozen=True, slots=True)
class HitResource:
    """Hold a resource whose tags the policies of after judge worse than those of now, and each such tag."""

    resource: TaggedResource
    tags: tuple[BrokenTag, ...]

    def is_denied(self) -> bool:
        """Tell whether setting its tags anew, as they are, would be denied and is not now. Raises: nothing."""
        return any(tag.is_newly_denied for tag in self.tags)


@dataclass(frozen=True, slots=True)
class Impact:
    """Hold whom a change hits.

    `judged_calls` and `judged_resources` count what was looked at, `strangers` calls of accounts that are unknown.
    """

    calls: tuple[HitCall, ...]
    resources: tuple[HitResource, ...]
    judged_calls: int
    judged_resources: int
    strangers: int

    def number(self) -> int:
        """Return how many calls and resources are hit: what decides whether to enforce. Unknown counts as hit."""
        return len(self.calls) + len(self.resources)

    def by_account(self) -> Mapping[str, int]:
        """Return account id -> hits, the most first."""
        ids = [*(hit.call.account_id for hit in self.calls), *(hit.resource.account_id for hit in self.resources)]
        return dict(sorted(Counter(ids).items(), key=lambda item: (-item[1], item[0])))


def judge_impact(
    calls: Iterable[CreateCall], resources: Iterable[TaggedResource], now: RulesOf, after: RulesOf
) -> Impact:
    """Return what the rules `after` hit and those of `now` do not; both give the rules of an account id.

    A resource is hit by a rule that is new, and by one that only reports now and denies after.

    Raises: PolicyError, TagPolicyError for a policy that cannot be read.
    """
    hit_calls: list[HitCall] = []
    hit_resources: list[HitResource] = []
    counts: Counter[str] = Counter()
    verdicts: dict[tuple[object, ...], tuple[Verdict, Simulation]] = {}
    for call in calls:
        before, later = now(call.account_id), after(call.account_id)
        if before is None or later is None:
            counts["strangers"] += 1
            continue
        counts["calls"] += 1
        key = _key(call)
        if key not in verdicts:  # pipelines make the same call over and over
            verdicts[key] = _compare(_request(call), before, later)
        verdict, simulation = verdicts[key]
        if verdict != "allowed":
            hit_calls.append(HitCall(call, verdict, simulation))
    for resource in resources:
        before, later = now(resource.account_id), after(resource.account_id)
        if before is None or later is None:
            counts["strangers"] += 1
            continue
        counts["resources"] += 1
        if worse := _worse(resource, before, later):
            hit_resources.append(HitResource(resource, worse))
    return Impact(tuple(hit_calls), tuple(hit_resources), counts["calls"], counts["resources"], counts["strangers"])


def _compare(request: Request, before: Rules, later: Rules) -> tuple[Verdict, Simulation]:
    """Return what becomes of a request that is not denied already, nor as doubtful now as after."""
    after = simulate(request, later)
    if after.verdict == "allowed":
        return "allowed", after
    now = simulate(request, before)
    same = after.verdict == now.verdict == "unknown" and _doubts(after) == _doubts(now)
    return ("allowed" if now.verdict == "denied" or same else after.verdict), after


def _doubts(found: Simulation) -> frozenset[tuple[object, ...]]:
    """Return all that an unknown verdict rests on: where two have the same, one is denied if the other is."""
    doubts: set[tuple[object, ...]] = set()
    for reason in found.reasons:
        rests_on = reason.decision.doubts if reason.decision else (reason.text,)
        doubts |= {(reason.resource, each) for each in rests_on}
    return frozenset(doubts)


def _worse(resource: TaggedResource, before: Rules, later: Rules) -> tuple[BrokenTag, ...]:
    tags = broken_tags((resource.arn,), resource.account_id, resource.tags, before.tag_document, later.tag_document)
    return tuple(tag for tag in tags if tag.is_hit())


def _request(call: CreateCall) -> Request:
    return Request(
        action=call.action,
        account_id=call.account_id,
        region=call.region,
        partition=partition_of(call.region),
        principal_arn=call.principal_arn,
        tags=call.tags.everywhere,
        tags_by_type=call.tags.by_type,
    )


def _key(call: CreateCall) -> tuple[object, ...]:
    by_type = tuple(sorted((kind, tuple(sorted(tags.items()))) for kind, tags in call.tags.by_type.items()))
    everywhere = tuple(sorted(call.tags.everywhere.items()))
    return call.action, call.account_id, call.region, call.principal_arn, everywhere, by_type
