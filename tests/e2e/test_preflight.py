"""`apply --env prod` with the wrong caller stops with exit code 2, and nothing is sent after preflight."""

import os
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs

import pytest

IDENTITY = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::999999999999:user/stranger</Arn><UserId>AIDA</UserId><Account>999999999999</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>"""


class StrangerAccount(BaseHTTPRequestHandler):
    """Answer sts:GetCallerIdentity with an account that env.yaml does not name, and note every operation."""

    operations: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        target = self.headers.get("X-Amz-Target", "")
        self.operations.append(target or parse_qs(body)["Action"][0])
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.end_headers()
        self.wfile.write(IDENTITY.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Say nothing."""


@pytest.fixture
def stranger() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), StrangerAccount)
    StrangerAccount.operations.clear()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def apply_prod(tagrail: Any, monkeypatch: pytest.MonkeyPatch, **environment: str) -> tuple[int, str]:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    hermetic = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    done = tagrail("apply", "--env", "prod", "--yes", **hermetic, AWS_EC2_METADATA_DISABLED="true", **environment)
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert not list(tagrail.root.glob("envs/prod/.terraform")), "terraform must not have run"
    return done.returncode, done.stderr


KEYS = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example"}


def test_without_credentials(tagrail: Any, monkeypatch: pytest.MonkeyPatch, stranger: str) -> None:
    code, errors = apply_prod(tagrail, monkeypatch, AWS_ENDPOINT_URL=stranger)
    assert code == 2
    assert errors.startswith("error: AWS credentials: must be found")
    assert StrangerAccount.operations == []


def test_with_another_accounts_credentials(tagrail: Any, monkeypatch: pytest.MonkeyPatch, stranger: str) -> None:
    code, errors = apply_prod(tagrail, monkeypatch, AWS_ENDPOINT_URL=stranger, **KEYS)
    assert code == 2
    assert "222200000003; got 999999999999 (arn:aws:iam::999999999999:user/stranger)" in errors
    assert StrangerAccount.operations == ["GetCallerIdentity"]


def test_with_an_unreachable_endpoint(tagrail: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    code, errors = apply_prod(tagrail, monkeypatch, AWS_ENDPOINT_URL=f"http://127.0.0.1:{port}", **KEYS)
    assert code == 2
    assert f"http://127.0.0.1:{port}" in errors
    assert "must answer sts:GetCallerIdentity" in errors


def test_usage_errors(tagrail: Any) -> None:
    assert tagrail("apply", "--env", "nowhere").returncode == 2
    assert tagrail("apply", "--target", "moon").returncode == 2
