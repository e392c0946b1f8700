"""A role is entered to read, and what it gives is never printed."""

import json
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.credentials import Credentials, RefreshableCredentials
from botocore.stub import ANY, Stubber

from harness.targets import role
from harness.targets.emulator import make_emulator_target
from harness.targets.role import READING, assume_reader, assume_role

ROLE = "arn:aws:iam::100000000001:role/audit"
ISSUED = {"AccessKeyId": "AKIAEXAMPLE01234", "SecretAccessKey": "hidden", "SessionToken": "hidden too"}


def entered() -> tuple[RefreshableCredentials, dict[str, Any]]:
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


def test_credentials_are_asked_for_again_before_they_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(role, "_LASTS", timedelta(minutes=5))  # so little that it is time at once
    sts: Any = boto3.client("sts", region_name="eu-central-1", aws_access_key_id="k", aws_secret_access_key="s")
    target = make_emulator_target("http://127.0.0.1:4567", "eu-central-1", access_key="100000000000")
    with Stubber(sts) as stub:
        for number in range(3):
            ends = "2020-01-01T00:00:00Z"  # a clock of another machine decides nothing
            issued = {**ISSUED, "AccessKeyId": f"AKIAEXAMPLE0000{number}", "Expiration": ends}
            stub.add_response("assume_role", {"Credentials": issued})
        credentials = assume_role(sts, ROLE, "tagrail-repair")
        clients = [target.client(service, credentials=credentials) for service in ("sns", "sqs")]
        seen = [client._request_signer._credentials.get_frozen_credentials().access_key for client in clients]
    assert seen == ["AKIAEXAMPLE00001", "AKIAEXAMPLE00002"]


def test_credentials_that_last_are_shared_by_all_clients() -> None:
    target = make_emulator_target("http://127.0.0.1:4567", "eu-central-1", access_key="100000000000")
    credentials, _ = entered()
    clients = [target.client(service, credentials=credentials) for service in ("sns", "sqs")]
    assert {id(client._request_signer._credentials) for client in clients} == {id(credentials)}
    assert credentials.access_key == ISSUED["AccessKeyId"]
