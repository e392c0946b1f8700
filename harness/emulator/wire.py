"""What the service extensions share: AWS error bodies, request checks against botocore's model, pages.

All services that the emulator extends speak AWS JSON 1.1, so an error is `{"__type": code, "message": text}`.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, ClassVar, TypeVar

from botocore.model import ListShape, MapShape, Shape, StructureShape
from moto.core.exceptions import JsonRESTError
from moto.core.responses import BaseResponse
from moto.core.utils import get_service_model
from moto.organizations.models import organizations_backends

Item = TypeVar("Item")

# Classes of Java's patterns, which Python does not know; `\w` has the underscore besides, which tags may hold.
_CLASSES = {r"\p{L}": r"\w", r"\p{N}": r"\w", r"\p{Z}": " \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"}


class AwsError(JsonRESTError):  # type: ignore[misc]  # moto is untyped here
    """Answer a request with one of the service's own error codes."""

    code = 400

    def __init__(self, error_code: str, message: str, **members: str) -> None:
        """Keep AWS's code and message; `members` are further fields of the error, such as `Reason`."""
        super().__init__(error_code, message)
        self.description = json.dumps({"__type": error_code, "message": message, "Message": message, **members})


class CheckedResponse(BaseResponse):  # type: ignore[misc]  # moto is untyped here
    """Check each request as AWS does before moto sees it.

    Subclasses name the code that their service uses for a request that breaks its model in `invalid_request`, and in
    `hollow` the operations that moto has and answers without having looked: they are refused.
    """

    invalid_request = "ValidationException"
    hollow: ClassVar[frozenset[str]] = frozenset()

    @property
    def request(self) -> dict[str, Any]:
        """Return the request's parameters."""
        body: dict[str, Any] = json.loads(self.body or "{}")
        return body

    def check_caller(self, operation: str) -> None:
        """Refuse callers that AWS refuses; subclasses decide.

        Raises: AwsError when the account may not call `operation`.
        """

    def call_action(self) -> Any:
        """Return moto's answer, or the error of the first check that fails."""
        try:
            self._check()
        except AwsError as error:
            return self.error_answer(error)
        return super().call_action()

    def error_answer(self, error: AwsError) -> Any:
        """Return an error as an answer of moto's: status, headers and body."""
        headers = {"Content-Type": error.content_type, "x-amzn-ErrorType": error.error_type}
        return error.code, {**self.response_headers, **headers}, error.description

    def _check(self) -> None:
        operation = self._get_action()
        service_model = get_service_model(self.boto3_service_name)
        if operation not in service_model.operation_names or operation in self.hollow:
            raise NotImplementedError(operation)
        self.check_caller(operation)
        shape = service_model.operation_model(operation).input_shape
        problems = list(_problems("", shape, self.request)) if shape else []
        if problems:
            noun = "error" if len(problems) == 1 else "errors"
            text = f"{len(problems)} validation {noun} detected: " + "; ".join(problems)
            raise AwsError(self.invalid_request, text)


def answering(method: Callable[[Any, dict[str, Any]], Mapping[str, Any] | None]) -> Callable[[Any], str]:
    """Return a moto response method of `method(backend, request)`, which gives the members of the answer."""

    def respond(self: Any) -> str:
        return json.dumps(method(self.extended_backend, self.request) or {})

    respond.__name__ = method.__name__
    respond.__doc__ = method.__doc__
    return respond


def payer_of(account_id: str) -> str:
    """Return the management account of the account's organization, or the account itself when it stands alone."""
    payer: str = organizations_backends.master_accounts.get(account_id, (account_id, ""))[0]
    return payer


def page(
    items: Sequence[Item], request: Mapping[str, Any], limit: str, default: int
) -> tuple[Sequence[Item], dict[str, str]]:
    """Return one page of items and `{"NextToken": ...}` when more follow; `limit` names the request's size member.

    Raises: AwsError InvalidNextTokenException when the token is not one of ours.
    """
    start = 0
    if request.get("NextToken"):
        try:
            start = int(base64.b64decode(request["NextToken"], validate=True))
        except ValueError as error:
            raise AwsError("InvalidNextTokenException", "The specified next token is not valid.") from error
    end = start + (request.get(limit) or default)
    following = {"NextToken": base64.b64encode(str(end).encode()).decode()} if end < len(items) else {}
    return items[start:end], following


def _problems(path: str, shape: Shape, value: Any) -> Iterator[str]:
    """Yield what AWS's front door says about a value that breaks the service's model."""
    if isinstance(shape, StructureShape):
        yield from _structure_problems(path, shape, value)
    elif isinstance(shape, ListShape):
        yield from _size_problems(path, shape, value, len(value))
        for index, item in enumerate(value):
            yield from _problems(f"{path}.{index + 1}.member", shape.member, item)
    elif isinstance(shape, MapShape):
        yield from _size_problems(path, shape, value, len(value))
        for key, item in value.items():
            yield from _problems(f"{path}.key", shape.key, key)
            yield from _problems(f"{path}.{key}.member", shape.value, item)
    elif shape.type_name == "string" and isinstance(value, str):
        yield from _size_problems(path, shape, value, len(value))
        yield from _text_problems(path, shape, value)
    elif shape.type_name == "integer":
        yield from _size_problems(path, shape, value, value)


def _structure_problems(path: str, shape: StructureShape, value: Mapping[str, Any]) -> Iterator[str]:
    for name in shape.required_members:
        if value.get(name) is None:
            yield f"Value null at '{_join(path, name)}' failed to satisfy constraint: Member must not be null"
    for name, member in shape.members.items():
        if value.get(name) is not None:
            yield from _problems(_join(path, name), member, value[name])


def _size_problems(path: str, shape: Shape, value: Any, size: int) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    noun = "value" if shape.type_name == "integer" else "length"
    failed = f"Value '{_short(value)}' at '{path}' failed to satisfy constraint: Member must have {noun}"
    if low is not None and size < low:
        yield f"{failed} greater than or equal to {low}"
    if high is not None and size > high:
        yield f"{failed} less than or equal to {high}"


def _text_problems(path: str, shape: Shape, value: str) -> Iterator[str]:
    enum, pattern = shape.metadata.get("enum"), shape.metadata.get("pattern")
    failed = f"Value '{_short(value)}' at '{path}' failed to satisfy constraint: Member must satisfy"
    if enum and value not in enum:
        yield f"{failed} enum value set: [{', '.join(enum)}]"
    if pattern:
        compiled = _compile(pattern)
        if compiled and not compiled.fullmatch(value):
            yield f"{failed} regular expression pattern: {pattern}"


@cache
def _compile(pattern: str) -> re.Pattern[str] | None:
    """Return AWS's (Java) pattern compiled, or None for one that Python's syntax does not know."""
    for java, python in _CLASSES.items():
        pattern = pattern.replace(java, python)
    try:
        return re.compile(pattern)
    except re.error:
        return None


def _join(path: str, name: str) -> str:
    camel = name[:1].lower() + name[1:]
    return f"{path}.{camel}" if path else camel


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 80 else f"{text[:80]}..."
