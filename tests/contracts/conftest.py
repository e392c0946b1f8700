"""An emulator of the seeded organisation, for the plans of the cases."""

from collections.abc import Iterator

import pytest

from harness.emulator.process import start, stop
from tests.contracts.seeded_organization import SEED


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("emulator")
    yield start("contracts", folder, SEED).url
    stop("contracts", folder)
