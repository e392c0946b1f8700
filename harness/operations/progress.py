"""Say what goes on, on stderr: stdout is for findings alone (DESIGN section 9)."""

import sys


def say(text: str) -> None:
    """Print one line on stderr at once. Raises: OSError when stderr is closed."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 (progress)
