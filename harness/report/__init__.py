"""Print findings: text for people, JSON for programs, JUnit for CI.

Loads what a form needs only when it is asked for: `tagrail check` is to start at once, and rich alone takes longer.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from harness.finding import Finding

if TYPE_CHECKING:
    from rich.console import Console

    from harness.report.rehearsal import print_rehearsal, render_rehearsal_json

Format = Literal["text", "json", "junit"]

__all__ = ["Format", "console", "print_rehearsal", "print_report", "render_rehearsal_json"]


def console(*, stderr: bool = False) -> "Console":
    """Return a console that respects NO_COLOR and does not fold lines when its output is no terminal."""
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

    render: Mapping[str, Callable[[str, Sequence[Finding]], str]] = {"json": render_json, "junit": render_junit}
    sys.stdout.write(render[form](title, findings) + "\n")


def __getattr__(name: str) -> Any:
    """Return what reports of rehearsals need, loaded at its first use. Raises: AttributeError for other names."""
    if name in ("print_rehearsal", "render_rehearsal_json"):
        from harness.report import rehearsal  # noqa: PLC0415 (see the module's docstring)

        return getattr(rehearsal, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
