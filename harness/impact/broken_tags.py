"""Judge the tags of resources that exist by the effective tag policies of now and of after."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harness.policy.arn import arn_type
from harness.policy.compliance import Violation, is_enforced, violations
from harness.policy.resource_types import type_names_of_arn

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BrokenTag:
    """Name a tag of a resource that breaks the policy of after.

    `denied`: whoever sets it anew, as it is, is denied. `is_new` and `is_newly_denied`: it was not so before.
    """

    arn: str
    account: str
    violation: Violation
    denied: bool
    is_new: bool
    is_newly_denied: bool

    def is_hit(self) -> bool:
        """Tell whether the change of policies makes this tag worse than it is. Raises: nothing."""
        return self.is_new or self.is_newly_denied


def broken_tags(
    arns: Iterable[str], account: str, tags: Mapping[str, str], now: Document, after: Document
) -> Iterator[BrokenTag]:
    """Yield what is wrong with the tags that resources of an account share, resource by resource.

    `now` and `after` are effective tag policies as AWS shows them. Untagged resources break nothing, as on AWS.
    Raises: nothing.
    """
    held = {(found.key, found.rule) for found in violations(now, tags)}
    wrong = violations(after, tags)
    entries_now, entries_after = _entries(now), _entries(after)
    for arn in arns:
        for found in wrong:
            is_new = (found.key, found.rule) not in held
            denied = _is_denied(entries_after, found, arn)
            was_denied = not is_new and _is_denied(entries_now, found, arn)
            yield BrokenTag(arn, account, found, denied, is_new, denied and not was_denied)


def _entries(policy: Document) -> Document:
    return {key.lower(): entry for key, entry in policy["tags"].items()}


def _is_denied(entries: Document, found: Violation, arn: str) -> bool:
    return is_enforced(entries[found.key.lower()], arn_type(arn).service, type_names_of_arn(arn))
