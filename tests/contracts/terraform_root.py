"""One Terraform root with a call of modules/governance for each case: starting the provider is most of the cost."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
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


@dataclass(frozen=True, slots=True)
class Refusal:
    """Hold one `Error:` of terraform and the case whose call it is about, empty when it is about none."""

    case: str
    text: str


@dataclass(frozen=True, slots=True)
class Root:
    """Hold a root that was written and initialised, and the first line of each case's block."""

    folder: Path
    lines: Mapping[str, int]
    variables: Mapping[str, str | None]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run terraform in the root."""
        environ = {**os.environ, "CHECKPOINT_DISABLE": "1", **self.variables}
        kept = {name: value for name, value in environ.items() if value is not None}
        command = [str(find_terraform().path), *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=kept, capture_output=True, text=True, check=False, timeout=600
        )

    def validate(self) -> list[Refusal]:
        """Return what `terraform validate` refuses."""
        return self._refusals(json.loads(self.run("validate", "-json").stdout)["diagnostics"])

    def plan(self) -> list[Refusal]:
        """Return what `terraform plan` refuses; the plan is kept for `planned`."""
        lines = self.run("plan", "-json", "-out=plan", "-refresh=false", "-lock=false").stdout.splitlines()
        messages = [json.loads(line) for line in lines if line.startswith("{")]
        return self._refusals(message["diagnostic"] for message in messages if "diagnostic" in message)

    def planned(self) -> dict[str, Any]:
        """Return case -> documents of the plan."""
        shown = json.loads(self.run("show", "-json", "plan").stdout)
        return {name: change["after"] for name, change in shown["output_changes"].items()}

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


def make_root(folder: Path, cases: Iterable[Case], url: str = "http://127.0.0.1:9") -> Root:
    """Return a root with the cases, initialised; requests go to the emulator at `url`, by default to nobody."""
    text, lines = _PROVIDER, {}
    for case in cases:
        project = case.write(folder / "cases" / case.name)
        _copy_modules(project / "modules")
        lines[case.name] = text.count("\n") + 2
        billed = json.dumps(list(case.billed), ensure_ascii=False)
        text += _CALL % {"name": case.name, "billed": billed, "environment": ENVIRONMENT}
    (folder / "main.tf").write_text(text, encoding="utf-8")
    target = make_emulator_target(url, "eu-central-1")
    root = Root(folder, lines, {**cli_variables(folder, find_terraform()), **target.variables()})
    done = root.run("init", "-backend=false", "-input=false", "-no-color")
    assert done.returncode == 0, done.stderr[-2000:]
    # The provider stays warm for the commands on this root, and ends with this process.
    return replace(root, variables={**root.variables, **warm_provider(folder, folder, root.variables).reattach})
