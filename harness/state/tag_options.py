"""Read the TagOptions of Service Catalog, and what each is associated with."""

from collections.abc import Set as AbstractSet
from functools import partial
from typing import Any

from harness.state.model import LiveTagOption
from harness.state.reading import read_each


def read_tag_options(client: Any, account_id: str, keys: AbstractSet[str]) -> tuple[LiveTagOption, ...]:
    """Return the TagOptions that the account made for these keys, active or not, sorted by key and value.

    Raises: ClientError, BotoCoreError as boto3 does when they cannot be listed; one whose associations cannot be read
    does not hide the others.
    """
    pages = client.get_paginator("list_tag_options").paginate()
    listed = (found for page in pages for found in page["TagOptionDetails"])
    # A portfolio that another account shares may come with that account's TagOptions.
    wanted = [found for found in listed if found["Key"] in keys and found.get("Owner", account_id) == account_id]
    resources = read_each(partial(read_associations, client), (found["Id"] for found in wanted))
    options = (
        LiveTagOption(found["Id"], found["Key"], found["Value"], found["Active"], resources[found["Id"]])
        for found in wanted
    )
    return tuple(sorted(options, key=lambda option: (option.key, option.value)))


def read_associations(client: Any, tag_option_id: str) -> frozenset[str]:
    """Return the ids of the portfolios and products that a TagOption is associated with.

    Raises: ClientError, BotoCoreError as boto3 does.
    """
    pages = client.get_paginator("list_resources_for_tag_option").paginate(TagOptionId=tag_option_id)
    return frozenset(found["Id"] for page in pages for found in page["ResourceDetails"])
