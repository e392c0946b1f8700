"""Read Resource Explorer: resources of the types that it indexes, those that never had a tag among them.

docs.aws.amazon.com/resource-explorer/latest/apireference/API_ListResources.html: every resource of a view in pages of
1,000 at most, where Search ends after 1,000 in all. It learns of changes within minutes to 36 hours.
"""

from typing import Any

from harness.audit.model import Seen
from harness.audit.sources import Pages, name_of, region_of

PAGE = 1000
_EVERYTHING = {"FilterString": ""}


def organization_view(client: Any) -> str | None:
    """Return the ARN of a view, in the client's region, over all resources of the organisation; None without one.

    A view that filters would leave something out unseen. Raises: ClientError, BotoCoreError as boto3 does.
    """
    arns = [arn for page in client.get_paginator("list_views").paginate() for arn in page["Views"]]
    views = [client.get_view(ViewArn=arn)["View"] for arn in arns]
    whole = [each for each in views if not each.get("Filters", {}).get("FilterString")]
    found = next((each for each in whole if ":organizations:" in each.get("Scope", "")), None)
    return str(found["ViewArn"]) if found else None


def default_view(client: Any) -> str | None:
    """Return the ARN of the region's default view where it filters nothing; None without one.

    Raises: ClientError, BotoCoreError as boto3 does.
    """
    arn = client.get_default_view().get("ViewArn")
    if not arn or client.get_view(ViewArn=arn)["View"].get("Filters", {}).get("FilterString"):
        return None
    return str(arn)


def read_explored(client: Any, view: str) -> Pages:
    """Yield what a view shows, page by page; tags as far as the view includes them.

    Raises: ClientError, BotoCoreError as boto3 does.
    """
    pages = client.get_paginator("list_resources").paginate(
        ViewArn=view, Filters=_EVERYTHING, PaginationConfig={"PageSize": PAGE}
    )
    for page in pages:
        yield [_seen(each) for each in page["Resources"]]


def _seen(each: dict[str, Any]) -> Seen:
    arn = each["Arn"]
    tags = next((one.get("Data") for one in each.get("Properties", ()) if one["Name"] == "tags"), None)
    return Seen(
        arn,
        each["OwningAccountId"],
        region_of(arn, each["Region"]),
        "explorer",
        each.get("CfnResourceType", ""),
        name_of(arn),
        tags=None if tags is None else {tag["Key"]: tag.get("Value", "") for tag in tags},
    )
