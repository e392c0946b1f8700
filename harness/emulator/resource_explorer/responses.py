"""AWS Resource Explorer: the answers. moto has no such service, so this package stands in the place of one."""

import re
import sys
import uuid
from types import ModuleType
from typing import Any
from urllib.parse import unquote

from moto import backend_index

from harness.emulator.clock import stamp, utcnow
from harness.emulator.resource_explorer.model import (
    AGGREGATOR,
    LOCAL,
    SERVICE,
    Index,
    ResourceExplorer,
    View,
    indexes_of,
    refused,
    resource_explorer_backends,
)
from harness.emulator.resource_explorer.query import read_query
from harness.emulator.resource_explorer.search import list_resources, search
from harness.emulator.resource_explorer.types import supported_types
from harness.emulator.wire import CheckedResponse, answering, page, payer_of

_MODULE, _PAGE = "resourceexplorer2", 100


def _create_index(backend: ResourceExplorer, request: dict[str, Any]) -> dict[str, Any]:
    index = backend.create_index(request.get("Tags"))
    return {"Arn": index.arn, "State": "ACTIVE", "CreatedAt": index.created}


def _get_index(backend: ResourceExplorer, _: dict[str, Any]) -> dict[str, Any]:
    index = backend.the_index()
    others = [each.region for each in indexes_of(backend.account_id) if each is not index]
    aggregator = backend.aggregator()
    return {
        **_described(index),
        "ReplicatingFrom": others if index.type == AGGREGATOR else [],
        "ReplicatingTo": [aggregator.region] if aggregator and aggregator is not index else [],
        "Tags": index.tags,
    }


def _described(index: Index) -> dict[str, Any]:
    times = {"CreatedAt": index.created, "LastUpdatedAt": index.created}
    return {"Arn": index.arn, "Type": index.type, "State": "ACTIVE", **times}


def _list_indexes(backend: ResourceExplorer, request: dict[str, Any]) -> dict[str, Any]:
    found = [
        {"Arn": index.arn, "Region": index.region, "Type": index.type}
        for index in indexes_of(backend.account_id)
        if request.get("Type", index.type) == index.type and index.region in (request.get("Regions") or [index.region])
    ]
    shown, following = page(found, request, "MaxResults", _PAGE)
    return {"Indexes": shown, **following}


def _list_indexes_for_members(backend: ResourceExplorer, request: dict[str, Any]) -> dict[str, Any]:
    if payer_of(backend.account_id) != backend.account_id:
        raise refused("AccessDeniedException", "Only the management account may list the indexes of members", 403)
    found = [
        {"AccountId": account_id, "Arn": index.arn, "Region": index.region, "Type": index.type}
        for account_id in request["AccountIdList"]
        if payer_of(account_id) == backend.account_id
        for index in indexes_of(account_id)
    ]
    shown, following = page(found, request, "MaxResults", 10)
    return {"Indexes": shown, **following}


def _update_type(backend: ResourceExplorer, request: dict[str, Any]) -> dict[str, Any]:
    index, aggregator = backend.the_index(request["Arn"]), backend.aggregator()
    if request["Type"] == AGGREGATOR and aggregator not in (None, index):
        raise refused("ServiceQuotaExceededException", "There can be only one aggregator index per account", 402)
    index.type = request["Type"]
    return {"Arn": index.arn, "Type": index.type, "State": "ACTIVE", "LastUpdatedAt": stamp(utcnow())}


def _delete_index(backend: ResourceExplorer, request: dict[str, Any]) -> dict[str, Any]:
    index = backend.the_index(request["Arn"])
    backend.index, backend.default_view, backend.views = None, None, {}
    return {"Arn": index.arn, "State": "DELETED", "LastUpdatedAt": stamp(utcnow())}


def _create_view(backend: ResourceExplorer, request: dict[str, Any]) -> dict[str, Any]:
    query = (request.get("Filters") or {}).get("FilterString", "")
    read_query(query, words=False)
    view = View(
        arn=f"{backend.place}:view/{request['ViewName']}/{uuid.uuid4()}",
        name=request["ViewName"],
        owner=backend.account_id,
        scope=request.get("Scope") or f"arn:{backend.partition}:iam::{backend.account_id}:root",
        included=tuple(each["Name"] for each in request.get("IncludedProperties") or ()),
        filter=query,
        tags=request.get("Tags") or {},
    )
    return {"View": backend.create_view(view).describe()}


def _get_view(backend: ResourceExplorer, request: dict[str, Any]) -> dict[str, Any]:
    view = backend.view(request["ViewArn"])
    return {"View": view.describe(), "Tags": view.tags}


def _batch_get_view(backend: ResourceExplorer, request: dict[str, Any]) -> dict[str, Any]:
    arns = request.get("ViewArns") or ()
    errors = [{"ViewArn": arn, "ErrorMessage": "View not found"} for arn in arns if arn not in backend.views]
    return {"Views": [backend.views[arn].describe() for arn in arns if arn in backend.views], "Errors": errors}


