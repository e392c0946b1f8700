"""The WSGI application: moto's dispatcher, the emulator's own health page, and clear answers where moto has none."""

import importlib
import io
import json
import os
import re
import threading
import traceback
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any
from xml.sax.saxutils import escape

import flask
import moto.core
from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError
from moto.core.utils import get_service_model
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from harness.emulator.billing.responses import let_billing_see
from harness.emulator.clock_pages import CLOCK_PAGES
from harness.emulator.cloudtrail.events import changes, record
from harness.emulator.enforcement.call import Call, MalformedCallError, missing_in, read_call
from harness.emulator.enforcement.gate import denial_of
from harness.emulator.faults.pages import FAULT_PAGES
from harness.emulator.faults.state import fault_of
from harness.emulator.once_tagged import remember_before
from harness.emulator.process_state import BILLING_PATH, HEALTH_PATH

_CODE = "NotImplemented"
# Services that the emulator extends say in their own words what is missing in a request.
_CHECKED = frozenset(
    {
        "bcmdataexports",
        "budgets",
        "ce",
        "config",
        "organizations",
        "resourceexplorer2",
        "resourcegroupstaggingapi",
        "servicecatalog",
    }
)
# Extensions of services that take long to load, and are installed when somebody calls them first.
_LATE = {"cloudformation": "cloudformation.responses", "ec2": "account.ec2_regions"}
# moto's models are plain dicts and lists, and terraform sends ten requests at once. Long polls must not hold up others.
_ONE_AT_A_TIME = threading.Lock()
_KEPT_ANSWERS, _SERVER_ERROR = 500, 500
_WAITING = frozenset({"sqs"})
_ACCESS_KEY = re.compile(r"Credential=([^/]+)/")
_CREDENTIAL = re.compile(r"Credential=[^/]*/[^/]*/[^/]*/([^/]*)/aws4_request")


class Application:
    """Serve AWS requests from the moment it exists; `ready` turns true when seeding is done.

    An operation that nothing implements is answered with HTTP 501, which no AWS SDK retries.
    """

    def __init__(self, instance_id: str) -> None:
        """Keep the identity that the health page shows."""
        self.instance_id = instance_id
        self.ready = False
        self._moto = _Dispatcher(_create_app)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        if environ.get("PATH_INFO") == HEALTH_PATH:
            health = {"instance_id": self.instance_id, "pid": os.getpid(), "ready": self.ready}
            return Response(json.dumps(health), mimetype="application/json")(environ, start_response)
        if environ.get("PATH_INFO") == BILLING_PATH:
            return _let_billing_see(Request(environ))(environ, start_response)
        if environ.get("PATH_INFO") in CLOCK_PAGES:
            with _ONE_AT_A_TIME:
                return CLOCK_PAGES[environ["PATH_INFO"]](Request(environ))(environ, start_response)
        if environ.get("PATH_INFO") in FAULT_PAGES:
            return FAULT_PAGES[environ["PATH_INFO"]](Request(environ))(environ, start_response)
        form = _keep_form(environ)
        try:
            answer: Iterable[bytes] = self._moto(environ, start_response)
        except (NotImplementedError, OperationNotFoundError):
            refusal = "does not implement {call}"
        except Exception as error:  # noqa: BLE001 (a fault of moto: named to the client, and shown whole in the log)
            traceback.print_exc()
            refusal = f"cannot handle {{call}} with these parameters ({type(error).__name__}: {error})"
        else:
            return answer
        form.seek(0)
        environ["wsgi.input"] = form
        return _refused(Request(environ), refusal)(environ, start_response)


class _Dispatcher(DomainDispatcherApplication):  # type: ignore[misc]  # moto is untyped here
    """Refuse services that moto does not have, where moto would take them for S3 or fail, and calls that are denied."""

    def __init__(self, create_app: Any) -> None:
        """Keep the last answers by the SDK's id of the call."""
        super().__init__(create_app)
        self._answers: dict[str, Response] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer a request, or say why the organization of its account denies it.

        Raises: NotImplementedError for what neither moto nor the emulator can do.
        """
        application = self.get_application(environ)
        service = next(name for name, made in list(self.app_instances.items()) if made is application)
        if service in _WAITING:
            return self._answer(service, application, environ, start_response)
        with _ONE_AT_A_TIME:
            return self._answer(service, application, environ, start_response)

    def _answer(self, service: str, application: Any, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer a call; one that an SDK sends again, since its answer got lost, gets the same answer again.

        A fault is no such answer: the SDK sends the call again to see whether it passes now.
        """
        try:
            call = read_call(service, environ)
        except MalformedCallError as error:
            return error_response(error.protocol, "SerializationException", str(error), 400)(environ, start_response)
        if call and (fault := fault_of(call)):
            return error_response(fault.protocol, fault.code, fault.message, fault.status)(environ, start_response)
        invocation = environ.get("HTTP_AMZ_SDK_INVOCATION_ID", "") if environ["REQUEST_METHOD"] == "POST" else ""
        if not invocation:
            return (_refusal(service, call) or _Answering(application, call))(environ, start_response)
        if invocation not in self._answers:
            chosen = _refusal(service, call) or _Answering(application, call)
            found = Response.from_app(chosen, environ, buffered=True)
            if found.status_code < _SERVER_ERROR:
                self._answers[invocation] = found
                if len(self._answers) > _KEPT_ANSWERS:
                    del self._answers[next(iter(self._answers))]
            return found(environ, start_response)
        return self._answers[invocation](environ, start_response)

    def get_backend_for_host(self, host: str | None) -> Any:
        backend = super().get_backend_for_host(host)
        if backend is None and host is not None:
            raise NotImplementedError(host)
        return backend


