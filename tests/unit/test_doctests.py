"""Examples in docstrings run."""

import doctest
import importlib
import pkgutil

import pytest

import harness

MODULES = sorted(
    module.name for module in pkgutil.walk_packages(harness.__path__, "harness.") if "__main__" not in module.name
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
