"""Make typer's commands: of a function with options, and of a group, which only lists and refuses."""

from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from harness.cli.table import Group


def make_command(function: Callable[..., int]) -> Any:
    """Return the command whose options are the parameters of a function. Raises: RuntimeError for wrong ones."""
    single = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    single.command()(function)
    return get_command(single)


def make_listing(group: Group) -> TyperGroup:
    """Return what shows the help of a group, and says of a word that is no command which one may be meant.

    Raises: nothing.
    """
    lines = {name: TyperCommand(name, short_help=entry.line) for name, entry in group.entries.items()}
    return TyperGroup(commands={**lines}, help=group.about, no_args_is_help=True, rich_markup_mode=None)
