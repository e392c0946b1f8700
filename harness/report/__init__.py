"""Print findings: text for people, JSON for programs, JUnit for CI.

Each form is imported when it is asked for: only text needs rich.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from harness.finding import Finding

if TYPE_CHECKING:
    from rich.console import Console

Format = Literal["text", "json", "junit"]


def console(*, stderr: bool = False) -> "Console":
    """Return a console that respects NO_COLOR and does not fold lines when its output is no terminal.

    Raises: nothing.
    """
    from rich.console import Console  # noqa: PLC0415 (see the module's docstring)

    made = Console(stderr=stderr, highlight=False, soft_wrap=True, emoji=False)  # ":key:" is part of a tag key
    if not made.is_terminal:
        made.width = 160
    return made


def print_report(title: str, findings: Sequence[Finding], form: Format) -> None:
    """Write the findings to stdout in the wanted form. Raises: OSError when stdout cannot be written."""
    if form == "text":
        from harness.report.text import print_findings  # noqa: PLC0415 (see the module's docstring)

        print_findings(console(), title, findings)
        return
    from harness.report.machine import render_json, render_junit  # noqa: PLC0415 (see the module's docstring)

    render = render_json if form == "json" else render_junit
    sys.stdout.write(render(title, findings) + "\n")
