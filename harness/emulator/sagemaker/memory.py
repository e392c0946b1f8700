"""Remember what moto forgets of a SageMaker resource: who created it, and what it was created with.

docs.aws.amazon.com/sagemaker/latest/APIReference/API_UserContext.html: created from Studio, a resource names the user
profile and domain; created otherwise, the identity of the caller alone.
"""

import json
from collections.abc import Mapping
from typing import Any

from harness.emulator.sagemaker.shapes import fitting, output_of
from harness.emulator.sagemaker.store import studio_of

_MADE = ("Create", "Start")
_NOUNS = {"MlflowTrackingServer": "TrackingServer"}


def remember(operation: str, request: Mapping[str, Any], body: str, identity: Mapping[str, str]) -> None:
    """Remember a resource that a call has made; `identity` is the caller's IamIdentity. Raises: nothing."""
    if not operation.startswith(_MADE):
        return
    arn = _arn(json.loads(body or "{}"))
    if arn:
        studio = studio_of(arn)
        studio.created_by[arn] = {"IamIdentity": dict(identity)}
        studio.requests[arn] = {name: value for name, value in request.items() if name != "Tags"}


def set_user_profile(arn: str, domain_id: str, user_profile: str) -> None:
    """Say that a resource was created by a user profile of Studio. Raises: nothing."""
    place = arn.split(":", 5)
    profile = ":".join([*place[:5], f"user-profile/{domain_id}/{user_profile}"])
    studio = studio_of(arn)
    studio.created_by[arn] = {
        **studio.created_by.get(arn, {}),
        "UserProfileArn": profile,
        "UserProfileName": user_profile,
        "DomainId": domain_id,
    }


def complete(operation: str, body: str) -> str:
    """Return the answer of a Describe operation with what is remembered besides. Raises: nothing."""
    shape = output_of(operation)
    described = json.loads(body or "{}")
    noun = operation.removeprefix("Describe")
    arn = described.get(f"{_NOUNS.get(noun, noun)}Arn")
    if not arn:
        return body
    studio = studio_of(arn)
    known = {**studio.requests.get(arn, {}), "CreatedBy": studio.created_by.get(arn)}
    described.pop("CreatedBy", None)
    described.pop("LastModifiedBy", None)
    return json.dumps({**fitting(shape, known), **described})


def _arn(answer: Mapping[str, Any]) -> str | None:
    return next((str(value) for name, value in answer.items() if name.endswith("Arn")), None)
