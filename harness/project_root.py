"""Find the project that a command is run in."""

from pathlib import Path

from harness.errors import TagrailError

DICTIONARY = "envs/tags.yaml"


def find_root(start: Path) -> Path:
    """Return the nearest folder at or above `start` that holds envs/tags.yaml.

    Raises: TagrailError when there is none.
    """
    for folder in (start, *start.parents):
        if (folder / DICTIONARY).exists():
            return folder
    raise TagrailError(f"{start}: must lie in a project with {DICTIONARY}; found none above. Do change to the project")
