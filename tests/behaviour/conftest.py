"""An emulator for each test file, with the local environment applied to it."""

import functools
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from harness.emulator.process import stop
from tests.project import HOME, Tagrail, copy_project

PAYER = "111111111111"

Client = Callable[..., Any]


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tagrail]:
    """Return a project that has been applied to its emulator."""
    tagrail = Tagrail(copy_project(tmp_path_factory.mktemp("behaviour")))
    tagrail.ok("apply")
    yield tagrail
    stop("local", tagrail.root / ".tagrail" / "emulator")


@pytest.fixture(scope="module")
def client(applied: Tagrail) -> Client:
    """Return a function that makes boto3 clients for (service, account, region); members are entered by their role."""
    session: Any = boto3.Session()
    url = applied.target().client("sts").meta.endpoint_url
    settings = {"endpoint_url": url, "config": Config(s3={"addressing_style": "path"})}

    @functools.cache
    def make(service: str, account: str = PAYER, region: str = HOME) -> Any:
        keys = {"aws_access_key_id": "tagrail", "aws_secret_access_key": "tagrail"}
        if account != PAYER:
            role = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
            token = make("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
            keys = {
                "aws_access_key_id": token["AccessKeyId"],
                "aws_secret_access_key": token["SecretAccessKey"],
                "aws_session_token": token["SessionToken"],
            }
        return session.client(service, region_name=region, **settings, **keys)

    return make
