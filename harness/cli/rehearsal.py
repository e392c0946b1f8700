"""Define `tagrail rehearse`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import Env, TextOrJson
from harness.cli.place import root, today
from harness.finding import worst
from harness.operations import rehearsal
from harness.project import load_project
from harness.report import console
from harness.report.rehearsal import print_rehearsal, render_rehearsal_json
from harness.verify import exemption_findings


def rehearse(
    env: Env = "local",
    file: Annotated[
        Path | None, typer.Option("--snapshot", dir_okay=False, help="File; else envs/ENV/snapshot.yaml.")
    ] = None,
    form: TextOrJson = "text",
) -> int:
    """Apply an environment to an emulator that holds a snapshot of its organisation, and say what changes.

    Nothing is sent to AWS. What changes is no finding: exit code 1 means that verify, or the snapshot, has some.
    """
    found, findings = rehearsal.rehearse(root(), env, file)
    findings += exemption_findings(load_project(root(), [env]).dictionary, today())
    title = f"{env}, rehearsed" + (f" on the snapshot of {found.taken}" if found.taken else "")
    if form == "json":
        sys.stdout.write(render_rehearsal_json(title, found, findings) + "\n")
    else:
        print_rehearsal(console(), title, found, findings)
    return 0 if worst(findings) == "pass" else 1
