"""Put together what a rehearsal tells: differences, impact, and what nobody knows."""

import datetime
from dataclasses import dataclass

from harness.emulator.seed_model import NOT_ASKED, Seed, Unread
from harness.finding import Finding
from harness.rehearsal.changes import ChangeRow, tag_policy_changes
from harness.rehearsal.control_policies import ControlChange, control_policy_changes
from harness.rehearsal.effective import account_policies, order_doubts
from harness.rehearsal.impact import AccountImpact, impact_by_account
from harness.rehearsal.places import Places
from harness.targets.refusals import repair_of_word

PLANE = "snapshot"
_ROLE = "sts:AssumeRole of the role, and there"
_READS = {
    "tagged resources": f"{_ROLE} tag:GetResources,",
    "Config recorders": f"{_ROLE} config:DescribeConfigurationRecorderStatus and config:DescribeDeliveryChannels,",
    "cost allocation tags": "ce:ListCostAllocationTags",
}


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Hold what an apply changes: effective tag policies, control policies, and what it means for what is there.

    `taken` is the day of the snapshot; `assumed_recorders` counts accounts whose AWS Config nobody has looked at.
    """

    places: Places
    taken: datetime.date | None
    tag_policies: tuple[ChangeRow, ...]
    control_policies: tuple[ControlChange, ...]
    impact: tuple[AccountImpact, ...]
    order_doubts: tuple[str, ...]
    unread: tuple[Unread, ...]
    assumed_recorders: int


def compare_seeds(before: Seed, after: Seed) -> Rehearsal:
    """Return what differs between a snapshot, `before`, and the same after an apply. Raises: nothing."""
    old, new = account_policies(before), account_policies(after)
    assumed = {name for each in before.config_recorders if each.assumed for name in each.accounts or ()}
    return Rehearsal(
        places=Places(before.organization),
        taken=before.taken,
        tag_policies=tag_policy_changes(old, new),
        control_policies=control_policy_changes(before, after),
        impact=impact_by_account(before, old, new),
        order_doubts=order_doubts(before),
        unread=before.unreadable,
        assumed_recorders=len(assumed),
    )


def unread_findings(seed: Seed) -> tuple[Finding, ...]:
    """Return an unknown finding for each part that AWS did not let the snapshot read; what nobody asked for is none.

    Raises: nothing.
    """
    return tuple(
        Finding(
            PLANE,
            ", ".join(entry.of) or "organisation",
            entry.part,
            "unknown",
            entry.reason,
            "readable state",
            repair_of_word(entry.code, _READS.get(entry.part, "organizations:Describe* and organizations:List*")),
        )
        for entry in seed.unreadable
        if entry.code != NOT_ASKED
    )
