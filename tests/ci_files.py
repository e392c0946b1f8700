"""What the tests of CI files share: a checkout as others get it, and the steps that a runner would run."""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

REPOSITORY = Path(__file__).resolve().parents[1]
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


def copy_checkout(folder: Path) -> Path:
    """Return `folder`, which holds what git has of this repository from now on; links stay links."""
    listing = ["git", "-C", str(REPOSITORY), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        source, copy = REPOSITORY / name, folder / name
        if source.is_symlink() or source.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            if source.is_symlink():
                copy.symlink_to(source.readlink())
            else:
                copy.write_bytes(source.read_bytes())
                copy.chmod(source.stat().st_mode)
    return folder


def load(name: str) -> Any:
    """Return a YAML file of the repository; `on` is a word there, and no truth value."""
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    return yaml.safe_load(re.sub(r"^on:", '"on":', text, flags=re.MULTILINE))


class Steps:
    """Run the scripts of a composite action as GitHub's runner does: bash -eo pipefail, values as variables."""

    def __init__(self, action: Mapping[str, Any], folder: Path, temp: Path, environ: Mapping[str, str]) -> None:
        self.folder, self.temp, self.environ = folder, temp, environ
        self.values = {f"inputs.{name}": str(each.get("default", "")) for name, each in action["inputs"].items()}
        self.steps = {step["id"]: step for step in action["runs"]["steps"] if "run" in step}

    def run(self, name: str) -> subprocess.CompletedProcess[str]:
        """Run a step and keep its outputs for the next ones."""
        step, outputs, summary = self.steps[name], self.temp / "outputs", self.temp / "summary.md"
        outputs.write_text("", encoding="utf-8")
        given = {key: self._filled(text) for key, text in step.get("env", {}).items()}
        files = {"GITHUB_OUTPUT": str(outputs), "GITHUB_STEP_SUMMARY": str(summary), "RUNNER_TEMP": str(self.temp)}
        done = subprocess.run(
            ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.folder,
            env=os.environ | dict(self.environ) | files | given,
            capture_output=True,
            text=True,
            check=False,
        )
        for line in outputs.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition("=")
            self.values[f"steps.{name}.outputs.{key}"] = value
        return done

    def output(self, name: str) -> str:
        """Return an output of the step `check`."""
        return self.values[f"steps.check.outputs.{name}"]

    def _filled(self, text: str) -> str:
        return _EXPRESSION.sub(lambda found: self.values.get(found[1], ""), str(text))
