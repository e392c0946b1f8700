"""Say which keys the account's effective tag policy wants on which resources.

docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_ListRequiredTags.html
"""

from typing import Any

from harness.emulator.enforcement.gate import effective_tags_of
from harness.emulator.inventory_types import HELD_TYPES
from harness.emulator.wire import page
from harness.policy.compliance import plain

_PAGE = 100
# Tag policies name these by another word than CloudFormation.
_OTHER_NAMES = {"rds:db": "rds:dbinstance", "rds:snapshot": "rds:dbsnapshot", "rds:subgrp": "rds:dbsubnetgroup"}


def list_required_tags(backend: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of resource types with the keys that are wanted on them.

    Raises: AwsError InvalidNextTokenException.
    """
    keys_by_type: dict[str, list[str]] = {}
    for entry in effective_tags_of(backend.account_id)["tags"].values():
        for resource_type in entry.get("report_required_tag_for", ()):
            keys_by_type.setdefault(resource_type, []).append(entry["tag_key"])
    required = [
        {
            "ResourceType": resource_type,
            "CloudFormationResourceTypes": _cloudformation_types(resource_type),
            "ReportingTagKeys": sorted(keys),
        }
        for resource_type, keys in sorted(keys_by_type.items())
    ]
    shown, following = page(required, request, "MaxResults", _PAGE)
    return {"RequiredTags": shown, **following}


def _cloudformation_types(resource_type: str) -> list[str]:
    """Return CloudFormation's names of a tag policy's type, all of a service for `ALL_SUPPORTED`."""
    service, _, kind = _OTHER_NAMES.get(resource_type, resource_type).partition(":")
    held = {found.type for found in HELD_TYPES if found.type.split("::")[1].lower() == service}
    return sorted(name for name in held if kind in ("*", "ALL_SUPPORTED") or plain(name.split("::")[2]) == plain(kind))
