"""Run terraform in one folder: init, plan, apply of that very plan, and what the state holds.

The only file that uses python-terraform, and only its `cmd()`: its other methods pass flags that today's terraform
refuses (`destroy -force`), and a misspelt one becomes a terraform command.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import python_terraform

from harness.errors import TagrailError
from harness.terraform_messages import ApplyProgress, plain_text, read_errors
from harness.terraform_process import Interrupts, LineHandler, RunResult, discard, environment, follow, write_stderr

# No hints about the next command to type, no questions, no calls to HashiCorp for news.
_AUTOMATION = {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1"}
_SHOWN_OUTPUT_LINES = 20
_NO_CHANGES, _CHANGES = 0, 2
# What terraform says of a provider that it cannot talk to, rather than of what the provider says.
_PLUGIN_FAULTS = ("Failed to load plugin schemas", "Plugin did not respond", "Plugin error")


class TerraformError(TagrailError):
    """Report a terraform run that failed: command, exit code of terraform, the `Error:` parts of its output, folder."""

    exit_code = 3

    def __init__(self, result: RunResult, folder: Path) -> None:
        """Keep the result; the text shows the errors, or the end of the output when terraform named none."""
        self.result = result
        self.folder = folder
        self.errors = read_errors(result.stdout, result.stderr)
        super().__init__(self._text())

    def _text(self) -> str:
        lines = plain_text(self.result.stderr + self.result.stdout).strip().splitlines()[-_SHOWN_OUTPUT_LINES:]
        shown = self.errors or ("\n".join(lines) or "terraform printed nothing",)
        return "\n".join(
            (
                f"terraform failed with exit code {self.result.exit_code}",
                f"  command: {' '.join(self.result.command)}",
                f"  folder: {self.folder}",
                *shown,
            )
        )


@dataclass(frozen=True, slots=True)
class Terraform:
    """Run one terraform binary in one folder.

    `variables` are environment variables of each run (None: must not be set); `var_files` are passed to plan by path;
    `lock_timeout_seconds` is how long a remote state that someone else has locked is waited for; `parallelism` is how
    many resources are looked at side by side, 0 for terraform's own number; `reattach` are the variables that lead to
    providers that run already, emptied by the first command but apply that cannot use them.

    Every method that runs terraform raises `KeyboardInterrupt` after Ctrl-C or SIGTERM, once terraform has ended.
    """

    binary: Path
    folder: Path
    variables: Mapping[str, str | None] = field(default_factory=dict)
    var_files: tuple[Path, ...] = ()
    lock_timeout_seconds: int = 0
    parallelism: int = 0
    reattach: dict[str, str] = field(default_factory=dict)

    def init(self) -> RunResult:
        """Install providers and modules and connect the backend; downloads are shown on stderr.

        Raises:
            TerraformError: terraform failed.
        """
        return self._run("init", "-input=false", self._color(), on_stdout=_show_downloads)

    def plan(
        self, out: Path, *, destroy: bool = False, replace: Iterable[str] = (), targets: Iterable[str] = ()
    ) -> bool:
        """Write a plan to a file, show it on stderr as terraform prints it, and tell whether it changes anything.

        `replace` are addresses to make anew although terraform sees nothing to change; with `targets` nothing else
        is planned.

        Raises:
            TerraformError: terraform failed.
        """
        flags = ["-input=false", self._color(), "-detailed-exitcode", f"-out={out.absolute()}"]
        flags += [*self._lock_flags(), *self._parallelism_flags()]
        flags += [f"-var-file={file.absolute()}" for file in self.var_files]
        flags += [f"-replace={address}" for address in replace]
        flags += [f"-target={address}" for address in targets]
        if destroy:
            flags.append("-destroy")
        result = self._run(
            "plan", *flags, on_stdout=write_stderr, on_stderr=write_stderr, accepted=(_NO_CHANGES, _CHANGES)
        )
        return result.exit_code == _CHANGES

    def show_json(self, plan_file: Path) -> dict[str, Any]:
        """Return the plan as terraform's JSON output format describes it.

        Raises:
            TerraformError: terraform failed.
        """
        return dict(json.loads(self._run("show", "-json", str(plan_file.absolute())).stdout))

    def attributes(self) -> dict[str, dict[str, Any]]:
        """Return address -> attributes of every resource in the state, child modules included.

        Raises:
            TerraformError: terraform failed.
        """
        shown = json.loads(self._run("show", "-json").stdout)
        return dict(_resources(shown.get("values", {}).get("root_module", {})))

    def apply(self, plan_file: Path) -> RunResult:
        """Apply exactly this plan; stderr gets one line for each start and end of a resource, with counts and seconds.

        Raises:
            TerraformError: terraform failed; what it had done by then is in the state.
        """
        flags = ("-json", "-input=false", *self._lock_flags(), *self._parallelism_flags())
        progress = ApplyProgress(write_stderr)
        return self._run("apply", *flags, str(plan_file.absolute()), on_stdout=progress, on_stderr=write_stderr)

    def state_list(self) -> tuple[str, ...]:
        """Return the addresses in the state, sorted by terraform; empty when there is no state yet.

        Raises:
            TerraformError: terraform failed.
        """
        result = self._run("state", "list", accepted=(0, 1))
        if result.exit_code != 0:
            if "No state file was found" in result.stderr:
                return ()
            raise TerraformError(result, self.folder)
        return tuple(result.stdout.split("\n")[:-1])

    def state_remove(self, addresses: Iterable[str]) -> None:
        """Forget resources without touching them; nothing runs when no address is given.

        Raises:
            TerraformError: terraform failed, for example because an address is not in the state.
        """
        if wanted := tuple(addresses):
            self._run("state", "rm", *self._lock_flags(), *wanted)

    def _run(
        self,
        command: str,
        *arguments: str,
        on_stdout: LineHandler = discard,
        on_stderr: LineHandler = discard,
        accepted: tuple[int, ...] = (0,),
    ) -> RunResult:
        runner = _Runner(working_dir=str(self.folder), terraform_bin_path=str(self.binary))
        with Interrupts() as interrupts:
            try:
                # python-terraform always takes os.environ, so the variables are set for the moment of the start.
                with environment({**_AUTOMATION, **self.variables, **self.reattach}):
                    process, _, _ = runner.cmd(command, *(part for part in arguments if part), synchronous=False)
            except OSError as error:
                raise TagrailError(
                    f"{self.binary}: must run in {self.folder}; got {error}. Do check both with `tagrail doctor`"
                ) from error
            result = follow(process, interrupts, on_stdout=on_stdout, on_stderr=on_stderr)
        failed = result.exit_code not in accepted
        # Where this process ignores Ctrl-C (started in the background), terraform still heeds it.
        if interrupts.received or (failed and interrupts.noticed):
            raise KeyboardInterrupt
        if failed and self.reattach and command != "apply" and _cannot_attach(result):
            write_stderr(f"note: {command} could not use the warm provider; terraform starts its own\n")
            self.reattach.clear()
            return self._run(command, *arguments, on_stdout=on_stdout, on_stderr=on_stderr, accepted=accepted)
        if failed:
            raise TerraformError(result, self.folder)
        return result

    def _lock_flags(self) -> tuple[str, ...]:
        return (f"-lock-timeout={self.lock_timeout_seconds}s",) if self.lock_timeout_seconds else ()

    def _parallelism_flags(self) -> tuple[str, ...]:
        return (f"-parallelism={self.parallelism}",) if self.parallelism else ()

    @staticmethod
    def _color() -> str:
        return "" if sys.stderr.isatty() and not os.environ.get("NO_COLOR") else "-no-color"


class _Runner(python_terraform.Terraform):  # type: ignore[misc]
    """Start terraform through `cmd(..., synchronous=False)` and nothing else."""

    def generate_cmd_string(self, cmd: str, *args: str, **kwargs: object) -> list[str]:
        # python-terraform 0.10.1 would pass its own option to terraform as `-synchronous=false`.
        kwargs.pop("synchronous", None)
        return list(super().generate_cmd_string(cmd, *args, **kwargs))

    def read_state_file(self, file_path: str | None = None) -> None:
        """Read nothing: the state may be remote, large or damaged, and only terraform knows."""


def _cannot_attach(result: RunResult) -> bool:
    said = plain_text(result.stderr + result.stdout)
    return any(fault in said for fault in _PLUGIN_FAULTS)


def _resources(module: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for resource in module.get("resources", []):
        yield resource["address"], resource["values"]
    for child in module.get("child_modules", []):
        yield from _resources(child)


def _show_downloads(line: str) -> None:
    if line.startswith(("- Installing", "- Downloading")):
        write_stderr(line)
