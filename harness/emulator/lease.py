"""Run an emulator for the length of a block: it ends with the block, and with this process however that ends."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from harness.emulator.process import READY_SECONDS, end, launch, status
from harness.emulator.process_state import EmulatorStatus, check_name, hold_lock
from harness.errors import TagrailError


@contextmanager
def lease(name: str, folder: Path, seed: Path, options: Sequence[str] = ()) -> Iterator[EmulatorStatus]:
    """Yield a new emulator on a free port, seeded and ready; `options` are further ones of its server.

    It reads from this process's end of a pipe, so that it ends too when this process is killed.
    Raises: TagrailError when one of that name runs already, or the new one does not become ready in 60 seconds.
    """
    check_name(name)
    folder.mkdir(parents=True, exist_ok=True)
    with hold_lock(name, folder, READY_SECONDS):
        if running := status(name, folder):
            rule = f"must not run yet; pid {running.pid} does since {running.started_at}"
            raise TagrailError(f"emulator {name}: {rule}. Do wait until whoever started it is done")
        found, child = launch(name, folder, str(seed.resolve()), options=options)
    try:
        yield found
    finally:
        end(child, name, folder)
