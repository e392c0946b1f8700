"""Word a denial as the service that was called does: code, HTTP status and message.

Control policies: docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html. Tag policies: the error that
the service's own model declares for them, or the code that is known of services without one.
"""

from dataclasses import dataclass
from typing import Any

from moto.core.utils import get_service_model

from harness.emulator.enforcement.call import Call
from harness.emulator.wire import payer_of
from harness.policy.evaluation import Decision

_FORBIDDEN, _BAD_REQUEST = 403, 400
_DENIED_BY_SERVICE = {"ec2": "UnauthorizedOperation", "sns": "AuthorizationError"}
_DENIED_BY_PROTOCOL = {"json": ("AccessDeniedException", _BAD_REQUEST), "rest-json": ("AccessDeniedException", 403)}
_TAG_CODES = {"ec2": "TagPolicyViolation", "s3": "TagPolicyException"}
# Which of the codes for wrong input a service has, the most telling first.
_INVALID = ("ValidationException", "InvalidParameterException", "InvalidParameterValueException", "InvalidInput")


@dataclass(frozen=True, slots=True)
class Denial:
    """Hold an error: AWS's code, message and HTTP status, and the protocol in which it is sent."""

    code: str
    message: str
    status: int
    protocol: str


def control_policy_denial(call: Call, arn: str, decision: Decision, organization_id: str) -> Denial:
    """Return the error of a call that control policies deny. Raises: nothing."""
    if decision.policy is None:
        reason = f"because no service control policy allows the {call.action} action"
    else:
        management = f"arn:{call.partition}:organizations::{payer_of(call.account_id)}:policy/{organization_id}"
        policy = f"{management}/service_control_policy/{decision.policy.id}"
        reason = f"with an explicit deny in a service control policy: {policy}"
    message = f"User: {call.principal_arn} is not authorized to perform: {call.action} on resource: {arn} {reason}"
    if call.service == "ec2":
        message = f"You are not authorized to perform this operation. {message}"
    code, status = _DENIED_BY_PROTOCOL.get(call.protocol, ("AccessDenied", _FORBIDDEN))
    return Denial(_DENIED_BY_SERVICE.get(call.service, code), message, status, call.protocol)


def tag_policy_denial(call: Call, key: str) -> Denial:
    """Return the error of a call whose tag the tag policy does not allow. Raises: nothing."""
    message = tag_policy_message(key)
    if call.service == "dynamodb":
        message = f"One or more parameter values were invalid: {message}"
    return Denial(_tag_code(call), message, _BAD_REQUEST, call.protocol)


def tag_policy_message(key: str) -> str:
    """Return what every service says of a tag that the tag policy does not allow. Raises: nothing."""
    return f"The tag policy does not allow the specified value for the following tag key: '{key}'."


def _tag_code(call: Call) -> str:
    if call.service in _TAG_CODES:
        return _TAG_CODES[call.service]
    shapes: list[Any] = [*call.model.error_shapes, *get_service_model(call.service).error_shapes]
    declared = next((shape for shape in shapes if "TagPolicy" in shape.name), None)
    if declared is not None:
        return str(declared.error_code)
    names = {shape.name for shape in shapes}
    return next((name for name in _INVALID if name in names), "ValidationException")
