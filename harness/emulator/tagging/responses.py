"""Resource Groups Tagging API: its requests, over everything that the inventory lists and what moto tags besides."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from moto.core.resource_tagging import TaggedResource
from moto.resourcegroupstaggingapi import urls
from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend, resourcegroupstaggingapi_backends
from moto.resourcegroupstaggingapi.responses import ResourceGroupsTaggingAPIResponse

from harness.emulator.tagging.empty_values import keep_empty_values
from harness.emulator.tagging.reading import get_resources, get_tag_keys, get_tag_values
from harness.emulator.tagging.required import list_required_tags
from harness.emulator.tagging.writing import tag_resources, untag_resources
from harness.emulator.wire import CheckedResponse, answering
from harness.policy.arn import arn_type


class Tagging(ResourceGroupsTaggingAPIBackend):  # type: ignore[misc]  # moto is untyped here
    """Hold an account and region; moto knows resources of types that the inventory has not."""

    @property
    def _url_module(self) -> Any:
        return urls

    def beside_inventory(self) -> Iterator[TaggedResource]:
        """Yield what moto has tagged. Raises: nothing."""
        yield from (found for found in self._get_resources_generator() if self._is_here(str(found.arn)))

    def beside(self, arn: str) -> tuple[Mapping[str, str], Callable[..., None]] | None:
        """Return the tags of one of these, and how to change them; None where there is none. Raises: nothing."""
        owner: Any = self._get_backend_for_resource(arn) if self._is_here(arn) else None
        held = next((each for each in owner.iter_tagged_resources() if each.arn == arn), None) if owner else None
        if held is None:
            return None

        def change(added: Mapping[str, str], removed: Iterable[str] = ()) -> None:
            if added:
                owner.tag_resource(arn, dict(added))
            if gone := list(removed):
                owner.untag_resource(arn, gone)

        return {key: value or "" for key, value in held.tags.items()}, change

    def _is_here(self, arn: str) -> bool:
        """Tell whether what moto keeps once for all regions is shown in this one.

        The API has resources "located in the specified Region": buckets are in their own, where the inventory shows
        them, and CloudFront's resources in us-east-1.
        docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/overview.html
        """
        service = arn_type(arn).service
        return service != "s3" and (service != "cloudfront" or self.region_name == "us-east-1")


class TaggingExtension(CheckedResponse, ResourceGroupsTaggingAPIResponse):  # type: ignore[misc]  # moto is untyped here
    """Answer Resource Groups Tagging requests."""

    invalid_request = "InvalidParameterException"
    get_resources = answering(get_resources)
    get_tag_keys = answering(get_tag_keys)
    get_tag_values = answering(get_tag_values)
    list_required_tags = answering(list_required_tags)
    tag_resources = answering(tag_resources)
    untag_resources = answering(untag_resources)

    @property
    def extended_backend(self) -> Tagging:
        """Return the calling account's tagging in the region of the request."""
        backend: Tagging = resourcegroupstaggingapi_backends[self.current_account][self.region]
        return backend


def install() -> None:
    """Put the extension in the place of moto's tagging backend and handler."""
    keep_empty_values()
    resourcegroupstaggingapi_backends.backend = Tagging
    urls.url_paths["{0}/$"] = TaggingExtension.dispatch
