"""Make tests/bench/plan/plan.json anew: `python -m tests.bench.template`, with terraform 1.11 and provider 5.100.0.

tests/bench/plan/ is applied to the emulator with two services, then planned with a third one and a new version of the
second: svc-00000 is new, svc-00001 changes, svc-00002 stays. Of the plan, what tests/bench/plans.py multiplies is kept:
the changes of the services, the data sources that they read, the configuration.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.emulator.process import start, stop
from harness.targets.emulator import make_emulator_target
from harness.toolchain import find_terraform
from harness.toolchain_config import cli_variables

SOURCE = Path(__file__).with_name("plan")

_BEFORE = {"svc-00001": "1.0", "svc-00002": "1.0"}
_AFTER = {"svc-00000": "1.0", "svc-00001": "1.1", "svc-00002": "1.0"}


def make_template(folder: Path) -> dict[str, Any]:
    """Return the plan, made in a folder that is empty."""
    root, emulator = folder / "plan", folder / "emulator"
    shutil.copytree(SOURCE, root)
    running = start("bench", emulator, None)
    try:
        target = make_emulator_target(running.url, "eu-central-1")
        environ = {**os.environ, **target.variables(), **cli_variables(folder, find_terraform())}
        run = _Terraform(root, {name: value for name, value in environ.items() if value is not None})
        run("init", "-input=false")
        run("apply", "-auto-approve", _services(_BEFORE))
        run("plan", "-out=plan", _services(_AFTER))
        found: dict[str, Any] = json.loads(run("show", "-json", "plan"))
    finally:
        stop("bench", emulator)
    return {
        "configuration": found["configuration"],
        "data": _data(found["prior_state"]["values"]["root_module"]),
        "resource_changes": [each for each in found["resource_changes"] if "svc-" in each["address"]],
    }


def _data(root: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the data sources that were read."""
    modules = root["child_modules"]
    return [each for module in modules for each in module["resources"] if each["mode"] == "data"]


def render(found: Mapping[str, Any]) -> str:
    """Return a template as JSON with one line for each entry."""
    parts = []
    for name, value in found.items():
        rows = [json.dumps(row, separators=(",", ":")) for row in (value if isinstance(value, list) else [value])]
        text = ",\n".join(rows)
        parts.append(f'"{name}": [\n{text}\n]' if isinstance(value, list) else f'"{name}":\n{text}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


class _Terraform:
    """Run terraform in a folder."""

    def __init__(self, root: Path, environ: Mapping[str, str]) -> None:
        self._root, self._environ = root, environ

    def __call__(self, *arguments: str) -> str:
        command = [str(find_terraform().path), *arguments]
        return subprocess.run(
            command, cwd=self._root, env=self._environ, check=True, stdout=subprocess.PIPE, text=True
        ).stdout


def _services(versions: Mapping[str, str]) -> str:
    return f"-var=services={json.dumps(versions)}"


def main() -> None:
    """Write the template."""
    with tempfile.TemporaryDirectory() as folder:
        found = make_template(Path(folder))
    (SOURCE / "plan.json").write_text(render(found), encoding="utf-8")


if __name__ == "__main__":
    main()