class _Answering:
    """Answer by one of moto's applications; an empty 404, which no service of AWS sends, names the call instead."""

    def __init__(self, application: Any, call: Call | None) -> None:
        """Keep the application and the call."""
        self._application, self._call = application, call

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer a request. Raises: what the application raises."""
        found = Response.from_app(self._application, environ)
        is_nothing = found.status_code == HTTPStatus.NOT_FOUND and environ["REQUEST_METHOD"] != "HEAD"
        if is_nothing and not found.get_data():
            found = _refused(Request(environ), "does not implement {call}")
        if self._call and found.status_code < HTTPStatus.MULTIPLE_CHOICES and changes(self._call):
            record(self._call, found.get_data(), _access_key(environ))
        return found(environ, start_response)


def _access_key(environ: dict[str, Any]) -> str:
    found = _ACCESS_KEY.search(environ.get("HTTP_AUTHORIZATION", ""))
    return found[1] if found else ""


def _refusal(service: str, call: Call | None) -> Response | None:
    """Return the answer to a call that may not pass; None for one that may, or that is none."""
    if call is None:
        return None
    if denial := denial_of(call):
        return error_response(denial.protocol, denial.code, denial.message, denial.status)
    missing = [] if service in _CHECKED else list(missing_in(call))
    if missing:
        failed = f"Value null at '{missing[0]}' failed to satisfy constraint: Member must not be null"
        text = f"1 validation error detected: {failed}"
        return error_response(call.protocol, "ValidationException", text, 400)
    remember_before(call)
    return None


def _create_app(service: Any) -> Any:
    """Return moto's application of a service, which says 501 instead of 404 for a path that it does not route."""
    if service in _LATE:
        importlib.import_module(f"harness.emulator.{_LATE[service]}").install()
    application = create_backend_app(service)

    def unrouted(error: HTTPException) -> HTTPException | Response:
        return _refused(flask.request, "does not implement {call}") if flask.request.url_rule is None else error

    application.register_error_handler(404, unrouted)
    return application


def _keep_form(environ: dict[str, Any]) -> io.BytesIO:
    """Return the body of a form, which names its operation, so that it can be read again; other bodies stay streams."""
    if not environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return io.BytesIO()
    form = io.BytesIO(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
    environ["wsgi.input"] = form
    return form


def _let_billing_see(request: Request) -> Response:
    """Answer a POST of a JSON list of tag keys: billing knows them from now on."""
    keys = request.get_json(force=True, silent=True) if request.method == "POST" else None
    if not isinstance(keys, list) or not all(isinstance(key, str) and key for key in keys):
        return Response(
            json.dumps({"message": "must be a POST of a JSON list of tag keys"}), 400, mimetype="application/json"
        )
    new = let_billing_see(moto.core.DEFAULT_ACCOUNT_ID, keys)
    return Response(json.dumps({"new": new}), mimetype="application/json")


def _refused(request: Request, refusal: str) -> Response:
    """Return the 501 error in the protocol of the service that was asked; `refusal` names the `{call}`."""
    found = _CREDENTIAL.search(request.headers.get("Authorization", ""))
    service = found[1] if found else "unknown service"
    target = request.headers.get("X-Amz-Target", "").rpartition(".")[2]
    operation = target or request.values.get("Action") or f"{request.method} {request.path}"
    message = f"The tagrail emulator {refusal.replace('{call}', f'{service}:{operation}')}."
    return error_response("json" if target else _protocol(service), _CODE, message, 501)


def error_response(protocol: str, code: str, message: str, status: int) -> Response:
    """Return an error in the form that a botocore protocol (json, rest-json, query, ec2, rest-xml) wants."""
    headers = {"x-amzn-ErrorType": code}
    if protocol in ("json", "rest-json"):
        body = json.dumps({"__type": code, "message": message, "Message": message})
        return Response(body, status, headers, mimetype="application/x-amz-json-1.1")
    return Response(_xml(protocol, code, message), status, headers, mimetype="text/xml")


def _protocol(service: str) -> str:
    """Return a service's protocol by its signing name; services that sign by another name count as rest-json."""
    try:
        metadata: Mapping[str, Any] = get_service_model(service).metadata
    except UnknownServiceError:
        return "rest-json"
    return str(metadata["protocol"])


def _xml(protocol: str, code: str, message: str) -> str:
    error = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    if protocol == "ec2":
        return f"<Response><Errors>{error}</Errors></Response>"
    return error if protocol == "rest-xml" else f"<ErrorResponse>{error}</ErrorResponse>"
