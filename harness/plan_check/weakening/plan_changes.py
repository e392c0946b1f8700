"""Read the changes of governance types out of a plan's JSON, as `terraform show -json` prints it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from harness.plan_check.weakening.model import Change, unindexed, written_region
from harness.plan_check.weakening.placement import ATTACHMENT


def changes_of(plan: Mapping[str, Any], wanted: Iterable[str]) -> Iterator[Change]:
    """Yield the changes of managed resources of the `wanted` types. Raises: KeyError for what is no plan."""
    yield from _changes(plan, wanted, "resource_changes")


def drifted_of(plan: Mapping[str, Any], wanted: Iterable[str]) -> Iterator[Change]:
    """Yield what was changed outside of Terraform since the last apply, in the same form. Raises: as `changes_of`."""
    named = [entry for entry in plan.get("resource_drift", ()) if entry.get("address")]
    yield from _changes({**plan, "resource_drift": named}, wanted, "resource_drift")


def _changes(plan: Mapping[str, Any], wanted: Iterable[str], section: str) -> Iterator[Change]:
    kinds = frozenset(wanted)
    configuration = plan.get("configuration", {})
    references, regions = references_of(configuration), _regions_of(configuration)
    for entry in plan.get(section, ()):
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
                regions.get(unindexed(address), ""),
            )


def references_of(configuration: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return what the policy id of each attachment refers to, by the attachment's address without indexes.

    Raises: nothing.
    """
    return {
        address: tuple(resource.get("expressions", {}).get("policy_id", {}).get("references", ()))
        for address, resource in _resources(configuration.get("root_module", {}), "")
        if resource.get("type") == ATTACHMENT
    }


def _regions_of(configuration: Mapping[str, Any]) -> dict[str, str]:
    """Return the region of each resource whose provider writes it out, by address without indexes."""
    providers = configuration.get("provider_config", {})
    regions = {key: written_region(provider.get("expressions")) for key, provider in providers.items()}
    return {
        address: regions.get(resource.get("provider_config_key", ""), "")
        for address, resource in _resources(configuration.get("root_module", {}), "")
    }


def _resources(module: Mapping[str, Any], inside: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for resource in module.get("resources", ()):
        yield f"{inside}{resource['address']}", resource
    for name, call in module.get("module_calls", {}).items():
        yield from _resources(call.get("module", {}), f"{inside}module.{name}.")
