"""Define `tagrail audit`."""

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import Form, Target
from harness.cli.place import root
from harness.cli.session import open_target
from harness.cli.verdict import report
from harness.operations.audit import Asked, audit_live
from harness.operations.progress import say
from harness.static_audit import audit as audit_statically

_OUT = Path(".tagrail", "audit")
_ROLE = "OrganizationAccountAccessRole"

Env = Annotated[str | None, typer.Option("--env", "-e", help="Also audit the live accounts of this environment.")]
Role = Annotated[str, typer.Option("--role", help="Role in every member account, entered for reading alone.")]
Regions = Annotated[
    list[str] | None,
    typer.Option("--region", help="Region to look at; else all that an account has enabled. Repeatable."),
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the audit that was broken off last.")]


def audit(  # noqa: PLR0913, PLR0917 (options of a command)
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for checkov's results; else .tagrail/audit of the project.")
    ] = None,
    form: Form = "text",
    env: Env = None,
    target: Target = None,
    role: Role = _ROLE,
    regions: Regions = None,
    resume: Resume = False,  # noqa: FBT002 (flag)
) -> int:
    """Run checkov over modules/ and envs/, and with --env audit the tags of live accounts.

    checkov is installed first, into a venv of its own. Writes text, JSON, JUnit XML and SARIF into one folder.
    """
    project = root()
    if env:
        session = open_target(env, target, None, start=True)
        live = audit_live(session, Asked(role, tuple(regions or ()), resume=resume), lambda _: None)
        say(f"live audit: {live}")
        return 0
    folder = out or project / _OUT
    code = report("audit", audit_statically(project, folder, say), form)
    say(f"checkov's results, as text, JSON, JUnit XML and SARIF: {folder}")
    return code
