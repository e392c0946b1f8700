"""The ways to plan, apply, verify and destroy ENV=local: tagrail, plain terraform, tftest, each on a fresh emulator.

Plain terraform and tftest get the same configuration, override file, provider mirror and emulator as tagrail, and their
own defaults for all else. Their verify is a plan that must find nothing to change. Cost allocation tags refuse to be
destroyed, and so does a bucket that holds exports of the bill: both forget them first, as tagrail does.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import tftest

from harness.build_folder import render_override
from harness.emulator.process import start, stop
from harness.operations.cost_exports import bucket_addresses
from harness.state import read_cost_tags
from harness.targets.emulator import make_emulator_target
from harness.toolchain import find_terraform
from harness.toolchain_config import cli_variables

STEPS = ("plan", "apply", "verify", "destroy")

Steps = Mapping[str, Callable[[], object]]

_PROJECT = Path(__file__).resolve().parents[2]
_KEPT = "module.governance.module.cost_allocation_tag.aws_ce_cost_allocation_tag.this"
_QUIET = ("-input=false", "-no-color")


class StepError(Exception):
    """Report a step that failed, with what it printed."""


@contextmanager
def tagrail(folder: Path) -> Iterator[Steps]:
    """Give the four commands of tagrail."""
    emulator = _fresh(folder)
    environ = {**os.environ, "PYTHONPATH": str(_PROJECT)}

    def run(*arguments: str) -> None:
        _run([sys.executable, "-m", "harness", *arguments, "--env", "local"], folder, environ)

    yes = {"apply": ["--yes"], "destroy": ["--yes"]}
    with _stopping(emulator):
        yield {step: lambda step=step: run(step, *yes.get(step, [])) for step in STEPS}  # type: ignore[misc]


@contextmanager
def terraform(folder: Path) -> Iterator[Steps]:
    """Give the same steps with terraform's own commands."""
    emulator = _fresh(folder)
    root, environ = _root(folder)
    binary = str(find_terraform().path)

    def run(*arguments: str) -> str:
        return _run([binary, *arguments], root, environ)

    def plan() -> None:
        run("init", *_QUIET)
        run("plan", *_QUIET, "-out=plan")

    def destroy() -> None:
        run("state", "rm", *_kept(run("state", "list")))
        run("destroy", *_QUIET, "-auto-approve")

    with _stopping(emulator):
        yield {
            "plan": plan,
            "apply": lambda: run("apply", *_QUIET, "plan"),
            "verify": lambda: run("plan", *_QUIET, "-detailed-exitcode"),
            "destroy": destroy,
        }


@contextmanager
def by_tftest(folder: Path) -> Iterator[Steps]:
    """Give the same steps as a test with tftest takes them."""
    emulator = _fresh(folder)
    root, environ = _root(folder)
    test = tftest.TerraformTest(str(root), binary=str(find_terraform().path))
    test.env = environ

    def plan() -> None:
        test.setup(cleanup_on_exit=False)
        test.plan(output=True)

    def verify() -> None:
        changes = [change["change"]["actions"] for change in test.plan(output=True)["resource_changes"]]
        if any(actions not in (["no-op"], ["read"]) for actions in changes):
            raise StepError(f"tftest: the plan after apply must change nothing; got {changes}")

    def destroy() -> None:
        test.execute_command("state", "rm", *_kept(test.execute_command("state", "list").out))
        test.destroy()

    with _stopping(emulator):
        yield {"plan": plan, "apply": test.apply, "verify": verify, "destroy": destroy}


def _fresh(folder: Path) -> Path:
    """Copy the project, start its emulator, and return the folder of the emulator's state file."""
    for name in ("envs", "modules"):
        ignored = shutil.ignore_patterns(".terraform", "*.tfstate*")
        shutil.copytree(_PROJECT / name, folder / name, ignore=ignored)
    emulator = folder / ".tagrail" / "emulator"
    start("local", emulator, folder / "envs" / "local" / "organization.yaml")
    return emulator


@contextmanager
def _stopping(emulator: Path) -> Iterator[None]:
    try:
        yield
    finally:
        stop("local", emulator)


def _root(folder: Path) -> tuple[Path, dict[str, str]]:
    """Return the folder where terraform runs, with the override file, and the environment variables of its runs."""
    root = folder / "envs" / "local"
    (root / "tagrail_override.tf").write_text(render_override(["us_east_1"]), encoding="utf-8")
    running = start("local", folder / ".tagrail" / "emulator", root / "organization.yaml")
    target = make_emulator_target(running.url, "eu-central-1")
    billed = sorted(read_cost_tags(target.client("ce", "eu-central-1")))
    (root / "billed.auto.tfvars.json").write_text(json.dumps({"billed_tag_keys": billed}), encoding="utf-8")
    variables = {
        **os.environ,
        **target.variables(),
        **cli_variables(folder / ".tagrail", find_terraform(), lock_file=root / ".terraform.lock.hcl"),
        "CHECKPOINT_DISABLE": "1",
    }
    return root, {name: value for name, value in variables.items() if value is not None}


def _kept(listed: str) -> list[str]:
    held = listed.splitlines()
    return [*(address for address in held if address.startswith(_KEPT)), *bucket_addresses(held)]


def _run(command: list[str], folder: Path, environ: Mapping[str, str]) -> str:
    """Return the output of a command that succeeds. Raises: StepError with its output when it does not."""
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise StepError(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


CONTENDERS: Mapping[str, Callable[[Path], "contextmanager[Steps]"]] = {  # type: ignore[valid-type]
    "tagrail": tagrail,
    "terraform": terraform,
    "tftest": by_tftest,
}
