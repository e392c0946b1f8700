"""One run at a time, even when the other one is killed."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from harness.errors import TagrailError
from harness.operations.life_cycle import apply, destroy, plan
from harness.operations.lock import only_run
from harness.operations.session import Session

pytestmark = pytest.mark.processes

HOLDER = """
import sys
from pathlib import Path
from harness.operations.session import Session
from harness.operations.lock import only_run
from harness.project import load_project
from harness.targets.aws import make_aws_target

project = load_project(Path(sys.argv[1]), ["prod"])
target = make_aws_target("eu-central-1")
session = Session(Path(sys.argv[2]), "prod", project.dictionary, project.environments["prod"], target, None)
with only_run(session):
    print("held", flush=True)
    sys.stdin.read()
"""
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock."""
    command = [sys.executable, "-c", HOLDER, str(ROOT), str(tmp_path)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_run_is_refused_and_the_first_is_named(aws_session: Session, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(TagrailError) as refused, only_run(aws_session):
        pass
    text = f"prod: must be the only run; tagrail run with pid {holder.pid} is open. Do wait for it"
    assert str(refused.value) == text
    assert refused.value.exit_code == 2


def _yes(_: str) -> bool:
    return True


@pytest.mark.parametrize("operation", [plan, partial(apply, confirm=_yes), partial(destroy, confirm=_yes)])
def test_plan_apply_and_destroy_send_nothing_while_another_runs(
    aws_session: Session, holder: subprocess.Popen[str], operation: Callable[[Session], object]
) -> None:
    with pytest.raises(TagrailError, match=f"tagrail run with pid {holder.pid} is open"):
        operation(aws_session)


def test_a_killed_run_frees_the_lock(aws_session: Session, holder: subprocess.Popen[str]) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with only_run(aws_session):
        pass


def test_an_ended_run_frees_the_lock(aws_session: Session, holder: subprocess.Popen[str]) -> None:
    holder.communicate("")
    with only_run(aws_session):
        pass
    with only_run(aws_session):
        pass
