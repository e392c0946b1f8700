"""Let one run at a time plan, apply or destroy an environment on a target.

Runs on the same one share the files of its work folder: without the lock, the plan that is applied after the question
could be the one that another run made meanwhile.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from os import getpid
from pathlib import Path

from harness.errors import TagrailError
from harness.operations.session import Session, rehearsal_name, work_place


@contextmanager
def only_run(session: Session) -> Iterator[None]:
    """Hold the lock of this environment and target; the system frees it when this process ends, however it ends.

    A rehearsal has an emulator and a lock of its own.
    Raises: TagrailError when another run holds it; OSError when its folder cannot be written.
    """
    name = rehearsal_name(session.name) if session.rehearsal else session.name
    with only_one(work_place(session.root, name, session.target.name), session.name):
        yield


@contextmanager
def only_one(folder: Path, name: str) -> Iterator[None]:
    """Hold the lock of a folder, which is made where it is missing; messages call what runs `name`.

    Raises: TagrailError when another process holds it; OSError when the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = f"tagrail run with pid {file.read() or 'unknown'} is open"
            raise TagrailError(f"{name}: must be the only run; {holder}. Do wait for it") from error
        file.truncate(0)
        file.write(str(getpid()))
        file.flush()
        yield
