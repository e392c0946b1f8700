"""SageMaker: moto's answers, completed, and those that it lacks."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from moto.core.utils import camelcase_to_underscores
from moto.sagemaker import urls
from moto.sagemaker.models import SageMakerModelBackend, sagemaker_backends
from moto.sagemaker.responses import SageMakerResponse
from moto.sts.models import sts_backends

from harness.emulator.sagemaker import documents, memory
from harness.emulator.sagemaker.kinds import KINDS, Kind
from harness.emulator.sagemaker.listed import description, is_behind, page_behind, with_more
from harness.emulator.sagemaker.listing import answer_list
from harness.emulator.sagemaker.pipelines import list_executions, list_steps
from harness.emulator.sagemaker.search import search
from harness.emulator.sagemaker.store import Studio, studio_backends
from harness.emulator.sagemaker.tags import add_tags, delete_tags, list_tags
from harness.emulator.wire import AwsError, CheckedResponse, answering

# A group of model packages may be another account's:
# docs.aws.amazon.com/sagemaker/latest/dg/model-registry-version.html
_ELSEWHERE = ("ModelPackageGroupName", "ModelPackageName", "ModelPackageArn")


def _list_models(backend: Studio, request: dict[str, Any]) -> dict[str, Any]:
    models = sagemaker_backends[backend.account_id][backend.region_name].list_models()
    return answer_list("ListModels", [each.response_object for each in models], request, "ModelName")


def _list_feature_groups(backend: Studio, request: dict[str, Any]) -> dict[str, Any]:
    groups = sagemaker_backends[backend.account_id][backend.region_name].feature_groups.values()
    return answer_list("ListFeatureGroups", [each.describe() for each in groups], request, "FeatureGroupName")


class SageMakerExtension(CheckedResponse, SageMakerResponse):  # type: ignore[misc]  # moto is untyped here
    """Answer SageMaker requests; those of our own kinds are added below."""

    add_tags = answering(add_tags)
    list_tags = answering(list_tags)
    delete_tags = answering(delete_tags)
    list_models = answering(_list_models)
    list_feature_groups = answering(_list_feature_groups)
    list_pipeline_executions = answering(list_executions)
    list_pipeline_execution_steps = answering(list_steps)
    search = answering(search)

    @property
    def extended_backend(self) -> Studio:
        """Return the calling account's own store in the region of the request."""
        backend: Studio = studio_backends[self.current_account][self.region]
        return backend

    @property
    def sagemaker_backend(self) -> SageMakerModelBackend:
        """Return the models of the calling account, or of the account whose model package is asked for."""
        arns = [str(self.request.get(name) or "") for name in _ELSEWHERE if "ModelPackage" in self._get_action()]
        account_id = next((arn.split(":")[4] for arn in arns if arn.startswith("arn:")), self.current_account)
        return sagemaker_backends[account_id][self.region]

    def _get_param(self, param_name: str, if_none: Any = None) -> Any:
        """Return a parameter; a group of model packages by its name, also where its ARN was given."""
        found = super()._get_param(param_name, if_none)
        is_arn = param_name == "ModelPackageGroupName" and str(found).startswith("arn:")
        return found.rpartition("/")[2] if is_arn else found

    def call_action(self) -> Any:
        """Return the answer, completed with what is remembered of the resource, and with what a seed lists."""
        operation, place = self._get_action(), (self.current_account, self.region)
        if is_behind(self.request):
            return self._behind(operation, place)
        status, headers, body = super().call_action()
        if status != HTTPStatus.OK:
            found = description(operation, place, self.request)
            return (200, self.response_headers, found) if found else (status, headers, body)
        memory.remember(operation, self.request, body, self._identity())
        if operation.startswith("Describe"):
            body = memory.complete(operation, body)
        elif operation.startswith("List"):
            body = with_more(operation, place, self.request, body)
        return status, headers, body

    def _behind(self, operation: str, place: tuple[str, str]) -> Any:
        """Return a page of what a seed lists."""
        try:
            answer = page_behind(operation, place, self.request)
        except AwsError as error:
            return self.error_answer(error)
        if answer is None:
            return self.error_answer(AwsError("ValidationException", "The specified next token is not valid."))
        return 200, self.response_headers, json.dumps(answer)

    def _identity(self) -> dict[str, str]:
        sts = sts_backends[self.current_account][self.partition]
        user_id, arn, _ = sts.get_caller_identity(self.get_access_key(), self.region)
        return {"Arn": arn, "PrincipalId": user_id}


def _bound(method: Callable[..., dict[str, Any]], kind: Kind) -> Callable[[Any], str]:
    def respond(backend: Studio, request: dict[str, Any]) -> dict[str, Any]:
        return method(backend, kind, request)

    return answering(respond)


_METHODS = (("Create", documents.create, ""), ("Describe", documents.describe, ""), ("List", documents.list_all, "s"))
for _kind in KINDS:
    for _verb, _method, _ending in (*_METHODS, ("Delete", documents.delete, "")):
        _name = camelcase_to_underscores(f"{_verb}{_kind.noun}{_ending}")
        setattr(SageMakerExtension, _name, _bound(_method, _kind))


def install() -> None:
    """Put the extension in the place of moto's SageMaker handler."""
    urls.url_paths["{0}/$"] = SageMakerExtension.dispatch
