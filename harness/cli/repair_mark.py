"""Define `tagrail repair mark`."""

import sys
from typing import Annotated

import typer

from harness.cli.options import Env, Target, Yes
from harness.cli.place import today
from harness.cli.repair_apply import Line, report
from harness.cli.repair_options import Plan, Role
from harness.cli.session import asks, open_target
from harness.errors import TagrailError
from harness.operations.repair import load_plan, read_governed
from harness.operations.repair_accounts import EnteredAccounts
from harness.operations.repair_mark import Marking, Standings, due_day, mark_key


def mark(  # noqa: PLR0913, PLR0917 (options of a command)
    file: Plan,
    env: Env = "local",
    target: Target = None,
    role: Role = None,
    due: Annotated[str | None, typer.Option("--due", help="Day until which owners have time, as 2026-12-31.")] = None,
    check: Annotated[  # noqa: FBT002 (flag)
        bool, typer.Option("--check", help="Name what is overdue; take marks off what is repaired.")
    ] = False,
    key: Annotated[str | None, typer.Option("--key", help="Key of the mark; else env.yaml's marking_key.")] = None,
    yes: Yes = False,  # noqa: FBT002 (flag)
) -> int:
    """Mark resources that only their owners can repair with a due date, or check them again.

    Those are of rows with do = no and no value. Their tags are read anew first: what is right by now gets no mark, and
    an earlier mark stays. Exit code 1 when something is overdue or failed.
    """
    if bool(due) == check:
        raise TagrailError(
            "--due, --check: must be one of the two; got " + ("both" if due else "none") + ". Do name one"
        )
    session = open_target(env, target, None, start=False)
    name = mark_key(session, key)
    day = due_day(due, today()) if due else None
    governed = read_governed(session)
    marking = Marking(file, governed, EnteredAccounts(session, role), name)
    found = marking.look_again(load_plan(file, governed), today())
    if day:
        question = f"Mark {len(found.of('unmarked'))} resources with {name} = {day}?"
    else:
        question = f"Take {name} off {sum(bool(one.marked) for one in found.of('repaired'))} resources?"
    if not asks(session.target.name, yes, question):
        return 1
    results = marking.mark(found, day) if day else marking.unmark(found)
    overdue = [] if day else found.of("overdue")
    for one in overdue:
        sys.stdout.write(
            f"OVERDUE {one.change.arn}: {', '.join(one.lacking)}: due {one.marked}{_owner(one.change.owner)}\n"
        )
    lines: list[Line] = [(one.change.arn, name, one.state, one.reason) for one in results]
    lines += [(arn, name, "failed", f"could not be read: {why.reason}") for arn, why in found.unread.items()]
    code = report("marked" if day else "unmarked", lines)
    sys.stdout.write(_counts(found))
    return 1 if overdue else code


def _owner(owner: str) -> str:
    return f", {owner}" if owner else ""


def _counts(found: Standings) -> str:
    counts = {state: len(found.of(state)) for state in ("repaired", "waiting", "overdue", "unmarked")}
    return f"before: {', '.join(f'{count} {state}' for state, count in counts.items())}\n"
