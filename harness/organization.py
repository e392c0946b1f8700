"""Hold a snapshot of an AWS organisation, and find accounts and units in it by the names that people write."""

from collections.abc import Mapping
from dataclasses import dataclass

from harness.errors import TagrailError

ROOT = "root"


@dataclass(frozen=True, slots=True)
class Account:
    """Name one account; `unit` is the path of its organizational unit, empty at the root."""

    id: str
    name: str
    unit: str
    status: str = "ACTIVE"


@dataclass(frozen=True, slots=True)
class Organization:
    """Hold ids by path; `policy_types` are those enabled at the root."""

    id: str
    root_id: str
    management_account_id: str
    policy_types: frozenset[str]
    units: Mapping[str, str]
    accounts: tuple[Account, ...]

    def account(self, name_or_id: str) -> Account:
        """Return the account with this name or 12-digit id.

        Raises: TagrailError when there is none, or when several accounts share the name.
        """
        found = [account for account in self.accounts if name_or_id in (account.id, account.name)]
        if len(found) == 1:
            return found[0]
        if found:
            ids = ", ".join(account.id for account in found)
            raise TagrailError(f'account "{name_or_id}": must be unique; {ids} share the name. Do write the id instead')
        known = ", ".join(sorted(account.name for account in self.accounts))
        raise TagrailError(
            f'account "{name_or_id}": must exist in organisation {self.id}; known are {known}. Do correct the name'
        )

    def unit_id(self, path: str) -> str:
        """Return the id of the organizational unit at `path`.

        Raises: TagrailError when there is none.
        """
        if path in self.units:
            return self.units[path]
        known = ", ".join(sorted(self.units))
        rule = f"must exist in organisation {self.id}; known are {known}"
        raise TagrailError(f'organizational unit "{path}": {rule}. Do correct the path')


def ancestors(path: str) -> tuple[str, ...]:
    """Return the paths above a path of organizational units, nearest first, without the root.

    >>> ancestors("Workloads/Prod/Eu")
    ('Workloads/Prod', 'Workloads')
    """
    parts = path.split("/")
    return tuple("/".join(parts[:count]) for count in range(len(parts) - 1, 0, -1))
