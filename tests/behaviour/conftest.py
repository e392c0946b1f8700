"""An emulator for each test file, with the local environment applied to it."""

from collections.abc import Iterator

import pytest

from harness.emulator.process import stop
from tests.clients import PAYER, Client, client_maker
from tests.project import Tagrail, copy_project

__all__ = ["PAYER", "Client"]


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
    return client_maker(applied.target().client("sts").meta.endpoint_url)
