"""Plan a repair from an audit, apply, resume and undo it, and mark what only owners can repair."""

import datetime
import shlex
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, Self

from botocore.exceptions import BotoCoreError, ClientError

from harness.audit.lineage.faults import Lineage
from harness.environment import facts_of
from harness.errors import InputError, TagrailError
from harness.operations.progress import say
from harness.operations.repair_accounts import EnteredAccounts
from harness.operations.session import Session
from harness.organization import ROOT, Organization
from harness.plan_check.compiling import compile_requirements
from harness.plan_check.keys import Keys
from harness.plan_check.requirements import Requirements
from harness.repair.applying import Repair, apply_changes
from harness.repair.audit_folder import AuditFolder, read_audit, read_lineage
from harness.repair.checking import KeysOf, plan_problems, value_fault
from harness.repair.journal import Begin, Ended, Entry, Intent, Journal, Undone, journal_of, opened, since_undone
from harness.repair.model import Change, Proof, Result
from harness.repair.plan_file import plan_hash, plan_text, read_plan
from harness.repair.planning import plan_changes
from harness.repair.proofs import ProofsByKey, Surroundings
from harness.repair.resolving import Allowed
from harness.repair.undoing import Restored, carried_out, undo
from harness.state import read_organization
from harness.targets.refusals import repair_of, said

_TELL_EVERY = 500
Find = Callable[[AuditFolder], ProofsByKey]


class Planned(NamedTuple):
    """Hold a plan, and how many findings by rule no change is of."""

    changes: list[Change]
    left: Counter[str]


class Governed(NamedTuple):
    """Hold an organisation, and what its dictionary allows in each account."""

    organization: Organization
    requirements_of: Callable[[str], Requirements]
    keys_of: KeysOf
    most_tags: int

    def allowed_in(self, account: str) -> Allowed:
        """Return what tells whether a value of a key is allowed in an account. Raises: nothing."""
        keys = self.keys_of(account)
        return lambda key, value: key in keys.rules and value_fault(keys, key, value) is None


def read_governed(session: Session) -> Governed:
    """Return the live organisation with the dictionary's rules. Raises: TagrailError when it cannot be read."""
    client = session.target.client("organizations", session.environment.regions.home)
    try:
        organization = read_organization(client)
    except (ClientError, BotoCoreError) as error:
        repair = repair_of(error, "organizations:Describe* and organizations:List*")
        raise TagrailError(f"organizations: must be readable; got {said(error)}. {repair}") from error
    units = {account.id: account.unit or ROOT for account in organization.accounts}

    @cache
    def required(unit: str) -> Requirements:
        return compile_requirements(session.dictionary, session.environment, unit)

    @cache
    def keys(unit: str) -> Keys:
        return Keys(required(unit))

    return Governed(
        organization,
        lambda account: required(units.get(account, ROOT)),
        lambda account: keys(units.get(account, ROOT)),
        facts_of(session.environment).limits["tags_per_resource"],
    )


def plan_repair(governed: Governed, folder: Path, find: Find | None = None) -> Planned:
    """Return the plan that follows from an audit; `find` gets what was read and gives further proofs, as of creators.

    Raises: TagrailError for a folder that is no audit's.
    """
    read = read_audit(folder)
    found: dict[tuple[str, str], list[Proof]] = {}
    for one in Lineage(*read_lineage(folder), governed.requirements_of).evidence():
        found.setdefault((one.arn, one.key), []).append(Proof(one.value, one.kind, one.said))
    for place, proofs in (find(read) if find else {}).items():
        found.setdefault(place, []).extend(proofs)
    around = Surroundings(read.resources, found)
    return Planned(*plan_changes(read.findings, read.resources, around, governed.keys_of, governed.most_tags))


def check_place(out: Path) -> None:
    """Refuse a place where a plan is, that somebody may have edited, or a journal of one. Raises: TagrailError."""
    for file in (out, journal_of(out)):
        if file.exists():
            raise TagrailError(f"--out {out}: must be new; {file} is there. Do name another file, or remove it")
    if not out.parent.is_dir():
        raise TagrailError(f"--out {out}: must be in a folder that exists; got {out.parent}. Do make the folder")


def write_plan(changes: Sequence[Change], out: Path) -> None:
    """Write a plan. Raises: OSError."""
    out.write_text(plan_text(changes), encoding="utf-8", newline="")


def load_plan(file: Path, governed: Governed) -> list[Change]:
    """Return the changes of a plan that people may have edited. Raises: InputError with every problem of the file."""
    rows, problems = read_plan(file)
    problems += plan_problems(rows, str(file), governed.organization, governed.keys_of)
    if problems:
        raise InputError(problems)
    return [row.change for row in rows]


