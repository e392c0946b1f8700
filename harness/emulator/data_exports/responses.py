"""AWS Data Exports: the answers. moto has no such service, so this package stands in the place of one of its own."""

import re
import sys
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from moto import backend_index

from harness.cost_table import CostTable, load_cost_tables
from harness.emulator.data_exports.model import DataExports, Export, data_exports_backends, listed
from harness.emulator.wire import AwsError, CheckedResponse, answering, page

_PAGE = 100
_SERVICE, _MODULE = "bcm-data-exports", "bcmdataexports"


def _create(backend: DataExports, request: dict[str, Any]) -> dict[str, Any]:
    tags = {tag["Key"]: tag["Value"] for tag in request.get("ResourceTags") or ()}
    return {"ExportArn": backend.create(request["Export"], tags).arn}


def _get(backend: DataExports, request: dict[str, Any]) -> dict[str, Any]:
    export = backend.export(request["ExportArn"])
    return {"Export": export.definition, "ExportStatus": _status(backend, export)}


def _update(backend: DataExports, request: dict[str, Any]) -> dict[str, Any]:
    export = backend.export(request["ExportArn"])
    backend.update(export, request["Export"])
    return {"ExportArn": export.arn}


def _delete(backend: DataExports, request: dict[str, Any]) -> dict[str, Any]:
    export = backend.export(request["ExportArn"])
    del backend.exports[export.arn]
    return {"ExportArn": export.arn}


def _list(backend: DataExports, request: dict[str, Any]) -> dict[str, Any]:
    found = [
        {"ExportArn": each.arn, "ExportName": each.name, "ExportStatus": _status(backend, each)}
        for each in listed(backend.exports)
    ]
    shown, following = page(found, request, "MaxResults", _PAGE)
    return {"Exports": shown, **following}


def _list_tables(_: DataExports, request: dict[str, Any]) -> dict[str, Any]:
    found = [
        {
            "TableName": table.name,
            "Description": table.key,
            "TableProperties": [
                {"Name": name, "ValidValues": list(values), "DefaultValue": _usual(values)}
                for name, values in table.settings.items()
            ],
        }
        for table in load_cost_tables().values()
    ]
    shown, following = page(found, request, "MaxResults", _PAGE)
    return {"Tables": shown, **following}


def _get_table(_: DataExports, request: dict[str, Any]) -> dict[str, Any]:
    table = _table(request["TableName"])
    given: Mapping[str, str] = request.get("TableProperties") or {}
    for name in given.keys() - table.settings.keys():
        text = f"The table {table.name} has no configuration {name}"
        raise AwsError("ValidationException", text, Reason="fieldValidationFailed")
    schema = [{"Name": each.name, "Type": each.type} for each in table.available(given)]
    return {"TableName": table.name, "Description": table.key, "TableProperties": dict(given), "Schema": schema}


def _list_executions(backend: DataExports, request: dict[str, Any]) -> dict[str, Any]:
    export = backend.export(request["ExportArn"])
    found = [{"ExecutionId": export.execution_id, "ExecutionStatus": _execution(backend, export)}]
    shown, following = page(found, request, "MaxResults", _PAGE)
    return {"Executions": shown, **following}


def _get_execution(backend: DataExports, request: dict[str, Any]) -> dict[str, Any]:
    export = backend.export(request["ExportArn"])
    if request["ExecutionId"] != export.execution_id:
        members = {"ResourceId": request["ExecutionId"], "ResourceType": "execution"}
        raise AwsError("ResourceNotFoundException", f"Execution {request['ExecutionId']} not found", **members)
    status = _execution(backend, export)
    return {"ExecutionId": export.execution_id, "Export": export.definition, "ExecutionStatus": status}


def _tag(backend: DataExports, request: dict[str, Any]) -> None:
    export = backend.export(request["ResourceArn"])
    export.tags |= {tag["Key"]: tag["Value"] for tag in request["ResourceTags"]}


def _untag(backend: DataExports, request: dict[str, Any]) -> None:
    export = backend.export(request["ResourceArn"])
    for key in request["ResourceTagKeys"]:
        export.tags.pop(key, None)


def _list_tags(backend: DataExports, request: dict[str, Any]) -> dict[str, Any]:
    tags = backend.export(request["ResourceArn"]).tags
    shown, following = page(list(tags.items()), request, "MaxResults", _PAGE)
    return {"ResourceTags": [{"Key": key, "Value": value} for key, value in shown], **following}


def _status(backend: DataExports, export: Export) -> dict[str, Any]:
    """Return the health of an export: whether AWS could deliver now."""
    status = {"CreatedAt": export.created, "LastUpdatedAt": export.updated}
    if backend.delivery_fault(export.definition):
        return {**status, "StatusCode": "UNHEALTHY", "StatusReason": "INSUFFICIENT_PERMISSION"}
    return {**status, "StatusCode": "HEALTHY"}


def _execution(backend: DataExports, export: Export) -> dict[str, Any]:
    """Return the one execution: AWS begins to deliver within 24 hours, and the emulator never does."""
    status = {"CreatedAt": export.created, "LastUpdatedAt": export.updated}
    if backend.delivery_fault(export.definition):
        return {**status, "StatusCode": "DELIVERY_FAILURE", "StatusReason": "INSUFFICIENT_PERMISSION"}
    return {**status, "StatusCode": "INITIATION_IN_PROCESS"}


def _table(name: str) -> CostTable:
    found = next((each for each in load_cost_tables().values() if each.name == name), None)
    if found is None:
        raise AwsError("ValidationException", f"The table {name} does not exist", Reason="fieldValidationFailed")
    return found


def _usual(values: tuple[str, ...]) -> str:
    return "FALSE" if "FALSE" in values else values[0] if values else ""


class DataExportsResponse(CheckedResponse):
    """Answer Data Exports requests."""

    create_export = answering(_create)
    get_export = answering(_get)
    update_export = answering(_update)
    delete_export = answering(_delete)
    list_exports = answering(_list)
    list_tables = answering(_list_tables)
    get_table = answering(_get_table)
    list_executions = answering(_list_executions)
    get_execution = answering(_get_execution)
    tag_resource = answering(_tag)
    untag_resource = answering(_untag)
    list_tags_for_resource = answering(_list_tags)

    def __init__(self) -> None:
        """Answer for the service."""
        super().__init__(service_name=_SERVICE)

    @property
    def extended_backend(self) -> DataExports:
        """Return the calling account's exports."""
        backend: DataExports = data_exports_backends[self.current_account][self.partition]
        return backend


url_bases = list(DataExports.url_bases)
url_paths = {"{0}/$": DataExportsResponse.dispatch}


def install() -> None:
    """Let moto find this package as the service that it lacks: by the host of a call, and by the name of a module."""
    package = ModuleType(f"moto.{_MODULE}")
    vars(package).update({f"{_MODULE}_backends": data_exports_backends})
    sys.modules[package.__name__] = package
    backend_index.backend_url_patterns.append((_MODULE, re.compile(url_bases[0])))
