"""Define `tagrail emulator start|stop|status`."""

from pathlib import Path
from typing import Annotated

import typer

from harness.emulator.process import bill, start, status, stop
from harness.emulator.process_state import EmulatorStatus
from harness.errors import TagrailError
from harness.operations import emulator_folder, say
from harness.project import find_root, load_project

emulator_app = typer.Typer(
    help="The embedded AWS emulator: start, stop, status.", no_args_is_help=True, rich_markup_mode=None
)

Env = Annotated[str, typer.Option("--env", "-e", help="Environment whose emulator it is: a folder of envs/.")]


def _line(found: EmulatorStatus) -> str:
    return f"{found.name}: {found.url} (pid {found.pid})"


@emulator_app.command("start")
def start_command(
    env: Env = "local",
    port: Annotated[int, typer.Option("--port", "-p", min=0, max=65535, help="Port on loopback; 0 = a free one.")] = 0,
) -> int:
    """Start the emulator of an environment, seeded; says so when it runs already."""
    root = find_root(Path.cwd())
    environment = load_project(root, [env]).environments[env]
    if environment.emulator is None:
        raise TagrailError(f"envs/{env}/env.yaml: emulator: must be given to start one. Do add seed: organization.yaml")
    folder = emulator_folder(root)
    running = status(env, folder)
    seed = root / "envs" / env / environment.emulator.seed
    say(_line(running or start(env, folder, seed, port)))
    return 0


@emulator_app.command("stop")
def stop_command(env: Env = "local") -> int:
    """Stop the emulator of an environment, and no other process; what it held is gone."""
    stopped = stop(env, emulator_folder(find_root(Path.cwd())))
    say(f"{env}: {'stopped' if stopped else 'not running'}")
    return 0


@emulator_app.command("status")
def status_command(env: Env = "local") -> int:
    """Say where the emulator of an environment runs; exit code 1 when it does not."""
    running = status(env, emulator_folder(find_root(Path.cwd())))
    say(_line(running) if running else f"{env}: not running")
    return 0 if running else 1


@emulator_app.command("bill")
def bill_command(
    keys: Annotated[list[str], typer.Argument(help="Tag keys.")],
    env: Env = "local",
) -> int:
    """Let billing see tag keys, as AWS does within a day of first use."""
    new = bill(env, emulator_folder(find_root(Path.cwd())), keys)
    say(f"{env}: billing knows {', '.join(keys)} ({len(new)} new); the next apply activates what the dictionary wants")
    return 0
