"""List the commands of `tagrail emulator`."""

from harness.cli.table import Entry, Group

_CONTROL = "harness.cli.emulator_control"

group = Group(
    {
        "start": Entry(
            "harness.cli.emulator_start",
            "start",
            "Start the emulator of an environment, seeded; says so when it runs already.",
        ),
        "stop": Entry(
            _CONTROL, "stop", "Stop the emulator of an environment, and no other process; what it held is gone."
        ),
        "status": Entry(
            _CONTROL, "status", "Say where the emulator of an environment runs; exit code 1 when it does not."
        ),
        "bill": Entry(_CONTROL, "bill", "Let billing see tag keys, as AWS does within a day of first use."),
        "clock": Entry(
            _CONTROL,
            "clock",
            "Show the emulator's time, or move it ahead: billing sees keys after a day, and budgets alert on the way.",
        ),
    },
    "The embedded AWS emulator: start, stop, status.",
)
