"""AddTags, ListTags and DeleteTags on whatever resource of SageMaker the inventory lists.

docs.aws.amazon.com/sagemaker/latest/APIReference/API_AddTags.html; an execution of a pipeline carries no tags:
docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html has none under AddTags.
"""

from typing import Any

from harness.emulator.inventory import LiveResource, find_resource
from harness.emulator.wire import AwsError, page

_MOST, _PAGE = 50, 50


def add_tags(backend: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Add tags, or change those whose keys are there, and return all.

    Raises: AwsError ValidationException.
    """
    found = _found(backend, request["ResourceArn"])
    added = {tag["Key"]: tag["Value"] for tag in request["Tags"]}
    reserved = next((key for key in added if key.lower().startswith("aws:")), None)
    if reserved:
        raise AwsError("ValidationException", f"Tag keys that start with aws: are reserved; got {reserved}.")
    tags = {**found.tags, **added}
    if sum(not key.startswith("aws:") for key in tags) > _MOST:
        raise AwsError("ValidationException", f"The number of tags exceeds the limit of {_MOST} tags per resource.")
    found.change_tags(added)
    return {"Tags": _pairs(tags)}


def list_tags(backend: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of tags.

    Raises: AwsError ValidationException or InvalidNextTokenException.
    """
    shown, following = page(_pairs(_found(backend, request["ResourceArn"]).tags), request, "MaxResults", _PAGE)
    return {"Tags": shown, **following}


def delete_tags(backend: Any, request: dict[str, Any]) -> None:
    """Take tags away.

    Raises: AwsError ValidationException.
    """
    _found(backend, request["ResourceArn"]).change_tags({}, request["TagKeys"])


def _found(backend: Any, arn: str) -> LiveResource:
    found = find_resource(backend.account_id, backend.region_name, arn)
    if found is None:
        raise AwsError("ValidationException", f"Could not find a resource that can be tagged with the ARN {arn}.")
    return found


def _pairs(tags: Any) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
