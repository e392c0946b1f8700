"""Describe a target as terraform and boto3 need it: environment variables and clients."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from harness.errors import TagrailError
from harness.terraform_process import environment

TargetName = Literal["emulator", "localstack", "aws"]

# An emulator's 500 would otherwise be retried for minutes; AWS Organizations throttles whoever reads 500 accounts.
_ATTEMPTS: Mapping[TargetName, int] = MappingProxyType({"emulator": 2, "localstack": 2, "aws": 8})


@dataclass(frozen=True, slots=True)
class Target:
    """Name where runs go: `emulator`, `localstack` or `aws`, home region, environment variables.

    `settings` are the environment variables that send terraform and boto3 there (None: must not be set); they may hold
    credentials, so they are not part of the printed form.
    """

    name: TargetName
    region: str
    settings: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    def variables(self) -> dict[str, str | None]:
        """Return the environment variables of a terraform run against this target; None means: must not be set.

        Raises: nothing.
        """
        return dict(self.settings)

    def client(self, service: str, region: str | None = None, *, config: Config | None = None) -> Any:
        """Return a boto3 client for a service, in the home region unless another is named; nothing is sent yet.

        The client sees exactly the variables that a terraform run would see, so both talk to the same place.

        Raises:
            TagrailError: the AWS configuration of this machine names a profile or a setting that does not exist.
        """
        retries = {"total_max_attempts": _ATTEMPTS[self.name], "mode": "standard"}
        merged = Config(connect_timeout=5, read_timeout=60, retries=retries)  # type: ignore[arg-type]
        merged = merged.merge(config) if config else merged
        try:
            with environment(self.variables()):
                session = boto3.Session(region_name=region or self.region)
                return session.client(service, config=merged)  # type: ignore[call-overload]
        except BotoCoreError as error:
            raise TagrailError(
                f"AWS settings: must be usable by boto3; got {error}. "
                "Do correct AWS_PROFILE, the AWS_* variables or the AWS configuration file"
            ) from error
