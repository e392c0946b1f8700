"""Define `tagrail localstack start|stop|status`."""

from pathlib import Path
from typing import Annotated

import typer

from harness import localstack
from harness.emulator.process_state import EmulatorStatus
from harness.operations import localstack_folder, say
from harness.project import find_root

localstack_app = typer.Typer(
    help="LocalStack 4.14 without Docker, in its own venv (Python 3.13): start, stop, status.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def _folder() -> Path:
    return localstack_folder(find_root(Path.cwd()))


def _line(found: EmulatorStatus) -> str:
    return f"{found.name}: {found.url} (pid {found.pid})"


@localstack_app.command("start")
def start_command(
    port: Annotated[int, typer.Option("--port", "-p", min=0, max=65535, help="Port on loopback; 0 = a free one.")] = 0,
) -> int:
    """Start LocalStack, installed first when it is not there; says so when it runs already."""
    say(_line(localstack.start(_folder(), say, port)))
    return 0


@localstack_app.command("stop")
def stop_command() -> int:
    """Stop the LocalStack that start started, and no other process; what it held is gone."""
    say(f"localstack: {'stopped' if localstack.stop(_folder()) else 'not running'}")
    return 0


@localstack_app.command("status")
def status_command() -> int:
    """Say where LocalStack runs; exit code 1 when it does not."""
    running = localstack.status(_folder())
    say(_line(running) if running else "localstack: not running")
    return 0 if running else 1
