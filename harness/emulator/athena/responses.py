"""Amazon Athena: workgroups that can be changed, and errors where there is none; the rest is moto's.

docs.aws.amazon.com/athena/latest/APIReference/API_UpdateWorkGroup.html, API_WorkGroupConfigurationUpdates.html and
API_DeleteWorkGroup.html.
"""

from collections.abc import Mapping
from typing import Any

from moto.athena import urls
from moto.athena.models import AthenaBackend, WorkGroup, athena_backends
from moto.athena.responses import AthenaResponse

from harness.emulator.wire import AwsError, CheckedResponse, answering

_PRIMARY = "primary"


def _group(backend: AthenaBackend, name: str) -> WorkGroup:
    if name not in backend.work_groups:
        raise AwsError("InvalidRequestException", f"WorkGroup {name} is not found.")
    return backend.work_groups[name]


def _get(backend: AthenaBackend, request: dict[str, Any]) -> dict[str, Any]:
    group = _group(backend, request["WorkGroup"])
    found = backend.get_work_group(group.name) or {}
    return {"WorkGroup": {**found, "Configuration": {**group.configuration, "EngineVersion": _engine(group)}}}


def _engine(group: WorkGroup) -> dict[str, str]:
    """Return the engine with the version in effect, which AWS answers and nobody asks for."""
    version = dict(group.configuration.get("EngineVersion") or {})
    return {"SelectedEngineVersion": "AUTO", **version, "EffectiveEngineVersion": "Athena engine version 3"}


def _update(backend: AthenaBackend, request: dict[str, Any]) -> None:
    group = _group(backend, request["WorkGroup"])
    if request.get("State"):
        group.state = request["State"]
    if request.get("Description") is not None:
        group.description = request["Description"]
    updates: Mapping[str, Any] = request.get("ConfigurationUpdates") or {}
    for name, value in updates.items():
        if name == "ResultConfigurationUpdates":
            results = dict(group.configuration.get("ResultConfiguration") or {})
            group.configuration["ResultConfiguration"] = _changed(results, value)
        elif not name.startswith("Remove"):
            group.configuration[name] = value
    if updates.get("RemoveBytesScannedCutoffPerQuery"):
        group.configuration.pop("BytesScannedCutoffPerQuery", None)


def _changed(held: dict[str, Any], updates: Mapping[str, Any]) -> dict[str, Any]:
    """Return a result configuration with updates: `Remove<Name>` takes a member away."""
    gone = {name.removeprefix("Remove") for name, value in updates.items() if name.startswith("Remove") and value}
    new = {name: value for name, value in updates.items() if not name.startswith("Remove")}
    return {name: value for name, value in {**held, **new}.items() if name not in gone}


def _delete(backend: AthenaBackend, request: dict[str, Any]) -> None:
    group = _group(backend, request["WorkGroup"])
    if group.name == _PRIMARY:
        raise AwsError("InvalidRequestException", "The primary workgroup cannot be deleted.")
    queries = [each for each in backend.executions.values() if each.workgroup is group]
    named = [each for each in backend.named_queries.values() if each.workgroup is group]
    if (queries or named) and not request.get("RecursiveDeleteOption"):
        raise AwsError("InvalidRequestException", f"WorkGroup {group.name} is not empty.")
    del backend.work_groups[group.name]


def _list_tags(backend: AthenaBackend, request: dict[str, Any]) -> dict[str, Any]:
    arn = request["ResourceARN"]
    held = (*backend.work_groups.values(), *backend.data_catalogs.values(), *backend.capacity_reservations.values())
    if not any(each.arn == arn for each in held):
        raise AwsError("ResourceNotFoundException", f"Athena resource {arn} does not exist.", ResourceName=arn)
    return {"Tags": backend.tagger.list_tags_for_resource(arn)["Tags"]}


class AthenaExtension(CheckedResponse, AthenaResponse):  # type: ignore[misc]  # moto is untyped here
    """Answer Athena requests."""

    invalid_request = "InvalidRequestException"
    get_work_group = answering(_get)
    update_work_group = answering(_update)
    delete_work_group = answering(_delete)
    list_tags_for_resource = answering(_list_tags)

    @property
    def extended_backend(self) -> AthenaBackend:
        """Return the calling account's workgroups in the region of the request."""
        return athena_backends[self.current_account][self.region]


def install() -> None:
    """Put the extension in the place of moto's handler."""
    urls.url_paths["{0}/$"] = AthenaExtension.dispatch
