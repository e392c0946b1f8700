"""Define `tagrail audit`."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal, cast, get_args

import typer

from harness.audit.billed import Billed
from harness.audit.run import read_run, unread
from harness.audit.scan import Progress
from harness.audit.tables import connect
from harness.cli.costs_sources import Asked as Source
from harness.cli.costs_sources import open_source
from harness.cli.options import Target
from harness.cli.place import root
from harness.cli.session import open_target
from harness.cli.verdict import report
from harness.errors import TagrailError
from harness.finding import Finding, worst
from harness.operations.audit import Asked, audit_live
from harness.operations.progress import say
from harness.operations.session import Session
from harness.report import Format
from harness.report.audit import FORMS, AuditForm, write_report
from harness.static_audit import audit as audit_statically
from harness.targets.name import TargetName

FailOn = Literal["new", "any"]

_OUT = Path(".tagrail", "audit")

Env = Annotated[str | None, typer.Option("--env", "-e", help="Also audit the live accounts of this environment.")]
Role = Annotated[
    str | None,
    typer.Option("--role", help="Role of every member account, to read; else env.yaml's audit_role."),
]
Regions = Annotated[
    list[str] | None,
    typer.Option("--region", help="Region to look at; else all that an account has enabled. Repeatable."),
]
LiveOnly = Annotated[bool, typer.Option("--live-only", help="Leave checkov out.")]
Bills = Annotated[
    list[str] | None,
    typer.Option("--costs", metavar="BILL", help="Bill as tagrail costs reads it: ranks findings by cost. Repeatable."),
]
AnyForm = Annotated[AuditForm, typer.Option("--format", "-f", help="text, json or junit; with --env csv, sarif, html.")]
Reports = Annotated[
    list[str] | None,
    typer.Option("--report", metavar="FORM=PATH", help="Write text, json, csv, junit, sarif or html. Repeatable."),
]
Traced = Annotated[bool, typer.Option("--lineage/--no-lineage", help="Ask where SageMaker's resources come from.")]
Fail = Annotated[FailOn, typer.Option("--fail-on", help="Exit with 1 for new findings and new gaps alone, or any.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the audit that was broken off last.")]


def audit(  # noqa: PLR0913, PLR0917 (options of a command)
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for checkov's results; else .tagrail/audit of the project.")
    ] = None,
    form: AnyForm = "text",
    env: Env = None,
    target: Target = None,
    role: Role = None,
    regions: Regions = None,
    resume: Resume = False,  # noqa: FBT002 (flag)
    live_only: LiveOnly = False,  # noqa: FBT002 (flag)
    lineage: Traced = True,  # noqa: FBT002 (flag)
    bills: Bills = None,
    reports: Reports = None,
    fail_on: Fail = "new",
) -> int:
    """Run checkov over modules/ and envs/, and with --env audit the tags of live accounts.

    checkov is installed first, into a venv of its own. Writes text, JSON, JUnit XML and SARIF into one folder. Of live
    accounts each audit leaves a folder with its tables and a page; the next one says what is new, fixed and remaining.
    """
    targets = [_report_target(text) for text in reports or ()]
    if not env and (live_only or targets or bills or resume):
        raise TagrailError("audit: must name an environment whose accounts are live for these options. Do add --env")
    found, code = ((), 0) if live_only else _static(out or root() / _OUT, form, quiet=bool(env))
    if env:
        asked = Asked(role, tuple(dict.fromkeys(regions or ())), resume=resume, lineage=lineage)
        code = max(code, _live(env, target, asked, bills or (), fail_on, found, form, targets))
    return code


def _static(folder: Path, form: AuditForm, *, quiet: bool) -> tuple[tuple[Finding, ...], int]:
    """Return checkov's findings and the exit code of them; `quiet` leaves them to the report of live accounts."""
    found = audit_statically(root(), folder, say)
    if quiet:
        code = 0 if worst(found) == "pass" else 1
    elif form in get_args(Format):
        code = report("audit", found, cast("Format", form))
    else:
        raise TagrailError(f"--format: must be text, json or junit without --env; got {form}. Do add --env")
    say(f"checkov's results, as text, JSON, JUnit XML and SARIF: {folder}")
    return found, code


def _live(  # noqa: PLR0913, PLR0917 (what options ask for)
    env: str,
    target: TargetName | None,
    asked: Asked,
    bills: Sequence[str],
    fail_on: FailOn,
    static: Sequence[Finding],
    form: AuditForm,
    targets: Sequence[tuple[AuditForm, Path]],
) -> int:
    session = open_target(env, target, None, start=True)
    with _billed(session, bills) as billed:
        folder = audit_live(session, asked, _Shown(), billed)
    allowed = frozenset(value for tag in session.dictionary.tags.values() for value in tag.values or ())
    for name, path in (("html", folder / "report.html"), *targets):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as file:
            write_report(folder, name, file, static=static, allowed=allowed)
        say(f"wrote {path}")
    write_report(folder, form, sys.stdout, static=static, allowed=allowed)
    run = read_run(folder)
    found = sum(run.findings.values()) if fail_on == "any" else run.change.new
    return 1 if found or unread(folder, run, only_new=fail_on == "new") else 0


def _report_target(text: str) -> tuple[AuditForm, Path]:
    """Return the form and the path of a --report. Raises: TagrailError for another form."""
    name, _, path = text.partition("=")
    for known in FORMS:
        if name == known and path:
            return known, Path(path)
    raise TagrailError(
        f'--report "{text}": must be FORM=PATH with a form of {", ".join(FORMS)}. Do write html=audit.html'
    )


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
