"""Say where a project keeps what runs for it."""

from pathlib import Path

STATE_FOLDER = ".tagrail"


def emulator_folder(root: Path) -> Path:
    """Return the folder of the emulators' state files. Raises: nothing."""
    return root / STATE_FOLDER / "emulator"


def localstack_folder(root: Path) -> Path:
    """Return the folder of the state file of this project's own LocalStack. Raises: nothing."""
    return root / STATE_FOLDER / "localstack"
