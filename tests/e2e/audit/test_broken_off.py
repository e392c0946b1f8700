"""Ctrl-C and kill -9 in the middle of an audit: it goes on with --resume and ends with what an unbroken one finds."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness.audit.run import read_run, seen_folder
from tests.e2e.audit import world
from tests.e2e.audit.test_hindered import hinder
from tests.e2e.audit.test_planted import folders, found, prepare
from tests.e2e.audit.world import REGIONS
from tests.project import Tagrail

pytestmark = pytest.mark.terraform
ENOUGH = 15  # tasks, of about a hundred
COMMAND = ("audit", "--env", "local", "--live-only", *(part for region in REGIONS for part in ("--region", region)))


def break_off(tagrail: Tagrail, how: signal.Signals) -> tuple[int, Path]:
    """Start an audit, break it off in the middle, and return its exit code and its folder."""
    before = set(folders(tagrail)) if (tagrail.root / ".tagrail" / "audit" / "local").is_dir() else set()
    process = subprocess.Popen(
        [sys.executable, "-m", "harness", *COMMAND],
        cwd=tagrail.root,
        env=tagrail.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        files = (tagrail.root / ".tagrail" / "audit" / "local").glob("*/seen/done.ndjson")
        done = next((file for file in files if file.parents[1] not in before), None)
        if done and done.read_bytes().count(b"\n") >= ENOUGH:
            os.kill(process.pid, how)
            return process.wait(timeout=120), done.parents[1]
        time.sleep(0.1)
    process.kill()
    pytest.fail("the audit never came to its middle")


def test_what_was_broken_off_goes_on_to_the_same_end(tagrail: Tagrail) -> None:
    expected = prepare(tagrail, world.committed())
    hinder(tagrail, faults={"throttle": [{"per_second": 10}]})

    code, folder = break_off(tagrail, signal.SIGINT)
    assert code == 130
    run = read_run(folder)
    assert run.state == "interrupted"
    assert {gap.reason for gap in run.gaps if gap.source == "account"} <= {"the audit was broken off before"}
    # What is seen by then is judged; what lies where nobody looked is unknown, never wrong.
    assert {rule for _, rule, _ in found(tagrail) - expected} <= {"tags-unread"}
    other = tagrail(*COMMAND, "--resume", "--no-lineage")
    assert other.returncode == 2
    assert "--resume: must have the options of the audit that was broken off" in other.stderr
    go_on(tagrail, folder)
    assert found(tagrail) == expected

    code, folder = break_off(tagrail, signal.SIGKILL)
    assert code == -signal.SIGKILL
    assert read_run(folder).state == "running"
    go_on(tagrail, folder)
    assert found(tagrail) == expected
    change = read_run(folder).change
    assert (change.new, change.fixed, change.remaining) == (0, 0, len(expected))


def go_on(tagrail: Tagrail, folder: Path) -> None:
    done = tagrail(*COMMAND, "--resume")
    assert done.returncode in (0, 1), done.stdout + done.stderr
    assert max(folders(tagrail)) == folder
    assert read_run(folder).state == "finished"
    assert not seen_folder(folder).exists()
