"""Measure the effective tag policies, with provenance, of a large organisation: `make bench-effective`."""

import argparse
import json
import os
import platform
import resource
import sys
import time
from collections.abc import Mapping

from harness.policy.attachment import AttachedPolicy, Node
from harness.policy.tree import TreeNode, effective_policies
from tests.bench.organization import Organization, generate


def read_policies(organization: Organization) -> dict[str, AttachedPolicy]:
    """Parse, check and read each policy, once."""
    return {
        identity: AttachedPolicy(identity, f"policy {identity}", json.loads(text))
        for identity, text in organization.policies.items()
    }


def tree(organization: Organization, policies: Mapping[str, AttachedPolicy]) -> list[TreeNode]:
    """Return the organisation as the engine takes it."""
    return [
        TreeNode(
            Node(place.id, place.id, tuple(policies[identity] for identity in place.policies)),
            place.parent,
            is_account=place.id.isdigit(),
        )
        for place in organization.places
    ]


def peak_mebibytes() -> float:
    """Return the most memory that this process has held so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def main() -> None:
    """Measure and print seconds and MiB; what every account gets is walked through, value by value."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=2_000)
    parser.add_argument("--accounts", type=int, default=10_000)
    parser.add_argument("--policies", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    organization = generate(arguments.units, arguments.accounts, arguments.policies, arguments.seed)
    show(organization)
    before = peak_mebibytes()
    began = time.perf_counter()
    policies = read_policies(organization)
    read = time.perf_counter()
    accounts = values = ignored = 0
    for _, policy in effective_policies(tree(organization, policies)):
        accounts += 1
        values += sum(len(element.values) for elements in policy.keys.values() for element in elements.values())
        ignored += len(policy.ignored)
    ended = time.perf_counter()
    print(f"all accounts together: {values} values with their origins, {ignored} ignored operators\n")
    print(f"read policies     {read - began:6.2f} s")
    print(f"{accounts:6} accounts   {ended - read:6.2f} s")
    print(f"together          {ended - began:6.2f} s")
    print(f"most memory       {peak_mebibytes():6.0f} MiB, {before:.0f} of it before the start")


def show(organization: Organization) -> None:
    """Print what is measured, and on which machine."""
    units = sum(place.id.startswith("ou-") for place in organization.places)
    attached = sum(len(place.policies) for place in organization.places)
    size = sum(map(len, organization.policies.values())) / len(organization.policies)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"1 process, {os.cpu_count()} CPUs, {platform.system()}, Python {platform.python_version()}, load {load}")
    print(f"{units} units, {len(organization.policies)} policies of {size:.0f} characters, attached {attached} times")


if __name__ == "__main__":
    main()
