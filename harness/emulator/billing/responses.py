"""Cost Explorer (`ce`): cost allocation tags from unseen over inactive to active, their backfill, and cost data.

Keys become known when billing sees them on a resource (`sightings`), or a seed or `see` says so. The rules:
docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html and tag-backfill.html beside it.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from moto.ce import urls
from moto.ce.models import CostExplorerBackend, ce_backends
from moto.ce.responses import CostExplorerResponse

from harness.emulator.billing import costs
from harness.emulator.billing.anomalies import Anomalies
from harness.emulator.billing.anomaly_responses import AnomalyResponse
from harness.emulator.billing.category_responses import CategoryResponse
from harness.emulator.billing.cost_data import CostData, CostLine
from harness.emulator.billing.forecast import cost_forecast
from harness.emulator.billing.sightings import Sightings, account_tags
from harness.emulator.clock import DAY, stamp, utcnow
from harness.emulator.wire import AwsError, CheckedResponse, answering, page, payer_of
from harness.facts import load_facts

# How long a backfill is in flight; AWS needs up to 24 hours. Cost data shows it at once.
BACKFILL_SECONDS = 2
# Looking walks through every resource, so a run of terraform looks once.
_LOOK_AGAIN = datetime.timedelta(hours=1)

_FOR_PAYER = frozenset(
    {
        "ListCostAllocationTags",
        "UpdateCostAllocationTagsStatus",
        "StartCostAllocationTagBackfill",
        "ListCostAllocationTagBackfillHistory",
    }
)


@dataclass(slots=True)
class SeenTag:
    """Hold one key that billing has seen; times are UTC. `backfilled` is where the last backfill of it begins."""

    key: str
    status: str
    kind: str
    values: tuple[str, ...]
    last_used: datetime.datetime
    last_updated: datetime.datetime
    backfilled: datetime.datetime | None = None

    @property
    def shown_from(self) -> datetime.datetime | None:
        """Return since when cost data shows the key: up to 24 hours after it was activated, or since its backfill."""
        if self.status != "Active":
            return None
        return min(self.last_updated + DAY, self.backfilled or datetime.datetime.max)

    def turn(self, status: str, now: datetime.datetime) -> None:
        """Activate or deactivate the key."""
        self.status, self.last_updated, self.backfilled = status, now, None

    def describe(self) -> dict[str, str]:
        """Return AWS's CostAllocationTag."""
        return {
            "TagKey": self.key,
            "Type": self.kind,
            "Status": self.status,
            "LastUpdatedDate": stamp(self.last_updated),
            "LastUsedDate": stamp(self.last_used),
        }


@dataclass(frozen=True, slots=True)
class Backfill:
    """Hold one backfill request; times are UTC."""

    start: str
    requested: datetime.datetime

    def describe(self) -> dict[str, str]:
        """Return AWS's CostAllocationTagBackfillRequest as of now."""
        completed = self.requested + datetime.timedelta(seconds=BACKFILL_SECONDS)
        done = utcnow() >= completed
        answer = {
            "BackfillFrom": self.start,
            "RequestedAt": stamp(self.requested),
            "BackfillStatus": "SUCCEEDED" if done else "PROCESSING",
            "LastUpdatedAt": stamp(completed if done else self.requested),
        }
        return {**answer, "CompletedAt": stamp(completed)} if done else answer


@dataclass(slots=True)
class TagState:
    """Hold what one payer's billing knows of tags, and what the accounts of its organization cost."""

    tags: dict[str, SeenTag] = field(default_factory=dict)
    backfills: list[Backfill] = field(default_factory=list)
    sightings: Sightings = field(default_factory=Sightings)
    costs: tuple[CostLine, ...] = ()


