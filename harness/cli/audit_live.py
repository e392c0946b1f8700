"""Audit live accounts as the options of `tagrail audit` ask, and write its reports."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from harness.audit.billed import Billed
from harness.audit.run import finished
from harness.audit.scan import Progress
from harness.audit.tables import connect
from harness.cli.audit_reports import Reports, check_reports, write_reports
from harness.cli.costs_sources import Asked as Source
from harness.cli.costs_sources import open_source
from harness.cli.place import root
from harness.cli.session import open_target
from harness.errors import TagrailError
from harness.finding import Finding
from harness.operations.audit import Asked, audit_folder, audit_live, check_asked
from harness.operations.progress import say
from harness.operations.session import Session
from harness.project import load_project
from harness.targets.name import TargetName


class Live(NamedTuple):
    """Hold what the options ask for."""

    env: str
    target: TargetName | None
    role: str | None
    regions: Sequence[str]
    resume: bool
    lineage: bool
    bills: Sequence[str]
    reports: Reports


class LiveAudit:
    """Audit the accounts of an environment, once all that can be refused beforehand was looked at."""

    def __init__(self, live: Live) -> None:
        """Open the environment and check the options. Raises: TagrailError for what an audit would end with."""
        check_reports(live.reports.targets)
        self._live = live
        self._session = open_target(live.env, live.target, None, start=True)
        self._asked = Asked(live.role, tuple(dict.fromkeys(live.regions)), resume=live.resume, lineage=live.lineage)
        check_asked(self._session, self._asked)

    def run(self, static: Sequence[Finding]) -> int:
        """Return the exit code: 1 for findings that the last audit did not have, or for any.

        Raises: TagrailError, OSError as the audit does.
        """
        with _billed(self._session, self._live.bills) as billed:
            folder = audit_live(self._session, self._asked, _Shown(), billed)
        reports = self._live.reports
        reports = reports._replace(targets=(("html", folder / "report.html"), *reports.targets))
        return write_reports(folder, self._live.env, reports, self._session.dictionary, static)


def report_last(env: str, target: TargetName | None, reports: Reports, given: Sequence[str]) -> int:
    """Write reports of the last audit that was finished, asking AWS nothing, and return its exit code.

    Its page stays as it is: it may hold findings of checkov, which are no part of the run.
    `given` are options that say what an audit asks for. Raises: InputError for a faulty project; TagrailError for these
    options, and where no audit was finished.
    """
    if given:
        rule = "--last: must be without options of what an audit asks for"
        raise TagrailError(f"{rule}; got {', '.join(given)}. Do leave them out, or --last")
    check_reports(reports.targets)
    project = load_project(root(), [env])
    parent, chosen = audit_folder(root(), env), target or project.environments[env].target
    folder = finished(parent, chosen)
    if folder is None:
        rule = f"--last: must find an audit of target {chosen} that was finished in {parent}; got none"
        raise TagrailError(f"{rule}. Do leave it out")
    say(f"last audit: {folder}")
    return write_reports(folder, env, reports, project.dictionary, ())


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
