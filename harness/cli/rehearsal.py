"""Define `tagrail snapshot` and `tagrail rehearse`."""

import datetime
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from harness.emulator.seed_model import NOT_ASKED
from harness.finding import worst
from harness.operations import TargetName, open_session, rehearse, say, snapshot, snapshot_file, write_snapshot
from harness.operations.snapshot import check_place
from harness.project import find_root, load_project
from harness.report import console, print_rehearsal, render_rehearsal_json
from harness.verify import exemption_findings

Env = Annotated[str, typer.Option("--env", "-e", help="Environment: a folder of envs/.")]


def snapshot_command(
    env: Env = "local",
    target: Annotated[TargetName | None, typer.Option("--target", "-t", help="emulator, localstack or aws.")] = None,
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
    root = find_root(Path.cwd())
    file = out or snapshot_file(root, env)
    if out:
        check_place(file)
    session = open_session(root, env, target, start_emulator=False)
    found = snapshot(session, role=role, resources=resources)
    write_snapshot(found, file)
    arns = sum(len(group.arns) for group in found.tagged_resources)
    counts = f"{len(found.organization.accounts)} accounts, {len(found.policies)} policies, {arns} tagged resources"
    say(f"{file}: {counts}")
    return 1 if any(entry.code != NOT_ASKED for entry in found.unreadable) else 0


def rehearse_command(
    env: Env = "local",
    file: Annotated[
        Path | None, typer.Option("--snapshot", dir_okay=False, help="File; else envs/ENV/snapshot.yaml.")
    ] = None,
    form: Annotated[Literal["text", "json"], typer.Option("--format", "-f", help="text or json.")] = "text",
) -> int:
    """Apply an environment to an emulator that holds a snapshot of its organisation, and say what changes.

    Nothing is sent to AWS. What changes is no finding: exit code 1 means that verify, or the snapshot, has some.
    """
    root = find_root(Path.cwd())
    found, findings = rehearse(root, env, file)
    today = datetime.datetime.now(tz=datetime.UTC).date()
    findings += exemption_findings(load_project(root, [env]).dictionary, today)
    title = f"{env}, rehearsed" + (f" on the snapshot of {found.taken}" if found.taken else "")
    if form == "json":
        sys.stdout.write(render_rehearsal_json(title, found, findings) + "\n")
    else:
        print_rehearsal(console(), title, found, findings)
    return 0 if worst(findings) == "pass" else 1