class Billing(CostExplorerBackend):  # type: ignore[misc]  # moto is untyped here
    """Hold one account's Cost Explorer; only a payer's has cost allocation tags."""

    def __init__(self, region_name: str, account_id: str) -> None:
        """Start with no key seen."""
        super().__init__(region_name, account_id)
        self.state = TagState()
        self.anomalies = Anomalies()

    @property
    def _url_module(self) -> Any:
        return urls

    def see(self, tag: SeenTag) -> None:
        """Let billing know a key, as happens within 24 hours after a resource carries it."""
        self.state.tags[tag.key] = tag

    def look(self) -> None:
        """Note which keys resources carry now; billing sees them within 24 hours."""
        self.state.sightings.look(self.account_id, utcnow())

    def catch_up(self) -> None:
        """See the keys that were carried 24 hours ago, and look again when the last time is an hour ago."""
        state, now = self.state, utcnow()
        if state.sightings.looked is None or now - state.sightings.looked > _LOOK_AGAIN:
            self.look()
        for key, noticed, values in state.sightings.take_ripe(now):
            held = state.tags.setdefault(key, SeenTag(key, "Inactive", "UserDefined", (), noticed, noticed))
            held.last_used = max(held.last_used, noticed)
            held.values = tuple(sorted({*held.values, *values}))


def billing_of(payer_id: str) -> Billing:
    """Return the billing of a payer."""
    backend: Billing = ce_backends[payer_id]["aws"]
    return backend


def cost_data(account_id: str) -> CostData:
    """Return what cost data shows to an account: a payer its organization's, any other its own."""
    payer_id = payer_of(account_id)
    state = billing_of(payer_id).state
    shown = {key: moment for key, tag in state.tags.items() if (moment := tag.shown_from)}
    lines = (line for line in state.costs if account_id in (payer_id, line.account_id))
    tagged = (replace(line, tags={**line.tags, **account_tags(payer_id, line.account_id)}) for line in lines)
    return CostData(tuple(tagged), shown)


def let_billing_see(payer_id: str, keys: Iterable[str]) -> tuple[str, ...]:
    """Let billing know these keys as used just now and not active; return those that it did not know before."""
    state = billing_of(payer_id).state
    new = tuple(key for key in keys if key not in state.tags)
    for key in new:
        state.tags[key] = SeenTag(key, "Inactive", "UserDefined", (), utcnow(), utcnow())
    return new


def _list_tags(backend: Billing, request: dict[str, Any]) -> dict[str, Any]:
    backend.catch_up()
    wanted = set(request.get("TagKeys", ())) or set(backend.state.tags)
    found = [
        tag.describe()
        for key, tag in sorted(backend.state.tags.items())
        if key in wanted
        and request.get("Status", tag.status) == tag.status
        and request.get("Type", tag.kind) == tag.kind
    ]
    shown, following = page(found, request, "MaxResults", 100)
    return {"CostAllocationTags": shown, **following}


def _update_tags(backend: Billing, request: dict[str, Any]) -> dict[str, Any]:
    backend.catch_up()
    errors = []
    tags = backend.state.tags
    for entry in request["CostAllocationTagsStatus"]:
        key, status = entry["TagKey"], entry["Status"]
        if key not in tags:
            text = f"Tag keys not found: {key}"
            errors.append({"TagKey": key, "Code": "TagKeysNotFoundException", "Message": text})
            continue
        active = sum(tag.status == "Active" for tag in tags.values())
        if status == "Active" != tags[key].status and active >= load_facts().limits["cost_allocation_tags_active"]:
            text = "You have exceeded the number of active cost allocation tags."
            errors.append({"TagKey": key, "Code": "LimitExceededException", "Message": text})
        elif tags[key].status != status:
            tags[key].turn(status, utcnow())
    return {"Errors": errors}


