"""Read AWS Config: what its recorders saw, for the whole organisation from an aggregator.

docs.aws.amazon.com/config/latest/developerguide/query-using-sql-editor-console.html. A type that nobody records is not
there, nor is an account without a recorder. Of some types Config records no tags, so that none there says nothing.
"""

import json
from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from harness.audit.model import Seen
from harness.audit.sources import Pages, name_of, plain_arn, region_of

PAGE = 100
_QUERY = (
    "SELECT accountId, awsRegion, arn, resourceType, resourceId, resourceName, resourceCreationTime, tags "
    "WHERE resourceType NOT LIKE 'AWS::Config::%'"
)


class _Tag(msgspec.Struct):
    key: str
    value: str | None = ""


class _Row(msgspec.Struct):
    """Hold one row of an answer, which is JSON in a text."""

    accountId: str = ""  # noqa: N815 (AWS's names)
    awsRegion: str = ""  # noqa: N815
    arn: str = ""
    resourceType: str = ""  # noqa: N815
    resourceName: str = ""  # noqa: N815
    resourceCreationTime: str = ""  # noqa: N815
    tags: list[_Tag] = []


_read = msgspec.json.Decoder(_Row).decode


def aggregator_of(client: Any, regions: Collection[str]) -> str | None:
    """Return the name of an aggregator over the whole organisation; None where there is none.

    It has all regions, or at least those that are asked for: what another leaves out nobody would see or miss.
    Raises: ClientError, BotoCoreError as boto3 does.
    """
    pages = client.get_paginator("describe_configuration_aggregators").paginate()
    for one in (one for page in pages for one in page["ConfigurationAggregators"]):
        over = one.get("OrganizationAggregationSource")
        if over and (over.get("AllAwsRegions") or (regions and set(regions) <= set(over.get("AwsRegions", ())))):
            return str(one["ConfigurationAggregatorName"])
    return None


def read_aggregated(client: Any, aggregator: str) -> Pages:
    """Yield what an aggregator knows, page by page. Raises: ClientError, BotoCoreError as boto3 does."""
    asked = {"Expression": _QUERY, "ConfigurationAggregatorName": aggregator, "Limit": PAGE}
    yield from _pages(client.select_aggregate_resource_config, asked)


def read_recorded(client: Any) -> Pages:
    """Yield what Config knows in one account and region. Raises: ClientError, BotoCoreError as boto3 does."""
    yield from _pages(client.select_resource_config, {"Expression": _QUERY, "Limit": PAGE})


def _pages(ask: Any, asked: dict[str, Any]) -> Pages:
    token: dict[str, str] = {}
    while True:
        answer = ask(**asked, **token)
        yield list(_seen(answer["Results"]))
        if not answer.get("NextToken"):
            return
        token = {"NextToken": answer["NextToken"]}


def _seen(rows: list[str]) -> Iterator[Seen]:
    """Yield resources; some types have no ARN in Config, which cannot be joined with what other sources show."""
    for text in rows:
        try:
            row = _read(text)
        except msgspec.DecodeError:
            row = _loosely(text)
        if row.arn.startswith("arn:"):
            yield Seen(
                plain_arn(row.arn),
                row.accountId,
                region_of(row.arn, row.awsRegion),
                "config",
                row.resourceType,
                row.resourceName or name_of(row.arn),
                row.resourceCreationTime,
                {tag.key: tag.value or "" for tag in row.tags} or None,
            )


def _loosely(text: str) -> _Row:
    """Read a row in which something is null, which Config writes for what it does not know, or no character."""
    plain = {name: value for name, value in json.loads(text).items() if value is not None}
    return msgspec.convert(plain, _Row, strict=False)
