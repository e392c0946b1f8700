"""A boto3 client whose requests a function answers in the place of AWS."""

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse

_DENIED = b"<ErrorResponse><Error><Code>AuthorizationError</Code><Message>no</Message></Error></ErrorResponse>"
Answer = Callable[[str, dict[str, Any]], tuple[int, dict[str, Any]]]


class Raw(io.BytesIO):
    """A body as urllib3 gives it."""

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.read()


def aws_client(service: str, answer: Answer, region: str = "eu-central-1") -> Any:
    """Return a client; `answer` gets operation and request and returns status and answer. SNS (no JSON) denies."""
    client = boto3.client(
        service,  # type: ignore[call-overload]
        region_name=region,
        aws_access_key_id="key",
        aws_secret_access_key="secret",
    )

    def send(request: Any, **_: object) -> AWSResponse:
        if "X-Amz-Target" not in request.headers:
            return AWSResponse(request.url, 403, {}, Raw(_DENIED))
        operation = request.headers["X-Amz-Target"].decode().split(".")[1]
        status, found = answer(operation, json.loads(request.body))
        return AWSResponse(request.url, status, {}, Raw(json.dumps(found).encode()))

    client.meta.events.register(f"before-send.{service}", send)
    return client


def error(code: str) -> tuple[int, dict[str, Any]]:
    return 400, {"__type": code, "Message": "no"}
