"""Plan the cases of many modules at once, in one root with a block per case, by a provider that stays warm."""

import functools
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from harness.toolchain import find_terraform
from harness.toolchain_config import cli_variables
from harness.warm_provider import warm_provider

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
MODULES = PROJECT / "modules"

_PROVIDER = """
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region                      = "eu-central-1"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
"""


@dataclass(frozen=True)
class Case:
    """One case: `<name>.tfvars` holds the module's arguments, `<name>.yaml` what must come of them."""

    module: str
    name: str

    @property
    def call(self) -> str:
        """The name of its block in a root, and of the folder with its copy of the modules."""
        return f"{self.module}--{self.name}"

    @property
    def arguments(self) -> str:
        return (HERE / self.module / f"{self.name}.tfvars").read_text(encoding="utf-8")

    @property
    def expected(self) -> dict[str, Any]:
        return _read(HERE / self.module / f"{self.name}.yaml")

    @property
    def refused(self) -> bool:
        return "error" in self.expected


@functools.cache
def _read(file: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return loaded


@dataclass(frozen=True)
class Refusal:
    """One `Error:` of a plan: its text, and the line in the modules of the rule that was broken."""

    text: str
    file: str
    line: int


@dataclass(frozen=True)
class Planned:
    """What a plan made of one case."""

    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()


def modules() -> tuple[str, ...]:
    return tuple(sorted(folder.name for folder in MODULES.iterdir() if (folder / "main.tf").is_file()))


def planned_with(module: str) -> tuple[str, ...]:
    """Return the modules that share a root with this one: governance alone asks AWS anything while planning."""
    return (module,) if module == "governance" else tuple(each for each in modules() if each != "governance")


def cases(*chosen: str, refused: bool) -> list[Case]:
    """Return the cases of these modules or of all, in order of module and name."""
    found = [
        Case(folder, file.stem) for folder in (chosen or modules()) for file in sorted((HERE / folder).glob("*.tfvars"))
    ]
    return [case for case in found if case.refused == refused]


@functools.cache
def binary() -> Path:
    return find_terraform().path


def run_terraform(
    folder: Path, *arguments: str, variables: Mapping[str, str | None]
) -> subprocess.CompletedProcess[str]:
    """Run terraform in a folder with exactly these changes of the environment; None removes a variable."""
    environ = {**os.environ, **cli_variables(folder, find_terraform()), "CHECKPOINT_DISABLE": "1", **variables}
    kept = {name: value for name, value in environ.items() if value is not None}
    return subprocess.run(
        [str(binary()), *arguments], cwd=folder, env=kept, capture_output=True, text=True, check=False, timeout=300
    )


def copy_modules(folder: Path, *chosen: str) -> None:
    """Copy the chosen modules, or all, and the facts beside them."""
    left_out = () if "governance" in chosen or not chosen else set(modules()) - {*chosen}
    ignored = shutil.ignore_patterns(".terraform*", "*.tfstate*", "README.md", *left_out)
    shutil.copytree(MODULES, folder, ignore=ignored)


def write_provider(folder: Path) -> None:
    (folder / "provider.tf").write_text(_PROVIDER, encoding="utf-8")


def write_root(folder: Path, chosen: list[Case]) -> None:
    """Write a root with one module block per case; each has its own copy of the modules, so errors name their case."""
    write_provider(folder)
    for case in chosen:
        copy_modules(folder / case.call, case.module)
        block = f'module "{case.call}" {{\n  source = "./{case.call}/{case.module}"\n\n{case.arguments}\n}}\n'
        output = f'output "{case.call}" {{\n  value = module.{case.call}\n}}\n'
        (folder / f"{case.call}.tf").write_text(block + output, encoding="utf-8")


def initialised(folder: Path, variables: Mapping[str, str | None]) -> None:
    shutil.copy(PROJECT / "envs" / "local" / ".terraform.lock.hcl", folder / ".terraform.lock.hcl")
    started = run_terraform(folder, "init", "-no-color", "-input=false", variables=variables)
    assert started.returncode == 0, started.stderr


@contextmanager
def warmed(folder: Path, variables: Mapping[str, str | None]) -> Iterator[dict[str, str | None]]:
    """Keep a provider for the terraform commands of the block; give the variables that lead to it."""
    warm = warm_provider(folder, folder, variables)
    try:
        yield {**variables, **warm.reattach}
    finally:
        warm.stop()


def plan_accepted(folder: Path, chosen: list[Case], variables: Mapping[str, str | None]) -> dict[str, Any]:
    """Return resource values, types and outputs of every case by its call."""
    write_root(folder, chosen)
    initialised(folder, variables)
    with warmed(folder, variables) as warm:
        planned = run_terraform(folder, "plan", "-no-color", "-input=false", "-out=plan", variables=warm)
        assert planned.returncode == 0, planned.stderr
        shown = run_terraform(folder, "show", "-json", "plan", variables=warm)
        assert shown.returncode == 0, shown.stderr
    plan = json.loads(shown.stdout)
    found = {
        case.call: {"values": {}, "types": {}, "outputs": plan["output_changes"][case.call]["after"]} for case in chosen
    }
    for resource in plan["resource_changes"]:
        _, call, address = resource["address"].split(".", 2)
        if resource["mode"] == "managed":
            found[call]["values"][address] = resource["change"]["after"]
            found[call]["types"][address] = resource["type"]
    return found


_RULE = re.compile(r"validation rule at (?:\S*?/)?([a-z-]+/[a-z_-]+\.tf):(\d+)", re.DOTALL)


def plan_refused(folder: Path, chosen: list[Case], variables: Mapping[str, str | None]) -> dict[str, Any]:
    """Return the refusals of every case by its call.

    Terraform looks at rules in two rounds, first at those that need nothing but their own variable, and stops after a
    round with errors; so the cases that were refused are taken out for the next round.
    """
    write_root(folder, chosen)
    initialised(folder, variables)
    found: dict[str, list[dict[str, Any]]] = {case.call: [] for case in chosen}
    with warmed(folder, variables) as warm:
        while left := [name for name, refusals in found.items() if not refusals]:
            planned = run_terraform(folder, "plan", "-json", "-input=false", "-lock=false", variables=warm)
            for name, refusal in refusals_of(planned.stdout):
                found[name].append(refusal)
            for name in left:
                if found[name]:
                    (folder / f"{name}.tf").unlink()
            if all(not found[name] for name in left):
                break
    return found


def refusals_of(output: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the call of the case and the refusal for each error of a plan's JSON lines."""
    for line in output.splitlines():
        diagnostic = json.loads(line).get("diagnostic", {})
        if diagnostic.get("severity") != "error":
            continue
        place = diagnostic["range"]
        rule = _RULE.search(diagnostic["detail"])
        file = rule.group(1) if rule else "/".join(Path(place["filename"]).parts[-2:])
        row = int(rule.group(2)) if rule else place["start"]["line"]
        yield Path(Path(place["filename"]).parts[0]).stem, {"text": diagnostic["detail"], "file": file, "line": row}
