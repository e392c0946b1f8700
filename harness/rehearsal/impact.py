"""Count the tagged resources that break the effective tag policies: what is there, judged by what will hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.emulator.seed_model import Seed, TaggedResources
from harness.impact.broken_tags import BrokenTag, Document, broken_tags
from harness.policy.compliance import violations
from harness.policy.provenance import EffectivePolicy


@dataclass(frozen=True, slots=True)
class AccountImpact:
    """Count an account's tagged resources, those that break its policy before and after, and those that are denied.

    `denied`: whoever sets the tags of such a resource anew, as they are, is denied. `broken` has each tag.
    """

    account: str
    resources: int
    before: int
    after: int
    denied: int
    broken: tuple[BrokenTag, ...]


def impact_by_account(
    seed: Seed, before: Mapping[str, EffectivePolicy], after: Mapping[str, EffectivePolicy]
) -> tuple[AccountImpact, ...]:
    """Return the impact on each account of which the seed lists resources, most broken ones first.

    `before` and `after` map account id to effective policy. Untagged resources break nothing, as on AWS.
    Raises: nothing.
    """
    groups: dict[str, list[TaggedResources]] = {}
    for group in seed.tagged_resources:
        groups.setdefault(seed.account_id(group.account), []).append(group)
    found = (_impact(one, held, _document(before, one), _document(after, one)) for one, held in groups.items())
    return tuple(sorted(found, key=lambda each: (-each.after, each.account)))


def _document(policies: Mapping[str, EffectivePolicy], account: str) -> Document:
    return policies[account].document() if account in policies else {"tags": {}}


def _impact(account: str, groups: Sequence[TaggedResources], now: Document, later: Document) -> AccountImpact:
    broken = tuple(found for group in groups for found in broken_tags(group.arns, account, group.tags, now, later))
    return AccountImpact(
        account=account,
        resources=sum(len(group.arns) for group in groups),
        before=sum(len(group.arns) for group in groups if violations(now, group.tags)),
        after=len({each.arn for each in broken}),
        denied=len({each.arn for each in broken if each.denied}),
        broken=broken,
    )
