"""Read Resource Explorer: resources of the types that it indexes, those that never had a tag among them.

docs.aws.amazon.com/resource-explorer/latest/apireference/API_ListResources.html: every resource of a view, where Search
ends after 1,000 in all. A page of 1,000 has no token for the next one, so pages hold one less. It learns of changes
within minutes to 36 hours.
"""

from typing import Any, NamedTuple

from harness.audit.model import Seen
from harness.audit.sources import Pages, name_of, plain_arn, region_of
from harness.tag_pairs import tags_of

PAGE = 999
_EVERYTHING = {"FilterString": ""}


class View(NamedTuple):
    """Hold the ARN of a view that filters nothing, and whether it includes tags: then no tags there are none."""

    arn: str
    tags: bool


def organization_view(client: Any) -> View | None:
    """Return a view, in the client's region, over all resources of the organisation; None without one.

    A view that filters would leave something out unseen. Raises: ClientError, BotoCoreError as boto3 does.
    """
    arns = [arn for page in client.get_paginator("list_views").paginate() for arn in page["Views"]]
    views = [client.get_view(ViewArn=arn)["View"] for arn in arns]
    whole = [each for each in views if not each.get("Filters", {}).get("FilterString")]
    return next((_view(each) for each in whole if ":organizations:" in each.get("Scope", "")), None)


def default_view(client: Any) -> View | None:
    """Return the region's default view where it filters nothing; None without one.

    Raises: ClientError, BotoCoreError as boto3 does.
    """
    arn = client.get_default_view().get("ViewArn")
    found = client.get_view(ViewArn=arn)["View"] if arn else None
    return None if found is None or found.get("Filters", {}).get("FilterString") else _view(found)


def _view(found: dict[str, Any]) -> View:
    return View(str(found["ViewArn"]), any(one["Name"] == "tags" for one in found.get("IncludedProperties", ())))


def read_explored(client: Any, view: View) -> Pages:
    """Yield what a view shows, page by page; tags as far as the view includes them.

    Raises: ClientError, BotoCoreError as boto3 does.
    """
    pages = client.get_paginator("list_resources").paginate(
        ViewArn=view.arn, Filters=_EVERYTHING, PaginationConfig={"PageSize": PAGE}
    )
    for page in pages:
        yield [_seen(each, view) for each in page["Resources"]]


def _seen(each: dict[str, Any], view: View) -> Seen:
    arn = plain_arn(each["Arn"])
    shown = (one.get("Data") for one in each.get("Properties", ()) if one["Name"] == "tags")
    tags: list[dict[str, str]] | None = next(shown, [] if view.tags else None)
    return Seen(
        arn,
        each["OwningAccountId"],
        region_of(arn, each["Region"]),
        "explorer",
        each.get("CfnResourceType", ""),
        name_of(arn),
        tags=None if tags is None else tags_of(tags),
    )
