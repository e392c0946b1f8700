"""Define `tagrail audit`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, cast, get_args

import typer

from harness.cli.options import Target
from harness.cli.place import root
from harness.cli.verdict import report
from harness.errors import TagrailError
from harness.finding import Finding, worst
from harness.operations.progress import say
from harness.plan_check.compiled import read_requirements
from harness.project_root import DICTIONARY
from harness.report import Format
from harness.report.audit import FORMS, AuditForm
from harness.static_audit import audit as audit_statically
from harness.static_audit import audit_plans

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
LiveOnly = Annotated[bool, typer.Option("--live-only", help="Leave checkov out, --plan too.")]
Plans = Annotated[
    list[Path] | None,
    typer.Option("--plan", metavar="FILE", help="JSON of terraform show -json: checkov with our rules. Repeatable."),
]
Bills = Annotated[
    list[str] | None,
    typer.Option("--costs", metavar="BILL", help="Bill as tagrail costs reads it: ranks findings by cost. Repeatable."),
]
AnyForm = Annotated[
    AuditForm, typer.Option("--format", "-f", help="text, json or junit; with --env all that --report writes.")
]
Reports = Annotated[
    list[str] | None,
    typer.Option(
        "--report",
        metavar="FORM=PATH",
        help="Write text, json, csv, csv-all, junit, sarif, sarif-all or html. Repeatable.",
    ),
]
Traced = Annotated[bool, typer.Option("--lineage/--no-lineage", help="Ask where SageMaker's resources come from.")]
Fail = Annotated[FailOn, typer.Option("--fail-on", help="Exit with 1 for new findings and new gaps alone, or any.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the audit that was broken off last.")]
Last = Annotated[bool, typer.Option("--last", help="Ask AWS nothing: report the last audit that was finished again.")]


def audit(  # noqa: PLR0913, PLR0917 (options of a command)
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for checkov's results; else .tagrail/audit of the project.")
    ] = None,
    plans: Plans = None,
    form: AnyForm = "text",
    env: Env = None,
    target: Target = None,
    role: Role = None,
    regions: Regions = None,
    resume: Resume = False,  # noqa: FBT002 (flag)
    last: Last = False,  # noqa: FBT002 (flag)
    live_only: LiveOnly = False,  # noqa: FBT002 (flag)
    lineage: Traced = True,  # noqa: FBT002 (flag)
    bills: Bills = None,
    reports: Reports = None,
    fail_on: Fail = "new",
) -> int:
    """Run checkov over modules/, envs/ and plans, and with --env audit the tags of live accounts.

    checkov is installed first, into a venv of its own. Writes text, JSON, JUnit XML and SARIF into one folder. Plans
    are judged by the dictionary's rules alone. Of live accounts each audit leaves a folder with its tables and a page;
    the next one says what is new and remaining, and names what is fixed. Exit code 2 also when a report could not be
    written and there is no finding.
    """
    targets = [_report_target(text) for text in reports or ()]
    if not env and (live_only or targets or bills or resume or last):
        raise TagrailError("audit: must name an environment whose accounts are live for these options. Do add --env")
    if not env:
        return _static(out or root() / _OUT, plans or (), form, quiet=False)[1]
    from harness.cli.audit_live import Live, LiveAudit, report_last  # noqa: PLC0415 (loads botocore)
    from harness.cli.audit_reports import Reports  # noqa: PLC0415 (needed with the same)

    wanted = Reports(form, targets, fail_on)
    if last:
        given = {"--role": role, "--region": regions, "--resume": resume, "--costs": bills, "--plan": plans}
        return report_last(env, target, wanted, [name for name, value in given.items() if value])
    live = LiveAudit(Live(env, target, role, regions or (), resume, lineage, bills or (), wanted))
    found, code = ((), 0) if live_only else _static(out or root() / _OUT, plans or (), form, quiet=True)
    return max(code, live.run(found))


def _static(folder: Path, plans: Sequence[Path], form: AuditForm, *, quiet: bool) -> tuple[tuple[Finding, ...], int]:
    """Return checkov's findings and the exit code of them; `quiet` leaves them to the report of live accounts."""
    requirements = read_requirements(root() / DICTIONARY, None, "", None) if plans else None
    found = audit_statically(root(), folder, say)
    if requirements:
        found += audit_plans(plans, requirements, root(), folder, say)
    if quiet:
        code = 0 if worst(found) == "pass" else 1
    elif form in get_args(Format):
        code = report("audit", found, cast("Format", form))
    else:
        raise TagrailError(f"--format: must be text, json or junit without --env; got {form}. Do add --env")
    say(f"checkov's results, as text, JSON, JUnit XML and SARIF: {folder}")
    return found, code


def _report_target(text: str) -> tuple[AuditForm, Path]:
    """Return the form and the path of a --report. Raises: TagrailError for another form."""
    name, _, path = text.partition("=")
    for known in FORMS:
        if name == known and path:
            return known, Path(path)
    raise TagrailError(
        f'--report "{text}": must be FORM=PATH with a form of {", ".join(FORMS)}. Do write html=audit.html'
    )
