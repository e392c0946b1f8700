"""Define `tagrail repair plan`."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import Env, Target
from harness.cli.repair_options import Role
from harness.cli.session import open_target
from harness.operations.audit import audit_folder
from harness.operations.progress import say
from harness.operations.repair import check_place, plan_repair, read_governed, summary, write_plan
from harness.operations.repair_accounts import EnteredAccounts
from harness.operations.repair_creators import find_creators
from harness.repair.audit_folder import newest_folder
from harness.repair.creators import load_owners


def plan(  # noqa: PLR0913, PLR0917 (options of a command)
    env: Env = "local",
    target: Target = None,
    audit: Annotated[
        Path | None, typer.Option("--audit", file_okay=False, help="Folder of an audit's run; else the newest one.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", dir_okay=False, help="File; else repair.csv in the audit's folder.")
    ] = None,
    owners: Annotated[
        Path | None, typer.Option("--owners", dir_okay=False, help="YAML: values by who made a resource (CloudTrail).")
    ] = None,
    role: Role = None,
) -> int:
    """Write what an audit proves must change as CSV, for people to edit.

    Rows that nothing proves are in it too, with do = no, for their owners to fill in. Changes nothing in AWS.
    """
    session = open_target(env, target, None, start=False)
    folder = audit or newest_folder(audit_folder(session.root, env))
    file = out or folder / "repair.csv"
    check_place(file)
    find = None
    if owners:
        by_principal = load_owners(owners, session.dictionary.tags)
        find = partial(find_creators, by_principal, EnteredAccounts(session, role))
    found = plan_repair(read_governed(session), folder, find)
    write_plan(found.changes, file)
    open_rows = sum(not change.do for change in found.changes)
    say(f"{file}: {summary(found.changes)}; {open_rows} rows for owners to fill in")
    if found.left:
        rules = ", ".join(f"{count} {rule}" for rule, count in sorted(found.left.items()))
        say(f"findings that no change of a tag's value mends, or whose tags were not read: {rules}")
    return 0
