"""Start one AWS provider that waits for connections, and end it: `-debug` lets it serve many terraform runs."""

import asyncio
import json
import re
from dataclasses import dataclass
from pathlib import Path

import grpc.aio

START_SECONDS = 20

_REATTACH = re.compile(rb"TF_REATTACH_PROVIDERS='(.*)'")
# The shell ends the provider when our end of its standard input closes, however this process ends, and removes the
# folder of the provider's socket. It lets go of its output, so that a provider that ends at once is noticed.
_SCRIPT = """
folder=$(mktemp -d) || exit 1
TMPDIR="$folder" "$0" -debug </dev/null &
exec >/dev/null
read -r _
kill -9 $!
rm -rf "$folder"
"""
_ANY_SIZE = (("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1))


class ProviderStartError(Exception):
    """Report that a provider did not say where it listens."""


@dataclass(frozen=True, slots=True)
class ProviderProcess:
    """Hold a provider that runs: its shell, and a channel to it."""

    shell: asyncio.subprocess.Process
    channel: grpc.aio.Channel

    async def call(self, method: str, request: bytes) -> bytes:
        """Return the provider's answer, both as protobuf messages.

        Raises: grpc.RpcError when the provider answers with an error or is gone.
        """
        answer: bytes = await self.channel.unary_unary(f"/tfplugin5.Provider/{method}")(request)
        return answer

    async def stop(self) -> None:
        """End the provider. Raises: nothing."""
        await self.channel.close()
        assert self.shell.stdin is not None  # noqa: S101 (narrowing for mypy: opened as a pipe)
        self.shell.stdin.close()
        await self.shell.wait()


async def start_provider(binary: Path) -> ProviderProcess:
    """Return a provider that listens, in a session of its own, so that Ctrl-C does not reach it.

    Raises: ProviderStartError when it does not say within 20 s where it listens, or speaks another protocol than 5.
    """
    shell = await asyncio.create_subprocess_exec(
        "/bin/sh",
        "-c",
        _SCRIPT,
        str(binary),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        address = await asyncio.wait_for(_address(shell), START_SECONDS)
    except TimeoutError as error:
        raise ProviderStartError(f"{binary}: must say within {START_SECONDS} s where it listens") from error
    return ProviderProcess(shell, grpc.aio.insecure_channel(address, options=_ANY_SIZE))


async def _address(shell: asyncio.subprocess.Process) -> str:
    assert shell.stdout is not None  # noqa: S101 (narrowing for mypy: opened as a pipe)
    async for line in shell.stdout:
        if match := _REATTACH.search(line):
            ((_, found),) = json.loads(match[1]).items()
            if found["ProtocolVersion"] != 5:
                raise ProviderStartError(f"provider: must speak protocol 5; got {found['ProtocolVersion']}")
            place = found["Addr"]
            return f"unix:{place['String']}" if place["Network"] == "unix" else str(place["String"])
    raise ProviderStartError("provider: must say where it listens; it ended without a word")
