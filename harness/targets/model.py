"""Describe a target as terraform and boto3 need it: environment variables and clients.

boto3 is imported where a client is made: that takes a tenth of a second.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError

from harness.errors import TagrailError
from harness.targets.name import TargetName
from harness.terraform_process import environment

if TYPE_CHECKING:
    import boto3
    from botocore.config import Config
    from botocore.credentials import Credentials
    from botocore.loaders import Loader

# An emulator's 500 would otherwise be retried for minutes; AWS Organizations throttles whoever reads 500 accounts.
_ATTEMPTS: Mapping[TargetName, int] = MappingProxyType({"emulator": 2, "localstack": 2, "aws": 8})

# The beginnings of the variables that decide which keys and files a session uses.
_DECIDING = ("AWS_", "HOME")


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

    def client(
        self,
        service: str,
        region: str | None = None,
        *,
        config: "Config | None" = None,
        credentials: "Credentials | None" = None,
    ) -> Any:
        """Return a boto3 client for a service, in the home region unless another is named; nothing is sent yet.

        The client sees exactly the variables that a terraform run would see, so both talk to the same place. With
        `credentials` it is another identity there; those that renew themselves go on doing so.

        Raises:
            TagrailError: the AWS configuration of this machine names a profile or a setting that does not exist.
        """
        from botocore.config import Config  # noqa: PLC0415 (see the module's docstring)

        retries = {"total_max_attempts": _ATTEMPTS[self.name], "mode": "standard"}
        merged = Config(connect_timeout=5, read_timeout=60, retries=retries)  # type: ignore[arg-type]
        merged = merged.merge(config) if config else merged
        try:
            with environment(self.variables()):
                decided = tuple(sorted(i for i in os.environ.items() if i[0].startswith(_DECIDING)))
                session: Any = _session(decided, credentials)
                return session.client(service, region_name=region or self.region, config=merged)
        except BotoCoreError as error:
            raise TagrailError(
                f"AWS settings: must be usable by boto3; got {error}. "
                "Do correct AWS_PROFILE, the AWS_* variables or the AWS configuration file"
            ) from error


@lru_cache(maxsize=1024)
def _session(_variables: tuple[tuple[str, str], ...], credentials: "Credentials | None") -> "boto3.Session":
    """Return one session for each set of variables and identity, so that all its clients log in once.

    It takes five times as long as a client.
    """
    import boto3  # noqa: PLC0415 (see the module's docstring)
    import botocore.session  # noqa: PLC0415 (see the module's docstring)

    core = botocore.session.get_session()
    core.register_component("data_loader", _service_models(core.get_config_variable("data_path")))
    if credentials:
        from harness.targets.given import given  # noqa: PLC0415 (see the module's docstring)

        core.register_component("credential_provider", given(credentials))
    return boto3.Session(botocore_session=core)


@cache
def _service_models(folders: str | None) -> "Loader":
    """Return what reads service models, each once for all sessions: that is most of the time that a client takes."""
    from botocore.loaders import create_loader  # noqa: PLC0415 (see the module's docstring)

    return create_loader(folders)
