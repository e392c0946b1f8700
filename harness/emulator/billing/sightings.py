"""Which tag keys the resources and accounts of an organization carry, and when billing has seen them.

A key appears for activation up to 24 hours after a resource that carries it was there; here exactly 24 hours after
somebody first looked: docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html. moto's creation times
do not serve, since a resource may be tagged long after it was made.
"""

import datetime
from collections.abc import Iterator

from moto.organizations.models import organizations_backends

from harness.emulator.clock import DAY
from harness.emulator.inventory import resources

# docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/account-tags-cost-allocation.html
ACCOUNT_TAG = "accountTag/"


class Sightings:
    """Hold since when keys are carried that billing has not noticed since."""

    def __init__(self) -> None:
        """Start without having looked."""
        self.looked: datetime.datetime | None = None
        self._since: dict[str, datetime.datetime] = {}
        self._values: dict[str, set[str]] = {}

    def look(self, payer_id: str, now: datetime.datetime) -> None:
        """Note the keys that are carried now; one that is gone was billed all the same."""
        self.looked = now
        for key, value in _carried(payer_id):
            self._since.setdefault(key, now)
            self._values.setdefault(key, set()).add(value)

    def take_ripe(self, now: datetime.datetime) -> Iterator[tuple[str, datetime.datetime, tuple[str, ...]]]:
        """Yield and forget each key that billing has noticed by now: when it did, and the key's values."""
        for key, since in list(self._since.items()):
            if now - since >= DAY:
                del self._since[key]
                yield key, since + DAY, tuple(sorted(self._values.pop(key)))


def account_tags(payer_id: str, account_id: str) -> dict[str, str]:
    """Return the tags of a member account, by the keys under which cost allocation knows them."""
    for account in organizations_backends[payer_id]["aws"].accounts:
        if account.id == account_id:
            return {f"{ACCOUNT_TAG}{key}": value for key, value in account.tags.items()}
    return {}


def _carried(payer_id: str) -> Iterator[tuple[str, str]]:
    """Yield the tags that users set on the resources and accounts of an organization, or of an account alone."""
    ids = [account.id for account in organizations_backends[payer_id]["aws"].accounts] or [payer_id]
    for account_id in ids:
        yield from account_tags(payer_id, account_id).items()
        for resource in resources(account_id):
            yield from ((key, value) for key, value in resource.tags.items() if not key.startswith("aws:"))
