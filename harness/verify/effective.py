"""Compare each account's effective tag policy with what its policies imply, and find the foreign policy at fault."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.documents import TagPolicyDocument, target_id
from harness.finding import Finding
from harness.organization import Account, Organization, ancestors
from harness.packing import canonical_json
from harness.policy.effective import effective_tag_policy
from harness.policy.tag_policy import CONTROL
from harness.state import LivePolicy, Unreadable
from harness.verify.unreadable import is_about_the_target, unknown

PLANE = "tag policy"
EFFECTIVE = "effective policy"
Effective = Mapping[str, Mapping[str, Any] | Unreadable]


@dataclass(frozen=True, slots=True)
class Causes:
    """Hold what can be at fault above an account: subjects of findings by node, and the foreign policies."""

    broken: Mapping[str, str]
    foreign: Sequence[LivePolicy]

    def of(self, nodes: Sequence[str], key: str) -> str:
        """Return the subject that explains a difference of `key` below `nodes`, empty where none does.

        Raises: nothing.
        """
        own = (self.broken[node] for node in nodes if node in self.broken)
        others = (policy.name for policy in self.foreign if _touches(policy, key) and policy.targets & {*nodes})
        return next(own, next(others, ""))


def effective_findings(
    documents: Mapping[str, TagPolicyDocument], organization: Organization, effective: Effective, causes: Causes
) -> Iterator[Finding]:
    """Yield one finding for each account, or one for each cause of what differs there. Raises: nothing."""
    by_node: dict[str, list[Mapping[str, Any]]] = {}
    for document in documents.values():
        by_node.setdefault(target_id(document.target, organization), []).append(document.content)
    for account in organization.accounts:
        held = effective[account.id]
        where = f"{account.name} ({account.id})"
        if isinstance(held, Unreadable) and account.status in ("SUSPENDED", "CLOSED") and is_about_the_target(held):
            text = f"{account.status.lower()}, and not readable: {held.reason}"
            yield Finding(EFFECTIVE, where, "all", "pass", text, "nothing, since nobody can act in the account")
        elif isinstance(held, Unreadable):
            yield unknown(EFFECTIVE, where, "all", held, "organizations:DescribeEffectivePolicy")
        else:
            nodes = _path(account, organization)
            wanted = effective_tag_policy([by_node.get(node, []) for node in nodes])
            yield from _account(where, wanted, held, nodes, causes)


def foreign_findings(
    foreign: Sequence[LivePolicy], effective: Sequence[Finding], names: Mapping[str, str]
) -> Iterator[Finding]:
    """Yield a finding for each foreign policy that `effective` findings follow from; `names` maps node id to name.

    A foreign policy on keys that the dictionary does not have is nobody's fault. Raises: nothing.
    """
    for policy in foreign:
        following = [finding for finding in effective if finding.follows_from == policy.name]
        if not following:
            continue
        where = ", ".join(sorted(names.get(node, node) for node in policy.targets))
        keys = sorted({key for finding in following for key in finding.subject.split(", ")})
        held = f"policy {policy.id}, not tagrail's, changes {', '.join(keys)} (accounts: {len(following)})"
        must = "no other tag policy on keys of the dictionary"
        command = f"aws organizations detach-policy --policy-id {policy.id} --target-id"
        commands = " and ".join(f"{command} {node}" for node in sorted(policy.targets))
        repair = f"Do run {commands}, or take the keys out of it, or rename them there"
        yield Finding(PLANE, where, policy.name, "fail", held, must, repair)


def _touches(policy: LivePolicy, key: str) -> bool:
    """Tell whether the policy names the key, or limits what policies below it may say of any key."""
    tags = policy.content.get("tags", {})
    names = {name.lower() for name in (tags if isinstance(tags, Mapping) else ())}
    return bool({key.lower(), CONTROL} & names)


def _path(account: Account, organization: Organization) -> list[str]:
    """Return the ids of the nodes from the root to the account."""
    units = [*reversed(ancestors(account.unit)), account.unit] if account.unit else []
    # A unit's name may hold a slash: then what stands before it is no unit.
    ids = (organization.units[unit] for unit in units if unit in organization.units)
    return [organization.root_id, *ids, account.id]


def _account(
    where: str, wanted: Mapping[str, Any], held: Mapping[str, Any], nodes: Sequence[str], causes: Causes
) -> Iterator[Finding]:
    """Yield the keys that differ, together where they have the same cause."""
    wanted_tags, held_tags = wanted.get("tags", {}), held.get("tags", {})
    differing = [key for key in sorted(wanted_tags) if _sets(wanted_tags[key]) != _sets(held_tags.get(key))]
    if not differing:
        yield Finding(EFFECTIVE, where, f"{len(wanted_tags)} keys", "pass", "as implied", "as implied")
    by_cause: dict[str, list[str]] = {}
    for key in differing:
        by_cause.setdefault(causes.of(nodes, key), []).append(key)
    for cause, keys in by_cause.items():
        held_text, wanted_text = (
            canonical_json({key: tags.get(key, "nothing") for key in keys}) for tags in (held_tags, wanted_tags)
        )
        lag = "Do verify again in some minutes, since AWS spreads changes late; then ask AWS's support"
        repair = f"Do repair the tag policy {cause} first" if cause else lag
        yield Finding(EFFECTIVE, where, ", ".join(keys), "fail", held_text, wanted_text, repair, cause)


def _sets(entry: Mapping[str, Any] | None) -> object:
    """Return an entry with its lists as sets: their order means nothing, and no types are as good as none named."""
    if entry is None:
        return None
    kept = {name: value for name, value in entry.items() if value != [] or name == "tag_value"}
    return {name: frozenset(value) if isinstance(value, list) else value for name, value in kept.items()}
