"""Create, describe, list and delete the resources of our own kinds."""

import secrets
from collections.abc import Mapping
from typing import Any

from moto.sagemaker.models import sagemaker_backends

from harness.emulator.clock import unix_time
from harness.emulator.sagemaker.kinds import Kind
from harness.emulator.sagemaker.listing import answer_list
from harness.emulator.sagemaker.shapes import fitting, output_of
from harness.emulator.sagemaker.store import Held, Studio
from harness.emulator.wire import AwsError

_DELETED = "Deleted"


def create(studio: Studio, kind: Kind, request: Mapping[str, Any]) -> dict[str, Any]:
    """Make a resource and return its ARN.

    Raises: AwsError ResourceInUse, ResourceNotFound or ValidationException.
    """
    key = _key(kind, request)
    there = studio.held[kind.noun].get(key)
    if there and there.status != _DELETED:
        raise AwsError("ResourceInUse", f"{kind.noun} {key[-1]} already exists.")
    inherited = _inherited(studio, kind, request)
    arn = f"arn:{studio.partition}:sagemaker:{studio.region_name}:{studio.account_id}:{_resource(kind, request)}"
    now, own = unix_time(), {tag["Key"]: tag["Value"] for tag in request.get("Tags") or ()}
    body = {**request, **kind.state, "CreationTime": now, "LastModifiedTime": now, kind.arn_member: arn}
    body |= {name: value for name, value in request.items() if name in kind.state}
    body |= _more(studio, kind, request)
    tags = [{"Key": name, "Value": value} for name, value in {**inherited, **own}.items()]
    studio.held[kind.noun][key] = Held(kind, arn, body, tags, now)
    return fitting_answer(f"Create{kind.noun}", body)


def describe(studio: Studio, kind: Kind, request: Mapping[str, Any]) -> dict[str, Any]:
    """Return a resource.

    Raises: AwsError ResourceNotFound.
    """
    return fitting_answer(f"Describe{kind.noun}", _found(studio, kind, request).body)


def list_all(studio: Studio, kind: Kind, request: Mapping[str, Any]) -> dict[str, Any]:
    """Return one page of the resources of a kind.

    Raises: AwsError InvalidNextTokenException; NotImplementedError for a filter of another form.
    """
    described = [held.body for held in studio.held[kind.noun].values()]
    return answer_list(f"List{kind.noun}s", described, request, kind.name)


def delete(studio: Studio, kind: Kind, request: Mapping[str, Any]) -> dict[str, Any]:
    """Delete a resource; an app is listed as Deleted for a day on AWS, and for good here.

    Raises: AwsError ResourceNotFound.
    """
    found = _found(studio, kind, request)
    if kind.lingers:
        found.body[kind.status], found.tags = _DELETED, []
    else:
        del studio.held[kind.noun][_key(kind, request)]
    return {kind.arn_member: found.arn} if kind.noun == "MlflowTrackingServer" else {}


def fitting_answer(operation: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an operation answers with of a resource. Raises: nothing."""
    found: dict[str, Any] = fitting(output_of(operation), body)
    return found


def _key(kind: Kind, request: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(request.get(name) or "") for name in kind.keys)


def _found(studio: Studio, kind: Kind, request: Mapping[str, Any]) -> Held:
    found = studio.held[kind.noun].get(_key(kind, request))
    if found is None:
        raise AwsError("ResourceNotFound", f"{kind.noun} {request.get(kind.name)} does not exist.")
    return found


def _resource(kind: Kind, request: Mapping[str, Any]) -> str:
    owner = request.get("UserProfileName") or request.get("SpaceName")
    values = {**request, "Owner": owner, "AppType": str(request.get("AppType", "")).lower()}
    return kind.arn.format_map(values)


def _inherited(studio: Studio, kind: Kind, request: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the tags that an app gets from its domain and user profile, as they are when it is launched.

    docs.aws.amazon.com/sagemaker/latest/APIReference/API_AddTags.html: "Tags that you add to a SageMaker Domain or User
    Profile by calling this API are also added to any Apps that the Domain or User Profile launches after you call this
    API, but not to Apps that the Domain or User Profile launched before you called this API."
    """
    if "DomainId" not in request:
        return {}
    domain = sagemaker_backends[studio.account_id][studio.region_name].domains.get(request["DomainId"])
    if domain is None:
        raise AwsError("ResourceNotFound", f"Domain {request['DomainId']} does not exist.")
    if kind.noun != "App":
        return {}
    owners = [("UserProfile", request.get("UserProfileName")), ("Space", request.get("SpaceName"))]
    given = [(noun, name) for noun, name in owners if name]
    if len(given) != 1:
        raise AwsError("ValidationException", "Exactly one of UserProfileName and SpaceName must be specified.")
    noun, name = given[0]
    owner = studio.held[noun].get((request["DomainId"], str(name)))
    if owner is None:
        raise AwsError("ResourceNotFound", f"{noun} {name} does not exist.")
    passing = [*(domain.tags or ()), *(owner.tags if noun == "UserProfile" else ())]
    return {tag["Key"]: tag["Value"] for tag in passing}


def _more(studio: Studio, kind: Kind, request: Mapping[str, Any]) -> dict[str, Any]:
    if kind.noun == "Space":  # which lists show in short: API_SpaceDetails.html
        settings = ("OwnershipSettings", "SpaceSharingSettings")
        return {f"{name}Summary": request[name] for name in settings if name in request}
    if kind.noun == "Project":
        return {"ProjectId": f"p-{secrets.token_hex(6)}"}
    if kind.noun != "InferenceComponent":
        return {}
    endpoints = sagemaker_backends[studio.account_id][studio.region_name].endpoints
    endpoint = endpoints.get(request["EndpointName"])
    if endpoint is None:
        raise AwsError("ValidationException", f'Could not find endpoint "{request["EndpointName"]}".')
    return {"EndpointArn": endpoint.arn}
