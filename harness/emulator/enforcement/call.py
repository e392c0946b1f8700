"""Read an HTTP request as the API call that it is: service, operation, parameters, caller and region.

Services and operations come from botocore's models, so every service that moto serves is read alike.
"""

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from xml.etree.ElementTree import ParseError

from botocore.model import OperationModel
from botocore.session import get_session
from moto.core.parse import PROTOCOL_PARSERS, RequestParserError
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from moto.iam.models import get_account_id_from
from moto.sts.models import sts_backends
from moto.utilities.utils import get_partition
from werkzeug.exceptions import NotFound

from harness.emulator.enforcement.operation_actions import action_of
from harness.emulator.request_shape import missing_members, wrong_types
from harness.policy.actions import service_prefix
from harness.policy.compliance import plain

# moto's name of a service -> botocore's, where they differ in more than hyphens; None for what is none of AWS's.
_MODELS = {"awslambda": "lambda", "instance_metadata": None, "moto_api": None, "moto_api._internal": None}
_BY_VERSION = {("elb", "2015-12-01"): "elbv2"}
# Protocols whose requests say a parameter's type, and in which absence is no matter of spelling.
_EXACT = frozenset({"json", "rest-json"})
# What parsers raise on a request that is not in the protocol.
_UNREADABLE = (RequestParserError, ParseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
_CREDENTIAL = re.compile(r"Credential=([^/]+)/[^/]*/([^/]*)/[^/]*/aws4_request")


class MalformedCallError(Exception):
    """Say that a request names an operation but does not hold its parameters in the service's `protocol`."""

    def __init__(self, protocol: str, message: str) -> None:
        """Keep the protocol, in which the error is to be answered."""
        super().__init__(message)
        self.protocol = protocol


@dataclass(frozen=True, slots=True)
class Call:
    """Hold one API call: `service` is botocore's name, `prefix` that of IAM actions, `partition` such as `aws`."""

    service: str
    prefix: str
    operation: str
    parameters: Mapping[str, Any]
    account_id: str
    region: str
    partition: str
    principal_arn: str
    protocol: str
    model: OperationModel = field(repr=False, compare=False)

    @property
    def action(self) -> str:
        """Return the IAM action, such as `ec2:RunInstances`."""
        return action_of(self.prefix, self.model)


def read_call(moto_service: str, environ: dict[str, Any]) -> Call | None:
    """Return the call of a request to one of moto's services; None when it names no operation of that service.

    The body stays readable; of an upload it is not looked at. Raises: MalformedCallError.
    """
    own = model_name(moto_service)
    if own is None:
        return None
    request = _request(environ)
    own = _BY_VERSION.get((own, request.values.get("Version", "")), own)
    found = _operation(own, request)
    if found is None:
        return None
    name, path = found
    model = get_service_model(own)
    operation = model.operation_model(name)
    protocol = _protocol(model, request)
    credential = _CREDENTIAL.search(request.headers.get("Authorization", ""))
    access_key, region = credential.groups() if credential else ("", "us-east-1")
    account_id = get_account_id_from(access_key)
    return Call(
        service=own,
        prefix=service_prefix(model.signing_name),
        operation=name,
        parameters=_parameters(operation, protocol, request, path),
        account_id=account_id,
        region=region,
        partition=get_partition(region),
        principal_arn=_principal(account_id, access_key, region),
        protocol=protocol,
        model=operation,
    )


def _request(environ: dict[str, Any]) -> Request:
    """Return the request with a body of its own; moto finds its own copy in `environ`."""
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isdigit():
        body = environ["wsgi.input"].read(int(length))
    else:  # without a length a body can only come in chunks
        body = environ["wsgi.input"].read() if environ.get("wsgi.input_terminated") else b""
    environ["wsgi.input"] = io.BytesIO(body)
    return Request({**environ, "wsgi.input": io.BytesIO(body)})


def model_name(moto_service: str) -> str | None:
    """Return botocore's name of one of moto's services; None for what is no service of AWS. Raises: nothing."""
    wanted = _MODELS.get(moto_service, moto_service)
    return _known_models().get(plain(wanted)) if wanted else None


@cache
def _known_models() -> Mapping[str, str]:
    """Return botocore's services by their names without hyphens: moto writes `bedrockagent`."""
    return {plain(name): name for name in get_session().get_available_services()}


def _operation(service: str, request: Request) -> tuple[str, Mapping[str, Any]] | None:
    """Return operation and the parameters in the path, when the service has what a request asks for."""
    target = request.headers.get("X-Amz-Target")
    name = target.rpartition(".")[2] if target else request.values.get("Action")
    if name:
        return (name, {}) if name in get_service_model(service).operation_names else None
    try:
        operation, path = get_service_router(service).match(request)
    except (NotFound, NotImplementedError):
        return None
    return operation.name, path


def _protocol(model: Any, request: Request) -> str:
    try:
        return str(determine_request_protocol(model, request.content_type))
    except NotImplementedError:
        return str(model.protocol)


def _parameters(
    operation: OperationModel, protocol: str, request: Request, path: Mapping[str, Any]
) -> Mapping[str, Any]:
    body = b"" if operation.has_streaming_input else request.get_data()
    parts = {
        "method": request.method,
        "values": request.values,
        "headers": request.headers,
        "body": body,
        "url_path": request.path,
        "url_params": path,
    }
    try:
        if protocol == "json" and not isinstance(json.loads(body or b"{}"), dict):
            raise ValueError("the body must be a JSON object")
        found: Mapping[str, Any] = PROTOCOL_PARSERS[protocol](operation).parse(parts) or {}
    except _UNREADABLE as error:
        raise MalformedCallError(protocol, f"{operation.name}: {error}") from error
    shape = operation.input_shape if protocol in _EXACT else None
    wrong = next(wrong_types(shape, found), None) if shape else None
    if wrong:
        raise MalformedCallError(protocol, f"{operation.name}: {wrong}")
    return found


def missing_in(call: Call) -> Iterator[str]:
    """Yield the members that a call must have and has not, in protocols whose requests can be read exactly."""
    if call.model.input_shape and call.protocol in _EXACT and not call.model.has_streaming_input:
        yield from missing_members(call.model.input_shape, call.parameters)


def _principal(account_id: str, access_key: str, region: str) -> str:
    arn: str = sts_backends[account_id][get_partition(region)].get_caller_identity(access_key, region)[1]
    return arn
