"""Take a snapshot of the organisation that a session is opened on, and write it."""

import datetime
import os
from collections.abc import Callable
from pathlib import Path

from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError

from harness.documents import partition_of
from harness.emulator.seed import load_seed
from harness.emulator.seed_model import NOT_ASKED, Seed
from harness.errors import TagrailError
from harness.operations.audit_role import named_role_arn
from harness.operations.progress import say
from harness.operations.session import Session
from harness.snapshot import Wanted, render_snapshot, take_snapshot
from harness.targets.refusals import repair_of, said
from harness.targets.role import assume_reader


def snapshot(session: Session, *, role: str | None, resources: bool) -> Seed:
    """Return a snapshot of the session's organisation; sends nothing that changes anything.

    `role` is the name of a role in every member account, in a path or not; without one only the payer is looked into.
    What could not be read is said on stderr. Raises: TagrailError when the tree of accounts cannot be read.
    """
    environment = session.environment
    wanted = Wanted(
        payer_id=environment.payer_account_id,
        regions=session.regions(),
        today=datetime.datetime.now(tz=datetime.UTC).date(),
        enter=_entrance(session, role) if role else None,
        resources=resources,
        payer_recorder=environment.config.recorder is None,
    )
    try:
        found = take_snapshot(session.target, wanted, say)
    except (ClientError, BotoCoreError) as error:
        repair = repair_of(error, "organizations:Describe* and organizations:List*")
        raise TagrailError(f"organizations: must be readable; got {said(error)}. {repair}") from error
    except ValidationError as error:
        got = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise TagrailError(f"organizations: must answer as AWS documents it; got {got}. Do report this") from error
    for entry in found.unreadable:
        verb = "was not looked at" if entry.code == NOT_ASKED else "could not be read"
        of = f" of {', '.join(entry.of)}" if entry.of else ""
        say(f"{entry.part}{of}: {verb}: {entry.reason}")
    return found


def check_place(file: Path) -> None:
    """Refuse a file that could not be written, before anything is read. Raises: TagrailError."""
    folder = file.parent
    if not folder.is_dir():
        raise TagrailError(f"--out {file}: must be in a folder that exists; got {folder}. Do make the folder")
    if not os.access(folder, os.W_OK):
        raise TagrailError(f"--out {file}: must be in a folder that can be written; got {folder}. Do name another one")


def write_snapshot(seed: Seed, file: Path) -> None:
    """Write a snapshot in one step, once it has been read back and is the same.

    Raises: TagrailError when it cannot be read back, being too large for example; OSError.
    """
    draft = file.with_name(f"{file.name}.{os.getpid()}.draft")
    try:
        draft.write_text(render_snapshot(seed), encoding="utf-8")
        if load_seed(draft, str(file))[0] != seed:
            raise TagrailError(f"{file}: must read as it was taken; it does not. Do report this, with the organisation")
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _entrance(session: Session, role: str) -> Callable[[str], Credentials]:
    """Return a function that gives credentials of the role in an account."""
    home = session.environment.regions.home
    sts, partition = session.target.client("sts", home), partition_of(home)
    return lambda account: assume_reader(sts, named_role_arn(role, account, partition))
