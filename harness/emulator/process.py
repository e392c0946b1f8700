"""Start, find and stop emulators: each is one detached process with a name, a state file and a log.

A process counts as ours only if its id, its time of creation and the instance id in its command line all agree, so a
reused process id is never ended.
"""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import psutil

from harness.emulator.process_state import (
    BILLING_PATH,
    CLOCK_PATH,
    HEALTH_PATH,
    KEEP,
    BusyError,
    EmulatorStatus,
    Record,
    check_name,
    hold_lock,
    log_file,
    read_record,
    state_file,
    write_record,
)
from harness.errors import TagrailError

READY_SECONDS = 60
STOP_SECONDS = 10
_ANSWER_SECONDS = 120  # a year ahead is some thousand looks at each budget

_LOG_LINES = 20
_PACKAGE_ROOT = Path(__file__).resolve().parent.parent.parent
# Answers of localhost must not depend on a proxy that the environment names.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def start(name: str, folder: Path, seed: Path | None, port: int = 0) -> EmulatorStatus:
    """Return the running emulator of that name, started if need be and ready to answer.

    `port` 0 takes a free one. Whatever interrupts the start, nothing half-started stays behind.

    Raises: TagrailError when the name is no name, the port is taken, an emulator of that name runs with another seed or
    port, or the new one does not become ready in 60 seconds (the message then ends with its log).
    """
    check_name(name)
    folder.mkdir(parents=True, exist_ok=True)
    wanted = str(seed.resolve()) if seed else None
    with hold_lock(name, folder, READY_SECONDS):
        record = read_record(name, folder)
        if record and _process(record):
            _refuse_other(record.status, wanted, port)
            return record.status
        state_file(name, folder).unlink(missing_ok=True)
        return _start(name, folder, wanted, port)


def status(name: str, folder: Path) -> EmulatorStatus | None:
    """Return the emulator of that name if it runs; a state file without its process is removed.

    Raises: TagrailError when the name is no name.
    """
    check_name(name)
    record = read_record(name, folder)
    if record and _process(record):
        return record.status
    if record:
        try:
            with hold_lock(name, folder, 0):
                if read_record(name, folder) == record:
                    state_file(name, folder).unlink(missing_ok=True)
        except BusyError:
            return None  # a start is under way and cleans up itself
    return None


def stop(name: str, folder: Path) -> bool:
    """End the emulator of that name; False when none runs. Any other process is left alone.

    Raises: TagrailError when the name is no name, or the process outlives SIGTERM and SIGKILL.
    """
    check_name(name)
    if not folder.is_dir():
        return False
    with hold_lock(name, folder, READY_SECONDS):
        record = read_record(name, folder)
        process = _process(record) if record else None
        if record and process:
            _end(process, record.status)
        state_file(name, folder).unlink(missing_ok=True)
        return process is not None


def _start(name: str, folder: Path, seed: str | None, port: int) -> EmulatorStatus:
    found, child = launch(name, folder, seed, port)
    try:
        _hand_over(child)
    except BaseException:
        end(child, name, folder)
        raise
    return found


def launch(
    name: str, folder: Path, seed: str | None, port: int = 0, options: Sequence[str] = ()
) -> tuple[EmulatorStatus, subprocess.Popen[bytes]]:
    """Return a new emulator that is ready, and its process, which ends as soon as its standard input is closed.

    `options` are further ones of the server.
    The caller holds the name's lock. Raises: TagrailError as `start` does; then nothing is left behind.
    """
    listening = _listen(port)
    instance_id = uuid.uuid4().hex
    actual: int = listening.getsockname()[1]
    with listening, log_file(name, folder).open("wb") as log:
        child = _spawn(listening, instance_id, [*(["--seed", seed] if seed else []), *options], log)
    try:
        _wait_until_ready(child, actual, instance_id, log_file(name, folder))
        process = psutil.Process(child.pid)
        found = EmulatorStatus(
            name=name,
            pid=child.pid,
            port=actual,
            url=f"http://127.0.0.1:{actual}",
            instance_id=instance_id,
            started_at=datetime.now(UTC).isoformat(timespec="seconds"),
            seed=seed,
        )
        write_record(Record(found, process.create_time()), folder)
    except BaseException:
        end(child, name, folder)
        raise
    return found, child


def end(child: subprocess.Popen[bytes], name: str, folder: Path) -> None:
    """End a process that `launch` made, and remove its state file. Raises: OSError."""
    state_file(name, folder).unlink(missing_ok=True)
    child.kill()
    child.wait()
    if child.stdin:
        child.stdin.close()


