"""A second project, for tests that need an organisation of their own."""

from collections.abc import Iterator

import pytest

from harness.emulator.process import stop
from tests.project import Tagrail, copy_project


@pytest.fixture
def another(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tagrail]:
    """Another fresh project."""
    found = Tagrail(copy_project(tmp_path_factory.mktemp("another")))
    yield found
    stop("local", found.root / ".tagrail" / "emulator")
