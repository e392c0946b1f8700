"""Serve warm AWS providers to terraform until standard input ends: `python -m harness.warm_provider.server`."""

import argparse
import asyncio
import json
import sys
from collections.abc import Collection
from pathlib import Path

import grpc.aio

from harness.warm_provider.provider_process import ProviderStartError, start_provider
from harness.warm_provider.proxy import Pool, Proxy
from harness.warm_provider.schema import trim_schema

_ANY_SIZE = (("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1))


async def serve(binary: Path, names: Collection[str]) -> None:
    """Print the port as a JSON line once terraform can connect, and end with standard input.

    Raises: ProviderStartError.
    """
    pool = Pool(lambda: start_provider(binary))
    try:
        await pool.prepare(1)
        provider = await pool.of("schema")
        schema = trim_schema(await provider.call("GetSchema", b""), names)
        pool.release("schema")
        server = grpc.aio.server(options=_ANY_SIZE)
        server.add_generic_rpc_handlers((Proxy(pool, schema),))
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        print(json.dumps({"port": port}), flush=True)  # noqa: T201 (the starter reads it)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        await server.stop(0)
    finally:
        await pool.stop()


def main() -> None:
    """Read the command line and serve. Raises: SystemExit when no provider starts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--provider", type=Path, required=True)
    parser.add_argument("names", nargs="*", help="types and functions that the configuration uses")
    arguments = parser.parse_args()
    try:
        asyncio.run(serve(arguments.provider, arguments.names))
    except ProviderStartError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
