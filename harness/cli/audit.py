"""Define `tagrail audit`."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from harness.audit.billed import Billed
from harness.audit.run import read_run
from harness.audit.scan import Progress
from harness.audit.tables import connect
from harness.cli.costs_sources import Asked as Source
from harness.cli.costs_sources import open_source
from harness.cli.options import Form, Target
from harness.cli.place import root
from harness.cli.session import open_target
from harness.cli.verdict import report
from harness.errors import TagrailError
from harness.operations.audit import Asked, audit_live
from harness.operations.progress import say
from harness.operations.session import Session
from harness.static_audit import audit as audit_statically
from harness.targets.name import TargetName

FailOn = Literal["new", "any"]

_OUT = Path(".tagrail", "audit")
_ROLE = "OrganizationAccountAccessRole"

Env = Annotated[str | None, typer.Option("--env", "-e", help="Also audit the live accounts of this environment.")]
Role = Annotated[str, typer.Option("--role", help="Role in every member account, entered for reading alone.")]
Regions = Annotated[
    list[str] | None,
    typer.Option("--region", help="Region to look at; else all that an account has enabled. Repeatable."),
]
LiveOnly = Annotated[bool, typer.Option("--live-only", help="Leave checkov out.")]
Bills = Annotated[
    list[str] | None,
    typer.Option("--costs", metavar="BILL", help="Bill as tagrail costs reads it: ranks findings by cost. Repeatable."),
]
Fail = Annotated[FailOn, typer.Option("--fail-on", help="Exit with 1 for new findings alone, or any.")]
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
    live_only: LiveOnly = False,  # noqa: FBT002 (flag)
    bills: Bills = None,
    fail_on: Fail = "new",
) -> int:
    """Run checkov over modules/ and envs/, and with --env audit the tags of live accounts.

    checkov is installed first, into a venv of its own. Writes text, JSON, JUnit XML and SARIF into one folder. Of live
    accounts each audit leaves a folder, which the next one is compared with.
    """
    if live_only and not env:
        raise TagrailError("--live-only: must have an environment whose accounts are live. Do add --env")
    code = 0
    if not live_only:
        folder = out or root() / _OUT
        code = report("audit", audit_statically(root(), folder, say), form)
        say(f"checkov's results, as text, JSON, JUnit XML and SARIF: {folder}")
    if env:
        asked = Asked(role, tuple(regions or ()), resume=resume)
        code = max(code, _live(env, target, asked, bills or (), fail_on))
    return code


def _live(env: str, target: TargetName | None, asked: Asked, bills: Sequence[str], fail_on: FailOn) -> int:
    session = open_target(env, target, None, start=True)
    with _billed(session, bills) as billed:
        folder = audit_live(session, asked, _Shown(), billed)
    run = read_run(folder)
    say(f"live audit: {folder}")
    found = sum(run.findings.values()) if fail_on == "any" else run.change.new
    return 1 if found else 0


@contextmanager
def _billed(session: Session, bills: Sequence[str]) -> Iterator[Billed | None]:
    if not bills:
        yield None
        return
    source = Source(bills, None, None, None, None, session.name, session.target.name, fresh=False)
    with tempfile.TemporaryDirectory(prefix="tagrail-audit-") as scratch:
        connection = connect(Path(scratch))
        parts, _ = open_source(source, connection, Path(scratch))
        yield Billed(parts, connection, session.dictionary.cost_allocation_keys())


class _Shown:
    """Show progress, a line each time that a tenth more is done."""

    def __init__(self) -> None:
        self._tenths = 0

    def __call__(self, progress: Progress) -> None:
        tenths = 10 * progress.ended // max(1, progress.tasks)
        if tenths > self._tenths and progress.accounts:
            self._tenths = tenths
            counts = f"{progress.rows} seen, {progress.gaps} could not be read"
            say(f"audit: {progress.ended} of {progress.tasks} tasks in {progress.accounts} accounts, {counts}")
