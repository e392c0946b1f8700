"""AWS Service Catalog: the answers. `model` holds TagOptions and their rules; portfolios and products are moto's."""

from collections.abc import Mapping, Sequence
from typing import Any

from moto.servicecatalog import urls
from moto.servicecatalog.models import Portfolio, servicecatalog_backends
from moto.servicecatalog.responses import ServiceCatalogResponse

from harness.emulator.clock import unix_time
from harness.emulator.servicecatalog.model import Catalog
from harness.emulator.wire import AwsError, CheckedResponse, answering, page

_PAGE = 20


def _create(backend: Catalog, request: dict[str, Any]) -> dict[str, Any]:
    return {"TagOptionDetail": backend.create_tag_option(request["Key"], request["Value"]).describe()}


def _describe(backend: Catalog, request: dict[str, Any]) -> dict[str, Any]:
    return {"TagOptionDetail": backend.tag_option(request["Id"]).describe()}


def _list(backend: Catalog, request: dict[str, Any]) -> dict[str, Any]:
    wanted = {name: value for name, value in (request.get("Filters") or {}).items() if value is not None}
    found = [option.describe() for option in backend.tag_options.values()]
    return _paged("TagOptionDetails", [each for each in found if wanted.items() <= each.items()], request)


def _update(backend: Catalog, request: dict[str, Any]) -> dict[str, Any]:
    option = backend.tag_option(request["Id"])
    backend.update_tag_option(option, request.get("Value"), active=request.get("Active"))
    return {"TagOptionDetail": option.describe()}


def _delete(backend: Catalog, request: dict[str, Any]) -> None:
    backend.delete_tag_option(backend.tag_option(request["Id"]))


def _associate(backend: Catalog, request: dict[str, Any]) -> None:
    backend.associate(backend.tag_option(request["TagOptionId"]), request["ResourceId"])


def _disassociate(backend: Catalog, request: dict[str, Any]) -> None:
    backend.disassociate(backend.tag_option(request["TagOptionId"]), request["ResourceId"])


def _list_resources(backend: Catalog, request: dict[str, Any]) -> dict[str, Any]:
    kind = request.get("ResourceType")
    if kind not in (None, "Portfolio", "Product"):
        raise AwsError("InvalidParametersException", "ResourceType must be Portfolio or Product.")
    held = [backend.resource(resource_id) for resource_id in backend.tag_option(request["TagOptionId"]).resources]
    found = [
        {
            "Id": resource.id,
            "ARN": resource.arn,
            "Name": resource.display_name if isinstance(resource, Portfolio) else resource.name,
            "Description": resource.description or "",
            "CreatedTime": unix_time(resource.created_time),
        }
        for resource in held
        if kind in (None, type(resource).__name__)
    ]
    return _paged("ResourceDetails", found, request)


def _paged(member: str, found: Sequence[Any], request: Mapping[str, Any]) -> dict[str, Any]:
    """Return one page; these operations ask and answer with `PageToken`."""
    size = min(request.get("PageSize") or _PAGE, _PAGE)
    try:
        shown, following = page(found, {"NextToken": request.get("PageToken"), "PageSize": size}, "PageSize", _PAGE)
    except AwsError as error:
        raise AwsError("InvalidParametersException", "The page token is not valid.") from error
    return {member: shown, **({"PageToken": following["NextToken"]} if following else {})}


class ServiceCatalogExtension(CheckedResponse, ServiceCatalogResponse):  # type: ignore[misc]  # moto is untyped here
    """Answer Service Catalog requests."""

    create_tag_option = answering(_create)
    describe_tag_option = answering(_describe)
    list_tag_options = answering(_list)
    update_tag_option = answering(_update)
    delete_tag_option = answering(_delete)
    associate_tag_option_with_resource = answering(_associate)
    disassociate_tag_option_from_resource = answering(_disassociate)
    list_resources_for_tag_option = answering(_list_resources)

    @property
    def extended_backend(self) -> Catalog:
        """Return the calling account's catalog in the region of the request."""
        backend: Catalog = servicecatalog_backends[self.current_account][self.region]
        return backend


def install() -> None:
    """Put the extension in the place of moto's Service Catalog backend and handler."""
    servicecatalog_backends.backend = Catalog
    urls.url_paths["{0}/$"] = ServiceCatalogExtension.dispatch
