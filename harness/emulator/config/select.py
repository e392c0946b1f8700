"""Advanced queries of AWS Config, in one account and region or over the sources of an aggregator.

What no recorder records is not there: docs.aws.amazon.com/config/latest/developerguide/querying-AWS-resources.html
"""

from collections.abc import Iterable, Iterator
from typing import Any

from moto.core.utils import iso_8601_datetime_with_milliseconds

from harness.emulator.clock import utcnow
from harness.emulator.config.aggregate import sources
from harness.emulator.config.evaluation import configuration_item, recorded_types
from harness.emulator.config.model import Config
from harness.emulator.config.query import run_query
from harness.emulator.inventory import LiveResource, resources
from harness.emulator.pages import Pages
from harness.emulator.wire import AwsError
from harness.policy.arn import arn_type

_PAGE = 100
_pages = Pages()


def select(backend: Config, request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of what a query finds in the account and region.

    Raises: AwsError InvalidExpressionException or InvalidNextTokenException; NotImplementedError.
    """
    return _answer([backend], request)


def select_aggregate(backend: Config, request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of what a query finds in the accounts and regions of an aggregator.

    Raises: AwsError NoSuchConfigurationAggregatorException, InvalidExpressionException or InvalidNextTokenException;
    NotImplementedError.
    """
    return _answer(sources(backend, request["ConfigurationAggregatorName"]), request)


def _answer(backends: Iterable[Config], request: dict[str, Any]) -> dict[str, Any]:
    if token := request.get("NextToken"):
        kept = _pages.rest(token)
        if kept is None:
            raise AwsError("InvalidNextTokenException", "The specified next token is not valid.")
        (fields, found), start = kept
    else:
        (fields, found), start = run_query(request["Expression"], [_item(each) for each in _recorded(backends)]), 0
    end = start + (request.get("Limit") or request.get("MaxResults") or _PAGE)
    following = {"NextToken": _pages.keep((fields, found), end)} if end < len(found) else {}
    info = {"SelectFields": [{"Name": name} for name in fields]}
    return {"QueryInfo": info, "Results": found[start:end], **following}


def _recorded(backends: Iterable[Config]) -> Iterator[LiveResource]:
    for backend in backends:
        types = recorded_types(backend)
        if types is not None:
            yield from resources(backend.account_id, backend.region_name, types)


def _item(resource: LiveResource) -> dict[str, Any]:
    """Return a configuration item with its tags as the query language has them: `tag` is `key=value`."""
    tags = [{"key": key, "value": value, "tag": f"{key}={value}"} for key, value in resource.tags.items()]
    name = arn_type(resource.arn).name.rsplit("/", 1)[-1]
    return {
        **{key: value for key, value in configuration_item(resource).items() if key not in ("ARN", "awsAccountId")},
        "configurationItemCaptureTime": iso_8601_datetime_with_milliseconds(utcnow()),
        "resourceName": None if resource.resource_type.startswith("AWS::EC2::") else name,
        "tags": tags,
        "version": "1.3",
    }
