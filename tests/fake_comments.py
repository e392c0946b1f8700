"""A server that keeps comments as GitHub and GitLab do: their paths, pages of 100, authors, and nothing more."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

OURS, THEIRS = "github-actions[bot]", "mallory"
IDS = {OURS: 7, THEIRS: 8}


@dataclass
class Service:
    """Hold comments by id with author and text, the requests that came, and answers to give before any other."""

    url: str = ""
    comments: dict[int, tuple[str, str]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)

    def add(self, author: str, text: str) -> int:
        number = len(self.comments) + 1
        self.comments[number] = (author, text)
        return number

    def ours(self) -> list[str]:
        return [text for author, text in self.comments.values() if author == OURS]


class _Handler(BaseHTTPRequestHandler):
    service: Service

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "null")
        self.service.requests.append(f"{self.command} {parts.path}")
        self.service.tokens.add(self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN") or "")
        if self.service.answers:
            code, headers, content = self.service.answers.pop(0)
        else:
            code, headers, content = 200, {}, json.dumps(self._found(parts.path, parse_qs(parts.query), body)).encode()
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _found(self, path: str, query: dict[str, list[str]], body: Any) -> Any:
        if path == "/user":
            return {"id": IDS[OURS]}
        changed = re.fullmatch(r".*/(?:comments|notes)/(\d+)", path)
        if changed:
            self.service.comments[int(changed[1])] = (OURS, body["body"])
            return {}
        if self.command == "POST":
            return {"id": self.service.add(OURS, body["body"])}
        size, page = int(query["per_page"][0]), int(query["page"][0])
        rows = [
            {"id": number, "body": text, "user": {"login": author}, "author": {"id": IDS[author]}}
            for number, (author, text) in sorted(self.service.comments.items())
        ]
        return rows[size * (page - 1) : size * page]

    do_GET = do_POST = do_PATCH = do_PUT = _answer  # noqa: N815 (http.server's names)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serve() -> Iterator[Service]:
    """Yield a service that answers on loopback for the length of the block."""
    service = Service()
    handler = type("Handler", (_Handler,), {"service": service})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        service.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()
