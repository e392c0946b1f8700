"""Give boto3 clients of the accounts that an audit reads: each entered by a role, once.

Ctrl-C ends every call at its next attempt, so that nobody waits for what boto3 would still try.
"""

import threading
from collections.abc import Callable, Collection
from typing import Any, NoReturn, Protocol

from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, ClientError

from harness.errors import TagrailError
from harness.targets.refusals import kind_of_word, repair_of, said, word_of

# boto3 slows down by itself where AWS throttles, each client for itself:
# boto3.amazonaws.com/v1/documentation/api/latest/guide/retries.html
CALM = Config(retries={"mode": "adaptive", "total_max_attempts": 10}, max_pool_connections=2)
# What keeps the caller itself from every account: to go on would make a gap of each, and call that an audit. In one
# region a service may be unreachable since it is not there; STS is where the environment is at home.
_CALLERS = frozenset({"absent", "expired"})
_ENTERING = _CALLERS | {"unusable", "unreachable"}


class Payer(Protocol):
    """Give boto3 clients of the payer account, or with credentials of another one."""

    def client(
        self, service: str, region: str, *, config: Config | None = None, credentials: Credentials | None = None
    ) -> Any:
        """Return a boto3 client."""
        ...


class Stopped(Exception):  # noqa: N818 (no error)
    """Tell a thread that nobody wants what it reads any more."""


class Clients:
    """Make clients in any account, for several threads; `enter` gives credentials of a member account."""

    def __init__(self, payer: Payer, payer_id: str, enter: Callable[[str], Credentials], stop: threading.Event) -> None:
        """Enter nothing yet; once `stop` is set, calls raise Stopped."""
        self._payer = payer
        self._payer_id = payer_id
        self._enter = enter
        self._stop = stop
        self._entered: dict[str, Credentials] = {}
        self._entering: dict[str, threading.Lock] = {}
        self._making = threading.Lock()  # making a client is not safe in several threads, using one is

    def client(self, service: str, region: str, account: str = "") -> Any:
        """Return a client in an account, of the payer where none is named or it is the payer.

        Raises: as `enter`.
        """
        credentials = None if account in ("", self._payer_id) else self.enter(account)
        with self._making:
            client = self._payer.client(service, region, config=CALM, credentials=credentials)
        client.meta.events.register("before-send", self._check)  # each attempt, botocore/endpoint.py
        return client

    def enter(self, account: str) -> Credentials:
        """Return credentials of a member account, the same ones each time.

        Raises: ClientError, BotoCoreError as boto3 does; TagrailError where the caller's own are no good any more.
        """
        with self._entering.setdefault(account, threading.Lock()):
            found = self._entered.get(account)
            if found is None:
                self._check()
                try:
                    found = self._enter(account)
                except (ClientError, BotoCoreError) as error:
                    refuse_callers(error, _ENTERING)
                    raise
                self._entered[account] = found
            return found

    def _check(self, **_: object) -> None:
        if self._stop.is_set():
            raise Stopped


def refuse_callers(error: ClientError | BotoCoreError, kinds: Collection[str] = _CALLERS) -> None:
    """Raise for what keeps the caller itself from AWS, and nothing else.

    Raises: TagrailError saying how to go on.
    """
    if kind_of_word(word_of(error)) in kinds:
        _broken_off(error)


def _broken_off(error: ClientError | BotoCoreError) -> NoReturn:
    repair = repair_of(error, "sts:AssumeRole")
    raise TagrailError(
        f"AWS credentials: must be good for all of the audit; got {said(error)}. {repair}, then add --resume"
    ) from error
