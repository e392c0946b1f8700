"""Audit the live accounts of an environment: scan, join, judge, and leave a folder that reports and repairs read."""

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, ClientError

from harness.audit.arn_types import kind_of
from harness.audit.billed import Billed
from harness.audit.comparison import Comparison
from harness.audit.entering import CALM
from harness.audit.finishing import Judging
from harness.audit.joined import Joiner
from harness.audit.judging import Auditor, not_activated
from harness.audit.model import AuditFinding, Gap
from harness.audit.run import (
    Run,
    finished,
    new_folder,
    read_run,
    seen_folder,
    unfinished,
    write_run,
)
from harness.audit.scan import AT_ONCE, Progress, Scan, Wanted
from harness.audit.seen import SeenFiles
from harness.documents import partition_of
from harness.errors import TagrailError
from harness.operations.audit_role import named_role_arn, role_arn
from harness.operations.lock import only_one
from harness.operations.progress import say
from harness.operations.session import Session
from harness.organization import ROOT, Organization
from harness.plan_check.compiling import compile_requirements
from harness.plan_check.requirements import Requirements
from harness.state import read_cost_tags, read_organization
from harness.tag_text import owner_key
from harness.targets.refusals import repair_of, said, word_of
from harness.targets.role import AUDITING, assume_reader

_FOLDER = "audit"
# docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html: Path and RoleName
_ROLE = re.compile(r"(?!arn:)/?([!-.0-~]+/)*[\w+=,.@-]{1,64}", re.ASCII)
_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+")  # as botocore's endpoints.json has them, of any partition


@dataclass(frozen=True, slots=True)
class Asked:
    """Say how to audit: the role in member accounts, None for that of env.yaml, and regions, threads.

    () stands for the regions that each account has enabled.
    """

    role: str | None = None
    regions: tuple[str, ...] = ()
    at_once: int = AT_ONCE
    resume: bool = False
    lineage: bool = True


def audit_folder(root: Path, environment: str) -> Path:
    """Return the folder of an environment's audits. Raises: nothing."""
    return root / ".tagrail" / _FOLDER / environment


def check_asked(session: Session, asked: Asked) -> None:
    """Refuse what no audit can be run with, before anything else takes its time.

    Raises: TagrailError for a role or region that cannot be, or where there is nothing to resume.
    """
    _check_regions(session, asked.regions)
    _check_role(session, asked.role)
    if asked.resume:
        _folder(audit_folder(session.root, session.name), session, asked)


def audit_live(
    session: Session, asked: Asked, tell: Callable[[Progress], object], billed: Billed | None = None
) -> Path:
    """Return the folder of a finished run; `tell` hears of progress while accounts are read, `billed` has the costs.

    After Ctrl-C the folder holds what was seen by then, judged, and a run that is resumed goes on from there.
    Raises: TagrailError when the organisation cannot be read, or there is nothing to resume; KeyboardInterrupt.
    """
    check_asked(session, asked)
    organization = _organization(session)
    wanted = _wanted(session, asked)
    parent = audit_folder(session.root, session.name)
    folder = _folder(parent, session, asked)
    try:
        with only_one(seen_folder(folder), f"audit {folder.name}"):
            _audit(session, asked, wanted, organization, folder, tell, billed)
    except OSError as error:
        raise TagrailError(f"{folder}: must be writable; got {error}. Do free space, then add --resume") from error
    return folder


def _audit(  # noqa: PLR0913, PLR0917 (what a run consists of)
    session: Session,
    asked: Asked,
    wanted: Wanted,
    organization: Organization,
    folder: Path,
    tell: Callable[[Progress], object],
    billed: Billed | None,
) -> None:
    previous = finished(folder.parent, session.target.name)
    started = datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds")
    new = Run(session.name, session.target.name, started, asked.regions, asked.lineage)
    run = read_run(folder) if asked.resume else new
    write_run(folder, run)
    seen = SeenFiles(seen_folder(folder))
    scan = Scan(session.target, wanted, organization, seen)
    state: Literal["interrupted", "finished"] = "interrupted"
    try:
        scan.run(tell)
        state = "finished"
    finally:
        if scan.is_over:  # else a second Ctrl-C came: nobody waits for more
            say(f"judging what {len(seen.done)} tasks saw")
            judging = _judging(session, organization, scan.kinds(), seen, Comparison(previous))
            judging.billed = billed
            judging.judge(seen, folder)
            judging.compare(run, folder, state)
            write_run(folder, judging.closed(run, organization, seen.done, state))
            if state == "finished":
                seen.remove()
            else:
                say(f"broken off; {folder} has what was seen by then. Do add --resume to go on")


