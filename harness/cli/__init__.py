"""The command line, `tagrail`: reads arguments, calls operations, prints reports and turns errors into exit codes.

Exit codes: 0 clean, 1 findings, 2 bad input or usage, 3 unexpected, 130 interrupted, 141 when who reads the output left
before its end, as a shell has it. Only findings go to stdout.
"""

import io
import os
import sys
from typing import Any

from harness.cli.dispatch import dispatch
from harness.errors import TagrailError
from harness.report import console

__all__ = ["main", "run"]

USAGE, UNEXPECTED, INTERRUPTED, UNREAD = 2, 3, 130, 141


def main() -> None:
    """Run the command line and exit with its code. Raises: SystemExit."""
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        code = UNREAD
    except OSError as error:  # a full disk: what was written is not the whole report
        code = _refused(error)
    if code == UNREAD or sys.argv[1:2] == ["check"]:
        os._exit(code)  # no second flush; and to free a plan's objects one by one would take a tenth of the time
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code. Raises: nothing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(
            stream, io.TextIOWrapper
        ):  # a text may hold what the terminal's encoding lacks, or no encoding has
            stream.reconfigure(errors="backslashreplace")
    try:
        code = dispatch(arguments)
    except TagrailError as error:
        from harness.report.check.plain import disarmed, visible  # noqa: PLC0415 (loaded for errors alone)

        text = disarmed(visible(f"error: {error}"))  # what outsiders write stands in it
        console(stderr=True).print(text, markup=False, style="red" if sys.stderr.isatty() else None)
        return error.exit_code
    except BrokenPipeError:
        return UNREAD
    except KeyboardInterrupt:
        console(stderr=True).print("interrupted")
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 (a fault of ours: shown whole, and never mistaken for findings)
        return _refused(error)
    return code if isinstance(code, int) else 0


def _refused(error: Any) -> int:
    """Show an error of the parser or of ours, and return its exit code.

    Errors of parsers are told by name: typer has a click of its own since 0.26, and neither is imported here.
    """
    names = {base.__name__ for base in type(error).__mro__ if base.__module__.split(".")[0] in {"click", "typer"}}
    if "Abort" in names:
        return INTERRUPTED
    if "ClickException" in names:
        error.show()
        return USAGE
    import traceback  # noqa: PLC0415 (loaded for faults alone)

    traceback.print_exception(error)
    return UNEXPECTED
