"""Audit the organisation that a server answers for, with the dictionary of envs/: the process that is measured."""

import sys
from pathlib import Path

from harness.operations.audit import Asked, audit_live
from harness.operations.session import Session
from harness.project import load_project
from harness.targets.emulator import make_emulator_target
from tests.bench.audit_stub import World

ROOT = Path(__file__).parents[2]


def main(url: str, scratch: str) -> None:
    """Audit and leave the run below a folder."""
    project = load_project(ROOT, ["local"])
    environment = project.environments["local"].model_copy(update={"payer_account_id": World(1, 1).account(0)})
    target = make_emulator_target(url, environment.regions.home)
    session = Session(Path(scratch), "bench", project.dictionary, environment, target, None)
    audit_live(session, Asked("reader"), lambda _: None)


if __name__ == "__main__":
    main(*sys.argv[1:3])
