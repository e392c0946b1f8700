"""Define `tagrail doctor`."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich import box
from rich.markup import escape
from rich.table import Table

from harness.cli.options import Form
from harness.cli.place import root
from harness.cli.verdict import report
from harness.finding import Finding, worst
from harness.operations.doctor import diagnose
from harness.report import console


def doctor(
    env: Annotated[str | None, typer.Option("--env", "-e", help="Ask the target of this environment too.")] = None,
    form: Form = "text",
) -> int:
    """Look at this machine: what is installed, found and running.

    With an environment: who calls there, and whether one harmless call of each plane is allowed.
    """
    findings = diagnose(root(), env)
    if form != "text":
        return report("doctor", findings, form)
    _print_diagnosis(findings)
    return 0 if worst(findings) == "pass" else 1


def _print_diagnosis(findings: Sequence[Finding]) -> None:
    """Print what was found of each thing that is needed, and how to get what was not."""
    out = console()
    table = Table(box=box.SIMPLE_HEAD)
    for column in ("needed", "found", "verdict"):
        table.add_column(column)
    for finding in findings:
        style = "green" if finding.verdict == "pass" else "bold red"
        table.add_row(escape(finding.subject), escape(finding.held), f"[{style}]{finding.verdict}[/]")
    out.print(table, soft_wrap=False)
    for finding in findings:
        if finding.repair:
            out.print(f"{finding.subject}: {finding.repair}", markup=False)
