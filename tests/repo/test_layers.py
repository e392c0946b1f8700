"""Imports go one way (DESIGN section 4): a layer sees only the ones before it."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

HARNESS = Path(__file__).parents[2] / "harness"

# Low to high. A file `terraform_messages.py` belongs to the layer `terraform`.
LAYERS = (
    "errors",
    "text_file",
    "spelling",
    "yaml_source",
    "strict_model",
    "facts",
    "cost_table",
    "regions",
    "tag_text",
    "tag_pairs",
    "packing",
    "personal_data",
    "type_facts",
    "policy",
    "organization",
    "guardrail_actions",
    "guardrail_facts",
    "audit_actions",
    "tag_policy_page",
    "finding",
    "dictionary",
    "environment",
    "documents",
    "project",
    "schemas",
    "explain",
    "plan_check",
    "lint_docs",
    "toolchain",
    "type_facts_refresh",
    "terraform",
    "warm_provider",
    "build_folder",
    "targets",
    "emulator",
    "tool_installation",
    "localstack",
    "state",
    "snapshot",
    "verify",
    "type_facts",
    "plan_check",
    "impact",
    "rehearsal",
    "costs",
    "audit",
    "repair",
    "report",
    "pull_request",
    "checkov_rules",
    "static_audit",
    "operations",
    "module_docs",
    "cli",
    "pytest_plugin",
    "__main__",
)

# Layers that stay usable without the dictionary, with all that they may know of the rest.
ISOLATED = {
    "toolchain": {"errors"},
    "terraform": {"errors", "toolchain"},
    "warm_provider": {"errors"},
    "build_folder": {"errors"},
    "targets": {"errors", "toolchain", "terraform"},
    "emulator": {"errors", "spelling", "yaml_source", "strict_model", "facts", "cost_table", "policy"},
    "tool_installation": {"errors", "emulator"},
    "pull_request": {"errors"},
    "localstack": {"errors", "targets", "emulator", "tool_installation"},
}

# Third-party packages that one layer hides from all others.
HIDDEN = {"python_terraform": {"terraform.py"}, "moto": {"emulator"}}

FILES = sorted(HARNESS.rglob("*.py"))


def layer_of(module: str) -> str:
    exact = module.removeprefix("_") if module not in LAYERS else module
    return exact if exact in LAYERS else exact.split("_")[0]


@functools.cache
def imported_names(file: Path) -> frozenset[str]:
    return frozenset(_imported_names(file))


def _imported_names(file: Path) -> Iterator[str]:
    package = ("harness", *file.relative_to(HARNESS).parts[:-1])
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = (
                ".".join((*package[: len(package) - node.level + 1], node.module or "")) if node.level else node.module
            )
            yield from (f"{base}.{alias.name}".replace("..", ".") for alias in node.names)


def own_layers(file: Path) -> set[str]:
    parts = (name.split(".") for name in imported_names(file))
    return {layer_of(part[1]) for part in parts if part[0] == "harness" and part[1:] not in ([], ["__version__"])}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(HARNESS)))
def test_file_imports_only_lower_layers(file: Path) -> None:
    relative = file.relative_to(HARNESS)
    if str(relative) == "__init__.py":
        assert own_layers(file) == set()
        return
    layer = layer_of(relative.parts[0].removesuffix(".py"))
    assert layer in LAYERS, f"name the place of harness/{relative} in LAYERS"
    lower = set(LAYERS[: LAYERS.index(layer)])
    allowed = ISOLATED.get(layer, lower) | {layer}
    assert own_layers(file) - allowed == set(), f"harness/{relative} must import only {sorted(allowed)}"


@pytest.mark.parametrize("package", sorted(HIDDEN))
def test_package_is_used_in_one_place(package: str) -> None:
    users = {
        str(file.relative_to(HARNESS).parts[0])
        for file in FILES
        if any(name.split(".")[0] == package for name in imported_names(file))
    }
    assert users <= HIDDEN[package]


def test_every_layer_exists() -> None:
    present = {layer_of(path.stem) for path in HARNESS.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert [layer for layer in LAYERS if layer not in present] == []
