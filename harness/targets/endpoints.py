"""Send single services of a target elsewhere: to LocalStack, or to whatever `--endpoint SERVICE=URL` names."""

import dataclasses
import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from harness.targets.emulator import SERVICES, without_proxy
from harness.targets.model import Target
from harness.targets.name import TargetName

if TYPE_CHECKING:
    import botocore.session


def reroute(target: Target, endpoints: Mapping[str, str], name: TargetName | None = None) -> Target:
    """Return the target with the services of `endpoints` (boto3 name -> URL) sent there, under a new name if given.

    Their hosts are asked without a proxy. Raises: UnknownServiceError of botocore for a name that boto3 does not have.
    """
    settings = dict(target.settings)
    settings |= {f"AWS_ENDPOINT_URL_{variable_name(service)}": url for service, url in endpoints.items()}
    settings |= without_proxy(settings, [host for url in endpoints.values() if (host := urlsplit(url).hostname)])
    return dataclasses.replace(target, name=name or target.name, settings=MappingProxyType(settings))


def variable_name(service: str) -> str:
    """Return a service's name in AWS_ENDPOINT_URL_<NAME>: its service id in upper case, with _ for each space.

    Source: docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html.

    >>> variable_name("stepfunctions")
    'SFN'

    Raises: UnknownServiceError of botocore for a name that boto3 does not have.
    """
    if service in SERVICES:
        return SERVICES[service]
    identifier: str = _session().get_service_model(service).metadata["serviceId"]
    return identifier.upper().replace(" ", "_")


def known_services() -> frozenset[str]:
    """Return the names of all services that boto3 has a client for. Raises: nothing."""
    return frozenset(_session().get_available_services())


@functools.cache
def _session() -> "botocore.session.Session":
    """Return a session that keeps what it has read of botocore's models."""
    import botocore.session  # noqa: PLC0415 (see harness/targets/model.py)

    return botocore.session.get_session()
