"""Terraform roots that hold many cases, since starting the provider for each would be most of the cost.

Cases that are refused have a call of modules/governance each, in a copy of the modules: only so does each refusal tell
its case, and hide no other. To terraform that is a graph of 300 nodes a case, about a second of work. Cases that are
accepted are instances of one call, ten times as cheap.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from harness.targets.emulator import make_emulator_target
from harness.toolchain import find_terraform
from harness.toolchain_config import cli_variables
from harness.warm_provider import warm_provider
from tests.contracts.case import ENVIRONMENT, FOLDER, Case

PROJECT = FOLDER.parent.parent
_PROVIDER = """\
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
_CALL = """
module "%(name)s" {
  source          = "./cases/%(name)s/modules/governance"
  billed_tag_keys = %(billed)s
  dictionary      = yamldecode(file("cases/%(name)s/envs/tags.yaml"))
  environment     = yamldecode(file("cases/%(name)s/envs/%(environment)s/env.yaml"))
}

output "%(name)s" {
  value = module.%(name)s.documents
}
"""
_COMMON_CALL = """
module "case" {
  source   = "./modules/governance"
  for_each = { for name, billed in jsondecode(file("billed.json")) : name => {
    billed      = billed
    dictionary  = yamldecode(file("cases/${name}/envs/tags.yaml"))
    environment = yamldecode(file("cases/${name}/envs/%(environment)s/env.yaml"))
  } }

  billed_tag_keys = each.value.billed
  dictionary      = each.value.dictionary
  environment     = each.value.environment
}

output "documents" {
  value = { for name, case in module.case : name => case.documents }
}
"""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Hold one `Error:` of terraform and the case whose call it is about, empty when it is about none."""

    case: str
    text: str


@dataclass(frozen=True, slots=True)
class Root:
    """Hold a root that was written and initialised, and the first line of each case's call, if it has one."""

    folder: Path
    lines: Mapping[str, int]
    variables: Mapping[str, str | None]

    def holding(self, cases: Iterable[Case]) -> "Root":
        """Return the same root with the calls of these of its cases alone."""
        return replace(self, lines=_write_calls(self.folder, cases))

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run terraform in the root."""
        environ = {**os.environ, "CHECKPOINT_DISABLE": "1", **self.variables}
        kept = {name: value for name, value in environ.items() if value is not None}
        command = [str(find_terraform().path), *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=kept, capture_output=True, text=True, check=False, timeout=600
        )

    def plan(self) -> list[Refusal]:
        """Return what `terraform plan` refuses; the plan is kept for `planned`."""
        options = ("-json", "-out=plan", "-input=false", "-refresh=false", "-lock=false")
        lines = self.run("plan", *options).stdout.splitlines()
        messages = [json.loads(line) for line in lines if line.startswith("{")]
        return self._refusals(message["diagnostic"] for message in messages if "diagnostic" in message)

    def planned(self) -> dict[str, Any]:
        """Return case -> documents of the plan of a common root."""
        shown = json.loads(self.run("show", "-json", "plan").stdout)
        return dict(shown["output_changes"]["documents"]["after"])

    def _refusals(self, diagnostics: Iterable[Mapping[str, Any]]) -> list[Refusal]:
        found = []
        for each in diagnostics:
            if each["severity"] == "error":
                text = f"{each['summary']}: {each['detail']}"
                found.append(Refusal(self._case(each), " ".join(text.split())))
        return found

    def _case(self, diagnostic: Mapping[str, Any]) -> str:
        """Return the case by the address, by the folder of the file, or by the line of the root's main.tf."""
        address = diagnostic.get("address", "")
        if address.startswith("module."):
            return str(address.split(".")[1])
        place = diagnostic.get("range") or {}
        parts = Path(place.get("filename", "")).parts
        if "cases" in parts:
            return parts[parts.index("cases") + 1]
        if parts != ("main.tf",):
            return ""
        before = [name for name, line in self.lines.items() if line <= place["start"]["line"]]
        return before[-1] if before else ""


def _copy_modules(folder: Path) -> None:
    """Copy the modules: a diagnostic inside of one names its file, and so its case."""
    for source in sorted((PROJECT / "modules").rglob("*")):
        if source.suffix in (".tf", ".yaml") and ".terraform" not in source.parts:
            copy = folder / source.relative_to(PROJECT / "modules")
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)


def make_root(folder: Path, cases: Sequence[Case], url: str) -> Root:
    """Return an initialised root with a call for each case; requests go to the emulator at `url`."""
    for case in cases:
        _copy_modules(case.write(folder / "cases" / case.name) / "modules")
    return _initialise(Root(folder, _write_calls(folder, cases), {}), url)


def make_common_root(folder: Path, cases: Iterable[Case], url: str) -> Root:
    """Return an initialised root with one call for all cases; what it refuses does not tell the case."""
    _copy_modules(folder / "modules")
    billed = {}
    for case in cases:
        case.write(folder / "cases" / case.name)
        billed[case.name] = case.billed
    (folder / "billed.json").write_text(json.dumps(billed), encoding="utf-8")
    text = _PROVIDER + _COMMON_CALL.replace("%(environment)s", ENVIRONMENT)
    (folder / "main.tf").write_text(text, encoding="utf-8")
    return _initialise(Root(folder, {}, {}), url)


def _write_calls(folder: Path, cases: Iterable[Case]) -> dict[str, int]:
    """Write main.tf with a call for each case; returns the first line of each."""
    text, lines = _PROVIDER, {}
    for case in cases:
        lines[case.name] = text.count("\n") + 2
        billed = json.dumps(list(case.billed), ensure_ascii=False)
        text += _CALL % {"name": case.name, "billed": billed, "environment": ENVIRONMENT}
    (folder / "main.tf").write_text(text, encoding="utf-8")
    return lines


def _initialise(root: Root, url: str) -> Root:
    target = make_emulator_target(url, "eu-central-1")
    root = replace(root, variables={**cli_variables(root.folder, find_terraform()), **target.variables()})
    done = root.run("init", "-backend=false", "-input=false", "-no-color")
    assert done.returncode == 0, done.stderr[-2000:]
    # The provider stays warm for the commands on this root, and ends with this process.
    return replace(
        root, variables={**root.variables, **warm_provider(root.folder, root.folder, root.variables).reattach}
    )
