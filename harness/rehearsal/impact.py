"""Count the tagged resources that break the effective tag policies: what is there, judged by what will hold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harness.emulator.seed_model import Seed
from harness.policy.arn import arn_type
from harness.policy.compliance import Violation, is_enforced, violations
from harness.policy.provenance import EffectivePolicy
from harness.policy.resource_types import type_names_of_arn

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BrokenTag:
    """Name a tag of a resource that breaks the policy of its account; `denied` where the policy enforces it there."""

    arn: str
    account: str
    violation: Violation
    denied: bool
    is_new: bool


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
    totals: dict[str, int] = {}
    was: dict[str, int] = {}
    broken: dict[str, list[BrokenTag]] = {}
    documents = {
        account: (_document(before, account), _document(after, account))
        for account in {seed.account_id(group.account) for group in seed.tagged_resources}
    }
    for group in seed.tagged_resources:
        account = seed.account_id(group.account)
        old, new = documents[account]
        held = violations(old, group.tags)
        totals[account] = totals.get(account, 0) + len(group.arns)
        was[account] = was.get(account, 0) + (len(group.arns) if held else 0)
        wrong = violations(new, group.tags)
        for arn in group.arns:
            broken.setdefault(account, []).extend(_broken(arn, account, wrong, held, new))
    found = (_impact(one, count, was[one], tuple(broken.get(one, ()))) for one, count in totals.items())
    return tuple(sorted(found, key=lambda each: (-each.after, each.account)))


def _document(policies: Mapping[str, EffectivePolicy], account: str) -> Document:
    return policies[account].document() if account in policies else {"tags": {}}


def _broken(
    arn: str, account: str, wrong: tuple[Violation, ...], held: tuple[Violation, ...], policy: Document
) -> Iterator[BrokenTag]:
    entries = {key.lower(): entry for key, entry in policy["tags"].items()}
    known = {(one.key, one.rule) for one in held}
    for violation in wrong:
        denied = is_enforced(entries[violation.key.lower()], arn_type(arn).service, type_names_of_arn(arn))
        yield BrokenTag(arn, account, violation, denied, (violation.key, violation.rule) not in known)


def _impact(account: str, resources: int, before: int, broken: tuple[BrokenTag, ...]) -> AccountImpact:
    after = len({each.arn for each in broken})
    denied = len({each.arn for each in broken if each.denied})
    return AccountImpact(account, resources, before, after, denied, broken)
