"""Audit the live accounts of an environment: scan, join, judge, and leave a folder that reports and repairs read."""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from harness.audit.arn_types import kind_of
from harness.audit.joined import Joiner
from harness.audit.judging import Auditor, not_activated
from harness.audit.model import AuditFinding, Gap
from harness.audit.run import (
    AuditedAccount,
    Comparison,
    Coverage,
    Run,
    finished,
    new_folder,
    read_run,
    seen_folder,
    unfinished,
    write_run,
)
from harness.audit.scan import AT_ONCE, Progress, Scan, Wanted
from harness.audit.seen import Done, SeenFiles
from harness.audit.tables import Table
from harness.documents import partition_of
from harness.errors import TagrailError
from harness.operations.progress import say
from harness.operations.session import Session
from harness.organization import ROOT, Organization
from harness.plan_check.compiling import compile_requirements
from harness.plan_check.requirements import Requirements
from harness.state import read_cost_tags, read_organization
from harness.targets.model import Credentials
from harness.targets.refusals import repair_of, said, word_of
from harness.targets.role import AUDITING, assume_reader

State = Literal["interrupted", "finished"]

_OWNERS = ("owner", "team", "contact")
_FOLDER = "audit"


@dataclass(frozen=True, slots=True)
class Asked:
    """Say how to audit: the role in member accounts, regions (() = those that each account has enabled), threads."""

    role: str
    regions: tuple[str, ...] = ()
    at_once: int = AT_ONCE
    resume: bool = False


def audit_folder(root: Path, environment: str) -> Path:
    """Return the folder of an environment's audits. Raises: nothing."""
    return root / ".tagrail" / _FOLDER / environment


def audit_live(session: Session, asked: Asked, tell: Callable[[Progress], object]) -> Path:
    """Return the folder of a finished run; `tell` hears of progress while accounts are read.

    After Ctrl-C the folder holds what was seen by then, judged, and a run that is resumed goes on from there.
    Raises: TagrailError when the organisation cannot be read, or there is nothing to resume; KeyboardInterrupt.
    """
    organization = _organization(session)
    parent = audit_folder(session.root, session.name)
    folder = _folder(parent, resume=asked.resume)
    previous = finished(parent)
    started = datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds")
    run = read_run(folder) if asked.resume else Run(session.name, session.target.name, started)
    write_run(folder, run)
    seen = SeenFiles(seen_folder(folder))
    scan = Scan(session.target, _wanted(session, asked), organization, seen)
    state: State = "interrupted"
    try:
        scan.run(tell)
        state = "finished"
    finally:
        say(f"judging what {len(seen.done)} tasks saw")
        gaps = (*seen.gaps(), *(() if state == "finished" else _not_reached(organization, seen)))
        judging = _Judging(session, organization, scan.kinds(), gaps, Comparison(previous))
        judging.judge(seen, folder)
        write_run(folder, judging.closed(run, seen.done, state))
        if state == "finished":
            seen.remove()
    return folder


def _organization(session: Session) -> Organization:
    try:
        return read_organization(session.target.client("organizations", session.environment.regions.home))
    except (ClientError, BotoCoreError) as error:
        repair = repair_of(error, "organizations:Describe* and organizations:List*")
        raise TagrailError(f"organizations: must be readable; got {said(error)}. {repair}") from error


def _folder(parent: Path, *, resume: bool) -> Path:
    if not resume:
        return new_folder(parent, datetime.datetime.now(tz=datetime.UTC))
    found = unfinished(parent)
    if found is None:
        raise TagrailError(f"--resume: must find an audit that was broken off in {parent}; got none. Do leave it out")
    return found


def _wanted(session: Session, asked: Asked) -> Wanted:
    home = session.environment.regions.home
    return Wanted(
        payer_id=session.environment.payer_account_id,
        partition=partition_of(home),
        home=home,
        regions=asked.regions,
        listed_regions=session.regions(),
        enter=_entrance(session, asked.role),
        at_once=asked.at_once,
    )


