"""Start the server that keeps providers warm, for the folder where terraform has been initialised."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from harness.errors import TagrailError
from harness.warm_provider.schema import used_names

SWITCH = "TAGRAIL_WARM_PROVIDER"
READY_SECONDS = 30

_PACKAGE_ROOT = Path(__file__).resolve().parent.parent.parent
_LOG_LINES = 5


class WarmProviderError(TagrailError):
    """Report that no provider could be kept warm; terraform can still start its own."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class WarmProvider:
    """Hold a server that runs until `stop`, or until this process ends, however it ends."""

    process: subprocess.Popen[bytes]
    reattach: Mapping[str, str]
    variables: Mapping[str, str | None]
    names: frozenset[str]

    def serves(self, variables: Mapping[str, str | None], configuration: Path) -> bool:
        """Tell whether the server still runs, with these variables and with every type that is in use now."""
        return self.process.poll() is None and self.variables == variables and used_names(configuration) <= self.names

    def stop(self) -> None:
        """End the server and its providers. Raises: nothing."""
        assert self.process.stdin is not None  # noqa: S101 (narrowing for mypy: opened as a pipe)
        self.process.stdin.close()
        self.process.wait()


def wanted(environ: Mapping[str, str]) -> bool:
    """Tell whether the user lets providers be kept warm: TAGRAIL_WARM_PROVIDER=0 says no."""
    return environ.get(SWITCH, "") not in {"0", "false", "no"}


def warm_provider(folder: Path, configuration: Path, variables: Mapping[str, str | None]) -> WarmProvider:
    """Return a running server for terraform in `folder`, with providers that see these environment variables.

    `configuration` is the folder whose files name every type in use, modules included. The server's log is
    `<folder>/.terraform/warm-provider.log`. One server serves one terraform run at a time.

    Raises: WarmProviderError when init has installed no provider, or the server is not ready within 30 s.
    """
    binary = installed_provider(folder)
    names = used_names(configuration)
    environ = {**os.environ, **variables, "PYTHONPATH": os.pathsep.join(_paths())}
    command = [sys.executable, "-m", "harness.warm_provider.server", "--provider", str(binary), *sorted(names)]
    log = folder / ".terraform" / "warm-provider.log"
    with log.open("wb") as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={name: value for name, value in environ.items() if value is not None},
            start_new_session=True,
        )
    assert process.stdout is not None  # noqa: S101 (narrowing for mypy: opened as a pipe)
    line = _first_line(process.stdout)
    if not line:
        process.kill()
        process.wait()
        said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-_LOG_LINES:]
        rule = f"warm provider: must be ready within {READY_SECONDS} s; got {' '.join(said) or 'nothing'} ({log})"
        raise WarmProviderError(f"{rule}. Do set {SWITCH}=0 to go without one")
    found = reattach(_address(binary), process.pid, json.loads(line)["port"])
    return WarmProvider(process, found, variables, names)


def installed_provider(folder: Path) -> Path:
    """Return the AWS provider that `terraform init` has put into the folder, in the version that the lock file names.

    Raises: WarmProviderError when there is not exactly one.
    """
    found = sorted(folder.glob(".terraform/providers/*/hashicorp/aws/*/*/terraform-provider-aws*"))
    if len(found) != 1:
        raise WarmProviderError(f"{folder}: must hold one AWS provider after terraform init; got {len(found)}")
    return found[0]


def reattach(address: str, pid: int, port: int) -> dict[str, str]:
    """Return the variable that sends terraform to a provider that runs already.

    Source: developer.hashicorp.com/terraform/plugin/debugging (TF_REATTACH_PROVIDERS).
    """
    place = {"Network": "tcp", "String": f"127.0.0.1:{port}"}
    provider = {"Protocol": "grpc", "ProtocolVersion": 5, "Pid": pid, "Test": True, "Addr": place}
    return {"TF_REATTACH_PROVIDERS": json.dumps({address: provider})}


def _address(binary: Path) -> str:
    """Return the provider's source address: <host>/hashicorp/aws."""
    host = binary.parents[4].name
    return f"{host}/hashicorp/aws"


def _first_line(stream: IO[bytes]) -> bytes:
    """Return the first line; empty when the stream ends or stays silent before."""
    ready, _, _ = select.select([stream], [], [], READY_SECONDS)
    return stream.readline() if ready else b""


def _paths() -> list[str]:
    return [str(_PACKAGE_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
