"""List the commands of `tagrail localstack`."""

from harness.cli.table import Entry, Group

_CONTROL = "harness.cli.localstack_control"

group = Group(
    {
        "start": Entry(
            _CONTROL, "start", "Start LocalStack, installed first when it is not there; says so when it runs already."
        ),
        "stop": Entry(
            _CONTROL, "stop", "Stop the LocalStack that start started, and no other process; what it held is gone."
        ),
        "status": Entry(_CONTROL, "status", "Say where LocalStack runs; exit code 1 when it does not."),
    },
    "LocalStack 4.14 without Docker, in its own venv (Python 3.13): start, stop, status.",
)
