"""What billing refuses is repaired by what it said, and a running backfill is found on any page of the history."""

import datetime
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from harness.errors import TagrailError
from harness.operations import Session, backfill

NOW = datetime.datetime(2026, 7, 10, tzinfo=datetime.UTC)
OLD = {"BackfillStatus": "SUCCEEDED", "RequestedAt": "2026-01-01T00:00:00Z"}
RUNNING = {"BackfillStatus": "PROCESSING", "RequestedAt": "2026-07-09T00:00:00Z"}


@dataclass
class Billing:
    """Answer the history page by page, and a start with an error."""

    pages: list[list[dict[str, str]]] = field(default_factory=lambda: [[]])
    error: str = ""

    def answer(self, operation: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if operation == "ListCostAllocationTagBackfillHistory":
            number = int(request.get("NextToken", 0))
            following = {"NextToken": str(number + 1)} if number + 1 < len(self.pages) else {}
            return 200, {"BackfillRequests": self.pages[number], **following}
        return 400, {"__type": self.error, "Message": "no"}


@pytest.fixture
def billing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Billing]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, content = fake.answer(self.headers["X-Amz-Target"].split(".")[1], request)
            text = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            pass

    fake = Billing()
    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{listener.server_port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr("harness.targets.model._ATTEMPTS", {"aws": 1})
    yield fake
    listener.shutdown()
    listener.server_close()


def refusal(session: Session) -> str:
    with pytest.raises(TagrailError) as refused:
        backfill(session, "2026-06", lambda _: True, NOW)
    return str(refused.value)


@pytest.mark.parametrize(
    ("code", "repair"),
    [
        ("BackfillLimitExceededException", "Do wait for the end of the one before"),
        ("LimitExceededException", "Do try again in a few minutes"),
        ("ThrottlingException", "Do try again in a few minutes"),
        ("AccessDeniedException", "Do add ce:StartCostAllocationTagBackfill to the caller's permissions"),
        ("ExpiredTokenException", "Do log in again"),
        ("UnrecognizedClientException", "Do use keys that exist"),
        ("ValidationException", "Do try again, or look at the status of the service"),
    ],
)
def test_each_refusal_has_its_own_repair(aws_session: Session, billing: Billing, code: str, repair: str) -> None:
    billing.error = code
    assert refusal(aws_session).startswith(f"backfill: must be accepted by billing; got {code}: no. {repair}")


def test_a_running_backfill_is_found_on_a_later_page(aws_session: Session, billing: Billing) -> None:
    billing.pages = [[OLD], [OLD], [RUNNING]]
    assert refusal(aws_session) == "backfill: must be the only one; one from 2026-07-09 00:00 runs. Do wait for its end"
