"""Prove that every example of the modules' READMEs can be planned, and that their tables are fresh."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.module_docs import main

from .planning import MODULES, PROJECT, initialised, modules, run_terraform, write_provider

pytestmark = pytest.mark.terraform

_EXAMPLE = re.compile(r"^```hcl\n(module \"([a-z_]+)\" \{\n.*?^\}\n)```$", re.MULTILINE | re.DOTALL)


def examples(module: str) -> dict[str, str]:
    """Return the examples of a README by the name of their module block."""
    text = (MODULES / module / "README.md").read_text(encoding="utf-8")
    found = {name: block for block, name in _EXAMPLE.findall(text)}
    assert len(found) == text.count("```hcl"), f"{module}: an example is no single module block, or two share a name"
    return found


@pytest.fixture
def planned_examples(once: Callable[..., Any], emulator_variables: dict[str, str | None]) -> Any:
    """Return the resource addresses of all examples, planned together where the environments lie."""

    def make(folder: Path) -> list[str]:
        shutil.copytree(MODULES, folder / "modules")
        root = folder / "envs" / "example"
        root.mkdir(parents=True)
        shutil.copy(PROJECT / "envs" / "tags.yaml", folder / "envs")
        shutil.copy(PROJECT / "envs" / "local" / "env.yaml", root)
        write_provider(root)
        for module in modules():
            for name, block in examples(module).items():
                (root / f"{name}.tf").write_text(block, encoding="utf-8")
        initialised(root, emulator_variables)
        planned = run_terraform(root, "plan", "-no-color", "-input=false", variables=emulator_variables)
        assert planned.returncode == 0, planned.stderr
        return sorted(set(re.findall(r"# (module\..+) will be created", planned.stdout)))

    return once("examples", make)


@pytest.mark.parametrize("module", modules())
def test_every_example_plans_resources(module: str, planned_examples: list[str]) -> None:
    assert 1 <= len(examples(module)) <= 3
    for name in examples(module):
        assert [address for address in planned_examples if address.startswith(f"module.{name}.")], name


def test_tables_of_inputs_and_outputs_are_fresh() -> None:
    assert main(["--check"]) == 0
