"""Share plans between the tests of all workers, and start the emulator where a module asks AWS while planning."""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.emulator import process
from harness.targets.emulator import make_emulator_target

from .planning import PROJECT, Case, Planned, Refusal, cases, plan_accepted, plan_refused, planned_with


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def once(shared: Path) -> Callable[..., Any]:
    """Return a function that computes a JSON value in a folder of its own, once for all workers.

    With `wait=False` it gives None while another worker computes that value.
    """

    known: dict[str, Any] = {}

    def compute(name: str, make: Callable[[Path], Any], *, wait: bool = True) -> Any:
        if name in known:
            return known[name]
        folder = shared / name
        with (shared / f"{name}.lock").open("w", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return None
            result = folder / "result.json"
            if not result.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                made = json.dumps(make(folder))
                result.write_text(made, encoding="utf-8")
            known[name] = json.loads(result.read_text(encoding="utf-8"))
            return known[name]

    return compute


@pytest.fixture(scope="session")
def emulator_variables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str | None]]:
    """Start the shipped organisation for this worker, with a second account named audit."""
    folder = tmp_path_factory.mktemp("emulator")
    status = process.start("modules", folder, PROJECT / "envs" / "local" / "organization.yaml")
    target = make_emulator_target(status.url, "eu-central-1")
    target.client("organizations").create_account(AccountName="audit", Email="audit-2@example.com")
    yield target.variables()
    process.stop("modules", folder)


@pytest.fixture
def variables(request: pytest.FixtureRequest) -> Callable[[str], dict[str, str | None]]:
    """Return the environment variables for planning a module: the emulator for governance, nowhere for the others."""

    def choose(module: str) -> dict[str, str | None]:
        if module == "governance":
            found: dict[str, str | None] = request.getfixturevalue("emulator_variables")
            return found
        return make_emulator_target("http://127.0.0.1:9", "eu-central-1").variables()

    return choose


@pytest.fixture
def planned(
    request: pytest.FixtureRequest, once: Callable[..., Any], variables: Callable[..., Any]
) -> Callable[[Case], Planned]:
    """Return a function that gives what a plan makes of a case; the first caller plans all that share its root.

    While another worker plans them, this one plans cases that the run needs later.
    """

    def plan(module: str, refused: bool, *, wait: bool) -> Any:  # noqa: FBT001 (a pair that names a batch)
        together = planned_with(module)

        def make(folder: Path) -> Any:
            way = plan_refused if refused else plan_accepted
            return way(folder, cases(*together, refused=refused), variables(module))

        return once(f"{together[0]}-{'refused' if refused else 'accepted'}", make, wait=wait)

    def give(case: Case) -> Planned:
        found = plan(case.module, case.refused, wait=False)
        for module, refused in batches(request.session.items):
            if found is None:
                plan(module, refused, wait=False)
                found = plan(case.module, case.refused, wait=False)
        found = (found or plan(case.module, case.refused, wait=True))[case.call]
        if case.refused:
            return Planned(refusals=tuple(Refusal(**refusal) for refusal in found))
        return Planned(**found)

    return give


def batches(items: list[pytest.Item]) -> list[tuple[str, bool]]:
    """Return the module and the verdict of the cases that a run needs, each pair once."""
    found = [getattr(item, "callspec").params.get("case") for item in items if hasattr(item, "callspec")]  # noqa: B009
    return list(dict.fromkeys((case.module, case.refused) for case in found if isinstance(case, Case)))
