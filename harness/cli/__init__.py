"""The command line, `tagrail`: reads arguments, calls operations, prints reports and turns errors into exit codes.

Exit codes: 0 clean, 1 findings, 2 bad input or usage, 3 unexpected, 130 interrupted. Only findings go to stdout.
"""

import io
import sys
import traceback
from typing import Any

import typer

from harness.cli.app import app
from harness.errors import TagrailError
from harness.report import console

__all__ = ["app", "main"]

UNEXPECTED, INTERRUPTED = 3, 130

# Typer brings a click of its own since 0.29 and exports its exceptions one by one, their common base not.
_UsageError: Any = next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")


def main() -> None:
    """Run the command line and exit with its code. Raises: SystemExit."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code. Raises: nothing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(
            stream, io.TextIOWrapper
        ):  # a text may hold what the terminal's encoding lacks, or no encoding has
            stream.reconfigure(errors="backslashreplace")
    try:
        code = app(args=arguments, prog_name="tagrail", standalone_mode=False)
    except TagrailError as error:
        console(stderr=True).print(f"error: {error}", markup=False, style="red" if sys.stderr.isatty() else None)
        return error.exit_code
    except typer.Abort:
        return INTERRUPTED
    except KeyboardInterrupt:
        console(stderr=True).print("interrupted")
        return INTERRUPTED
    except _UsageError as error:
        error.show()
        return 2
    except Exception:  # noqa: BLE001 (a fault of ours: shown whole, and never mistaken for findings)
        traceback.print_exc()
        return UNEXPECTED
    return code if isinstance(code, int) else 0
