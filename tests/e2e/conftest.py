"""A project for each test file, and one that has been applied to its emulator."""

from collections.abc import Iterator

import pytest

from harness.emulator.process import stop
from tests.project import Tagrail, copy_project


@pytest.fixture(scope="module")
def tagrail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tagrail]:
    """A fresh project; whatever emulator the tests start in it is stopped."""
    root = copy_project(tmp_path_factory.mktemp("project"))
    yield Tagrail(root)
    stop("local", root / ".tagrail" / "emulator")


@pytest.fixture(scope="module")
def applied(tagrail: Tagrail) -> Tagrail:
    """A project that has been applied to its emulator."""
    tagrail.ok("apply")
    return tagrail
