"""Define `tagrail snapshot`."""

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import Env, Target
from harness.cli.session import open_target
from harness.emulator.seed_model import NOT_ASKED
from harness.operations.progress import say
from harness.operations.rehearsal import snapshot_file
from harness.operations.snapshot import check_place, write_snapshot
from harness.operations.snapshot import snapshot as take_snapshot


def snapshot(
    env: Env = "local",
    target: Target = None,
    role: Annotated[
        str | None, typer.Option("--role", help="Role in every member account, entered to read; none = payer alone.")
    ] = None,
    resources: Annotated[bool, typer.Option(help="Read tagged resources: ARNs and tags.")] = True,  # noqa: FBT002
    out: Annotated[
        Path | None, typer.Option("--out", "-o", dir_okay=False, help="File; else envs/ENV/snapshot.yaml.")
    ] = None,
) -> int:
    """Read the organisation, changing nothing, into a file for rehearse.

    Exit code 1 when AWS did not let it read a part, which the file then names. No secret gets in; e-mail addresses of
    accounts are replaced.
    """
    if out:
        check_place(out)
    session = open_target(env, target, None, start=False)
    file = out or snapshot_file(session.root, env)
    found = take_snapshot(session, role=role, resources=resources)
    write_snapshot(found, file)
    arns = sum(len(group.arns) for group in found.tagged_resources)
    counts = f"{len(found.organization.accounts)} accounts, {len(found.policies)} policies, {arns} tagged resources"
    say(f"{file}: {counts}")
    return 1 if any(entry.code != NOT_ASKED for entry in found.unreadable) else 0
