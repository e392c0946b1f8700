"""Ask CloudTrail in each account who made the resources that lack a key of the owners' file."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from harness.audit.model import AuditResource
from harness.operations.progress import say
from harness.operations.repair_accounts import EnteredAccounts
from harness.policy.arn import arn_type
from harness.repair.applying import Place, grouped
from harness.repair.audit_folder import AuditFolder
from harness.repair.creators import Creator, Owners, creator_of, creator_proofs, names_of
from harness.repair.model import Proof
from harness.repair.pace import GivenUpError
from harness.repair.planning import REPAIRED
from harness.repair.proofs import ProofsByKey
from harness.repair.services import region_of
from harness.state.reading import at_once

_CLOUDTRAIL = "cloudtrail"


def find_creators(owners: Owners, entered: EnteredAccounts, read: AuditFolder) -> ProofsByKey:
    """Return proofs by who made a resource, for what an audit found of the keys in the owners' file.

    An account that cannot be asked is said on stderr and proves nothing. Raises: TagrailError for wrong AWS settings.
    """
    broken = [one for one in read.findings if one.rule in REPAIRED and one.key in owners.owners]
    wanted = {one.arn: read.resources[one.arn] for one in broken if one.arn in read.resources}
    by_account = grouped(wanted.values(), lambda one: one.account)
    say(f"asking CloudTrail who made {len(wanted)} resources")
    found: dict[tuple[str, str], list[Proof]] = {}
    for creators in at_once(lambda account: _creators(by_account[account], entered), by_account).values():
        for arn, creator in creators.items():
            for key, proof in creator_proofs(owners, creator).items():
                found[arn, key] = [proof]
    return found


def _creators(resources: list[AuditResource], entered: EnteredAccounts) -> dict[str, Creator]:
    account = resources[0].account
    if closed := entered.enter(account):
        say(f"creators in account {account}: {closed}")
        return {}
    found: dict[str, Creator] = {}
    for resource in resources:
        place = Place(account, region_of(resource.arn, resource.region), _CLOUDTRAIL)
        try:
            creator = _creator(resource, entered, place)
        except GivenUpError as error:
            say(f"creators in account {account}, {place.region}: could not be read: {error.reason}")
            break
        if creator:
            found[resource.arn] = creator
    return found


def _creator(resource: AuditResource, entered: EnteredAccounts, place: Place) -> Creator | None:
    client = entered.client(place)
    for name in names_of(resource):
        records = [json.loads(event["CloudTrailEvent"]) for event in _events(client, entered, place, name)]
        if creator := creator_of(records, arn_type(resource.arn).service):
            return creator
    return None


def _events(client: Any, entered: EnteredAccounts, place: Place, name: str) -> Iterator[dict[str, Any]]:
    pace = entered.paces(place.account).of(_CLOUDTRAIL)
    by_name = [{"AttributeKey": "ResourceName", "AttributeValue": name}]
    more: dict[str, str] = {}
    while True:
        page = pace.call(partial(client.lookup_events, LookupAttributes=by_name, **more))
        yield from page["Events"]
        if not page.get("NextToken"):
            return
        more = {"NextToken": page["NextToken"]}
