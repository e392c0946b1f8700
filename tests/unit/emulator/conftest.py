"""One seeded emulator for a worker's tests; tests use names of their own and clean up what others would see."""

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from harness.emulator import process

ROOT = Path(__file__).resolve().parents[3]
SEED = ROOT / "envs/local/organization.yaml"
PAYER, ML_DEV, ML_PROD, ML_LAB = "111111111111", "444444444441", "444444444443", "555555555551"

Client = Callable[..., Any]


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[process.EmulatorStatus]:
    folder = tmp_path_factory.mktemp("emulator")
    yield process.start("unit", folder, SEED)
    process.stop("unit", folder)


@pytest.fixture(scope="session")
def client(emulator: process.EmulatorStatus) -> Client:
    """Return a function that makes boto3 clients for (service, account, region)."""
    session: Any = boto3.Session()
    settings = {
        "endpoint_url": emulator.url,
        "config": Config(s3={"addressing_style": "path"}, read_timeout=20, max_pool_connections=32),
    }

    @functools.cache
    def make(service: str, account: str = PAYER, region: str = "eu-central-1") -> Any:
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


def error_code(failure: Any) -> str:
    return str(failure.value.response["Error"]["Code"])
