"""Read what Studio's apps and spaces belong to: lists show it, 100 a call.

A private space is its owner's; a shared one is of the domain, whoever made it:
docs.aws.amazon.com/sagemaker/latest/dg/domain-space.html. Parts of Studio take tags from the domain, and from user
profile or space: docs.aws.amazon.com/sagemaker/latest/dg/custom-tags.html; the domain's come by way of these.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from harness.audit.lineage.refused import Lacking, lists
from harness.audit.model import Edge


def studio_edges(client: Any, arn: Callable[[str, str], str], lacking: Lacking) -> Iterator[Edge]:
    """Yield edges to spaces and apps; `arn` makes an ARN of a kind and a name. Raises: BotoCoreError as boto3 does."""
    readers = {"list_spaces": ("Spaces", _space), "list_apps": ("Apps", _app)}
    for operation, (items, edge) in readers.items():
        try:
            for item in lists(client, operation, items):
                yield edge(arn, item)
        except ClientError as error:
            lacking.refused(operation, error, f"whose Studio's {items.lower()} are", 1)


def _space(arn: Callable[[str, str], str], item: Mapping[str, Any]) -> Edge:
    domain = item["DomainId"]
    child = arn("space", f"{domain}/{item['SpaceName']}")
    owner = item.get("OwnershipSettingsSummary", {}).get("OwnerUserProfileName")
    if owner and item.get("SpaceSharingSettingsSummary", {}).get("SharingType") == "Private":
        path = "ListSpaces.OwnershipSettingsSummary.OwnerUserProfileName"
        return Edge(arn("user-profile", f"{domain}/{owner}"), child, path)
    return Edge(arn("domain", domain), child, "ListSpaces.DomainId")


def _app(arn: Callable[[str, str], str], item: Mapping[str, Any]) -> Edge:
    """Return the edge of an app, whose ARN holds its owner without saying whether that is a space or a user profile."""
    domain, space, profile = item["DomainId"], item.get("SpaceName"), item.get("UserProfileName")
    child = arn("app", f"{domain}/{space or profile}/{item['AppType']}/{item['AppName']}")
    if space:
        return Edge(arn("space", f"{domain}/{space}"), child, "ListApps.SpaceName")
    return Edge(arn("user-profile", f"{domain}/{profile}"), child, "ListApps.UserProfileName")