def summary(changes: Sequence[Change]) -> str:
    """Return in a line what a plan would do. Raises: nothing."""
    wanted = [change for change in changes if change.do]
    removed = sum(bool(change.remove) for change in wanted)
    resources, accounts = ({getattr(one, name) for one in wanted} for name in ("arn", "account"))
    counts = f"{len(wanted)} changes of {len(resources)} resources in {len(accounts)} accounts"
    return f"{counts}, {removed} of which remove a wrong spelling"


def apply_repair(
    file: Path, changes: Sequence[Change], governed: Governed, entered: EnteredAccounts, *, resume: bool
) -> list[Result]:
    """Return what became of each change that is to be done.

    Raises: TagrailError for a journal that does not fit; OSError when it cannot be written.
    """
    wanted = [change for change in changes if change.do]
    path, plan = journal_of(file), plan_hash(changes)
    if resume and not path.exists():
        raise TagrailError(f"--resume: must find {path}; got none. Do leave it out to begin")
    with opened(path) as journal:
        entries = _entries(journal, plan, path)
        if any(isinstance(one, Intent) and one.undoes for one in entries):
            raise TagrailError(f"{path}: must be undone to its end; that was begun. Do pass --undo")
        if not resume:
            _check_open(entries, path)
        if not _begun(entries):
            journal.write(Begin(plan, _now()))
        repair = Repair(entered.accounts(), journal, governed.allowed_in, governed.most_tags)
        with _Progress(len(wanted), journal, file, "--resume goes on, --undo takes it back") as progress:
            results = apply_changes(wanted, repair, progress.tell)
        if not any(one.state == "failed" for one in results):
            journal.write(Ended(_now()))
        return results


def undo_repair(file: Path, entered: EnteredAccounts) -> list[Restored]:
    """Return what became of each key that the repair of a plan has touched.

    Raises: TagrailError without a journal or for another plan's; OSError when it cannot be written.
    """
    rows, problems = read_plan(file)
    if problems:
        raise InputError(problems)
    path, plan = journal_of(file), plan_hash([row.change for row in rows])
    if not path.exists():
        raise TagrailError(f"--undo: must find {path}; got none. Do name the plan that was applied")
    with opened(path) as journal:
        entries = _entries(journal, plan, path)
        keys = sum(len((*one.write, *one.remove)) * len(one.arns) for one in carried_out(entries))
        with _Progress(keys, journal, file, "--undo goes on") as progress:
            results = undo(entries, entered.accounts(), journal, progress.tell)
        if not any(one.state == "failed" for one in results):
            journal.write(Undone())
        return results


def _entries(journal: Journal, plan: str, path: Path) -> tuple[Entry, ...]:
    """Return the entries that count, once they are those of this plan."""
    entries = since_undone(journal.entries)
    if any(isinstance(one, Begin) and one.plan != plan for one in entries):
        rule = "must be of this plan; it is of another one, or the plan was edited since"
        raise TagrailError(f"{path}: {rule}. Do put the plan back, or give new changes a plan of their own")
    return entries


def _check_open(entries: Sequence[Entry], path: Path) -> None:
    """Refuse to begin a plan that was begun. Raises: TagrailError."""
    ended = next((one.at for one in entries if isinstance(one, Ended)), "")
    if ended:
        rule = f"{path}: must be of a plan that is still to be done; it was carried out at {ended}"
        raise TagrailError(f"{rule}. Do audit again and plan what is left, or pass --undo to take it back")
    if _begun(entries):
        raise TagrailError(f"{path}: must be continued or undone; it was begun. Do pass --resume or --undo")


def _begun(entries: Sequence[Entry]) -> bool:
    return any(isinstance(one, Begin) for one in entries)


def _now() -> str:
    return datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds")


class _Progress:
    """Say how far it is, from several threads; a line that comes twice does no harm.

    Of what is broken off it says how much was done, and by which `options` it goes on.
    """

    def __init__(self, total: int, journal: Journal, file: Path, options: str) -> None:
        self._total, self._count = total, 0
        self._journal, self._file, self._options = journal, file, options

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            done = f"{self._journal.changed} tags were written or removed now, for {self._total} changes in all"
            command = f"tagrail repair apply {shlex.quote(str(self._file))} {self._options}"
            say(f"broken off: {done}; the journal is {journal_of(self._file)}. {command}")

    def tell(self, _: Result | Restored) -> None:
        self._count += 1
        if self._count % _TELL_EVERY == 0:
            say(f"{self._count} of {self._total}")
