"""Open the session that the options name, and ask before AWS is changed."""

import sys
from collections.abc import Sequence

import typer

from harness.cli.place import root
from harness.errors import TagrailError
from harness.operations.endpoints import parse_endpoints
from harness.operations.session import Session, open_session
from harness.targets.name import TargetName


def open_target(env: str, target: TargetName | None, endpoints: Sequence[str] | None, *, start: bool) -> Session:
    """Return the session of an environment; `start` starts its emulator when none runs. Raises: as open_session."""
    return open_session(root(), env, target, start_emulator=start, endpoints=parse_endpoints(endpoints or ()))


def asks(target: str, yes: bool, question: str) -> bool:  # noqa: FBT001 (a parsed flag)
    """Ask on the terminal; an emulator is never asked about.

    Raises: TagrailError when there is no terminal to ask on.
    """
    if yes or target != "aws":
        return True
    if not sys.stdin.isatty():
        raise TagrailError(f"{question} must be answered; there is no terminal. Do pass --yes")
    return typer.confirm(question, err=True)
