"""Find the command that the first words name, import its file and no other, and run it."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from harness.cli.commands import COMMANDS
from harness.cli.table import Entry, Group


def dispatch(arguments: Sequence[str]) -> object:
    """Run the command and return what it returns; words that name none are shown the help, or refused with it.

    Raises: TagrailError as the commands do; usage errors of typer or click.
    """
    group, path, words = COMMANDS, "tagrail", list(arguments)
    while True:
        words = words[1:] if words[:1] == ["--"] else words
        entry = group.entries.get(words[0]) if words else None
        if entry is None:
            return _run(_listing(group), path, words)
        path, words = f"{path} {words[0]}", words[1:]
        found = load(entry)
        if not isinstance(found, Group):
            return _run(found, path, words)
        group = found


def load(entry: Entry) -> Any:
    """Return the group, or the command with its `main`. Raises: ImportError, AttributeError for a wrong entry."""
    found = getattr(import_module(entry.module), entry.attribute)
    if isinstance(found, Group) or hasattr(found, "main"):
        return found
    from harness.cli.typed import make_command  # noqa: PLC0415 (imports typer)

    return make_command(found)


def _listing(group: Group) -> Any:
    from harness.cli.typed import make_listing  # noqa: PLC0415 (imports typer)

    return make_listing(group)


def _run(command: Any, path: str, words: list[str]) -> object:
    return command.main(args=words, prog_name=path, standalone_mode=False)
