"""Audit live accounts as the options of `tagrail audit` ask, and write its reports."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from harness.audit.billed import Billed
from harness.audit.run import read_run, unread
from harness.audit.scan import Progress
from harness.audit.tables import connect
from harness.cli.costs_sources import Asked as Source
from harness.cli.costs_sources import open_source
from harness.cli.session import open_target
from harness.finding import Finding
from harness.operations.audit import Asked, audit_live
from harness.operations.progress import say
from harness.operations.session import Session
from harness.report.audit import AuditForm, write_report
from harness.targets.name import TargetName

FailOn = Literal["new", "any"]


class Live(NamedTuple):
    """Hold what the options ask for: `targets` are forms and the files that get them, beside stdout."""

    env: str
    target: TargetName | None
    role: str | None
    regions: Sequence[str]
    resume: bool
    lineage: bool
    bills: Sequence[str]
    fail_on: FailOn
    form: AuditForm
    targets: Sequence[tuple[AuditForm, Path]]


def audit_accounts(live: Live, static: Sequence[Finding]) -> int:
    """Return the exit code: 1 for findings that the last audit did not have, or for any.

    Raises: TagrailError, OSError as the audit and its reports do.
    """
    session = open_target(live.env, live.target, None, start=True)
    asked = Asked(live.role, tuple(dict.fromkeys(live.regions)), resume=live.resume, lineage=live.lineage)
    with _billed(session, live.bills) as billed:
        folder = audit_live(session, asked, _Shown(), billed)
    allowed = frozenset(value for tag in session.dictionary.tags.values() for value in tag.values or ())
    for name, path in (("html", folder / "report.html"), *live.targets):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as file:
            write_report(folder, name, file, static=static, allowed=allowed)
        say(f"wrote {path}")
    write_report(folder, live.form, sys.stdout, static=static, allowed=allowed)
    run = read_run(folder)
    found = sum(run.findings.values()) if live.fail_on == "any" else run.change.new
    return 1 if found or unread(folder, run, only_new=live.fail_on == "new") else 0


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
