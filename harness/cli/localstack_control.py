"""Define `tagrail localstack start|stop|status`."""

from harness import localstack
from harness.cli.options import Port
from harness.cli.place import root
from harness.cli.status_line import line_of
from harness.operations.folders import localstack_folder
from harness.operations.progress import say


def start(
    port: Port = 0,
) -> int:
    """Start LocalStack, installed first when it is not there; says so when it runs already."""
    say(line_of(localstack.start(localstack_folder(root()), say, port)))
    return 0


def stop() -> int:
    """Stop the LocalStack that start started, and no other process; what it held is gone."""
    say(f"localstack: {'stopped' if localstack.stop(localstack_folder(root())) else 'not running'}")
    return 0


def status() -> int:
    """Say where LocalStack runs; exit code 1 when it does not."""
    running = localstack.status(localstack_folder(root()))
    say(line_of(running) if running else "localstack: not running")
    return 0 if running else 1
