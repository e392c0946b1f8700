"""Start, find and stop LocalStack: one detached process per project, on loopback only, with a folder for its files.

It is remembered like an emulator (harness/emulator/process_state.py), so that no other process is ever ended.
"""

import os
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psutil

from harness.emulator import process as emulators
from harness.emulator.process_state import (
    EmulatorStatus,
    Record,
    hold_lock,
    log_file,
    state_file,
    write_record,
)
from harness.errors import TagrailError
from harness.localstack.installation import LOCALSTACK
from harness.targets.localstack import read_health
from harness.tool_installation import ensure_installed

NAME = "localstack"
READY_SECONDS = 120


def start(folder: Path, say: Callable[[str], None], port: int = 0) -> EmulatorStatus:
    """Return the running LocalStack of a project, installed and started if need be and ready to answer.

    `port` 0 takes a free one. `say` is told of every step that takes long.

    Raises: TagrailError when it cannot be installed, the port is taken, one runs on another port, or the new one does
    not become ready in 120 seconds (the message then ends with its log).
    """
    running = status(folder)
    if running is None:
        python = ensure_installed(LOCALSTACK, say)
        folder.mkdir(parents=True, exist_ok=True)
        with hold_lock(NAME, folder, READY_SECONDS):
            running = status(folder) or _start(folder, python, _free_port(port))
    if port not in (0, running.port):
        repair = "Do run tagrail localstack stop first"
        raise TagrailError(f"LocalStack: must listen on port {port}; it has {running.port}. {repair}")
    return running


def status(folder: Path) -> EmulatorStatus | None:
    """Return the LocalStack of a project if its process runs. Raises: nothing."""
    return emulators.status(NAME, folder)


def stop(folder: Path) -> bool:
    """End the LocalStack of a project and remove its files; False when none runs. Any other process is left alone.

    Raises: TagrailError when the process outlives SIGTERM and SIGKILL.
    """
    stopped = emulators.stop(NAME, folder)
    shutil.rmtree(_files(folder), ignore_errors=True)
    return stopped


def _start(folder: Path, python: Path, port: int) -> EmulatorStatus:
    instance_id = uuid.uuid4().hex
    shutil.rmtree(_files(folder), ignore_errors=True)
    _files(folder).mkdir(parents=True)
    with log_file(NAME, folder).open("wb") as log:
        child = subprocess.Popen(
            # LocalStack reads no arguments; ours makes the process known as this one.
            [python, "-m", "localstack.runtime.main", instance_id],
            cwd=_files(folder),
            env=settings(_files(folder), port),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        started_at, url = datetime.now(UTC).isoformat(timespec="seconds"), f"http://127.0.0.1:{port}"
        found = EmulatorStatus(NAME, child.pid, port, url, instance_id, started_at, seed=None)
        # Before it is ready: whoever kills this process can still find and stop LocalStack.
        write_record(Record(found, psutil.Process(child.pid).create_time()), folder)
        _wait_until_ready(child, found, log_file(NAME, folder))
    except BaseException:
        state_file(NAME, folder).unlink(missing_ok=True)
        child.kill()
        child.wait()
        raise
    return found


def settings(files: Path, port: int) -> dict[str, str]:
    """Return all environment variables of LocalStack: nothing of the user's shell but PATH and the language reaches it.

    Source: docs.localstack.cloud/aws/capabilities/config/configuration and the release's localstack/config.py.
    Raises: nothing.
    """
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return kept | {
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "GATEWAY_SERVER": "hypercorn",  # the usual one, twisted, listens on every address whatever it is told
        "DNS_ADDRESS": "0",  # no name server
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "DISABLE_EVENTS": "1",  # no usage statistics
        "OVERRIDE_IN_DOCKER": "0",  # in a container too, its files stay below FILESYSTEM_ROOT
        "FILESYSTEM_ROOT": str(files),
        "CONFIG_DIR": str(files),
        "HOME": str(files),
        "PARITY_AWS_ACCESS_KEY_ID": "1",  # keys of roles that the emulator's sts issues name their account here too
        "PYTHONUNBUFFERED": "1",
    }


def _files(folder: Path) -> Path:
    return folder / f"{NAME}-files"


def _free_port(port: int) -> int:
    """Return a port that is free now; LocalStack cannot inherit a listening socket."""
    try:
        with socket.create_server(("127.0.0.1", port)) as free:
            return int(free.getsockname()[1])
    except OSError as error:
        message = f"port {port}: must be free on 127.0.0.1; {error.strerror}. Do choose another, or 0 for any"
        raise TagrailError(message) from error


def _wait_until_ready(child: subprocess.Popen[bytes], found: EmulatorStatus, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    reason = f"was not ready within {READY_SECONDS} seconds"
    while time.monotonic() < deadline:
        if child.poll() is not None:
            reason = f"ended with exit code {child.returncode} before it was ready"
            break
        if _listens(child.pid, found.port) and _is_healthy(found.url):
            return
        time.sleep(0.1)
    raise TagrailError(f"LocalStack: {reason}; its log ({log}) ends with:\n{emulators.tail(log)}")


def _listens(pid: int, port: int) -> bool:
    """Tell whether the process itself has the port: another one may have taken it first, and would answer instead."""
    try:
        connections = psutil.Process(pid).net_connections("tcp")
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
    return any(one.status == psutil.CONN_LISTEN and one.laddr.port == port for one in connections)


def _is_healthy(url: str) -> bool:
    try:
        return bool(read_health(url).services)
    except TagrailError:
        return False
