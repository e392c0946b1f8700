"""A provider that speaks terraform's protocol 5: its schema has two types, and it answers any call with its pid."""

import asyncio
import json
import os
import sys

import grpc
import grpc.aio

from harness.warm_provider.wire import field


def entry(name: str) -> bytes:
    return field(1, name.encode()) + field(2, b"schema")


SCHEMA = (
    field(1, b"provider") + field(2, entry("aws_used")) + field(2, entry("aws_unused")) + field(3, entry("aws_used"))
)


class Answers(grpc.GenericRpcHandler):
    def service(self, call: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        return grpc.unary_unary_rpc_method_handler(self.schema if call.method.endswith("/GetSchema") else self.pid)

    async def schema(self, _request: bytes, _context: object) -> bytes:
        return SCHEMA

    async def pid(self, request: bytes, context: grpc.aio.ServicerContext) -> bytes:
        if request == b"refuse":
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, "refused")
        return str(os.getpid()).encode()


async def serve(protocol: int) -> None:
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((Answers(),))
    place = {"Network": "tcp", "String": f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"}
    await server.start()
    reattach = {"registry.terraform.io/hashicorp/aws": {"ProtocolVersion": protocol, "Addr": place}}
    sys.stdout.write(f"\tTF_REATTACH_PROVIDERS='{json.dumps(reattach)}'\n")
    sys.stdout.flush()
    await server.wait_for_termination()


if __name__ == "__main__":
    assert sys.argv[1:] == ["-debug"]
    asyncio.run(serve(int(os.environ.get("FAKE_PROTOCOL", "5"))))
