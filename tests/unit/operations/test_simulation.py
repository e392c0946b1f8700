"""A request that cannot be is refused before anything is simulated, every fault with its option or line."""

from pathlib import Path

import pytest

from harness.errors import TagrailError
from harness.operations.simulation import RequestEntry, check_request, read_requests

ACTION = "ec2:RunInstances"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("action", "ec2:RunInstance", '"ec2:RunInstance". Did you mean "ec2:RunInstances"?'),
        ("action", "RunInstances", 'got "RunInstances". Do write it as ec2:RunInstances'),
        ("action", "ec2:*", "must be one action of the Service Authorization Reference"),
        (
            "region",
            "eu-centarl-1",
            'must be an AWS region that botocore knows; got "eu-centarl-1". Did you mean "eu-central-1"?',
        ),
        ("region", "aws-global", 'must be an AWS region; got "aws-global". Do write it as "eu-central-1"'),
        ("region", "frankfurt", 'must be an AWS region; got "frankfurt". Do write it as "eu-central-1"'),
        ("principal", "deployer", 'must be the ARN of a role or user; got "deployer". Do write it as arn:aws:iam::'),
        ("principal", "arn:aws:iam::*:role/x", "must be the ARN of a role or user"),
        (
            "principal",
            "arn:aws:sts::111122223333:assumed-role/ci/build-7",
            "Do write it as arn:aws:iam::111122223333:role/ci, with the path of the role before its name",
        ),
        ("resource", "i-1", 'must be the ARN of one resource; got "i-1". Do write it as arn:aws:ec2:'),
        ("resource", "arn:aws:s3:::logs/*", "must be the ARN of one resource"),
        ("resource", "arn:aws:s3:::logs", "must be the ARN of a resource that ec2:RunInstances touches (capacity-"),
    ],
)
def test_what_is_no_request_is_refused(field: str, value: str, message: str) -> None:
    entry = RequestEntry.model_validate({"account": "a", "action": ACTION, field: value})
    with pytest.raises(TagrailError) as caught:
        check_request(entry)
    assert str(caught.value).startswith(f"--{field}: must be ")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("action", "EC2:runinstances"),
        ("region", "us-gov-west-1"),
        ("region", "eusc-de-east-1"),
        ("region", "us-isob-east-1"),
        ("principal", "arn:aws:iam::111122223333:role/team/deployer"),
        ("principal", "arn:aws:sts::111122223333:federated-user/ann"),
        ("principal", "arn:aws:iam::111122223333:root"),
        ("resource", "arn:aws-us-gov:ec2:us-gov-west-1:111122223333:instance/i-1"),
        ("resource", "arn:aws:ec2:eu-central-1::image/ami-1"),
    ],
)
def test_what_is_a_request_is_taken(field: str, value: str) -> None:
    check_request(RequestEntry.model_validate({"account": "a", "action": ACTION, field: value}))


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:CreateBucket", "arn:aws:s3:::logs"),
        ("s3:PutObject", "arn:aws:s3:::logs/2026/a b.txt"),
        ("lex:TagResource", "arn:aws:lex:eu-central-1:111122223333:bot/B1"),
        ("lex:TagResource", "arn:aws:lex:eu-central-1:111122223333:bot:orders"),  # the reference has both forms
    ],
)
def test_a_resource_that_the_action_touches_is_taken(action: str, resource: str) -> None:
    check_request(RequestEntry(account="a", action=action, resource=resource))


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("requests: []", ["r.yaml:1: requests: must hold at least 1 request; got none. Do add one"]),
        (
            "requests:\n- {account: a, action: 's3:N', region: x}\n- {account: a, action: 's3:PutObject', resource: b}",
            [
                "r.yaml:2: requests[0].action: must be one action",
                "r.yaml:2: requests[0].region: must be an AWS region",
                "r.yaml:3: requests[1].resource: must be the ARN",
            ],
        ),
    ],
)
def test_a_file_names_the_line_of_every_fault(tmp_path: Path, text: str, messages: list[str]) -> None:
    file = tmp_path / "r.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(TagrailError) as caught:
        read_requests(file)
    lines = str(caught.value).splitlines()
    assert len(lines) == len(messages)
    assert all(message in line for message, line in zip(messages, lines, strict=True))
