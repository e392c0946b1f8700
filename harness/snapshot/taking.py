"""Take the whole snapshot: nodes, policies, billing keys, then account by account."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.credentials import Credentials

from harness.emulator.seed_model import (
    Account,
    Billing,
    CostAllocationTag,
    Organization,
    OrganizationalUnit,
    Seed,
    Unread,
)
from harness.organization import Organization as Tree
from harness.organization import ancestors
from harness.snapshot.accounts import Payer, Progress, Reader, read_accounts
from harness.snapshot.grouping import grouped_recorders, grouped_resources, unread_accounts
from harness.snapshot.policies import read_all_policies
from harness.snapshot.unread import unread
from harness.state import UNASKED, Unreadable, read_organization
from harness.state.reading import read, read_each
from harness.tag_pairs import tags_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """Say what to read: `regions` begins with the home region; `enter` gives credentials of a member account.

    `payer_recorder` is false where the environment makes the payer's recorder itself, so that none is there before.
    """

    payer_id: str
    regions: tuple[str, ...]
    today: datetime.date
    enter: Callable[[str], Credentials] | None = None
    resources: bool = True
    payer_recorder: bool = True


def take_snapshot(payer: Payer, wanted: Wanted, progress: Progress) -> Seed:
    """Return the seed of the organisation; what could not be read is named in `unreadable`, never taken for nothing.

    E-mail addresses of accounts are no part of it. `progress` gets a line for each part that has been read.
    Raises: ClientError, BotoCoreError as boto3 does when the tree of accounts cannot be read, without which there is no
    seed.
    """
    home = wanted.regions[0]
    client = payer.client("organizations", home)
    tree = read_organization(client)
    progress(f"read accounts of the organisation: {len(tree.accounts)}")
    organization, gaps = _organization(client, tree, wanted.payer_id)
    found = read_all_policies(client)
    progress(f"read policies: {len(found.policies)}")
    billing = read(partial(_cost_tags, payer.client("ce", home), wanted.today))
    active = [account.id for account in organization.accounts if account.status == "ACTIVE"]
    reader = Reader(payer, wanted.payer_id, wanted.regions, wanted.enter, wanted.resources)
    accounts = read_accounts(reader, active, progress)
    if not wanted.payer_recorder:
        accounts.recorders |= dict.fromkeys(((wanted.payer_id, region) for region in wanted.regions), None)
    gone = Unreadable("the account is not active", UNASKED)
    inactive = {account.id: gone for account in organization.accounts if account.status != "ACTIVE"}
    gaps += (*found.unread, *unread("tagged resources", inactive), *unread_accounts(accounts, active, wanted.regions))
    if isinstance(billing, Unreadable):
        gaps += unread("cost allocation tags", {"": billing})
    return Seed(
        version=1,
        taken=wanted.today,
        organization=organization,
        policies=found.policies,
        attachments=dict(found.attachments),
        billing=Billing(cost_allocation_tags=() if isinstance(billing, Unreadable) else billing),
        config_recorders=tuple(grouped_recorders(accounts)),
        tagged_resources=tuple(grouped_resources(accounts)),
        unreadable=gaps,
    )


def _organization(client: Any, tree: Tree, payer_id: str) -> tuple[Organization, tuple[Unread, ...]]:
    """Return the organization with the payer first, and what of it could not be read."""
    services = read(partial(_trusted_services, client))
    ids = [payer_id, *(account.id for account in tree.accounts if account.id != payer_id)]
    tags = read_each(partial(_tags, client), ids)
    known = {account.id: account for account in tree.accounts}
    gaps = unread("account tags", {one: each for one, each in tags.items() if isinstance(each, Unreadable)})
    if isinstance(services, Unreadable):
        gaps += unread("trusted services", {"": services})
    organization = Organization(
        id=tree.id,
        root_id=tree.root_id,
        policy_types=tuple(sorted(tree.policy_types)),
        trusted_services=() if isinstance(services, Unreadable) else services,
        organizational_units=tuple(_unit(path, tree) for path in sorted(tree.units)),
        accounts=tuple(
            Account(
                id=one,
                name=known[one].name,
                email=f"{one}@example.com",
                parent=known[one].unit,
                status=known[one].status,  # type: ignore[arg-type]  # AWS's own word
                tags={} if isinstance(held := tags[one], Unreadable) else held,
            )
            for one in ids
        ),
    )
    return organization, gaps


def _unit(path: str, tree: Tree) -> OrganizationalUnit:
    """Return a unit, with its name where that holds a slash: then what stands before the last one is no unit."""
    parent = next((above for above in ancestors(path) if above in tree.units), "")
    name = path.removeprefix(f"{parent}/") if parent else path
    return OrganizationalUnit(id=tree.units[path], path=path, name=name if "/" in name else "")


def _trusted_services(client: Any) -> tuple[str, ...]:
    pages = client.get_paginator("list_aws_service_access_for_organization").paginate()
    return tuple(sorted(found["ServicePrincipal"] for page in pages for found in page["EnabledServicePrincipals"]))


def _tags(client: Any, account_id: str) -> dict[str, str]:
    pages = client.get_paginator("list_tags_for_resource").paginate(ResourceId=account_id)
    return dict(sorted(tags_of(tag for page in pages for tag in page["Tags"]).items()))


def _cost_tags(client: Any, today: datetime.date) -> tuple[CostAllocationTag, ...]:
    """Return the keys that billing knows; dates are days before `today`, and what they were used for is not listed."""
    pages = client.get_paginator("list_cost_allocation_tags").paginate()
    return tuple(
        CostAllocationTag(
            key=found["TagKey"],
            status=found["Status"],
            type=found["Type"],
            last_used_days_ago=_days(found.get("LastUsedDate"), today),
            last_updated_days_ago=_days(found.get("LastUpdatedDate"), today),
        )
        for page in pages
        for found in sorted(page["CostAllocationTags"], key=lambda tag: (tag["TagKey"], tag["Type"]))
    )


def _days(date: str | None, today: datetime.date) -> int:
    return max(0, (today - datetime.date.fromisoformat(date[:10])).days) if date else 0
