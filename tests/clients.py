"""boto3 clients of an emulator, in any of its accounts."""

import functools
from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config

PAYER, HOME = "111111111111", "eu-central-1"

Client = Callable[..., Any]


def client_maker(url: str) -> Client:
    """Return a function that makes clients for (service, account, region); members are entered by their role."""
    session: Any = boto3.Session()
    config = Config(s3={"addressing_style": "path"}, read_timeout=20, max_pool_connections=32)

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
        return session.client(service, region_name=region, endpoint_url=url, config=config, **keys)

    return make
