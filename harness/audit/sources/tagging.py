"""Read the Resource Groups Tagging API: what is or was tagged in one account and region, with its tags of now.

docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html: pages of at most 100, of fewer even
where more follow, until there is no token. What never had a tag is not there.
"""

from typing import Any

from harness.audit.model import Seen
from harness.audit.sources import Pages, account_of, plain_arn, region_of
from harness.tag_pairs import tags_of

PAGE = 100


def read_tagged(client: Any, account: str, region: str) -> Pages:
    """Yield what an account has in a region, page by page. Raises: ClientError, BotoCoreError as boto3 does."""
    for page in client.get_paginator("get_resources").paginate(ResourcesPerPage=PAGE):
        yield [
            _seen(plain_arn(each["ResourceARN"]), each["Tags"], account, region)
            for each in page["ResourceTagMappingList"]
        ]


def _seen(arn: str, tags: list[dict[str, str]], account: str, region: str) -> Seen:
    return Seen(arn, account_of(arn, account), region_of(arn, region), "tagging", tags=tags_of(tags))
