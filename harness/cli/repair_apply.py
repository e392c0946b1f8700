"""Define `tagrail repair apply`."""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import Env, Target, Yes
from harness.cli.repair_options import Plan, Role
from harness.cli.session import asks, open_target
from harness.errors import TagrailError
from harness.operations.progress import say
from harness.operations.repair import apply_repair, load_plan, read_governed, summary, undo_repair
from harness.operations.repair_accounts import EnteredAccounts
from harness.repair.journal import journal_of
from harness.repair.model import State

Line = tuple[str, str, State, str]  # ARN, key, what became of it, why


def apply(  # noqa: PLR0913, PLR0917 (options of a command)
    file: Plan,
    env: Env = "local",
    target: Target = None,
    role: Role = None,
    resume: Annotated[bool, typer.Option("--resume", help="Continue one that was interrupted.")] = False,  # noqa: FBT002
    undo: Annotated[bool, typer.Option("--undo", help="Give every resource its former tags again.")] = False,  # noqa: FBT002
    yes: Yes = False,  # noqa: FBT002 (flag)
) -> int:
    """Do the changes of a plan, with a journal to resume or undo it by.

    The file is checked first. What has changed since the audit is left alone, and said. Exit code 1 when a change
    failed.
    """
    if resume and undo:
        raise TagrailError("--resume, --undo: must be one of the two; got both. Do leave one out")
    session = open_target(env, target, None, start=False)
    entered = EnteredAccounts(session, role)
    if undo:
        if not asks(session.target.name, yes, f"Undo what {file} has changed?"):
            return 1
        return report("undone", [(one.arn, one.key, one.state, one.reason) for one in undo_repair(file, entered)])
    governed = read_governed(session)
    changes = load_plan(file, governed)
    say(f"{file}: {summary(changes)}")
    if not any(change.do for change in changes):
        say("nothing to do: no row has do = yes")
        return 0
    if not asks(session.target.name, yes, f"Do these changes in {env}?"):
        return 1
    results = apply_repair(file, changes, governed, entered, resume=resume)
    say(f"journal: {journal_of(file)}; tagrail repair apply {shown(file)} --undo takes it back")
    return report("repaired", [(one.change.arn, one.change.key, one.state, one.reason) for one in results])


def report(word: str, lines: Sequence[Line]) -> int:
    """Print what was not done, and counts; return 1 when something failed. Raises: OSError for a closed stdout."""
    counts = Counter(state for _, _, state, _ in lines)
    words = {"failed": "FAIL", "skipped": "SKIP"}
    for state in ("skipped", "failed"):
        for arn, key, found, reason in sorted(lines):
            if found == state:
                sys.stdout.write(f"{words[state]} {arn}: {key}: {reason}\n")
    told = f"{counts['already']} already so, {counts['skipped']} skipped, {counts['failed']} failed"
    sys.stdout.write(f"{word} {counts['done']} of {len(lines)}: {told}\n")
    return 1 if counts["failed"] else 0


def shown(file: Path) -> str:
    """Return a file as it can be pasted into a shell. Raises: nothing."""
    import shlex  # noqa: PLC0415 (for this line alone)

    return shlex.quote(str(file))
