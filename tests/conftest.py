"""Settings of all tests: a slow machine is no fault, so no generated example has a deadline."""

import gc
import os
import signal
import sys

import pytest
from hypothesis import settings

settings.register_profile("tagrail", deadline=None)
settings.register_profile("fast", deadline=None, max_examples=20)
settings.load_profile("tagrail")


def pytest_configure() -> None:
    """Take Ctrl-C as usual: a shell starts background jobs with it ignored, and all processes inherit that."""
    # Terraform and its provider are written in Go: less garbage collection saves a fifth of their time, and more.
    os.environ.setdefault("GOGC", "400")
    # The tests start some hundred Pythons: without bytecode each of them, and each worker, compiles the whole harness.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """Leave what was found out of the collector's rounds, and have fewer of them: they took a seventh of the time."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the target of the tests in tests/e2e."""
    text = "where tests/e2e apply to: emulator (default) or localstack"
    parser.addoption("--on", choices=("emulator", "localstack"), default="emulator", help=text)