def _start_backfill(backend: Billing, request: dict[str, Any]) -> dict[str, Any]:
    limits, now = load_facts().limits, utcnow()
    start = datetime.datetime.fromisoformat(request["BackfillFrom"])
    start = start.astimezone(datetime.UTC).replace(tzinfo=None)
    if (start.day, start.time()) != (1, datetime.time()):
        raise AwsError("ValidationException", "BackfillFrom must be the first day of a month.")
    months = (now.year - start.year) * 12 + now.month - start.month
    if start > now or months > limits["cost_allocation_backfill_months"]:
        most = limits["cost_allocation_backfill_months"]
        raise AwsError("ValidationException", f"BackfillFrom must be within the last {most} months.")
    held = backend.state.backfills
    if held and held[-1].describe()["BackfillStatus"] == "PROCESSING":
        raise AwsError("BackfillLimitExceededException", "A backfill request is already in progress.")
    between = datetime.timedelta(hours=limits["cost_allocation_backfill_hours_between"])
    if held and now - held[-1].requested < between:
        text = "You can request a backfill only once every 24 hours."
        raise AwsError("BackfillLimitExceededException", text)
    held.append(Backfill(stamp(start), now))
    for tag in backend.state.tags.values():
        tag.backfilled = start
    return {"BackfillRequest": held[-1].describe()}


def _list_backfills(backend: Billing, request: dict[str, Any]) -> dict[str, Any]:
    newest_first = [backfill.describe() for backfill in reversed(backend.state.backfills)]
    shown, following = page(newest_first, request, "MaxResults", 100)
    return {"BackfillRequests": shown, **following}


def _get_cost_and_usage(backend: Billing, request: dict[str, Any]) -> dict[str, Any]:
    return costs.cost_and_usage(cost_data(backend.account_id), request, utcnow())


def _get_cost_forecast(backend: Billing, request: dict[str, Any]) -> dict[str, Any]:
    return cost_forecast(cost_data(backend.account_id), request, utcnow())


def _get_tags(backend: Billing, request: dict[str, Any]) -> dict[str, Any]:
    active = {tag.key: tag for tag in backend.state.tags.values() if tag.status == "Active"}
    if "TagKey" in request:
        wanted = active.get(request["TagKey"])
        found = sorted(wanted.values) if wanted else []
    else:
        found = sorted(active)
    found = [text for text in found if request.get("SearchString", "") in text]
    paging = {"NextToken": request.get("NextPageToken"), "MaxResults": request.get("MaxResults")}
    shown, following = page(found, paging, "MaxResults", 1000)
    token = {"NextPageToken": following["NextToken"]} if following else {}
    return {"Tags": shown, "ReturnSize": len(shown), "TotalSize": len(found), **token}


class BillingExtension(AnomalyResponse, CategoryResponse, CheckedResponse, CostExplorerResponse):  # type: ignore[misc]  # moto is untyped here
    """Answer Cost Explorer requests."""

    list_cost_allocation_tags = answering(_list_tags)
    update_cost_allocation_tags_status = answering(_update_tags)
    start_cost_allocation_tag_backfill = answering(_start_backfill)
    list_cost_allocation_tag_backfill_history = answering(_list_backfills)
    get_cost_and_usage = answering(_get_cost_and_usage)
    get_cost_forecast = answering(_get_cost_forecast)
    get_tags = answering(_get_tags)

    @property
    def extended_backend(self) -> Billing:
        """Return the calling account's Cost Explorer."""
        backend: Billing = ce_backends[self.current_account][self.partition]
        return backend

    def check_caller(self, operation: str) -> None:
        """Refuse member accounts what only their payer may do.

        Raises: AwsError AccessDeniedException in AWS's words.
        """
        self.check_category_caller(operation)
        if operation in _FOR_PAYER and payer_of(self.current_account) != self.current_account:
            text = "Linked account doesn't have access to cost allocation tags."
            raise AwsError("AccessDeniedException", text)


def install() -> None:
    """Put the extension in the place of moto's Cost Explorer backend and handler."""
    ce_backends.backend = Billing
    urls.url_paths["{0}/$"] = BillingExtension.dispatch
