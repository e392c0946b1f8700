"""A project for each test file, on the target that `--on` names, and one that has been applied to it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness import localstack
from harness.emulator.process import stop
from harness.errors import TagrailError
from harness.localstack.installation import LOCALSTACK
from harness.operations.folders import localstack_folder
from harness.tool_installation import find_python
from tests.project import Tagrail, copy_project


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what is about LocalStack alone on another target, and there the audits of what the emulator holds."""
    on_localstack = config.getoption("on") == "localstack"
    left_out = "audit" if on_localstack else "test_localstack.py"
    return True if collection_path.name == left_out else None


@pytest.fixture(scope="module")
def tagrail(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Tagrail]:
    """A fresh project; whatever the tests start in it is stopped."""
    found = Tagrail(copy_project(tmp_path_factory.mktemp("project")), pytestconfig.getoption("on"))
    try:
        if found.on == "localstack":
            start_localstack(found)
        yield found
    finally:
        stop("local", found.root / ".tagrail" / "emulator")
        localstack.stop(localstack_folder(found.root))


def start_localstack(tagrail: Tagrail) -> None:
    """Make LocalStack the target of ENV=local, installed and started by tagrail itself."""
    try:
        find_python(LOCALSTACK)
    except TagrailError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
    file = tagrail.root / "envs" / "local" / "env.yaml"
    text = file.read_text(encoding="utf-8")
    changed = text.replace("target: emulator", "target: localstack")
    assert changed != text
    file.write_text(changed, encoding="utf-8")
    tagrail.ok("localstack", "start")


@pytest.fixture(scope="module")
def applied(tagrail: Tagrail) -> Tagrail:
    """A project that has been applied to its target."""
    tagrail.ok("apply")
    return tagrail
