"""Read the payer's cost allocation tags."""

from typing import Any


def read_cost_tags(client: Any) -> dict[str, str]:
    """Return key -> status (Active or Inactive) of every cost allocation tag that billing has seen.

    Raises: ClientError, BotoCoreError as boto3 does.
    """
    tags: dict[str, str] = {}
    token: dict[str, str] = {}
    while True:
        page = client.list_cost_allocation_tags(MaxResults=1000, **token)
        tags |= {tag["TagKey"]: tag["Status"] for tag in page["CostAllocationTags"]}
        if not page.get("NextToken"):
            return tags
        token = {"NextToken": page["NextToken"]}
