"""Work out the effective tag policy of each account from the policies that a seed holds."""

import json
from collections.abc import Iterator, Mapping

from harness.emulator.seed_model import TAG_POLICY, Seed
from harness.organization import ROOT
from harness.policy.attachment import AttachedPolicy, Node
from harness.policy.conflicts import attachment_conflicts
from harness.policy.provenance import EffectivePolicy
from harness.policy.tree import TreeNode, effective_policies
from harness.rehearsal.places import Places


def account_policies(seed: Seed) -> Mapping[str, EffectivePolicy]:
    """Return account id -> effective tag policy, for every account. Raises: nothing for a loaded seed."""
    return {node.id: policy for node, policy in effective_policies(_tree(seed))}


def order_doubts(seed: Seed) -> tuple[str, ...]:
    """Return where the order of attachment decides, of which AWS documents no list (snapshot/policies.py).

    Raises: nothing.
    """
    places, doubts = Places(seed.organization), []
    for each in _tree(seed):
        for conflict in attachment_conflicts(each.node.policies):
            what = f"{conflict.element} of {conflict.key} at {places.node(each.node.id)}"
            doubts.append(f'{what}: "{conflict.first.name}" was attached before "{conflict.second.name}"')
    return tuple(doubts)


def _tree(seed: Seed) -> Iterator[TreeNode]:
    organization = seed.organization
    held: Mapping[str, AttachedPolicy] = {}
    if TAG_POLICY in organization.policy_types:
        held = {
            policy.id: AttachedPolicy(policy.id, policy.name, json.loads(policy.content))
            for policy in seed.policies
            if policy.type == TAG_POLICY
        }

    def node(identity: str, name: str) -> Node:
        attached = seed.attachments.get(identity, ())
        return Node(identity, name, tuple(held[policy] for policy in attached if policy in held))

    yield TreeNode(node(organization.root_id, ROOT), None)
    ids = {"": organization.root_id, **{unit.path: unit.id for unit in organization.organizational_units}}
    for unit in organization.organizational_units:
        yield TreeNode(node(unit.id, unit.path), ids[unit.parent])
    for account in organization.accounts:
        yield TreeNode(node(account.id, account.name), ids[account.parent], is_account=True)
