"""Mark what only owners can repair with a due date, and check it again later."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from harness.environment import facts_of
from harness.environment.audit_role_model import MARKING_KEY
from harness.errors import TagrailError
from harness.operations.repair import Governed
from harness.operations.repair_accounts import EnteredAccounts
from harness.operations.session import Session
from harness.repair.applying import Repair, apply_changes
from harness.repair.journal import Begin, opened
from harness.repair.marking import Due, mark_of, read_held, standing, take_off, unproven
from harness.repair.model import Change, Failure, Held, Result
from harness.repair.resolving import Allowed
from harness.tag_text import key_faults


class Standings(NamedTuple):
    """Hold how resources stand by their tags as they are now, and which could not be read."""

    dues: list[Due]
    held: Mapping[str, Held]
    unread: Mapping[str, Failure]

    def of(self, *states: str) -> list[Due]:
        """Return those that stand so. Raises: nothing."""
        return [due for due in self.dues if due.standing in states]


def mark_key(session: Session, key: str | None) -> str:
    """Return the key of marks: the one that was named, else env.yaml's, which its role for repairs may write.

    Raises: TagrailError for a key that AWS refuses, or one of the dictionary.
    """
    wanted = session.environment.audit_role
    usual = wanted.repair.marking_key if wanted and wanted.repair else MARKING_KEY
    found = usual if key is None else key
    for fault in key_faults(found, facts_of(session.environment).limits):
        raise TagrailError(f"--key: {fault}")
    if found in session.dictionary.tags:
        raise TagrailError(f'--key: must be no key of the dictionary; got "{found}". Do name another one')
    return found


def due_day(text: str, today: datetime.date) -> datetime.date:
    """Return the day that `--due` names. Raises: TagrailError for none, or one that has passed."""
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError as error:
        raise TagrailError(f'--due: must be a day; got "{text}". Do write it as "{today.isoformat()}"') from error
    if day <= today:
        raise TagrailError(f"--due: must be after today, {today.isoformat()}; got {text}. Do name a later day")
    return day


class Marking(NamedTuple):
    """Hold what marks of one plan are made with."""

    file: Path
    governed: Governed
    entered: EnteredAccounts
    key: str

    def look_again(self, changes: Sequence[Change], today: datetime.date) -> Standings:
        """Return how the resources stand whose changes nothing proves, by their tags read anew.

        Raises: nothing of AWS's.
        """
        by_arn = unproven(changes)
        read = read_held([some[0] for some in by_arn.values()], self.entered.accounts())
        held = {arn: found for arn, found in read.items() if isinstance(found, Held)}
        dues = [
            standing(by_arn[arn], tags, self.governed.allowed_in(by_arn[arn][0].account), self.key, today)
            for arn, tags in held.items()
        ]
        return Standings(dues, held, {arn: found for arn, found in read.items() if isinstance(found, Failure)})

    def mark(self, found: Standings, day: datetime.date) -> list[Result]:
        """Return what became of each mark: only resources without one that still lack something get it.

        Raises: TagrailError when another process marks; OSError when the journal cannot be written.
        """
        wanted = [mark_of(due, self.key, day) for due in found.of("unmarked")]
        with self._repair(f"mark {self.key} {day.isoformat()}") as repair:
            return apply_changes(wanted, repair, lambda _: None)

    def unmark(self, found: Standings) -> list[Result]:
        """Take the marks off what is repaired, and return what became of each. Raises: as `mark`."""
        wanted = [due for due in found.of("repaired") if due.marked]
        with self._repair(f"unmark {self.key}") as repair:
            failed = take_off(wanted, found.held, self.key, repair)
        return [
            Result(due.change, "failed" if (why := failed.get(due.change.arn)) else "done", why.reason if why else "")
            for due in wanted
        ]

    @contextmanager
    def _repair(self, plan: str) -> Iterator[Repair]:
        with opened(marks_journal(self.file)) as journal:
            journal.write(Begin(plan, datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds")))
            yield Repair(self.entered.accounts(), journal, _nothing_is_right, self.governed.most_tags)


def _nothing_is_right(_: str) -> Allowed:
    """Return for an account what the dictionary says of a mark, whose key it does not have."""
    return lambda _key, _value: False


def marks_journal(file: Path) -> Path:
    """Return where the journal of a plan's marks lies: beside it. Raises: nothing."""
    return file.with_name(f"{file.name}.marks.jsonl")
