"""Tell which service control policies are new, changed or gone at which node."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from harness.emulator.seed_model import CONTROL_POLICY, FULL_ACCESS, OrganizationPolicy, Seed

Kind = Literal["new", "attached", "changed", "detached", "gone"]


@dataclass(frozen=True, slots=True)
class ControlChange:
    """Hold a policy's change at a node (its id, empty for a policy that is attached nowhere).

    `attached` and `detached` are said of policies that are there before and after, `new` and `gone` of others.
    """

    target: str
    policy: str
    kind: Kind


def control_policy_changes(before: Seed, after: Seed) -> tuple[ControlChange, ...]:
    """Return what differs, by node and policy; policies are the same when their ids are. Raises: nothing."""
    return tuple(sorted(_changes(before, after), key=lambda change: (change.target, change.policy, change.kind)))


def _changes(before: Seed, after: Seed) -> Iterator[ControlChange]:
    old, new = _policies(before), _policies(after)
    was, now = _places(before), _places(after)
    nowhere = frozenset({""})
    for one in old.keys() | new.keys():
        held, had = now.get(one, frozenset()), was.get(one, frozenset())
        name = (new.get(one) or old[one]).name
        if one not in old:
            yield from (ControlChange(node, name, "new") for node in held or nowhere)
        elif one not in new:
            yield from (ControlChange(node, name, "gone") for node in had or nowhere)
        else:
            yield from (ControlChange(node, name, "attached") for node in held - had)
            yield from (ControlChange(node, name, "detached") for node in had - held)
            if json.loads(old[one].content) != json.loads(new[one].content):
                yield from (ControlChange(node, name, "changed") for node in held & had or nowhere)


def _policies(seed: Seed) -> Mapping[str, OrganizationPolicy]:
    """Return id -> policy, but for AWS's own: it never changes, and seeds may leave it unsaid."""
    return {each.id: each for each in seed.policies if each.type == CONTROL_POLICY and each.id != FULL_ACCESS}


def _places(seed: Seed) -> Mapping[str, frozenset[str]]:
    """Return policy id -> ids of its nodes."""
    places: dict[str, set[str]] = {}
    for node, policies in seed.attachments.items():
        for policy in policies:
            places.setdefault(policy, set()).add(node)
    return {policy: frozenset(nodes) for policy, nodes in places.items()}
