"""The WSGI application: moto's dispatcher, the emulator's own health page, and clear answers where moto has none."""

import json
import os
import re
from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError
from moto.core.utils import get_service_model
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.wrappers import Request, Response

HEALTH_PATH = "/_tagrail/health"

_CODE = "NotImplemented"
_CREDENTIAL = re.compile(r"Credential=[^/]*/[^/]*/[^/]*/([^/]*)/aws4_request")


class Application:
    """Serve AWS requests from the moment it exists; `ready` turns true when seeding is done.

    An operation that nothing implements is answered with HTTP 501, which no AWS SDK retries.
    """

    def __init__(self, instance_id: str) -> None:
        """Keep the identity that the health page shows."""
        self.instance_id = instance_id
        self.ready = False
        self._moto = _Dispatcher(create_backend_app)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        if environ.get("PATH_INFO") == HEALTH_PATH:
            health = {"instance_id": self.instance_id, "pid": os.getpid(), "ready": self.ready}
            return Response(json.dumps(health), mimetype="application/json")(environ, start_response)
        try:
            answer: Iterable[bytes] = self._moto(environ, start_response)
        except (NotImplementedError, OperationNotFoundError):
            return _not_implemented(Request(environ))(environ, start_response)
        return answer


class _Dispatcher(DomainDispatcherApplication):  # type: ignore[misc]  # moto is untyped here
    """Refuse services that moto does not have, where moto would take them for S3 or fail."""

    def get_backend_for_host(self, host: str | None) -> Any:
        backend = super().get_backend_for_host(host)
        if backend is None and host is not None:
            raise NotImplementedError(host)
        return backend


def _not_implemented(request: Request) -> Response:
    """Return the 501 error in the protocol of the service that was asked."""
    found = _CREDENTIAL.search(request.headers.get("Authorization", ""))
    service = found[1] if found else "unknown service"
    target = request.headers.get("X-Amz-Target", "").rpartition(".")[2]
    operation = target or request.values.get("Action") or f"{request.method} {request.path}"
    message = f"The tagrail emulator does not implement {service}:{operation}."
    headers = {"x-amzn-ErrorType": _CODE}
    if target or _protocol(service).startswith("rest-json"):
        body = json.dumps({"__type": _CODE, "message": message})
        return Response(body, 501, headers, mimetype="application/x-amz-json-1.1")
    return Response(_xml(_protocol(service), message), 501, headers, mimetype="text/xml")


def _protocol(service: str) -> str:
    """Return a service's protocol by its signing name; services that sign by another name count as rest-json."""
    try:
        metadata: Mapping[str, Any] = get_service_model(service).metadata
    except UnknownServiceError:
        return "rest-json"
    return str(metadata["protocol"])


def _xml(protocol: str, message: str) -> str:
    error = f"<Error><Code>{_CODE}</Code><Message>{escape(message)}</Message></Error>"
    if protocol == "ec2":
        return f"<Response><Errors>{error}</Errors></Response>"
    return error if protocol == "rest-xml" else f"<ErrorResponse>{error}</ErrorResponse>"
