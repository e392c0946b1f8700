"""Hold the rules of an audit: those of a check, and what only live accounts can show.

The order is the order of importance, as in harness/plan_check/rules.py.
"""

from collections.abc import Mapping
from typing import Final

from harness.plan_check.rules import RULES, Rule

AUDIT_RULES: Final[Mapping[str, Rule]] = {
    "lineage-cut": Rule(
        "A mandatory tag stops being inherited",
        "error",
        "What this comes from carries the tag and this does not, so its cost cannot be traced back. Do write the "
        "ancestor's value here, and propagate tags where this is made.",
    ),
    # docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html
    "key-not-activated": Rule(
        "A tag key is not activated for cost allocation",
        "error",
        "Resources carry the key and bills do not, and AWS fills in twelve months back at most. Do activate it in the "
        "payer account, best by applying the environment.",
    ),
    # docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/cost-alloc-tags.html: tags appear for usage from then on.
    "not-on-bill": Rule(
        "A tag of the resource is not on the bill",
        "warning",
        "The resource carries the tag, and the bill has its cost without it: tagged too late, or of a type whose tags "
        "AWS does not bill. Do compare the day of the tag with the days of the bill.",
    ),
    # docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html: 50 user created tags at most.
    "tag-count-near": Rule(
        "A resource has nearly as many tags as AWS allows",
        "warning",
        "Mandatory tags that are still to come may not fit. Do remove tags that nobody reads.",
    ),
    "tags-unread": Rule(
        "The tags of a resource could not be read",
        "warning",
        "Whether it carries its tags is unknown, which is not the same as untagged. Do allow the audit's role to read "
        "them, and run again.",
    ),
}
RULES_OF_AUDIT: Final[Mapping[str, Rule]] = {**RULES, **AUDIT_RULES}
RANKS_OF_AUDIT: Final[Mapping[str, int]] = {name: rank for rank, name in enumerate(RULES_OF_AUDIT)}
