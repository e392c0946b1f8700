"""Find what a plan takes away from policies of AWS Organizations: their types, policies, and attachments."""

from collections.abc import Iterator, Mapping, Sequence

from harness.plan_check.model import UNKNOWN
from harness.plan_check.weakening.control_policies import control_policy_weakenings
from harness.plan_check.weakening.model import Change, Known, Weakening, items, texts, weakening
from harness.plan_check.weakening.moves import move_weakenings
from harness.plan_check.weakening.placement import (
    ACCOUNT,
    ATTACHMENT,
    POLICY,
    RESOURCE,
    SERVICE,
    TAG,
    UNIT,
    Placements,
    place,
)
from harness.plan_check.weakening.tag_policies import tag_policy_weakenings

ORGANIZATION = "aws_organizations_organization"
TYPES = frozenset({POLICY, ATTACHMENT, UNIT, ACCOUNT, ORGANIZATION})

# Without trusted access of these, an organisation's tag policies report nothing and its Config rules go nowhere.
_SERVICES = frozenset(
    {
        "tagpolicies.tag.amazonaws.com",
        "config.amazonaws.com",
        "config-multiaccountsetup.amazonaws.com",
    }
)


def organization_weakenings(by_type: Mapping[str, Sequence[Change]], known: Known) -> Iterator[Weakening]:
    """Yield what the policies of an organisation lose. Raises: nothing."""
    for change in by_type.get(ORGANIZATION, ()):
        yield from _types(change)
    placements = place(by_type, known)
    yield from move_weakenings(placements)
    yield from _foreign(placements)
    yield from tag_policy_weakenings(placements)
    for kind in (SERVICE, RESOURCE):
        yield from control_policy_weakenings(placements, kind)


def _types(change: Change) -> Iterator[Weakening]:
    """Yield the policy types that are switched off, and the services that lose their access."""
    for name, watched in (
        ("enabled_policy_types", {TAG, SERVICE, RESOURCE}),
        ("aws_service_access_principals", _SERVICES),
    ):
        held, will = texts(change.held(name)) & watched, change.will(name)
        if will is UNKNOWN:
            if held:
                what = f"{name} of the organisation changes"
                why = f"{name} is known only after apply"
                yield weakening(change, "policy-weakened", what, path=name, because=why)
            continue
        for lost in sorted(held - {str(each) for each in items(will)}):
            what = f"{name} of the organisation loses {lost}"
            yield weakening(change, "policy-weakened", what, path=name, key=lost, wanted=(lost,))


def _foreign(placements: Placements) -> Iterator[Weakening]:
    """Yield policies that the plan detaches without holding them, but where a node above has the very same."""
    for target, placed in placements.before.items():
        still = [each for at in (target, *placements.above(target)) for each in placements.after.get(at, ())]
        for each in placed:
            if each.content is None and not any(map(each.is_same, still)):
                unknown = next((why for kind in (TAG, SERVICE) if (why := placements.elsewhere(kind))), "")
                yield weakening(
                    each.change,
                    "policy-weakened",
                    f"policy {each.id} is detached from {target}",
                    where=target,
                    path="target_id",
                    key=each.id,
                    wanted=(target,),
                    because=unknown,
                )
