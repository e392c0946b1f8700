"""Read `--endpoint SERVICE=URL` options."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from harness.errors import TagrailError
from harness.spelling import nearest
from harness.targets.endpoints import known_services


def parse_endpoints(options: Iterable[str]) -> Mapping[str, str]:
    """Return URL by boto3 service name.

    Raises: TagrailError for an unknown service (with the nearest known one), one that is named twice, or no http URL.
    """
    found: dict[str, str] = {}
    for option in options:
        service, _, url = option.partition("=")
        known = known_services()
        if service not in known:
            guess = nearest(service, known) or " Do write the name of a boto3 client, such as sns=http://localhost:4566"
            raise TagrailError(f'--endpoint: must be SERVICE=URL with a service of boto3; got "{option}".{guess}')
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            repair = f"Do write it as {service}=http://localhost:4566"
            raise TagrailError(f'--endpoint: must be SERVICE=URL with a URL of http or https; got "{option}". {repair}')
        if service in found:
            raise TagrailError(f"--endpoint: must name each service once; got {service} twice. Do remove one")
        found[service] = url
    return found
