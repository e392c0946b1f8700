"""Say in one line where an emulator or a LocalStack runs."""

from harness.emulator.process_state import EmulatorStatus


def line_of(found: EmulatorStatus) -> str:
    """Return `name: URL (pid N)`. Raises: nothing."""
    return f"{found.name}: {found.url} (pid {found.pid})"
