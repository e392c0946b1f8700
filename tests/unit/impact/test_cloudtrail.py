"""CloudTrail's records as create calls, from every form in which they come."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from harness.errors import TagrailError
from harness.impact.cloudtrail import create_calls, read_events

ACCOUNT = "444444444441"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/team/ci"
SESSION = {"type": "AssumedRole", "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/ci/build"}


def record(source: str, name: str, parameters: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    return {
        "eventTime": "2026-11-20T10:00:00Z",
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "awsRegion": "eu-central-1",
        "recipientAccountId": ACCOUNT,
        "userIdentity": {**SESSION, "sessionContext": {"sessionIssuer": {"type": "Role", "arn": ROLE}}},
        "requestParameters": parameters,
        **fields,
    }


VOLUME = {"resourceType": "volume", "tags": [{"key": "team", "value": "ml"}, {"key": "env", "value": ""}]}
INSTANCE = record("ec2", "RunInstances", {"tagSpecificationSet": {"items": [VOLUME]}})


def test_a_session_without_its_issuer_tells_no_path_of_a_role() -> None:
    (call,) = create_calls([{**INSTANCE, "userIdentity": SESSION}]).calls
    assert call.principal_arn == SESSION["arn"]


def test_tags_of_ec2_belong_to_their_type() -> None:
    (call,) = create_calls([INSTANCE]).calls
    assert (call.action, call.account_id, call.principal_arn) == ("ec2:RunInstances", ACCOUNT, ROLE)
    assert call.tags.by_type == {"volume": {"team": "ml", "env": ""}}
    assert call.tags.everywhere == {}


@pytest.mark.parametrize(
    ("source", "name", "parameters", "action"),
    [
        ("lambda", "CreateFunction20150331", {"tags": {"team": "ml"}}, "lambda:CreateFunction"),
        ("sagemaker", "CreateEndpoint", {"tags": [{"key": "team", "value": "ml"}]}, "sagemaker:CreateEndpoint"),
        ("sqs", "CreateQueue", {"tags": {"team": "ml"}}, "sqs:CreateQueue"),
        ("opensearch", "CreateDomain", {"tagList": [{"key": "team", "value": "ml"}]}, "es:CreateDomain"),
    ],
)
def test_tags_of_a_call_count_for_all_that_it_makes(
    source: str, name: str, parameters: dict[str, Any], action: str
) -> None:
    (call,) = create_calls([record(source, name, parameters)]).calls
    assert (call.action, call.tags.everywhere) == (action, {"team": "ml"})


@pytest.mark.parametrize(
    "other",
    [
        record("s3", "GetObject", readOnly=True),
        record("s3", "CreateBucket", errorCode="AccessDenied"),
        record("ec2", "RunInstances", userIdentity={"type": "AWSService", "invokedBy": "autoscaling.amazonaws.com"}),
        record("ec2", "CreateDefaultVpc"),
        record("ec2", "CreateTags"),
        record("nothing", "CreateNothing"),
    ],
    ids=["read", "failed", "of AWS itself", "takes no tags", "only tags", "unknown"],
)
def test_what_makes_nothing_is_left_aside_and_counted(other: dict[str, Any]) -> None:
    found = create_calls([other])
    assert (found.calls, found.others) == ((), 1)


def test_every_form_of_a_file_is_read(tmp_path: Path) -> None:
    events = {"Events": [{"CloudTrailEvent": json.dumps(INSTANCE)}]}
    forms = {
        "log.json": json.dumps({"Records": [INSTANCE]}).encode(),
        "log.json.gz": gzip.compress(json.dumps({"Records": [INSTANCE]}).encode()),
        "list.json": json.dumps([INSTANCE]).encode(),
        "one.json": json.dumps(INSTANCE).encode(),
        "lines.json": f"{json.dumps(INSTANCE)}\n\n{json.dumps(INSTANCE)}\n".encode(),
        "lookup.json": json.dumps(events).encode(),
    }
    for name, content in forms.items():
        file = tmp_path / name
        file.write_bytes(content)
        assert read_events(file)[0] == INSTANCE, name


@pytest.mark.parametrize("content", [b"not json", b"\x1f\x8bbroken", b'{"a": 1}', b"\xff", b"[1]"])
def test_another_file_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "events"
    file.write_bytes(content)
    with pytest.raises(TagrailError, match=r"events: must hold CloudTrail records as JSON.*Do pass a log file"):
        read_events(file)
