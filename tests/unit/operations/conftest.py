"""A session whose files lie in a folder of the test's own, and a server in the place of AWS."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from harness.operations.session import Session
from harness.project import load_project
from harness.targets.aws import make_aws_target

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def aws_session(tmp_path: Path) -> Session:
    """A session on AWS to which nothing is sent."""
    project = load_project(ROOT, ["prod"])
    return Session(
        tmp_path, "prod", project.dictionary, project.environments["prod"], make_aws_target("eu-central-1"), None
    )


Answer = Callable[[str, bytes], tuple[int, bytes]]


@pytest.fixture
def serve_aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Answer], None]]:
    """A function that sends what goes to AWS to another one: operation and body -> status and body."""
    listeners: list[ThreadingHTTPServer] = []

    def serve(answer: Answer) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                target = self.headers.get("X-Amz-Target")
                operation = target.split(".")[1] if target else parse_qs(body.decode())["Action"][0]
                status, content = answer(operation, body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        listeners.append(listener)
        threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{listener.server_port}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setattr("harness.targets.model._ATTEMPTS", {"aws": 1})  # each further one waits

    yield serve
    for listener in listeners:
        listener.shutdown()
        listener.server_close()