def _organization(session: Session) -> Organization:
    try:
        return read_organization(session.target.client("organizations", session.environment.regions.home, config=CALM))
    except (ClientError, BotoCoreError) as error:
        repair = repair_of(error, "organizations:Describe* and organizations:List*")
        raise TagrailError(f"organizations: must be readable; got {said(error)}. {repair}") from error


def _check_regions(session: Session, regions: Sequence[str]) -> None:
    """Refuse what is no region of the environment's partition: it would be a gap of each account.

    Raises: TagrailError.
    """
    partition = partition_of(session.environment.regions.home)
    for region in regions:
        if not _REGION.fullmatch(region) or partition_of(region) != partition:
            rule = f"must be a region of the partition {partition}, as eu-central-1 is one of aws"
            raise TagrailError(f'--region: {rule}; got "{region}". Do correct the name')


def _check_role(session: Session, role: str | None) -> None:
    """Refuse a name that no role has, and an environment that names none, now and not account by account."""
    environment = session.environment
    if role is None:
        role_arn(environment, environment.payer_account_id, partition_of(environment.regions.home))
    elif not _ROLE.fullmatch(role):
        rule = "must be the name of a role, with its path where it has one"
        raise TagrailError(f'--role: {rule}; got "{role}". Do write what follows ":role/" in its ARN')


def _folder(parent: Path, session: Session, asked: Asked) -> Path:
    if not asked.resume:
        return new_folder(parent, datetime.datetime.now(tz=datetime.UTC))
    found = unfinished(parent)
    if found is None:
        raise TagrailError(f"--resume: must find an audit that was broken off in {parent}; got none. Do leave it out")
    run = read_run(found)
    before, now = _options(run), _options(Run("", session.target.name, "", asked.regions, asked.lineage))
    if before != now:
        raise TagrailError(
            f'--resume: must have the options of the audit that was broken off, "{before}"; got "{now}". '
            "Do write the same, or leave --resume out"
        )
    return found


def _options(run: Run) -> str:
    """Return the options that decide what is looked at, as they are written."""
    regions = (f"--region {region}" for region in sorted(set(run.asked_regions)))
    return " ".join((f"--target {run.target}", *regions, "--lineage" if run.lineage else "--no-lineage"))


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
        lineage=asked.lineage,
    )


def _entrance(session: Session, role: str | None) -> Callable[[str], Credentials]:
    environment = session.environment
    home = environment.regions.home
    sts, partition = session.target.client("sts", home, config=CALM), partition_of(home)

    def enter(account: str) -> Credentials:
        arn = named_role_arn(role, account, partition) if role else role_arn(environment, account, partition)
        return assume_reader(sts, arn, AUDITING, "tagrail-audit")

    return enter


def _judging(
    session: Session,
    organization: Organization,
    kinds: frozenset[str],
    seen: SeenFiles,
    comparison: Comparison,
) -> Judging:
    owner = owner_key(session.dictionary.tags)
    inactive, refused = _inactive_keys(session)
    requirements_of = _requirements(session, organization)
    return Judging(
        joiner=Joiner(kinds, seen.read()),
        auditor=Auditor(requirements_of, owner, lambda arn: kind_of(arn) in kinds),
        comparison=comparison,
        inactive=inactive,
        gaps=(*seen.gaps(), *_not_reached(organization, seen), *refused),
        read=seen.read(),
        billed_keys=session.dictionary.cost_allocation_keys(),
        requirements_of=requirements_of,
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
    known = {task.split(" ")[1] for task in seen.done if task.startswith("tagging ")}
    known |= {gap.account for gap in seen.gaps() if gap.source == "account"}
    return [
        Gap("account", account.id, "", "all resources", "the audit was broken off before")
        for account in organization.accounts
        if account.id not in known
    ]


def _inactive_keys(session: Session) -> tuple[list[AuditFinding], list[Gap]]:
    """Return a finding for each key of the dictionary that should be on the bill and is not activated for it."""
    wanted = [key for key, tag in session.dictionary.tags.items() if tag.cost_allocation]
    payer, home = session.environment.payer_account_id, session.environment.regions.home
    try:
        statuses = read_cost_tags(session.target.client("ce", home, config=CALM))
    except (ClientError, BotoCoreError) as error:
        return [], [Gap("cost allocation tags", payer, "", "which keys are on the bill", said(error), word_of(error))]
    return [not_activated(payer, key, statuses) for key in wanted if statuses.get(key) != "Active"], []
