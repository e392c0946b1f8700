"""Look at this machine: what is installed, found and running that the commands need."""

import platform
from collections.abc import Callable
from pathlib import Path

from harness.emulator.process import status
from harness.errors import TagrailError
from harness.finding import Finding
from harness.operations.session import emulator_folder
from harness.project import environment_names, load_project
from harness.toolchain import find_terraform
from harness.toolchain_mirror import find_provider_mirror

PLANE = "machine"


def diagnose(root: Path) -> tuple[Finding, ...]:
    """Return a finding for each thing that is needed; what is merely absent by choice passes and says so.

    Raises: nothing of the machine's; an expected error becomes a finding that fails with its repair.
    """
    checks: tuple[tuple[str, str, Callable[[], str]], ...] = (
        ("Python", "3.11 or later", platform.python_version),
        ("terraform", "terraform or tofu 1.10 or later", _terraform),
        ("AWS provider", "a mirror on this machine, or the registry", _mirror),
        ("project", "a dictionary and environments without faults", lambda: _project(root)),
        ("emulators", "running or startable", lambda: _emulators(root)),
    )
    return tuple(_check(subject, must_hold, look) for subject, must_hold, look in checks)


def _check(subject: str, must_hold: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(PLANE, platform.system(), subject, "pass", look(), must_hold)
    except TagrailError as error:
        repair = str(error).rsplit(". Do ", 1)[-1]
        return Finding(PLANE, platform.system(), subject, "fail", str(error), must_hold, repair)


def _terraform() -> str:
    binary = find_terraform(fetch=False)
    return f"{binary.flavour} {binary.version} at {binary.path}"


def _mirror() -> str:
    mirror = find_provider_mirror(flavour=find_terraform(fetch=False).flavour)
    return f"mirror at {mirror}" if mirror else "no mirror on this machine; the registry is asked"


def _project(root: Path) -> str:
    project = load_project(root)
    return f"{len(project.dictionary.tags)} tags, environments {', '.join(project.environments)}"


def _emulators(root: Path) -> str:
    folder = emulator_folder(root)
    running = [found for name in environment_names(root) if (found := status(name, folder))]
    return ", ".join(f"{found.name} at {found.url}" for found in running) or "none runs"
