"""Short ways to write attached policies and nodes in tests."""

from typing import Any

from harness.policy.attachment import AttachedPolicy, Node


def attached(name: str, tags: dict[str, Any]) -> AttachedPolicy:
    """Return a policy whose id is `p-<name>`."""
    return AttachedPolicy(f"p-{name}", name, {"tags": tags})


def node(name: str, *policies: AttachedPolicy) -> Node:
    """Return a node whose id is `<name>-1`."""
    return Node(f"{name}-1", name, policies)
