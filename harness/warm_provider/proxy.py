"""Stand between terraform and the AWS providers: each of terraform's connections gets a provider process of its own.

Terraform connects once for each provider configuration. A provider process holds one configuration only: if two aliases
shared it, the resources of both would land in the region of the last one.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import grpc
import grpc.aio

from harness.warm_provider.ids import list_ids
from harness.warm_provider.provider_process import ProviderProcess
from harness.warm_provider.settle import APPLY, CONFIGURE, Settler, configured_region

Start = Callable[[], Awaitable[ProviderProcess]]

_PROVIDER = "/tfplugin5.Provider/"
_SCHEMA = "GetSchema"
# What go-plugin, terraform's library for plugins, calls besides: a stream that lasts as long as the connection.
_CONNECTION = "/plugin.GRPCBroker/StartStream"


class Pool:
    """Lend provider processes to connections; a process that was given back serves the next one."""

    def __init__(self, start: Start) -> None:
        """Start nothing yet."""
        self._start = start
        self._held: dict[str, asyncio.Future[ProviderProcess]] = {}
        self._free: list[ProviderProcess] = []

    async def of(self, connection: str) -> ProviderProcess:
        """Return the process of this connection. Raises: ProviderStartError."""
        if connection not in self._held:
            self._held[connection] = asyncio.ensure_future(self._take())
        return await asyncio.shield(self._held[connection])

    def release(self, connection: str) -> None:
        """Take the process of a connection that has ended. Raises: nothing."""
        held = self._held.pop(connection, None)
        if held is not None and held.done() and not held.cancelled() and held.exception() is None:
            self._free.append(held.result())

    async def prepare(self, count: int) -> None:
        """Start as many processes ahead, side by side. Raises: ProviderStartError."""
        self._free += await asyncio.gather(*(self._start() for _ in range(count)))

    async def stop(self) -> None:
        """End all processes. Raises: nothing."""
        for connection in list(self._held):
            self.release(connection)
        await asyncio.gather(*(process.stop() for process in self._free))

    async def _take(self) -> ProviderProcess:
        return self._free.pop() if self._free else await self._start()


class Proxy(grpc.GenericRpcHandler):  # type: ignore[misc]
    """Answer terraform: schema from memory, waits cut short, everything else from the connection's provider."""

    def __init__(self, pool: Pool, schema: bytes) -> None:
        """Take the processes and the answer to GetSchema."""
        self._pool, self._schema = pool, schema
        self._settlers: dict[str, Settler] = {}

    def service(self, call: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        """Return the handler of a method; None for one that is not there, which gRPC answers as unimplemented."""
        if call.method == _CONNECTION:
            return grpc.stream_stream_rpc_method_handler(self._connection)
        if call.method.startswith(_PROVIDER):
            return grpc.unary_unary_rpc_method_handler(partial(self._answer, call.method.removeprefix(_PROVIDER)))
        return None

    async def _answer(self, method: str, request: bytes, context: grpc.aio.ServicerContext) -> bytes:
        if method == _SCHEMA:
            return self._schema
        try:
            provider = await self._pool.of(context.peer())
            if method == CONFIGURE:
                ids = partial(list_ids, region=configured_region(request))
                self._settlers[context.peer()] = Settler(provider.call, ids)
            if method == APPLY and context.peer() in self._settlers:
                return await self._settlers[context.peer()].apply(request)
            return await provider.call(method, request)
        except grpc.aio.AioRpcError as error:
            await context.abort(error.code(), error.details() or "")
            raise

    async def _connection(self, _requests: object, context: grpc.aio.ServicerContext) -> None:
        try:
            while await context.read() is not grpc.aio.EOF:
                pass
        finally:
            self._settlers.pop(context.peer(), None)
            self._pool.release(context.peer())
