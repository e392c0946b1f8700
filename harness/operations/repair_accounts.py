"""Reach the accounts of a session for a repair: enter each by a role once, give its clients and its paces."""

from threading import Lock
from typing import Any

from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, ClientError

from harness.documents import partition_of
from harness.environment import repair_role_name
from harness.operations.audit_role import named_role_arn
from harness.operations.session import Session
from harness.repair.applying import Accounts, Place
from harness.repair.pace import Paces
from harness.repair.tag_api import TagApi, make_api
from harness.targets.refusals import said
from harness.targets.role import assume_role

_SESSION_NAME = "tagrail-repair"


class EnteredAccounts:
    """Hold credentials and paces by account; used by one thread for each account at a time."""

    def __init__(self, session: Session, role: str | None) -> None:
        """Enter nothing yet, by a role or that of env.yaml; without either only the payer is reached."""
        self._session, self._role = session, role or repair_role_name(session.environment)
        self._known: dict[str, Credentials | None] = {session.environment.payer_account_id: None}
        self._paces: dict[str, Paces] = {}
        self._lock = Lock()  # to make a client is not safe in several threads, to use one is

    def accounts(self) -> Accounts:
        """Return how a repair reaches accounts. Raises: nothing."""
        return Accounts(self.enter, self.api)

    def enter(self, account: str) -> str:
        """Return why an account cannot be entered, "" once it is. Raises: nothing of AWS's."""
        if account in self._known:
            return ""
        if self._role is None:
            repair = "Do name one with --role, or ask for audit_role.repair in env.yaml"
            return f"no role was named to enter member accounts by. {repair}"
        home = self._session.environment.regions.home
        arn = named_role_arn(self._role, account, partition_of(home))
        try:
            with self._lock:
                sts = self._session.target.client("sts", home)
            self._known[account] = assume_role(sts, arn, _SESSION_NAME)
        except (ClientError, BotoCoreError) as error:
            return f"the account could not be entered by {arn}: {said(error)}"
        return ""

    def api(self, place: Place) -> TagApi:
        """Return the API of a place in an account that was entered. Raises: TagrailError for wrong AWS settings."""
        client = self.client(place)
        return make_api(place.service, client, self.paces(place.account).of(place.service))

    def paces(self, account: str) -> Paces:
        """Return the paces of an account. Raises: nothing."""
        return self._paces.setdefault(account, Paces())

    def client(self, place: Place) -> Any:
        """Return a client that sends each call once: tries again are the pace's. Raises: TagrailError as `api`."""
        from botocore.config import Config  # noqa: PLC0415 (boto3's own takes a tenth of a second)

        once = Config(retries={"total_max_attempts": 1, "mode": "standard"})
        with self._lock:
            target = self._session.target
            return target.client(place.service, place.region, config=once, credentials=self._known[place.account])