def _list_views(backend: ResourceExplorer, request: dict[str, Any]) -> dict[str, Any]:
    shown, following = page(sorted(backend.views), request, "MaxResults", 20)
    return {"Views": shown, **following}


def _delete_view(backend: ResourceExplorer, request: dict[str, Any]) -> dict[str, Any]:
    view = backend.view(request["ViewArn"])
    del backend.views[view.arn]
    if backend.default_view == view.arn:
        backend.default_view = None
    return {"ViewArn": view.arn}


def _get_default(backend: ResourceExplorer, _: dict[str, Any]) -> dict[str, Any]:
    return {"ViewArn": backend.default_view} if backend.default_view else {}


def _associate_default(backend: ResourceExplorer, request: dict[str, Any]) -> dict[str, Any]:
    backend.default_view = backend.view(request["ViewArn"]).arn
    return {"ViewArn": backend.default_view}


def _disassociate_default(backend: ResourceExplorer, _: dict[str, Any]) -> None:
    backend.default_view = None


def _list_types(_: ResourceExplorer, request: dict[str, Any]) -> dict[str, Any]:
    found = [{"Service": each.partition(":")[0], "ResourceType": each} for each in sorted(supported_types())]
    shown, following = page(found, request, "MaxResults", 1_000)
    return {"ResourceTypes": shown, **following}


def _tags(backend: ResourceExplorer, request: dict[str, Any]) -> dict[str, str]:
    arn = request["resourceArn"]
    found: Index | View | None = backend.views.get(arn)
    if found is None and backend.index and backend.index.arn == arn:
        found = backend.index
    if found is None:
        raise refused("ResourceNotFoundException", f"{arn} not found", 404)
    return found.tags


def _tag(backend: ResourceExplorer, request: dict[str, Any]) -> None:
    _tags(backend, request).update(request.get("Tags") or {})


def _untag(backend: ResourceExplorer, request: dict[str, Any]) -> None:
    tags = _tags(backend, request)
    for key in request["tagKeys"]:
        tags.pop(key, None)


def _list_tags(backend: ResourceExplorer, request: dict[str, Any]) -> dict[str, Any]:
    return {"Tags": _tags(backend, request)}


class ResourceExplorerResponse(CheckedResponse):
    """Answer Resource Explorer requests."""

    create_index = answering(_create_index)
    get_index = answering(_get_index)
    list_indexes = answering(_list_indexes)
    list_indexes_for_members = answering(_list_indexes_for_members)
    update_index_type = answering(_update_type)
    delete_index = answering(_delete_index)
    create_view = answering(_create_view)
    get_view = answering(_get_view)
    batch_get_view = answering(_batch_get_view)
    list_views = answering(_list_views)
    delete_view = answering(_delete_view)
    get_default_view = answering(_get_default)
    associate_default_view = answering(_associate_default)
    disassociate_default_view = answering(_disassociate_default)
    search = answering(search)
    list_resources = answering(list_resources)
    list_supported_resource_types = answering(_list_types)
    tag_resource = answering(_tag)
    untag_resource = answering(_untag)
    list_tags_for_resource = answering(_list_tags)

    def __init__(self) -> None:
        """Answer for the service."""
        super().__init__(service_name=SERVICE)

    @property
    def request(self) -> dict[str, Any]:
        """Return the request's parameters, those in the path and after it too."""
        path = {name: unquote(value) for name, value in (self.uri_match or {}).items()}
        keys = {"tagKeys": self.querystring["tagKeys"]} if "tagKeys" in self.querystring else {}
        return {**super().request, **path, **keys}

    @property
    def extended_backend(self) -> ResourceExplorer:
        """Return the calling account's Resource Explorer in the region of the request."""
        backend: ResourceExplorer = resource_explorer_backends[self.current_account][self.region]
        return backend


def set_up(account_id: str, region: str, *, is_aggregator: bool, scope: str | None = None) -> None:
    """Make an index with a default view that shows tags, as Quick Setup does; `scope` makes it one of an organization.

    Raises: AwsError when Resource Explorer is on there.
    """
    backend = resource_explorer_backends[account_id][region]
    backend.create_index().type = AGGREGATOR if is_aggregator else LOCAL
    name = "all-resources" if scope is None else "organization"
    view = {"ViewName": name, "IncludedProperties": [{"Name": "tags"}], "Scope": scope}
    backend.default_view = _create_view(backend, view)["View"]["ViewArn"]


url_bases = list(ResourceExplorer.url_bases)
_answer = ResourceExplorerResponse.dispatch
url_paths = {"{0}/(?P<operation>[^/]+)$": _answer, "{0}/tags/(?P<arn>.+)$": _answer}


def install() -> None:
    """Let moto find this package as the service that it lacks: by the host of a call, and by the name of a module."""
    package = ModuleType(f"moto.{_MODULE}")
    vars(package).update({f"{_MODULE}_backends": resource_explorer_backends})
    sys.modules[package.__name__] = package
    backend_index.backend_url_patterns.append((_MODULE, re.compile(url_bases[0])))
