"""An emulator for the length of a block ends with it, and with whoever started it."""

import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from harness.emulator import process
from harness.emulator.lease import lease
from harness.errors import TagrailError

from .conftest import ROOT
from .test_process import BARE, server_processes
from .test_seed import write

pytestmark = pytest.mark.emulator


def test_it_ends_with_its_block_whatever_happens_there(tmp_path: Path) -> None:
    seed = write(tmp_path, BARE)
    with pytest.raises(ZeroDivisionError), lease("short", tmp_path, seed) as found:
        raise ZeroDivisionError(process.status("short", tmp_path) == found)
    assert not psutil.pid_exists(found.pid)
    assert process.status("short", tmp_path) is None


def test_a_second_one_is_told_of_the_first(tmp_path: Path) -> None:
    seed = write(tmp_path, BARE)
    with (
        lease("short", tmp_path, seed) as found,
        pytest.raises(TagrailError, match=f"emulator short: must not run yet; pid {found.pid} does since"),
        lease("short", tmp_path, seed),
    ):
        pass
    assert not psutil.pid_exists(found.pid)


def test_a_faulty_seed_leaves_nothing(tmp_path: Path) -> None:
    with (
        pytest.raises(TagrailError, match="must be 1; got 2"),
        lease("short", tmp_path, write(tmp_path, {"version": 2})),
    ):
        pass
    assert server_processes(tmp_path) == []


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda s: s.name)
def test_it_ends_with_its_starter(tmp_path: Path, signal_number: signal.Signals) -> None:
    seed = write(tmp_path, BARE)
    script = f"""
        import time
        from pathlib import Path
        from harness.emulator.lease import lease
        with lease("cut", Path({str(tmp_path)!r}), Path({str(seed)!r})):
            print("ready", flush=True)
            time.sleep(60)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == b"ready\n"
        assert len(server_processes(tmp_path)) == 1
        starter.send_signal(signal_number)
        starter.wait(30)
    deadline = time.monotonic() + 10
    while server_processes(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert server_processes(tmp_path) == []
    assert process.status("cut", tmp_path) is None
