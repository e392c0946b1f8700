"""Word a fault as the service that was called does: code, HTTP status and message.

Codes for too many calls come from the service's own model where it declares one, else from the list of codes that SDKs
retry (botocore/data/_retry.json) and each service's page of common errors.
"""

import re

from moto.core.utils import get_service_model

from harness.emulator.enforcement.call import Call
from harness.emulator.enforcement.errors import Denial

_THROTTLED = re.compile(r"^(Throttl|TooManyRequests|RequestThrottled|RequestLimitExceeded)")
# docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html and
# docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
_OWN = {
    "ec2": ("RequestLimitExceeded", "Request limit exceeded.", 503),
    "s3": ("SlowDown", "Please reduce your request rate.", 503),
}
_BY_PROTOCOL = {"query": ("Throttling", "Rate exceeded", 400)}
_RATE = "Rate exceeded"
# What an endpoint answers to credentials that hold in no such region:
# docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html, docs.aws.amazon.com/AWSEC2/latest/APIReference
_NO_REGION = {
    "ec2": ("AuthFailure", "AWS was not able to validate the provided access credentials", 401),
    "query": ("InvalidClientTokenId", "The security token included in the request is invalid", 403),
    "rest-json": ("UnrecognizedClientException", "The security token included in the request is invalid.", 403),
    "rest-xml": ("InvalidToken", "The provided token is malformed or otherwise invalid.", 400),
}
_NO_REGION_JSON = ("UnrecognizedClientException", "The security token included in the request is invalid.", 400)
# OptInRequired stands in the common errors of each service; JSON services call it otherwise. As seen: boto/boto issue
# 525, Appliscale/cloud-security-audit issue 24, aws-samples/aws-health-aware issue 47.
_NEEDS = "The AWS Access Key Id needs a subscription for the service"
_SUSPENDED = {
    "ec2": ("OptInRequired", "You are not subscribed to this service.", 401),
    "json": ("SubscriptionRequiredException", _NEEDS, 400),
    "rest-json": ("SubscriptionRequiredException", _NEEDS, 403),
    "rest-xml": ("NotSignedUp", "Your account is not signed up for the Amazon S3 service.", 403),
}
_SUSPENDED_QUERY = ("OptInRequired", _NEEDS, 403)


def throttled(call: Call) -> Denial:
    """Return the error of a call above the limit. Raises: nothing."""
    known = _OWN.get(call.service) or _BY_PROTOCOL.get(call.protocol)
    if known:
        return Denial(*known, call.protocol)
    shapes = [*call.model.error_shapes, *get_service_model(call.service).error_shapes]
    declared = next((shape for shape in shapes if _THROTTLED.match(shape.name)), None)
    if declared is None:
        return Denial("ThrottlingException", _RATE, 429 if call.protocol == "rest-json" else 400, call.protocol)
    return Denial(
        str(declared.error_code), _RATE, declared.metadata.get("error", {}).get("httpStatusCode", 400), call.protocol
    )


def denied(call: Call, arn: str) -> Denial:
    """Return the error of a call that nothing allows. Raises: nothing."""
    text = f"User: {call.principal_arn} is not authorized to perform: {call.action} on resource: {arn}"
    text = f"{text} because no identity-based policy allows the {call.action} action"
    if call.service == "ec2":
        message = f"You are not authorized to perform this operation. {text}"
        return Denial("UnauthorizedOperation", message, 403, call.protocol)
    if call.service == "sns":
        return Denial("AuthorizationError", text, 403, call.protocol)
    if call.protocol in ("json", "rest-json"):
        return Denial("AccessDeniedException", text, 400 if call.protocol == "json" else 403, call.protocol)
    return Denial("AccessDenied", text, 403, call.protocol)


def region_disabled(call: Call) -> Denial:
    """Return the error of a call into a region that the account has not enabled. Raises: nothing."""
    return Denial(*_NO_REGION.get(call.protocol, _NO_REGION_JSON), call.protocol)


def account_suspended(call: Call) -> Denial:
    """Return the error of a call of a suspended account. Raises: nothing."""
    return Denial(*_SUSPENDED.get(call.protocol, _SUSPENDED_QUERY), call.protocol)
