"""Read the changes of governance types out of a plan's JSON, as `terraform show -json` prints it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from harness.plan_check.weakening.model import Change, unindexed
from harness.plan_check.weakening.placement import ATTACHMENT


def changes_of(plan: Mapping[str, Any], wanted: Iterable[str]) -> Iterator[Change]:
    """Yield the changes of managed resources of the `wanted` types. Raises: KeyError for what is no plan."""
    kinds = frozenset(wanted)
    references = references_of(plan.get("configuration", {}))
    for entry in plan.get("resource_changes", ()):
        if entry["type"] in kinds and entry.get("mode", "managed") == "managed" and "deposed" not in entry:
            change, address = entry["change"], str(entry["address"])
            yield Change(
                address,
                entry["type"],
                tuple(change["actions"]),
                change.get("before"),
                change.get("after"),
                change.get("after_unknown", False),
                references.get(unindexed(address), ()),
                change.get("before_sensitive", False),
            )


def references_of(configuration: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return what the policy id of each attachment refers to, by the attachment's address without indexes.

    Raises: nothing.
    """
    return dict(_references(configuration.get("root_module", {}), ""))


def _references(module: Mapping[str, Any], inside: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for resource in module.get("resources", ()):
        if resource.get("type") == ATTACHMENT:
            expression = resource.get("expressions", {}).get("policy_id", {})
            yield f"{inside}{resource['address']}", tuple(expression.get("references", ()))
    for name, call in module.get("module_calls", {}).items():
        yield from _references(call.get("module", {}), f"{inside}module.{name}.")
