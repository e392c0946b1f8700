"""Plan a repair: of the findings of an audit, the changes that something proves, and those that only an owner can tell.

Pure functions. A row for each key of a resource that is wrong, and one for each wrong spelling that goes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Final

from msgspec import structs

from harness.audit.model import AuditFinding, AuditResource
from harness.personal_data import masked
from harness.plan_check.keys import Keys
from harness.plan_check.rules import RANKS
from harness.repair.checking import KeysOf, value_fault
from harness.repair.model import Change, Held, Proof
from harness.repair.proofs import Surroundings, own_proofs, spellings

# Findings that a value mends; the others need a hand: a tag too many, a prohibited key, a source that was not read.
REPAIRED: Final = frozenset(
    {"missing-key", "key-case", "deprecated-key", "duplicate-key", "value-case", "wrong-value", "empty-value"}
    | {"value-pattern", "value-length", "value-characters", "personal-data", "lineage-cut"}
)
# Types that are not to be tagged by hand, with the reason.
# docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_TagResources.html: calls UpdateStack on stack sets.
BY_TEMPLATE: Final = {
    "AWS::CloudFormation::StackSet": "AWS updates the whole stack set with its tags: change them where it is deployed",
    "AWS::CloudFormation::Stack": "AWS updates the whole stack with its tags: change them where it is deployed",
}


def plan_changes(
    findings: Iterable[AuditFinding],
    resources: Mapping[str, AuditResource],
    around: Surroundings,
    keys_of: KeysOf,
    most_tags: int,
) -> tuple[list[Change], Counter[str]]:
    """Return the changes in the order of the findings, and how many findings by rule no change is of.

    `most_tags` is AWS's limit of tags on a resource. Raises: what `keys_of` raises.
    """
    changes: list[Change] = []
    left: Counter[str] = Counter()
    for (_, arn), some in groupby(findings, key=lambda one: (one.account, one.arn)):
        resource, by_key = resources.get(arn), _mendable(some, keys_of, left)
        if resource is None or resource.tags is None:
            left.update(one.rule for one in by_key.values())
            continue
        keys, room = keys_of(resource.account), most_tags - Held(resource.tags).count()
        for key, finding in by_key.items():
            some_changes = _changes(finding, key, resource, around, keys)
            if key not in resource.tags:
                needs = any(change.becomes for change in some_changes)
                if needs and room <= 0:
                    some_changes = [_full(change, most_tags) for change in some_changes]
                room -= needs
            changes += some_changes
    return changes, left


def _mendable(findings: Iterable[AuditFinding], keys_of: KeysOf, left: Counter[str]) -> dict[str, AuditFinding]:
    """Return the weightiest finding of each key of the dictionary; the others count as left."""
    found: dict[str, AuditFinding] = {}
    for one in findings:
        if one.verdict != "fail" or one.rule not in REPAIRED or one.key not in keys_of(one.account).rules:
            left[one.rule] += 1
        elif one.key not in found or _rank(one) < _rank(found[one.key]):
            found[one.key] = one
    return found


def _rank(finding: AuditFinding) -> int:
    return RANKS.get(finding.rule, len(RANKS))


def _changes(
    finding: AuditFinding, key: str, resource: AuditResource, around: Surroundings, keys: Keys
) -> list[Change]:
    tags = resource.tags or {}
    held, others = tags.get(key), spellings(keys, key, tags)
    is_right = held is not None and value_fault(keys, key, held) is None
    if is_right and not others:
        return []  # what lineage or a colleague's tool has mended since, or a finding of an unknown verdict's kin
    proofs = list(own_proofs(keys, key, tags))
    if not is_right:
        proofs += (proof for proof in around.proofs(resource, key))
    value, words = weigh(keys, key, proofs, is_absent=not held and not others)
    if why := BY_TEMPLATE.get(resource.type):
        value, words = "", f"{words}; {why}" if words else why
    shown = masked(held) if held and finding.rule == "personal-data" else held or ""
    base = Change(
        do=bool(value),
        account=resource.account,
        region=resource.region,
        type=resource.type,
        arn=resource.arn,
        key=key,
        now=shown,
        becomes=value,
        evidence=words,
        owner=finding.owner,
        rule=finding.rule,
    )
    own = [] if is_right or (held is None and others) else [base]
    return [*own, *(_renamed(base, one.key, one.value, finding) for one in others)]


def _renamed(base: Change, other: str, value: str, finding: AuditFinding) -> Change:
    shown = masked(value) if finding.rule == "personal-data" else value
    return structs.replace(base, now=shown, remove=other)


def weigh(keys: Keys, key: str, proofs: Iterable[Proof], *, is_absent: bool) -> tuple[str, str]:
    """Return the value that all proofs agree on, "" without one, and words that say what proves it or why nothing does.

    The dictionary's default counts where there is no other proof and no value either. Raises: nothing.
    """
    valid: list[Proof] = []
    words: list[str] = []
    for proof in proofs:
        if value_fault(keys, key, proof.value) is None:
            valid.append(proof)
        else:
            words.append(f"{proof.kind}: {proof.said}: {_shown(keys, key, proof.value)}, which is not allowed here")
    values = list(dict.fromkeys(proof.value for proof in valid))
    default = keys.rules[key].default
    if not values and is_absent and default is not None and value_fault(keys, key, default) is None:
        return default, "; ".join((*words, "default: the dictionary's value where none is given"))
    words = [*_words(valid, with_value=len(values) > 1), *words]
    if len(values) > 1:
        return "", f"proofs disagree: {'; '.join(words)}"
    return values[0] if values else "", "; ".join(words)


def _shown(keys: Keys, key: str, value: str) -> str:
    """Return a value as far as it may be shown: what is a person's data is made unreadable."""
    fault = value_fault(keys, key, value)
    return masked(value) if fault and fault.rule == "personal-data" else value


def _words(proofs: list[Proof], *, with_value: bool) -> Iterator[str]:
    for proof in proofs:
        yield f"{proof.kind}: {proof.said}{f': {proof.value}' if with_value else ''}"


def _full(change: Change, most_tags: int) -> Change:
    words = f"{change.evidence}; but it has {most_tags} tags, the most that AWS allows"
    return structs.replace(change, do=False, becomes="", evidence=words)
