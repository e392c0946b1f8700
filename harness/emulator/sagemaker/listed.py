"""Let SageMaker's List and Describe operations show what a seed lists by ARN alone, behind what was made by calls.

Such a resource has a name, an ARN, a state in which it usually is, and its time where the seed gives one.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.emulator.clock import unix_time
from harness.emulator.listing import ListedResource, listed_resources
from harness.emulator.sagemaker.listing import answer_list
from harness.emulator.sagemaker.shapes import fitting, output_of
from harness.policy.arn import arn_type

_MARK = b"listed:"
_START = unix_time()


@dataclass(frozen=True, slots=True)
class Row:
    """Say how a kind's ARN is named: `kind` is its type there, `parts` the members that its path holds."""

    noun: str
    kind: str
    parts: tuple[str, ...]
    arn: str = ""
    state: Mapping[str, object] = field(default_factory=dict)


def _named(noun: str, kind: str, **state: object) -> Row:
    return Row(noun, kind, (f"{noun}Name",), f"{noun}Arn", state)


_STUDIO = ("DomainId", "UserProfileName")
_ROWS: Mapping[str, Row] = {
    "ListApps": Row("App", "app", (*_STUDIO, "AppType", "AppName"), "AppArn", {"Status": "InService"}),
    "ListAutoMLJobs": _named("AutoMLJob", "automl-job", AutoMLJobStatus="Completed"),
    "ListClusters": _named("Cluster", "cluster", ClusterStatus="InService"),
    "ListCompilationJobs": _named("CompilationJob", "compilation-job", CompilationJobStatus="COMPLETED"),
    "ListDomains": Row("Domain", "domain", ("DomainId",), "DomainArn", {"Status": "InService"}),
    "ListEndpointConfigs": _named("EndpointConfig", "endpoint-config"),
    "ListEndpoints": _named("Endpoint", "endpoint", EndpointStatus="InService"),
    "ListFeatureGroups": _named("FeatureGroup", "feature-group", FeatureGroupStatus="Created"),
    "ListHyperParameterTuningJobs": _named(
        "HyperParameterTuningJob", "hyper-parameter-tuning-job", HyperParameterTuningJobStatus="Completed"
    ),
    "ListInferenceComponents": _named(
        "InferenceComponent", "inference-component", InferenceComponentStatus="InService"
    ),
    "ListModelPackageGroups": _named("ModelPackageGroup", "model-package-group", ModelPackageGroupStatus="Completed"),
    "ListModels": _named("Model", "model"),
    "ListNotebookInstances": _named("NotebookInstance", "notebook-instance", NotebookInstanceStatus="InService"),
    "ListPipelines": _named("Pipeline", "pipeline", PipelineStatus="Active"),
    "ListProcessingJobs": _named("ProcessingJob", "processing-job", ProcessingJobStatus="Completed"),
    "ListProjects": _named("Project", "project", ProjectStatus="CreateCompleted"),
    "ListSpaces": Row("Space", "space", ("DomainId", "SpaceName"), "SpaceArn", {"Status": "InService"}),
    "ListTrainingJobs": _named("TrainingJob", "training-job", TrainingJobStatus="Completed"),
    "ListTransformJobs": _named("TransformJob", "transform-job", TransformJobStatus="Completed"),
    "ListUserProfiles": Row("UserProfile", "user-profile", _STUDIO, "UserProfileArn", {"Status": "InService"}),
}
_DESCRIBED = {f"Describe{row.noun}": row for row in _ROWS.values()}


def is_behind(request: Mapping[str, Any]) -> bool:
    """Tell whether a request goes on with a page of listed resources. Raises: nothing."""
    return _inner(request) is not None


def page_behind(operation: str, place: tuple[str, str], request: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a page of the listed resources of an account and region (`place`); None where there are none.

    Raises: AwsError InvalidNextTokenException; NotImplementedError for a filter of another form.
    """
    row = _ROWS.get(operation)
    found = list(_described(row, place)) if row else []
    if row is None or not found:
        return None
    inner = _inner(request)
    asked = {**request, "NextToken": inner or None}
    answer = answer_list(operation, found, asked, row.parts[-1])
    if "NextToken" in answer:
        answer["NextToken"] = _token(answer["NextToken"].encode())
    return answer


def with_more(operation: str, place: tuple[str, str], request: Mapping[str, Any], body: str) -> str:
    """Return an answer that leads on to the listed resources once those that were made by calls are shown.

    Raises: AwsError; NotImplementedError for a filter of another form.
    """
    answer = json.loads(body or "{}")
    more = None if answer.get("NextToken") else page_behind(operation, place, request)
    if more is None:
        return body
    shown = next((value for value in answer.values() if isinstance(value, list)), [])
    return json.dumps({**answer, "NextToken": _token(b"")} if shown else more)


def description(operation: str, place: tuple[str, str], request: Mapping[str, Any]) -> str | None:
    """Return the answer of a Describe operation for a listed resource; None where there is none. Raises: nothing."""
    row = _DESCRIBED.get(operation)
    for found in _described(row, place) if row else ():
        if row and all(found[name] == request.get(name) for name in row.parts if name in request):
            return json.dumps(fitting(output_of(operation), found))
    return None


def _described(row: Row, place: tuple[str, str]) -> list[dict[str, Any]]:
    return [_describe(row, each) for each in listed_resources(*place) if _is_of(row, each)]


def _is_of(row: Row, listed: ListedResource) -> bool:
    service, kind, name = arn_type(listed.arn)
    return (service, kind) == ("sagemaker", row.kind) and name.count("/") == len(row.parts) - 1


def _describe(row: Row, listed: ListedResource) -> dict[str, Any]:
    created = listed.created.timestamp() if listed.created else _START
    names = dict(zip(row.parts, arn_type(listed.arn).name.split("/"), strict=True))
    times = {"CreationTime": created, "LastModifiedTime": created}
    return {**names, row.arn: listed.arn, **times, **row.state}


def _token(inner: bytes) -> str:
    return base64.urlsafe_b64encode(_MARK + inner).decode()


def _inner(request: Mapping[str, Any]) -> str | None:
    """Return the token of a page of listed resources, empty for the first; None for a token of moto's."""
    try:
        held = base64.urlsafe_b64decode(str(request.get("NextToken") or ""))
    except ValueError:
        return None
    return held.removeprefix(_MARK).decode() if held.startswith(_MARK) else None
