"""Find the address of the LocalStack to use: the one that the user names, else ours, else the usual place."""

import os
from pathlib import Path

from harness.errors import TagrailError
from harness.localstack.process import status


def find_url(folder: Path) -> str:
    """Return the URL of the LocalStack to attach to; nothing is sent.

    AWS_ENDPOINT_URL or LOCALSTACK_HOST (with USE_SSL), as localstack-client reads them; without them the LocalStack
    that `tagrail localstack start` keeps in `folder`; without that http://localhost:4566.

    Raises: TagrailError for a LOCALSTACK_HOST that is no host:port.
    """
    if not os.environ.get("AWS_ENDPOINT_URL") and not os.environ.get("LOCALSTACK_HOST"):
        running = status(folder)
        if running:
            return running.url
    from localstack_client.config import get_service_endpoint  # noqa: PLC0415 (imports boto3, which stop needs not)

    try:
        return str(get_service_endpoint("sns")).rstrip("/")
    except RuntimeError as error:
        got = os.environ["LOCALSTACK_HOST"]
        raise TagrailError(f'LOCALSTACK_HOST: must be host:port; got "{got}". Do write it as localhost:4566') from error
