"""Say where and when a command runs."""

import datetime
from pathlib import Path

from harness.project_root import find_root


def root() -> Path:
    """Return the project of the current folder. Raises: TagrailError when there is none at or above it."""
    return find_root(Path.cwd())


def today() -> datetime.date:
    """Return the date in UTC. Raises: nothing."""
    return datetime.datetime.now(tz=datetime.UTC).date()
