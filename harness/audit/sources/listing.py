"""Read SageMaker's own lists: what never had a tag is in no other source for many of its types.

What to ask is data: harness/data/sagemaker-lists.yaml.
"""

import datetime
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml
from botocore.exceptions import BotoCoreError, ClientError

from harness.audit.arn_types import kind_of, type_of
from harness.audit.model import Gap, Seen
from harness.audit.sources import name_of
from harness.tag_pairs import tags_of
from harness.targets.refusals import code_of, said

SERVICE = "sagemaker"
_YOUNG = datetime.timedelta(hours=1)
# docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeApp.html, Errors
_GONE = frozenset({"ResourceNotFound", "ResourceNotFoundException"})
_FILE = Path(__file__).parents[2] / "data" / "sagemaker-lists.yaml"


class Listing(msgspec.Struct, frozen=True):
    """Hold how one list is read: a row of the file, whose head says what each member means."""

    operation: str
    items: str
    arn: str
    name: str
    created: str = "CreationTime"
    likely: str = ""
    describe: str = ""
    by: tuple[str, ...] = ()
    gone: frozenset[str] = frozenset()
    ask: Mapping[str, str] = {}


@cache
def listings() -> tuple[Listing, ...]:
    """Return how SageMaker's lists are read. Raises: nothing."""
    return msgspec.convert(yaml.safe_load(_FILE.read_text(encoding="utf-8")), tuple[Listing, ...])


class Listed:
    """Read the lists of one account and region.

    `known` are the ARNs that the tagging API showed there, in lower case: what is among them is not read again.
    `covers` tells whether that API shows resources of a kind at all, so that one that it does not show has no tags.
    """

    def __init__(self, client: Any, account: str, region: str, known: Collection[str], covers: Callable[[str], bool]):
        """Read nothing yet."""
        self._client = client
        self._place = account, region
        self._partition = client.meta.partition
        self._known = known
        self._covers = covers
        self._young = datetime.datetime.now(tz=datetime.UTC) - _YOUNG

    def read(self) -> Iterator[list[Seen] | Gap]:
        """Yield pages, and what AWS did not let us see. Raises: nothing of AWS's."""
        for each in listings():
            try:
                yield from self._pages(each)
            except ClientError as error:
                yield self._gap(each, said(error), code_of(error))
            except BotoCoreError as error:  # nobody answers, so nobody will answer the next one
                yield self._gap(None, str(error), type(error).__name__)
                return

    def _pages(self, each: Listing) -> Iterator[list[Seen]]:
        for page in self._client.get_paginator(each.operation).paginate(**each.ask, PaginationConfig={"PageSize": 100}):
            items = (item for item in page.get(each.items, ()) if item.get("Status") not in each.gone)
            yield [found for item in items if (found := self._unless_gone(each, item))]

    def _unless_gone(self, each: Listing, item: Mapping[str, Any]) -> Seen | None:
        """Return what an item shows; None for what is known, and for what was deleted since it was listed."""
        try:
            return self._seen(each, item)
        except ClientError as error:
            if code_of(error) in _GONE:
                return None
            raise

    def _seen(self, each: Listing, item: Mapping[str, Any]) -> Seen | None:
        account, region = self._place
        if each.likely:
            parts = {name: item.get(name, "") for name in each.by}
            end = each.likely.format(**parts).lower()
            if f"arn:{self._partition}:sagemaker:{region}:{account}:{end}" in self._known:
                return None
            asked = {name: value for name, value in parts.items() if value}
            arn = str(getattr(self._client, each.describe)(**asked)[each.arn])
        else:
            arn = str(item[each.arn])
            if arn.lower() in self._known:
                return None
        created = item.get(each.created)
        name = str(item.get(each.name) or name_of(arn))
        tags = self._tags(arn, created)
        when = created.isoformat() if created else ""
        return Seen(arn, account, region, "listing", type_of(arn), name, when, tags)

    def _tags(self, arn: str, created: datetime.datetime | None) -> dict[str, str]:
        """Return tags of what the tagging API does not show: none where it shows the kind, else as SageMaker says.

        What is as young as the audit may have been made, with its tags, after that API was asked.
        """
        if self._covers(kind_of(arn)) and (created is None or created < self._young):
            return {}
        pages = self._client.get_paginator("list_tags").paginate(ResourceArn=arn)
        return tags_of(tag for page in pages for tag in page["Tags"])

    def _gap(self, each: Listing | None, reason: str, code: str) -> Gap:
        account, region = self._place
        lacks = f"what {each.items} never had a tag" if each else "SageMaker's resources that never had a tag"
        return Gap(f"{SERVICE}:{each.operation if each else '*'}", account, region, lacks, reason, code)
