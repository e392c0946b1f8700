"""Malformed requests of any service get an error that its client understands: no hang, no traceback, no 500."""

import http.client
import json
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from botocore.model import OperationModel, Shape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto.core.utils import get_service_model

from harness.emulator import process

from .conftest import SEED

pytestmark = pytest.mark.emulator

# Of every protocol one or more; what would start containers or wait on purpose is left out.
SERVICES = {
    "json": [
        "organizations",
        "config",
        "ce",
        "budgets",
        "resourcegroupstaggingapi",
        "servicecatalog",
        "bcm-data-exports",
        "athena",
        "glue",
        "sagemaker",
        "dynamodb",
        "kms",
        "logs",
    ],
    "query": ["sns", "iam", "sts", "rds", "cloudwatch"],
    "ec2": ["ec2"],
    "rest-json": ["efs", "eks", "glacier", "backup"],
    "rest-xml": ["s3", "s3control", "route53"],
}
SLOW = {"Invoke", "ReceiveMessage", "Query", "GetLogEvents", "StartQuery"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
TEXT = st.text(max_size=40)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Start an emulator of its own: what a malformed call leaves behind must not meet other tests."""
    folder: Path = tmp_path_factory.mktemp("fuzz")
    yield process.start("fuzz", folder, SEED).port
    process.stop("fuzz", folder)


def operations(protocol: str) -> list[OperationModel]:
    models = [get_service_model(service) for service in SERVICES[protocol]]
    return [
        model.operation_model(name) for model in models for name in sorted(model.operation_names) if name not in SLOW
    ]


def values(shape: Shape, depth: int = 3) -> st.SearchStrategy[Any]:
    """Return values that are often of the shape and sometimes not at all."""
    exact: st.SearchStrategy[Any]
    if depth == 0:
        return st.none()
    if shape.type_name == "structure":
        members = {name: values(member, depth - 1) for name, member in list(shape.members.items())[:8]}  # type: ignore[attr-defined]
        exact = st.fixed_dictionaries({}, optional=members)
    elif shape.type_name == "list":
        exact = st.lists(values(shape.member, depth - 1), max_size=2)  # type: ignore[attr-defined]
    elif shape.type_name == "map":
        exact = st.dictionaries(st.text(string.ascii_letters, max_size=8), values(shape.value, depth - 1), max_size=2)  # type: ignore[attr-defined]
    elif shape.type_name in ("integer", "long"):
        exact = st.integers(-5, 2000)
    elif shape.type_name == "boolean":
        exact = st.booleans()
    else:
        exact = st.sampled_from(shape.metadata["enum"]) if shape.metadata.get("enum") else TEXT
    return st.one_of(exact, exact, exact, JSON)


def body_of(operation: OperationModel) -> st.SearchStrategy[bytes]:
    shaped = values(operation.input_shape) if operation.input_shape else JSON
    return st.one_of(
        shaped.map(lambda value: json.dumps(value).encode()), JSON.map(str).map(str.encode), st.binary(max_size=60)
    )


def send(
    port: int, operation: OperationModel, headers: dict[str, str], body: bytes, path: str = "/"
) -> tuple[int, bytes]:
    scope = f"tagrail/20261125/eu-central-1/{operation.service_model.signing_name}/aws4_request"
    credential = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"
    method = operation.http["method"]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body, {"Authorization": credential, **headers})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def check(status: int, answer: bytes, *, malformed: bool = False) -> None:
    assert b"Traceback" not in answer
    assert 400 <= status < 500 if malformed else status < 500 or status == 501, (status, answer[:300])


FUZZ = settings(max_examples=120, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("protocol", ["json"])
@FUZZ
@given(data=st.data())
def test_json(port: int, protocol: str, data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from(operations(protocol)), label="operation")
    body = data.draw(body_of(operation), label="body")
    model = operation.service_model
    target = f"{model.metadata['targetPrefix']}.{operation.name}"
    content = f"application/x-amz-json-{model.metadata['jsonVersion']}"
    status, answer = send(port, operation, {"X-Amz-Target": target, "Content-Type": content}, body)
    try:
        malformed = not isinstance(json.loads(body or b"{}"), dict)
    except ValueError:
        malformed = True
    known = status != 501  # what is not implemented is refused before its body is looked at
    check(status, answer, malformed=malformed and known)


@pytest.mark.parametrize("protocol", ["query", "ec2"])
@FUZZ
@given(data=st.data())
def test_query(port: int, protocol: str, data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from(operations(protocol)), label="operation")
    members = list(operation.input_shape.members) if operation.input_shape else []
    name = st.sampled_from(members or ["X"])
    suffix = st.sampled_from(["", ".1", ".member.1", ".entry.1.key", ".1.Key", ".x"])
    pairs = data.draw(st.lists(st.tuples(st.builds(str.__add__, name, suffix), TEXT), max_size=6), label="form")
    form = urlencode([("Action", operation.name), ("Version", operation.service_model.api_version), *pairs])
    content = {"Content-Type": "application/x-www-form-urlencoded"}
    check(*send(port, operation, content, form.encode()))


@pytest.mark.parametrize("protocol", ["rest-json", "rest-xml"])
@FUZZ
@given(data=st.data())
def test_rest(port: int, protocol: str, data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from(operations(protocol)), label="operation")
    label = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12)
    path = re.sub(r"\{[^}]+\}", lambda _: quote(data.draw(label)), operation.http["requestUri"])
    body = data.draw(body_of(operation), label="body")
    content = {"Content-Type": "application/json" if protocol == "rest-json" else "text/xml"}
    check(*send(port, operation, content, body, path))


def test_the_emulator_still_answers(port: int) -> None:
    model = get_service_model("organizations").operation_model("ListRoots")
    target = {"X-Amz-Target": "AWSOrganizationsV20161128.ListRoots", "Content-Type": "application/x-amz-json-1.1"}
    status, answer = send(port, model, target, b"{}")
    assert status == 200
    assert json.loads(answer)["Roots"]
