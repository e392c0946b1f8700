"""Send requests to a JSON API over HTTP(S), with the standard library: a job makes three of them."""

import json
import time
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from harness.errors import TagrailError

_TIMEOUT_SECONDS = 30
_PAUSES_SECONDS = (1, 3)
_PASSING = frozenset({429, 500, 502, 503, 504})
_REFUSALS = frozenset({401, 403, 404})
_LONGEST_ANSWER = 50_000_000  # bytes; a page of 100 comments has at most a tenth


_CHECK = "Do look whether the service answers there, then run the job again"


class _PassingError(TagrailError):
    """Report what a second attempt may not meet."""


def _opener() -> OpenerDirector:
    """Return an opener that follows no redirect: the token would go to whatever host it names."""
    made = OpenerDirector()
    for handler in (ProxyHandler, HTTPHandler, HTTPSHandler, HTTPDefaultErrorHandler, HTTPErrorProcessor):
        made.add_handler(handler())
    return made


_OPENER = _opener()


class Api:
    """Reach one API; `secret` headers go with every request and into no message."""

    def __init__(self, base: str, secret: Mapping[str, str], refused: str) -> None:
        """Keep the base URL, the headers, and what to do when they are refused.

        Raises: TagrailError when the URL is not http(s).
        """
        if not base.startswith(("https://", "http://")):
            raise TagrailError(f'{base}: must be an http(s) address; got "{base}". Do correct the variable')
        self._base, self._secret, self._refused = base.rstrip("/"), secret, refused

    def call(self, method: str, path: str, body: object = None) -> Any:
        """Return the answer's JSON. What is safe to repeat is tried three times.

        Raises: TagrailError naming method, path, and what the service said.
        """
        for pause in () if method == "POST" else _PAUSES_SECONDS:
            try:
                return self._send(method, path, body)
            except _PassingError:
                time.sleep(pause)
        return self._send(method, path, body)

    def rows(self, path: str) -> list[dict[str, Any]]:
        """Return a list of objects. Raises: TagrailError as `call` does, and for another answer."""
        found = self.call("GET", path)
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise TagrailError(f"GET {self._base}{path}: must be a list of objects; got {str(found)[:80]}. {_CHECK}")
        return found

    def own_id(self, path: str) -> int:
        """Return the id in an object. Raises: TagrailError as `call` does, and for another answer."""
        found = self.call("GET", path)
        if not isinstance(found, dict) or not isinstance(found.get("id"), int):
            raise TagrailError(f"GET {self._base}{path}: must have an id; got {str(found)[:80]}. {_CHECK}")
        return int(found["id"])

    def _send(self, method: str, path: str, body: object) -> Any:
        content = None if body is None else json.dumps(body).encode()
        headers = {"Accept": "application/json", "Content-Type": "application/json", "User-Agent": "tagrail"}
        request = Request(self._base + path, content, {**headers, **self._secret}, method=method)  # noqa: S310 (__init__)
        where = f"{method} {self._base}{path}: must be answered"
        try:
            with _OPENER.open(request, timeout=_TIMEOUT_SECONDS) as answer:
                return json.loads(answer.read(_LONGEST_ANSWER))
        except HTTPError as error:
            kind = _PassingError if error.code in _PASSING else TagrailError
            repair = self._refused if error.code in _REFUSALS else _CHECK
            raise kind(f"{where}; got HTTP {error.code}: {_said(error)}. {repair}") from error
        except (OSError, HTTPException) as error:
            said = getattr(error, "reason", "") or error
            raise _PassingError(f"{where}; got {said}. {_CHECK}") from error
        except ValueError as error:
            raise TagrailError(f"{where} in JSON; got another text. {_CHECK}") from error


def _said(error: HTTPError) -> str:
    """Return the service's own message, one line, at most 200 characters."""
    text = error.read(10_000).decode("utf-8", "replace")
    try:
        parsed = json.loads(text)
    except ValueError:
        parsed = None
    if isinstance(parsed, dict):
        text = str(parsed.get("message") or parsed.get("error") or text)
    return " ".join((text or error.reason).split())[:200]
