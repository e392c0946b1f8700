"""The organisation of envs/local/organization.yaml, read without the emulator: what account and unit names mean."""

from functools import cache

import yaml

from harness.organization import Account, Organization
from tests.contracts.case import FOLDER

SEED = FOLDER.parent.parent / "envs/local/organization.yaml"


@cache
def seeded_organization() -> Organization:
    """Return the organisation that the emulator of `local` begins with."""
    data = yaml.safe_load(SEED.read_text(encoding="utf-8"))["organization"]
    accounts = tuple(
        Account(row["id"], row["name"], row.get("parent", ""), row.get("status", "ACTIVE")) for row in data["accounts"]
    )
    return Organization(
        id=data["id"],
        root_id=data["root_id"],
        management_account_id=accounts[0].id,
        policy_types=frozenset(data["policy_types"]),
        units={row["path"]: row["id"] for row in data["organizational_units"]},
        accounts=accounts,
    )
