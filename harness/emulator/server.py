"""Run one emulator in this process: `python -m harness.emulator.server --seed envs/local/organization.yaml`.

moto learns its default account when its modules are imported, so the seed is read first and moto imported afterwards.
Exit codes: 0 after SIGTERM or SIGINT, 2 for a seed that does not hold or a port that is taken.
"""

import argparse
import importlib
import os
import select
import signal
import socket
import sys
import threading
import uuid
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from harness.emulator.process_state import KEEP
from harness.emulator.seed import load_seed
from harness.emulator.seed_model import CatalogItem, Seed
from harness.errors import TagrailError
from harness.yaml_source import Source

if TYPE_CHECKING:
    from harness.emulator.application import Application

# How long a client may take to close its connection once it has its answer.
_LINGER_SECONDS = 0.5
_EXTENSIONS = (
    "account.responses",
    "athena.responses",
    "billing.responses",
    "budgets.responses",
    "cloudtrail.responses",
    "config.responses",
    "data_exports.responses",
    "organizations.responses",
    "resource_explorer.responses",
    "sagemaker.responses",
    "servicecatalog.responses",
    "tagging.responses",
)


def main() -> int:
    """Serve until a signal ends the process; returns the exit code.

    Raises: nothing; expected errors go to stderr.
    """
    arguments = _arguments()
    try:
        return _run(arguments)
    except (TagrailError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 (this process is a command of its own)
        return 2


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="harness.emulator.server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--seed", type=Path, help="organisation, billing and resources to begin with")
    parser.add_argument("--catalog-item", action="append", default=[], help="REGION/ID that the payer has besides")
    parser.add_argument("--instance-id", default=None, help="identity on the health page")
    parser.add_argument("--socket", type=int, help="inherited listening socket, instead of --port")
    parser.add_argument("--supervised", action="store_true", help=f'end unless stdin says "{KEEP}" once it is ready')
    return parser.parse_args()


def _run(arguments: argparse.Namespace) -> int:
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    _isolate()
    if arguments.supervised:
        threading.Thread(target=_end_with_supervisor, daemon=True).start()
    loaded = _with_items(load_seed(arguments.seed.resolve()), arguments.catalog_item) if arguments.seed else None
    listening = socket.socket(fileno=arguments.socket) if arguments.socket else _listen(arguments.port)
    serve(listening, arguments.instance_id or uuid.uuid4().hex, loaded)
    print(f"ready on http://127.0.0.1:{listening.getsockname()[1]}", file=sys.stderr, flush=True)  # noqa: T201
    ended.wait()
    return 0


def _with_items(loaded: tuple[Seed, Source], places: list[str]) -> tuple[Seed, Source]:
    """Return a seed and its source with more portfolios and products, each `REGION/ID`."""
    seed, source = loaded
    more = (CatalogItem(region=region, id=identity) for region, identity in (place.split("/", 1) for place in places))
    return seed.model_copy(update={"catalog_items": (*seed.catalog_items, *more)}), source


def serve(listening: socket.socket, instance_id: str, loaded: tuple[Seed, Source] | None) -> "Application":
    """Serve on a listening socket in background threads and return once seeded.

    Raises: InputError when a resource of the seed cannot be made.
    """
    _import_moto(loaded[0].payer_id if loaded else None)
    from moto.moto_server.werkzeug_app import MotoRequestHandler  # noqa: PLC0415 (moto must learn the payer first)
    from werkzeug.serving import make_server  # noqa: PLC0415

    from harness.emulator.application import Application  # noqa: PLC0415
    from harness.emulator.seeding import apply_seed  # noqa: PLC0415

    class Handler(MotoRequestHandler):  # type: ignore[misc]  # moto is untyped here
        """Log no request that succeeded, since terraform sends thousands, and let clients close connections first.

        Go's HTTP client, on a busy machine, takes a connection that is closed right behind its answer for one that has
        none. Terraform then sends the request again, and what was created exists already.
        """

        def finish(self) -> None:
            select.select([self.connection], [], [], _LINGER_SECONDS)
            super().finish()

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            if str(code)[:1] == "5":
                super().log_request(code, size)

    application = Application(instance_id)
    host, port = listening.getsockname()[:2]
    server = make_server(host, port, application, threaded=True, request_handler=Handler, fd=listening.fileno())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    if loaded:
        apply_seed(*loaded, url=f"http://{host}:{port}")
    application.ready = True
    return application


def _isolate() -> None:
    """Answer alike whatever profile, region, proxy or moto setting the starter has."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "MOTO_"))]:
        del os.environ[name]
    os.environ |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise TagrailError(f"port {port}: must be free on 127.0.0.1; {error.strerror}. Do choose another") from error


def _import_moto(payer_id: str | None) -> None:
    """Import moto with the payer as the account of callers that are nobody in particular, and extend its services."""
    if payer_id:
        for module in ("moto.core", "moto.core.models"):
            vars(importlib.import_module(module))["DEFAULT_ACCOUNT_ID"] = payer_id
    for name in _EXTENSIONS:
        importlib.import_module(f"harness.emulator.{name}").install()


def _end_with_supervisor() -> None:
    """End at once when whoever starts this emulator dies before it took the emulator over."""
    if sys.stdin.readline().strip() != KEEP:
        os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
