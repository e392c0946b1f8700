"""Read the organisation's tag policies and service control policies, with their very texts and their places."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from harness.emulator.seed_model import CONTROL_POLICY, FULL_ACCESS, TAG_POLICY, OrganizationPolicy, Unread
from harness.snapshot.unread import unread
from harness.state import Unreadable
from harness.state.reading import read, read_each

_WORDS = {TAG_POLICY: "tag policies", CONTROL_POLICY: "service control policies"}


@dataclass(frozen=True, slots=True)
class Policies:
    """Hold policies by type and name; `attachments` maps a node's id to its policies, as a seed has them."""

    policies: tuple[OrganizationPolicy, ...]
    attachments: Mapping[str, tuple[str, ...]]
    unread: tuple[Unread, ...]


@dataclass(frozen=True, slots=True)
class _Placed:
    policy: OrganizationPolicy
    targets: tuple[str, ...]


def read_all_policies(client: Any) -> Policies:
    """Return the policies of both types; what could not be read is named, and never taken for none.

    Order counts for tag policies of one node alone: the first attached wins. AWS documents no order of
    ListPoliciesForTarget (docs.aws.amazon.com/organizations/latest/APIReference/API_ListPoliciesForTarget.html); its
    answer is taken as it comes, and only asked for where a node has several.
    Raises: nothing of AWS's.
    """
    found: list[_Placed] = []
    gaps: list[Unread] = []
    for kind, words in _WORDS.items():
        listed = read(partial(_listed, client, kind))
        if isinstance(listed, Unreadable):
            gaps += unread(words, {"": listed})
            continue
        placed = read_each(partial(_placed, client, kind, listed), listed)
        failed = {listed[one]["Name"]: each for one, each in placed.items() if isinstance(each, Unreadable)}
        gaps += unread(words, failed)
        found += [each for each in placed.values() if isinstance(each, _Placed)]
    places = _places(found)
    several = [node for node, policies in places.items() if sum(one.policy.type == TAG_POLICY for one in policies) > 1]
    orders = read_each(partial(_order, client), several)
    gaps += unread("order of tag policies", {n: each for n, each in orders.items() if isinstance(each, Unreadable)})
    attachments = {node: _attached(policies, orders.get(node)) for node, policies in sorted(places.items())}
    return Policies(
        tuple(sorted((each.policy for each in found), key=lambda policy: (policy.type, policy.name, policy.id))),
        {node: policies for node, policies in attachments.items() if policies != (FULL_ACCESS,)},
        tuple(gaps),
    )


def _listed(client: Any, kind: str) -> dict[str, dict[str, Any]]:
    pages = client.get_paginator("list_policies").paginate(Filter=kind)
    return {summary["Id"]: summary for page in pages for summary in page["Policies"]}


def _placed(client: Any, kind: str, listed: Mapping[str, Mapping[str, Any]], policy_id: str) -> _Placed:
    summary = listed[policy_id]
    policy = OrganizationPolicy(
        id=policy_id,
        name=summary["Name"],
        type=kind,  # type: ignore[arg-type]  # one of _WORDS
        description=summary.get("Description") or "",
        content=client.describe_policy(PolicyId=policy_id)["Policy"]["Content"],
        aws_managed=bool(summary.get("AwsManaged", False)),
    )
    pages = client.get_paginator("list_targets_for_policy").paginate(PolicyId=policy_id)
    return _Placed(policy, tuple(target["TargetId"] for page in pages for target in page["Targets"]))


def _order(client: Any, node: str) -> tuple[str, ...]:
    pages = client.get_paginator("list_policies_for_target").paginate(TargetId=node, Filter=TAG_POLICY)
    return tuple(summary["Id"] for page in pages for summary in page["Policies"])


def _places(found: Iterable[_Placed]) -> dict[str, list[_Placed]]:
    places: dict[str, list[_Placed]] = {}
    for each in found:
        for target in each.targets:
            places.setdefault(target, []).append(each)
    return places


def _attached(policies: Iterable[_Placed], order: tuple[str, ...] | Unreadable | None) -> tuple[str, ...]:
    """Return a node's policies, tag policies first; in the order of their ids where no other is known or counts."""
    known = order if isinstance(order, tuple) else ()
    ranks = {identity: rank for rank, identity in enumerate(known)}
    types = {each.policy.id: each.policy.type for each in policies}
    ordered = sorted(types, key=lambda one: (types[one] != TAG_POLICY, ranks.get(one, len(ranks)), one))
    return tuple(ordered)
