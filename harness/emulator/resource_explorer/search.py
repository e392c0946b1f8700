"""Search and ListResources: one ends after a thousand results, the other gives all of them in pages.

docs.aws.amazon.com/resource-explorer/latest/apireference/API_Search.html and API_ListResources.html
"""

from collections.abc import Sequence
from typing import Any

from harness.emulator.clock import stamp, utcnow
from harness.emulator.pages import Pages
from harness.emulator.resource_explorer.model import ResourceExplorer, View, refused
from harness.emulator.resource_explorer.query import Found, asks_for_tags, read_query
from harness.emulator.wire import AwsError

_PAGE, _MOST = 100, 1_000
_pages = Pages()


def search(backend: ResourceExplorer, request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of the first thousand resources that a query finds, and how many there are.

    Raises: AwsError UnauthorizedException or ValidationException.
    """
    view = backend.view(request.get("ViewArn"))
    text = request["QueryString"]
    found, start = _continued(request) or (_chosen(backend, view, text, words=True)[: _MOST + 1], 0)
    count = {"TotalResources": min(len(found), _MOST), "Complete": len(found) <= _MOST}
    shown, following = _page(found, min(len(found), _MOST), start, request)
    return {"Count": count, "ViewArn": view.arn, "Resources": [_described(each, view) for each in shown], **following}


def list_resources(backend: ResourceExplorer, request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of the resources that a filter finds; no token follows a page of 1,000, as on AWS.

    Raises: AwsError UnauthorizedException or ValidationException.
    """
    view = backend.view(request.get("ViewArn"))
    text = (request.get("Filters") or {}).get("FilterString", "")
    found, start = _continued(request) or (_chosen(backend, view, text, words=False), 0)
    shown, following = _page(found, len(found), start, request)
    if request.get("MaxResults") == _MOST:
        following = {}
    return {"ViewArn": view.arn, "Resources": [_described(each, view) for each in shown], **following}


def _chosen(backend: ResourceExplorer, view: View, text: str, *, words: bool) -> list[Found]:
    if asks_for_tags(text) and "tags" not in view.included:
        raise refused("ValidationException", f"The view {view.name} does not include the property tags", 400)
    matches, shows = read_query(text, words=words), read_query(view.filter, words=False)
    return [each for each in backend.seen_through(view) if matches(each) and shows(each)]


def _continued(request: dict[str, Any]) -> tuple[Sequence[Found], int] | None:
    token = request.get("NextToken")
    if not token:
        return None
    kept = _pages.rest(token)
    if kept is None:
        raise AwsError("ValidationException", "The specified next token is not valid.")
    return kept


def _page(
    found: Sequence[Found], most: int, start: int, request: dict[str, Any]
) -> tuple[Sequence[Found], dict[str, str]]:
    """Return a page of the first `most` of what was found, and the token of the next."""
    end = min(start + (request.get("MaxResults") or _PAGE), most)
    return found[start:end], {"NextToken": _pages.keep(found, end)} if end < most else {}


def _described(found: Found, view: View) -> dict[str, Any]:
    now = stamp(utcnow())
    tags = [{"Key": key, "Value": value} for key, value in found.tags.items()]
    properties = [{"Name": "tags", "LastReportedAt": now, "Data": tags}] if "tags" in view.included and tags else []
    return {
        "Arn": found.arn,
        "OwningAccountId": found.account_id,
        "Region": found.region,
        "Service": found.service,
        "ResourceType": found.type,
        "LastReportedAt": now,
        "Properties": properties,
    }
