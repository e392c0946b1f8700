"""Each case runs a process of its own, since signals are what is tested."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.terraform import Terraform
from harness.terraform_process import INTERRUPT_NOTICE

pytestmark = pytest.mark.processes

# Ends after as many signals as it is told, and says so as terraform does.
FAKE = f"""#!{sys.executable}
import os, signal, time
notices = ["Interrupt received.", "Two interrupts received."]
received = []
def note(number, frame):
    print(notices[len(received)], flush=True)
    received.append(signal.Signals(number).name)
signal.signal(signal.SIGINT, note)
signal.signal(signal.SIGTERM, note)
print("started", flush=True)
while len(received) < int(os.environ["FAKE_SIGNALS"]):
    time.sleep(0.02)
time.sleep(0.2)
open("signals", "w").write(" ".join(received))
raise SystemExit(1)
"""

RUN = """
import sys
from pathlib import Path
from harness import terraform_process
from harness.terraform import Terraform
terraform_process._GRACE_SECONDS = float(sys.argv[3])
try:
    Terraform(Path(sys.argv[1]), Path(sys.argv[2])).apply(Path(sys.argv[2], "p"))
except KeyboardInterrupt:
    sys.exit(130)
"""


def start(binary: Path, folder: Path, signals: int = 1, grace_seconds: float = 0.5) -> subprocess.Popen[str]:
    variables = {**os.environ, "FAKE_SIGNALS": str(signals)}
    variables.pop("TF_CLI_CONFIG_FILE", None)
    return subprocess.Popen(
        [sys.executable, "-c", RUN, binary, folder, str(grace_seconds)],
        env=variables,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def read_until(process: subprocess.Popen[str], *texts: str) -> str:
    """Return what was said until all texts were seen, in any order."""
    assert process.stderr
    seen = ""
    for line in process.stderr:
        seen += line
        if all(text in seen for text in texts):
            return seen
    return pytest.fail(f"ended without saying {texts!r}: {seen}")


@pytest.fixture
def fake(tmp_path: Path) -> Path:
    path = tmp_path / "terraform"
    path.write_text(FAKE)
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("send", "received", "least_seconds"),
    [
        pytest.param(lambda pid: os.killpg(pid, signal.SIGINT), "SIGINT", 0, id="Ctrl-C reaches the whole group"),
        pytest.param(lambda pid: os.kill(pid, signal.SIGINT), "SIGINT", 0.5, id="SIGINT reaches only us"),
        pytest.param(lambda pid: os.kill(pid, signal.SIGTERM), "SIGINT", 0.5, id="SIGTERM reaches only us"),
    ],
)
def test_terraform_gets_each_interrupt_once(
    fake: Path, tmp_path: Path, send: Callable[[int], None], *, received: str, least_seconds: float
) -> None:
    process = start(fake, tmp_path, grace_seconds=least_seconds or 30)
    read_until(process, "started")
    begun = time.monotonic()
    send(process.pid)
    _, rest = process.communicate(timeout=60)
    assert process.returncode == 130
    assert time.monotonic() - begun >= least_seconds
    assert (tmp_path / "signals").read_text() == received
    assert rest.count(INTERRUPT_NOTICE) == 1


def test_second_interrupt_is_passed_on(fake: Path, tmp_path: Path) -> None:
    process = start(fake, tmp_path, signals=2)
    read_until(process, "started")
    os.killpg(process.pid, signal.SIGINT)
    # Both, since two signals that come before the first is counted are one to any process.
    read_until(process, INTERRUPT_NOTICE, "Interrupt received.")
    os.kill(process.pid, signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert (tmp_path / "signals").read_text() == "SIGINT SIGINT"


def test_ignored_interrupt_stays_ignored(fake: Path, tmp_path: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process = start(fake, tmp_path)
    finally:
        signal.signal(signal.SIGINT, before)
    read_until(process, "started")
    os.kill(process.pid, signal.SIGINT)
    os.kill(process.pid, signal.SIGTERM)
    _, rest = process.communicate(timeout=60)
    assert process.returncode == 130
    assert rest.count(INTERRUPT_NOTICE) == 1


def test_interrupt_that_only_terraform_heeds_is_an_interrupt(fake: Path, tmp_path: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process = start(fake, tmp_path)
    finally:
        signal.signal(signal.SIGINT, before)
    read_until(process, "started")
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130


@pytest.mark.terraform
def test_interrupted_apply_saves_its_state_and_the_next_one_continues(tmp_path: Path) -> None:
    binary = shutil.which("terraform")
    assert binary, "this test needs terraform on PATH"
    (tmp_path / "main.tf").write_text(
        'resource "terraform_data" "first" {}\n'
        'resource "terraform_data" "second" {\n'
        "  input = terraform_data.first.id\n"
        '  provisioner "local-exec" {\n'
        '    command = "test -e go || sleep 60"\n'
        "  }\n"
        "}\n"
    )
    terraform = Terraform(Path(binary), tmp_path, {"TF_CLI_CONFIG_FILE": None})
    terraform.init()
    terraform.plan(tmp_path / "p")
    process = start(Path(binary), tmp_path)
    read_until(process, "terraform_data.second: creating")
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130
    assert "terraform_data.first" in terraform.state_list()
    assert not (tmp_path / ".terraform.tfstate.lock.info").exists()
    (tmp_path / "go").touch()
    assert terraform.plan(tmp_path / "p") is True
    rows = terraform.show_json(tmp_path / "p")["resource_changes"]
    changes = {row["address"]: row["change"]["actions"] for row in rows}
    assert changes["terraform_data.first"] == ["no-op"]
    terraform.apply(tmp_path / "p")
    assert terraform.plan(tmp_path / "p") is False
