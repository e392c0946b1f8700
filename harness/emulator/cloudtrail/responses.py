"""CloudTrail's LookupEvents; the rest is moto's.

docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html: events of the last 90 days, one attribute a
call, 50 a page. AWS lets two calls a second pass for an account and region; see `faults` for that.
"""

from collections.abc import Callable, Mapping
from typing import Any

from moto.cloudtrail import urls
from moto.cloudtrail.models import cloudtrail_backends
from moto.cloudtrail.responses import CloudTrailResponse

from harness.emulator.clock import DAY, from_unix, utcnow
from harness.emulator.cloudtrail.events import Event, events_of
from harness.emulator.pages import Pages
from harness.emulator.wire import AwsError, CheckedResponse, answering

_PAGE, _KEPT_DAYS = 50, 90
_pages = Pages()
_READS: Mapping[str, Callable[[Event], tuple[str, ...]]] = {
    "EventId": lambda event: (event.id,),
    "EventName": lambda event: (event.name,),
    "EventSource": lambda event: (event.source,),
    "ReadOnly": lambda event: ("true" if event.read_only else "false",),
    "ResourceName": lambda event: event.resources,
    "Username": lambda event: (event.username,),
    "AccessKeyId": lambda event: (event.access_key,),
}


def _lookup(backend: Any, request: dict[str, Any]) -> dict[str, Any]:
    if request.get("EventCategory"):
        raise NotImplementedError("LookupEvents of Insights events")
    found, start = _continued(request) or (_found(backend, request), 0)
    end = start + (request.get("MaxResults") or _PAGE)
    shown = [event.describe(backend.account_id, backend.region_name) for event in found[start:end]]
    return {"Events": shown, **({"NextToken": _pages.keep(found, end)} if end < len(found) else {})}


def _found(backend: Any, request: dict[str, Any]) -> list[Event]:
    attributes = request.get("LookupAttributes") or []
    if len(attributes) > 1:
        raise AwsError("InvalidLookupAttributesException", "You can only specify one lookup attribute.")
    oldest, last = utcnow() - DAY * _KEPT_DAYS, request.get("EndTime")
    begin = max(oldest, from_unix(request["StartTime"])) if request.get("StartTime") else oldest
    end = from_unix(last) if last else None
    if end and request.get("StartTime") and end < from_unix(request["StartTime"]):
        raise AwsError("InvalidTimeRangeException", "The start time must be before the end time.")
    events = [event for event in events_of(backend.account_id, backend.region_name) if event.time >= begin]
    return [event for event in events if (not end or event.time <= end) and _matches(event, attributes)]


def _matches(event: Event, attributes: list[dict[str, str]]) -> bool:
    for attribute in attributes:
        if attribute["AttributeKey"] not in _READS:
            raise NotImplementedError(f"LookupEvents by {attribute['AttributeKey']}")
        if attribute["AttributeValue"] not in _READS[attribute["AttributeKey"]](event):
            return False
    return True


def _continued(request: dict[str, Any]) -> Any:
    if not request.get("NextToken"):
        return None
    kept = _pages.rest(request["NextToken"])
    if kept is None:
        raise AwsError("InvalidNextTokenException", "The specified next token is not valid.")
    return kept


class CloudTrailExtension(CheckedResponse, CloudTrailResponse):  # type: ignore[misc]  # moto is untyped here
    """Answer CloudTrail requests."""

    lookup_events = answering(_lookup)

    @property
    def extended_backend(self) -> Any:
        """Return the calling account's CloudTrail in the region of the request."""
        return cloudtrail_backends[self.current_account][self.region]


def install() -> None:
    """Put the extension in the place of moto's CloudTrail handler."""
    urls.url_paths["{0}/$"] = CloudTrailExtension.dispatch
