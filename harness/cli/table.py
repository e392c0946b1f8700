"""Describe commands without importing them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Entry(NamedTuple):
    """Say where a command is defined, and its line in the help: the first sentence of its docstring.

    `attribute` of `module` is a function whose parameters are typer's options, a Group, or a command with a `main` as
    click's have: parsing an option with typer imports pydantic, a tenth of a second that some commands cannot spare.
    """

    module: str
    attribute: str
    line: str


@dataclass(frozen=True, slots=True)
class Group:
    """Name the commands of a group; `about` is its help, shown above them."""

    entries: Mapping[str, Entry]
    about: str
