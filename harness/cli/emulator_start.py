"""Define `tagrail emulator start`, which alone of its group reads the project."""

from harness.cli.options import Env, Port
from harness.cli.place import root
from harness.cli.status_line import line_of
from harness.emulator import process
from harness.errors import TagrailError
from harness.operations.folders import emulator_folder
from harness.operations.progress import say
from harness.project import load_project


def start(
    env: Env = "local",
    port: Port = 0,
) -> int:
    """Start the emulator of an environment, seeded; says so when it runs already."""
    project = root()
    environment = load_project(project, [env]).environments[env]
    if environment.emulator is None:
        raise TagrailError(f"envs/{env}/env.yaml: emulator: must be given to start one. Do add seed: organization.yaml")
    folder = emulator_folder(project)
    running = process.status(env, folder)
    seed = project / "envs" / env / environment.emulator.seed
    say(line_of(running or process.start(env, folder, seed, port)))
    return 0
