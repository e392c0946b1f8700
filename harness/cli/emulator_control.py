"""Define `tagrail emulator stop|status|bill|clock`, which read nothing of the project."""

from typing import Annotated

import typer

from harness.cli.options import Env
from harness.cli.place import root
from harness.cli.status_line import line_of
from harness.emulator import process
from harness.emulator.clock import MOST_SECONDS
from harness.emulator.duration import parse_duration
from harness.operations.folders import emulator_folder
from harness.operations.progress import say


def stop(env: Env = "local") -> int:
    """Stop the emulator of an environment, and no other process; what it held is gone."""
    stopped = process.stop(env, emulator_folder(root()))
    say(f"{env}: {'stopped' if stopped else 'not running'}")
    return 0


def status(env: Env = "local") -> int:
    """Say where the emulator of an environment runs; exit code 1 when it does not."""
    running = process.status(env, emulator_folder(root()))
    say(line_of(running) if running else f"{env}: not running")
    return 0 if running else 1


def bill(
    keys: Annotated[list[str], typer.Argument(help="Tag keys.")],
    env: Env = "local",
) -> int:
    """Let billing see tag keys, as AWS does within a day of first use."""
    new = process.bill(env, emulator_folder(root()), keys)
    say(f"{env}: billing knows {', '.join(keys)} ({len(new)} new); the next apply activates what the dictionary wants")
    return 0


def clock(
    advance: Annotated[
        str | None,
        typer.Option("--advance", help="How far to move it ahead: 24h, 7d, 90m. Without it: what time it is."),
    ] = None,
    env: Env = "local",
) -> int:
    """Show the emulator's time, or move it ahead: billing sees keys after a day, and budgets alert on the way."""
    seconds = parse_duration(advance, MOST_SECONDS) if advance is not None else 0
    found = process.clock(env, emulator_folder(root()), seconds)
    say(f"{env}: {found['now']} ({found['ahead_seconds'] / 3600:g} hours ahead)")
    if found.get("new_keys"):
        say(f"billing sees {', '.join(found['new_keys'])}; the next apply activates what the dictionary wants")
    for alert in found.get("alerts", ()):
        outcome = "delivered" if alert["delivered"] else f"dropped, since {alert['reason']}"
        say(f"{alert['at']} {alert['subject']} -> {alert['address']}: {outcome}")
    return 0
