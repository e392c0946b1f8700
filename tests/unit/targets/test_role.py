"""A role is entered to read, and what it gives is never printed."""

import json
from typing import Any

import boto3
from botocore.stub import ANY, Stubber

from harness.targets.emulator import make_emulator_target
from harness.targets.model import Credentials
from harness.targets.role import READING, assume_reader

ROLE = "arn:aws:iam::100000000001:role/audit"
ISSUED = {"AccessKeyId": "AKIAEXAMPLE01234", "SecretAccessKey": "hidden", "SessionToken": "hidden too"}


def entered() -> tuple[Credentials, dict[str, Any]]:
    sts: Any = boto3.client("sts", region_name="eu-central-1", aws_access_key_id="k", aws_secret_access_key="s")
    asked: dict[str, Any] = {}
    sts.meta.events.register("provide-client-params.sts.AssumeRole", lambda params, **_: asked.update(params))
    with Stubber(sts) as stub:
        expected = {"RoleArn": ROLE, "RoleSessionName": "tagrail-snapshot", "Policy": ANY}
        answer = {"Credentials": {**ISSUED, "Expiration": "2026-11-26T12:00:00Z"}}
        stub.add_response("assume_role", answer, expected)
        return assume_reader(sts, ROLE), asked


def test_the_session_may_read_and_nothing_else() -> None:
    _, asked = entered()
    (statement,) = json.loads(asked["Policy"])["Statement"]
    assert statement == {"Effect": "Allow", "Action": list(READING), "Resource": "*"}
    assert all(action.split(":")[1].startswith(("Describe", "Get")) for action in READING)


def test_credentials_are_not_printed() -> None:
    credentials, _ = entered()
    assert "hidden" not in f"{credentials} {credentials!r}"
    assert "AKIA" not in repr(credentials)


def test_a_client_with_credentials_is_that_identity_at_the_same_place() -> None:
    target = make_emulator_target("http://127.0.0.1:4567", "eu-central-1", access_key="100000000000")
    client = target.client("sns", credentials=Credentials("AKIAEXAMPLE", "s", "t"))
    assert client.meta.endpoint_url == "http://127.0.0.1:4567"
    assert client._request_signer._credentials.access_key == "AKIAEXAMPLE"
    assert target.client("sns")._request_signer._credentials.access_key == "100000000000"
