"""Resource Groups Tagging API: the keys that tag policies want on resources, and tagging under their enforcement.

docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_ListRequiredTags.html and API_TagResources.html: what
may not be tagged is named in FailedResourcesMap, the rest is tagged.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from moto.core.resource_tagging import TaggedResource, make_tag_matcher, match_resource_type
from moto.resourcegroupstaggingapi import urls
from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend, resourcegroupstaggingapi_backends
from moto.resourcegroupstaggingapi.responses import ResourceGroupsTaggingAPIResponse

from harness.emulator.enforcement.errors import tag_policy_message
from harness.emulator.enforcement.gate import effective_tags_of
from harness.emulator.enforcement.resources import arn_service
from harness.emulator.inventory_types import HELD_TYPES
from harness.emulator.listing import ListedResource, listed_resource, listed_resources
from harness.emulator.wire import CheckedResponse, answering, page
from harness.policy.arn import arn_type
from harness.policy.compliance import plain, violated_key
from harness.policy.resource_types import type_names_of_arn

_PAGE = 100
# Tag policies name these by another word than CloudFormation.
_OTHER_NAMES = {"rds:db": "rds:dbinstance", "rds:snapshot": "rds:dbsnapshot", "rds:subgrp": "rds:dbsubnetgroup"}


class _Listed:
    """Tag a resource that is listed alone, in the place of a service's backend."""

    def __init__(self, resource: ListedResource) -> None:
        self._tags = resource.tags

    def tag_resource(self, _arn: str, tags: Mapping[str, str]) -> None:
        self._tags.update(tags)

    def untag_resource(self, _arn: str, keys: list[str]) -> None:
        for key in keys:
            self._tags.pop(key, None)


class Tagging(ResourceGroupsTaggingAPIBackend):  # type: ignore[misc]  # moto is untyped here
    """Tag what the account's effective tag policy lets pass; besides moto's resources there are those of a snapshot."""

    @property
    def _url_module(self) -> Any:
        return urls

    def tag_resources(self, resource_arns: list[str], tags: dict[str, str]) -> dict[str, dict[str, Any]]:
        """Tag resources and return those that could not be, each with why. Raises: nothing."""
        policy = effective_tags_of(self.account_id)

        def denied_key(arn: str) -> str | None:
            return violated_key(policy, arn_service(arn), type_names_of_arn(arn), tags)

        denied = {arn: key for arn in resource_arns if (key := denied_key(arn))}
        failed: dict[str, dict[str, Any]] = super().tag_resources([a for a in resource_arns if a not in denied], tags)
        return failed | {
            arn: {"StatusCode": 400, "ErrorCode": "InvalidParameterException", "ErrorMessage": tag_policy_message(key)}
            for arn, key in denied.items()
        }

    def _get_backend_for_resource(self, resource_arn: str) -> Any:
        listed = listed_resource(self.account_id, self.region_name, resource_arn)
        return _Listed(listed) if listed else super()._get_backend_for_resource(resource_arn)

    def _get_resources_generator(
        self,
        tag_filters: list[dict[str, Any]] | None = None,
        resource_type_filters: list[str] | None = None,
        resource_arn_list: list[str] | None = None,
    ) -> Iterator[TaggedResource]:
        for found in super()._get_resources_generator(tag_filters, resource_type_filters, resource_arn_list):
            # moto's endpoint configurations hold their ARN in a tuple.
            yield found if isinstance(found.arn, str) else replace(found, arn=found.arn[0])
        matches = make_tag_matcher(tag_filters)
        for listed in listed_resources(self.account_id, self.region_name):
            parts = arn_type(listed.arn)
            kind = f"{parts.service}:{parts.kind}"
            wanted = not resource_arn_list or listed.arn in resource_arn_list
            if wanted and match_resource_type(kind, resource_type_filters) and matches(listed.tags):
                yield TaggedResource(listed.arn, listed.tags, kind)

    def _get_tag_keys_generator(self) -> Iterator[str]:
        yield from super()._get_tag_keys_generator()
        yield from (key for listed in listed_resources(self.account_id, self.region_name) for key in listed.tags)

    def _get_tag_values_generator(self, tag_key: str) -> Iterator[str]:
        yield from super()._get_tag_values_generator(tag_key)
        held = (listed.tags for listed in listed_resources(self.account_id, self.region_name))
        yield from (tags[tag_key] for tags in held if tag_key in tags)


def _cloudformation_types(resource_type: str) -> list[str]:
    """Return CloudFormation's names of a tag policy's type, all of a service for `ALL_SUPPORTED`."""
    service, _, kind = _OTHER_NAMES.get(resource_type, resource_type).partition(":")
    held = {found.type for found in HELD_TYPES if found.type.split("::")[1].lower() == service}
    return sorted(name for name in held if kind in ("*", "ALL_SUPPORTED") or plain(name.split("::")[2]) == plain(kind))


def _list_required_tags(backend: Tagging, request: dict[str, Any]) -> dict[str, Any]:
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


class TaggingExtension(CheckedResponse, ResourceGroupsTaggingAPIResponse):  # type: ignore[misc]  # moto is untyped here
    """Answer Resource Groups Tagging requests."""

    invalid_request = "InvalidParameterException"
    list_required_tags = answering(_list_required_tags)

    @property
    def extended_backend(self) -> Tagging:
        """Return the calling account's tagging in the region of the request."""
        backend: Tagging = resourcegroupstaggingapi_backends[self.current_account][self.region]
        return backend


def install() -> None:
    """Put the extension in the place of moto's tagging backend and handler."""
    resourcegroupstaggingapi_backends.backend = Tagging
    urls.url_paths["{0}/$"] = TaggingExtension.dispatch
