"""The life of emulator processes: side by side, found again, and never anybody else's."""

import copy
import json
import signal
import socket
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest

from harness.emulator import process
from harness.errors import TagrailError

from .conftest import ROOT, SEED
from .test_seed import SMALL, write

pytestmark = pytest.mark.emulator

BARE = {**SMALL, "resources": []}


@pytest.fixture
def sleeper() -> Any:
    """A process that is none of ours."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield child
    child.kill()
    child.wait()


def server_processes(folder: Path) -> list[int]:
    """The servers that run with this folder's seed."""
    found = []
    for candidate in psutil.process_iter(["cmdline"]):
        command = candidate.info["cmdline"] or []
        if "harness.emulator.server" in command and any(part.startswith(str(folder)) for part in command):
            found.append(candidate.pid)
    return found


def test_two_run_side_by_side_and_stop_alone(tmp_path: Path) -> None:
    seed = write(tmp_path, BARE)
    with ThreadPoolExecutor() as pool:
        one, two = pool.map(lambda name: process.start(name, tmp_path, seed), ["one", "two"])
    try:
        assert one.port != two.port
        assert process.status("one", tmp_path) == one
        assert process.start("one", tmp_path, seed) == one
        with pytest.raises(TagrailError, match=f"must run with seed {SEED}; it runs with {seed}"):
            process.start("one", tmp_path, SEED)
        with pytest.raises(TagrailError, match=f"must listen on port 1; it has {one.port}"):
            process.start("one", tmp_path, seed, port=1)
        assert process.stop("one", tmp_path)
        assert not psutil.pid_exists(one.pid)
        assert process.status("two", tmp_path) == two
    finally:
        process.stop("one", tmp_path)
        process.stop("two", tmp_path)
    assert process.status("two", tmp_path) is None
    assert not process.stop("two", tmp_path)
    assert server_processes(tmp_path) == []


def test_concurrent_starts_of_one_name_give_one_process(tmp_path: Path) -> None:
    seed = write(tmp_path, BARE)
    script = f"""
        from pathlib import Path
        from harness.emulator import process
        print(process.start("same", Path({str(tmp_path)!r}), Path({str(seed)!r})).pid)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    try:
        starters = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(2)]
        pids = {starter.communicate(timeout=60)[0] for starter in starters}
        assert len(pids) == 1
        assert len(server_processes(tmp_path)) == 1
        found = process.status("same", tmp_path)  # it outlives those who started it
        assert found is not None
    finally:
        process.stop("same", tmp_path)


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda s: s.name)
def test_an_interrupted_start_leaves_nothing(tmp_path: Path, signal_number: signal.Signals) -> None:
    seed = write(tmp_path, BARE)
    script = f"""
        from pathlib import Path
        from harness.emulator import process
        process.start("cut", Path({str(tmp_path)!r}), Path({str(seed)!r}))
    """
    starter = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], cwd=ROOT, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while not server_processes(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.01)
    starter.send_signal(signal_number)
    starter.wait(30)
    while server_processes(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert server_processes(tmp_path) == []
    assert process.status("cut", tmp_path) is None


def record(folder: Path, pid: int, create_time: float) -> None:
    status = {"name": "old", "pid": pid, "port": 1, "url": "http://127.0.0.1:1", "instance_id": "gone"}
    status |= {"started_at": "2026-01-01T00:00:00+00:00", "seed": None}
    (folder / "old.json").write_text(json.dumps({"create_time": create_time, "status": status}), encoding="utf-8")


@pytest.mark.parametrize("same_time", [True, False], ids=["same creation time", "another creation time"])
def test_a_reused_process_id_is_left_alone(tmp_path: Path, sleeper: Any, *, same_time: bool) -> None:
    record(tmp_path, sleeper.pid, psutil.Process(sleeper.pid).create_time() if same_time else 1.0)
    assert not process.stop("old", tmp_path)
    assert sleeper.poll() is None
    assert not (tmp_path / "old.json").exists()


def test_a_stale_state_file_is_cleaned(tmp_path: Path, sleeper: Any) -> None:
    record(tmp_path, sleeper.pid, 1.0)
    assert process.status("old", tmp_path) is None
    assert not (tmp_path / "old.json").exists()


def test_a_state_file_of_nobody_is_no_emulator(tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text('{"pid": 1}', encoding="utf-8")
    assert process.status("old", tmp_path) is None
    assert not process.stop("old", tmp_path)


def test_a_failing_seed_is_shown_and_leaves_no_process(tmp_path: Path) -> None:
    data = copy.deepcopy(SMALL)
    data["resources"][0] |= {"call": "s3.head_bucket", "arguments": {"Bucket": "absent"}}
    seed = write(tmp_path, data)
    with pytest.raises(
        TagrailError, match=r"seed.yaml:\d+: resources.0.: must be a call that succeeds; s3.head_bucket"
    ):
        process.start("failing", tmp_path, seed)
    assert server_processes(tmp_path) == []
    assert process.status("failing", tmp_path) is None


def test_an_unknown_operation_of_a_seed_is_named(tmp_path: Path) -> None:
    data = copy.deepcopy(SMALL)
    data["resources"][0]["call"] = "s3.list_bukets"
    with pytest.raises(TagrailError, match=r'got "list_bukets"\. Did you mean "list_buckets"'):
        process.start("failing", tmp_path, write(tmp_path, data))


@pytest.mark.parametrize(
    ("member", "value", "message"),
    [
        ("policy_types", ["TAG_POLICIES"], "policy_types.0.: must be a policy type that can be enabled; TAG_POLICIES"),
        ("trusted_services", ["nobody.example.com"], "trusted_services.0.: must be a service that can be trusted"),
    ],
)
def test_what_organizations_refuses_is_named(tmp_path: Path, member: str, value: list[str], message: str) -> None:
    data = copy.deepcopy(BARE)
    data["organization"][member] = value
    with pytest.raises(TagrailError, match=message):
        process.start("failing", tmp_path, write(tmp_path, data))


def test_an_emulator_may_begin_empty_whatever_its_starter_is_set_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "absent")
    monkeypatch.setenv("MOTO_ACCOUNT_ID", "000000000000")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    found = process.start("empty", tmp_path, None)
    try:
        assert process.status("empty", tmp_path) == found
    finally:
        assert process.stop("empty", tmp_path)


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(TagrailError, match=f"port {port}: must be free on 127.0.0.1"):
            process.start("p", tmp_path, None, port=port)


@pytest.mark.parametrize("name", ["", "Upper", "../up", "a" * 41])
def test_names_that_are_none(tmp_path: Path, name: str) -> None:
    with pytest.raises(TagrailError, match="emulator name: must be 1 to 40 of"):
        process.start(name, tmp_path, None)
