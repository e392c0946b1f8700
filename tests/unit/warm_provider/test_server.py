"""Connections get providers of their own, and none of it outlives whoever started it."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import grpc
import psutil
import pytest

from harness.warm_provider import WarmProvider, WarmProviderError, installed_provider, wanted, warm_provider
from harness.warm_provider.start import reattach

from .fake_provider import SCHEMA, entry, field

pytestmark = pytest.mark.processes

ROOT = Path(__file__).parents[3]
HOST = "registry.terraform.io"


def write_provider(folder: Path, text: str) -> Path:
    """Put a program where terraform init puts the provider."""
    binary = (
        folder / ".terraform" / "providers" / HOST / "hashicorp" / "aws" / "5.100.0" / "any" / "terraform-provider-aws"
    )
    binary.parent.mkdir(parents=True)
    binary.write_text(text, encoding="utf-8")
    binary.chmod(0o755)
    (folder / "main.tf").write_text('resource "aws_used" "this" {}', encoding="utf-8")
    return binary


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    fake = Path(__file__).with_name("fake_provider.py")
    write_provider(tmp_path, f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" "{fake}" "$@"\n')
    return tmp_path


@pytest.fixture
def warm(folder: Path) -> Iterator[WarmProvider]:
    started = warm_provider(folder, folder, {})
    yield started
    started.stop()


@pytest.fixture
def connect(warm: WarmProvider) -> Iterator[Callable[[], "Connection"]]:
    opened: list[Connection] = []

    def make() -> Connection:
        opened.append(Connection(warm))
        return opened[-1]

    yield make
    for connection in opened:
        connection.close()


class Connection:
    """Call as terraform does: one channel, with go-plugin's stream open as long as it lasts."""

    def __init__(self, warm: WarmProvider) -> None:
        address = warm.reattach["TF_REATTACH_PROVIDERS"].split('"String": "')[1].split('"')[0]
        # Channels to one address share a connection unless they may not.
        self.channel = grpc.insecure_channel(address, options=[("grpc.use_local_subchannel_pool", 1)])
        self.end = iter(())
        self.stream = self.channel.stream_stream("/plugin.GRPCBroker/StartStream")(self._silence())

    def _silence(self) -> Iterator[bytes]:
        while not hasattr(self, "closed"):
            time.sleep(0.05)
        yield from ()

    def call(self, method: str, request: bytes = b"") -> bytes:
        answer: bytes = self.channel.unary_unary(f"/tfplugin5.Provider/{method}")(request, timeout=20)
        return answer

    def close(self) -> None:
        self.closed = True
        self.channel.close()


def test_each_connection_has_a_process_and_the_next_one_gets_it(connect: Callable[[], Connection]) -> None:
    one, two = connect(), connect()
    first, second = one.call("ReadResource"), two.call("ReadResource")
    assert first != second
    assert one.call("PlanResourceChange") == first
    one.close()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        three = connect()
        if three.call("ReadResource") == first:
            return
        three.close()
    pytest.fail("no later connection got the process of the one that ended")


def test_the_schema_is_trimmed(connect: Callable[[], Connection]) -> None:
    kept = field(1, b"provider") + field(2, entry("aws_used")) + field(3, entry("aws_used"))
    assert connect().call("GetSchema") == kept != SCHEMA


def test_the_providers_error_reaches_terraform(connect: Callable[[], Connection]) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        connect().call("ReadResource", b"refuse")
    assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert caught.value.details() == "refused"


def test_an_unknown_service_is_unimplemented(warm: WarmProvider) -> None:
    channel = Connection(warm).channel
    with pytest.raises(grpc.RpcError) as caught:
        channel.unary_unary("/plugin.GRPCController/Shutdown")(b"", timeout=20)
    assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_a_server_serves_as_long_as_nothing_has_changed(warm: WarmProvider, folder: Path) -> None:
    assert warm.serves({}, folder)
    assert not warm.serves({"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, folder)
    (folder / "more.tf").write_text('resource "aws_another" "this" {}')
    assert not warm.serves({}, folder)
    warm.process.kill()
    warm.process.wait()
    (folder / "more.tf").unlink()
    assert not warm.serves({}, folder)


def family(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def gone(processes: list[psutil.Process]) -> bool:
    """Tell whether all have ended within ten seconds; one that only its parent has not waited for has ended."""
    deadline = time.monotonic() + 10
    while any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_stop_ends_server_and_providers_and_leaves_no_socket(folder: Path) -> None:
    sockets = folder / "sockets"
    sockets.mkdir()
    started = warm_provider(folder, folder, {"TMPDIR": str(sockets)})
    processes = family(started.process.pid)
    assert len(processes) > 1
    assert [*sockets.iterdir()]
    started.stop()
    assert gone(processes)
    assert [*sockets.iterdir()] == []


@pytest.mark.parametrize("killed", ["owner", "server"])
def test_no_provider_outlives_a_kill(folder: Path, killed: str) -> None:
    script = f"""
        import time
        from pathlib import Path
        from harness.warm_provider import warm_provider
        print(warm_provider(Path({str(folder)!r}), Path({str(folder)!r}), {{}}).process.pid, flush=True)
        time.sleep(60)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ) as owner:
        assert owner.stdout is not None
        server = int(owner.stdout.readline())
        processes = family(server)
        assert len(processes) > 1
        os.kill(owner.pid if killed == "owner" else server, signal.SIGKILL)
        assert gone(processes)
        owner.kill()


def test_a_provider_that_ends_at_once_is_reported_with_the_log(tmp_path: Path) -> None:
    write_provider(tmp_path, "#!/bin/sh\nexit 1\n")
    with pytest.raises(WarmProviderError, match=r"must be ready within 30 s; got provider: .*without a word.*=0"):
        warm_provider(tmp_path, tmp_path, {})


def test_another_protocol_is_refused(folder: Path) -> None:
    with pytest.raises(WarmProviderError, match="must speak protocol 5; got 6"):
        warm_provider(folder, folder, {"FAKE_PROTOCOL": "6"})


def test_a_folder_without_provider_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WarmProviderError, match="must hold one AWS provider after terraform init; got 0"):
        installed_provider(tmp_path)


def test_the_variable_is_the_one_that_terraform_documents() -> None:
    assert reattach(f"{HOST}/hashicorp/aws", 7, 80) == {
        "TF_REATTACH_PROVIDERS": '{"registry.terraform.io/hashicorp/aws": {"Protocol": "grpc", "ProtocolVersion": 5, '
        '"Pid": 7, "Test": true, "Addr": {"Network": "tcp", "String": "127.0.0.1:80"}}}'
    }


def test_the_user_can_switch_it_off() -> None:
    assert wanted({})
    assert wanted({"TAGRAIL_WARM_PROVIDER": "1"})
    assert not wanted({"TAGRAIL_WARM_PROVIDER": "0"})
