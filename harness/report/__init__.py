"""Print findings: text for people, JSON for programs, JUnit for CI."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from rich.console import Console

from harness.finding import Finding
from harness.report.machine import render_json, render_junit
from harness.report.rehearsal import print_rehearsal, render_rehearsal_json
from harness.report.text import print_findings

Format = Literal["text", "json", "junit"]
_MACHINE: Mapping[str, Callable[[str, Sequence[Finding]], str]] = {"json": render_json, "junit": render_junit}

__all__ = ["Format", "console", "print_rehearsal", "print_report", "render_rehearsal_json"]


def console(*, stderr: bool = False) -> Console:
    """Return a console that respects NO_COLOR and does not fold lines when its output is no terminal."""
    made = Console(stderr=stderr, highlight=False, soft_wrap=True, emoji=False)  # ":key:" is part of a tag key
    if not made.is_terminal:
        made.width = 160
    return made


def print_report(title: str, findings: Sequence[Finding], form: Format) -> None:
    """Write the findings to stdout in the wanted form. Raises: OSError when stdout cannot be written."""
    if form == "text":
        print_findings(console(), title, findings)
    else:
        sys.stdout.write(_MACHINE[form](title, findings) + "\n")
