"""Small seeds: one unit with two accounts, one account beside it, and policies as they are attached."""

import json
from collections.abc import Mapping
from typing import Any

from harness.emulator.seed_model import (
    Account,
    Organization,
    OrganizationalUnit,
    OrganizationPolicy,
    Seed,
    TaggedResources,
)

PAYER, ONE, TWO, LONE = "100000000000", "100000000001", "100000000002", "100000000003"
ROOT, UNIT = "r-root", "ou-root-aaaaaaaa"


def organization() -> Organization:
    places = {PAYER: ("payer", ""), ONE: ("one", "Unit"), TWO: ("two", "Unit"), LONE: ("lone", "")}
    return Organization(
        id="o-1234567890",
        root_id=ROOT,
        policy_types=("SERVICE_CONTROL_POLICY", "TAG_POLICY"),
        organizational_units=(OrganizationalUnit(id=UNIT, path="Unit"),),
        accounts=tuple(
            Account(id=each, name=name, email=f"{each}@example.com", parent=unit)
            for each, (name, unit) in places.items()
        ),
    )


def tag_policy(name: str, **tags: Mapping[str, Any]) -> OrganizationPolicy:
    """Return a tag policy; each key gets elements, whose values are assigned."""
    entries = {
        key: {"tag_key": {"@@assign": key}, **{element: {"@@assign": value} for element, value in elements.items()}}
        for key, elements in tags.items()
    }
    return OrganizationPolicy(id=f"p-{name:0<8}", name=name, type="TAG_POLICY", content=json.dumps({"tags": entries}))


def control_policy(name: str, action: str = "s3:*") -> OrganizationPolicy:
    statement = {"Effect": "Deny", "Action": action, "Resource": "*"}
    content = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return OrganizationPolicy(id=f"p-{name:0<8}", name=name, type="SERVICE_CONTROL_POLICY", content=content)


def seed(
    attachments: Mapping[str, tuple[OrganizationPolicy, ...]],
    *unattached: OrganizationPolicy,
    resources: tuple[TaggedResources, ...] = (),
) -> Seed:
    policies = {policy.id: policy for held in attachments.values() for policy in held}
    return Seed(
        version=1,
        organization=organization(),
        policies=(*policies.values(), *unattached),
        attachments={node: tuple(policy.id for policy in held) for node, held in attachments.items()},
        tagged_resources=resources,
    )