def _listen(port: int) -> socket.socket:
    """Return a listening socket, so that the port is known and taken before the child runs."""
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError as error:
        message = f"port {port}: must be free on 127.0.0.1; {error.strerror}. Do choose another, or 0 for any"
        raise TagrailError(message) from error


def _spawn(
    listening: socket.socket, instance_id: str, options: Sequence[str], log: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Start the server in a session of its own, so that Ctrl-C in this terminal does not reach it."""
    command = [sys.executable, "-m", "harness.emulator.server", "--supervised", "--instance-id", instance_id]
    command += ["--socket", str(listening.fileno()), *options]
    paths = [str(_PACKAGE_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=log,
        pass_fds=[listening.fileno()],
        env=environment,
        start_new_session=True,
    )


def _wait_until_ready(child: subprocess.Popen[bytes], port: int, instance_id: str, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if child.poll() is not None:
            reason = f"ended with exit code {child.returncode} before it was ready"
            raise TagrailError(f"emulator: {reason}. Its log ({log}) ends with:\n{tail(log)}")
        health = _health(port)
        if health and health["ready"] and health["instance_id"] == instance_id:
            return
        time.sleep(0.05)
    reason = f"was not ready within {READY_SECONDS} seconds"
    raise TagrailError(f"emulator: {reason}. Its log ({log}) ends with:\n{tail(log)}")


def bill(name: str, folder: Path, keys: Iterable[str]) -> tuple[str, ...]:
    """Let a running emulator's billing see tag keys, as AWS does within 24 hours of first use; return the new ones.

    Raises: TagrailError when the emulator does not run.
    """
    return tuple(_ask(name, folder, BILLING_PATH, list(keys))["new"])


def clock(name: str, folder: Path, advance_seconds: int = 0) -> dict[str, Any]:
    """Move a running emulator's time ahead, and return what its clock page says: now, new keys, alerts.

    Raises: TagrailError when the emulator does not run.
    """
    return _ask(name, folder, CLOCK_PATH, {"advance_seconds": advance_seconds} if advance_seconds else None)


def _ask(name: str, folder: Path, path: str, body: object | None) -> dict[str, Any]:
    found = status(name, folder)
    if found is None:
        raise TagrailError(f'emulator "{name}": must run; got none. Do run tagrail emulator start')
    data = None if body is None else json.dumps(body).encode()
    with _OPENER.open(f"{found.url}{path}", data=data, timeout=_ANSWER_SECONDS) as answer:
        answered: dict[str, Any] = json.load(answer)
        return answered


def _health(port: int) -> dict[str, Any] | None:
    try:
        with _OPENER.open(f"http://127.0.0.1:{port}{HEALTH_PATH}", timeout=2) as answer:
            health: dict[str, Any] = json.load(answer)
            return health
    except (OSError, http.client.HTTPException, json.JSONDecodeError):
        return None  # not listening yet, or ending while it answers


def _hand_over(child: subprocess.Popen[bytes]) -> None:
    """Tell the child that its state file stands; until then it ends when its starter does."""
    assert child.stdin is not None  # noqa: S101 (narrowing for mypy: opened as a pipe)
    child.stdin.write(f"{KEEP}\n".encode())
    child.stdin.close()


def _process(record: Record) -> psutil.Process | None:
    """Return the process of a record if it still is the very same one."""
    try:
        process = psutil.Process(record.status.pid)
        # The system's idea of its boot time may shift by a second, and creation times with it.
        same_time = abs(process.create_time() - record.create_time) < 2
        ended = process.status() == psutil.STATUS_ZOMBIE
        if same_time and not ended and record.status.instance_id in process.cmdline():
            return process
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return None
    return None


def _end(process: psutil.Process, found: EmulatorStatus) -> None:
    for send in (process.terminate, process.kill):
        try:
            send()
            process.wait(STOP_SECONDS)
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired:
            continue
        return
    raise TagrailError(f"emulator {found.name}: process {found.pid} did not end. Do end it by hand")


def _refuse_other(found: EmulatorStatus, seed: str | None, port: int) -> None:
    repair = f"Do stop it first (tagrail emulator stop), or start one with another name than {found.name}"
    if found.seed != seed:
        raise TagrailError(f"emulator {found.name}: must run with seed {seed}; it runs with {found.seed}. {repair}")
    if port not in (0, found.port):
        raise TagrailError(f"emulator {found.name}: must listen on port {port}; it has {found.port}. {repair}")


def tail(log: Path) -> str:
    """Return the last lines of a log. Raises: OSError when it cannot be read."""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LOG_LINES:])
