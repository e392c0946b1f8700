"""Define `tagrail audit`."""

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import Form
from harness.cli.place import root
from harness.cli.verdict import report
from harness.operations.progress import say
from harness.static_audit import audit as audit_statically

_OUT = Path(".tagrail", "audit")


def audit(
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for checkov's results; else .tagrail/audit of the project.")
    ] = None,
    form: Form = "text",
) -> int:
    """Run checkov over modules/ and envs/.

    It is installed first, into a venv of its own. Writes text, JSON, JUnit XML and SARIF into one folder.
    """
    project = root()
    folder = out or project / _OUT
    code = report("audit", audit_statically(project, folder, say), form)
    say(f"checkov's results, as text, JSON, JUnit XML and SARIF: {folder}")
    return code
