"""Examples in docstrings run."""

import doctest
import importlib
import pkgutil

import pytest

import harness

IN_CHECKOV = {"harness.checkov_rules.bundle.tagrail_checks", "harness.static_audit.checks.resource_seen"}
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(harness.__path__, "harness.")
    if "__main__" not in module.name and module.name not in IN_CHECKOV  # which checkov alone can import
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