def _entrance(session: Session, role: str) -> Callable[[str], Credentials]:
    home = session.environment.regions.home
    sts = session.target.client("sts", home)
    arn = f"arn:{partition_of(home)}:iam::{{}}:role/{role.removeprefix('/')}"
    return lambda account: assume_reader(sts, arn.format(account), AUDITING, "tagrail-audit")


class _Judging:
    """Join and judge what was seen, and count."""

    def __init__(
        self,
        session: Session,
        organization: Organization,
        kinds: frozenset[str],
        gaps: tuple[Gap, ...],
        comparison: Comparison,
    ) -> None:
        owner = next((key for key in session.dictionary.tags if key.rpartition(":")[2] in _OWNERS), "")
        self._organization = organization
        self._joiner = Joiner(kinds, gaps)
        self._auditor = Auditor(_requirements(session, organization), owner, lambda arn: kind_of(arn) in kinds)
        self._comparison = comparison
        self._inactive, refused = _inactive_keys(session)
        self._gaps = (*gaps, *refused)
        self._rules: Counter[str] = Counter()

    def judge(self, seen: SeenFiles, folder: Path) -> None:
        """Write the tables of a run's folder, file by file of what was seen."""
        with Table(folder, "resources") as resources, Table(folder, "findings") as findings:
            for group in seen.groups():
                joined = list(self._joiner.join(group))
                resources.add(joined)
                findings.add(self._told(each for resource in joined for each in self._auditor.findings(resource)))
            findings.add(self._told(self._inactive))

    def _told(self, found: Iterable[AuditFinding]) -> Iterator[AuditFinding]:
        for each in found:
            self._rules[each.rule] += 1
            is_new = self._comparison.is_new(each.fingerprint)
            yield each if is_new else msgspec.structs.replace(each, is_new=False)

    def closed(self, run: Run, done: Mapping[str, Done], state: State) -> Run:
        """Return what is known of the run in the end."""
        calls: Counter[str] = Counter()
        for task in done.values():
            calls[task.task.partition(" ")[0]] += task.calls
        auditor = self._auditor
        return Run(
            environment=run.environment,
            target=run.target,
            started=run.started,
            ended=datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds"),
            state=state,
            accounts=tuple(
                AuditedAccount(one.id, one.name, one.unit, one.status) for one in self._organization.accounts
            ),
            regions=_regions(done),
            gaps=self._gaps,
            calls=calls,
            counts=auditor.counts,
            unheard=auditor.unheard,
            findings=self._rules,
            coverage=tuple(Coverage(key, **counts) for key, counts in sorted(auditor.coverage.items())),
            change=self._comparison.change(self._gaps),
        )


def _requirements(session: Session, organization: Organization) -> Callable[[str], Requirements]:
    """Return what is required in an account: the dictionary's values at its unit."""
    units = {account.id: account.unit or ROOT for account in organization.accounts}

    @cache
    def of_unit(unit: str) -> Requirements:
        return compile_requirements(session.dictionary, session.environment, unit)

    return lambda account: of_unit(units.get(account, ROOT))


def _not_reached(organization: Organization, seen: SeenFiles) -> list[Gap]:
    """Return a gap for each account of which nothing was read before the audit was broken off."""
    read = {task.split(" ")[1] for task in seen.done if task.startswith("tagging ")}
    return [
        Gap("account", account.id, "", "all resources", "the audit was broken off before")
        for account in organization.accounts
        if account.id not in read and f"account {account.id}" not in seen.done
    ]


def _inactive_keys(session: Session) -> tuple[list[AuditFinding], list[Gap]]:
    """Return a finding for each key of the dictionary that should be on the bill and is not activated for it."""
    wanted = [key for key, tag in session.dictionary.tags.items() if tag.cost_allocation]
    payer, home = session.environment.payer_account_id, session.environment.regions.home
    try:
        statuses = read_cost_tags(session.target.client("ce", home))
    except (ClientError, BotoCoreError) as error:
        return [], [Gap("cost allocation tags", payer, "", "which keys are on the bill", said(error), word_of(error))]
    return [not_activated(payer, key, statuses) for key in wanted if statuses.get(key) != "Active"], []


def _regions(done: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(sorted({task.split(" ")[2] for task in done if task.startswith("tagging ")}))
