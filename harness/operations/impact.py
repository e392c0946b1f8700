"""Measure whom an environment's policies would hit if every target were enforced, before they are."""

import datetime
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from harness.emulator.seed import load_seed
from harness.errors import TagrailError
from harness.impact.cloudtrail import Records, create_calls, read_events
from harness.impact.judgement import Impact, TaggedResource, judge_impact
from harness.operations.progress import say
from harness.operations.rules import Governance, enforced, read_live, with_rendered
from harness.operations.session import Session
from harness.policy.simulation import Rules
from harness.tag_pairs import tags_of
from harness.targets.refusals import repair_of, said

DAYS = (
    90  # as far back as LookupEvents knows: docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
)


@dataclass(frozen=True, slots=True)
class Sources:
    """Say where create calls and resources come from.

    Calls: files of records, and days of LookupEvents in the payer (0 = none). Resources: a snapshot of all accounts,
    else what the payer's account lists.
    """

    files: tuple[Path, ...] = ()
    lookup_days: int = 0
    snapshot: Path | None = None


def measure_impact(session: Session, sources: Sources) -> tuple[Impact, Governance]:
    """Return whom enforcing every target would hit, and the organisation.

    Raises: TagrailError for what cannot be read.
    """
    live = read_live(session)
    before = with_rendered(live, session.dictionary, session.environment)
    after = with_rendered(live, session.dictionary, enforced(session.environment))
    found, resources = read_calls(session, sources), read_resources(session, sources)
    return judge_impact(found.calls, resources, rules_by_id(before), rules_by_id(after)), live


def read_calls(session: Session, sources: Sources) -> Records:
    """Return the create calls of the sources. Raises: TagrailError for what cannot be read."""
    records = [record for file in sources.files for record in read_events(file)]
    records += _looked_up(session, sources.lookup_days)
    found = create_calls(records)
    say(f"read create calls: {len(found.calls)}, beside {found.others} other records")
    return found


def read_resources(session: Session, sources: Sources) -> tuple[TaggedResource, ...]:
    """Return the tagged resources of a snapshot's accounts, or of the payer's. Raises: TagrailError, OSError."""
    resources = tuple(_resources(session) if sources.snapshot is None else _recorded(sources.snapshot))
    accounts = len({resource.account_id for resource in resources})
    say(f"read tagged resources: {len(resources)} in {accounts} account{'' if accounts == 1 else 's'}")
    return resources


def _recorded(snapshot: Path) -> Iterator[TaggedResource]:
    seed, _ = load_seed(snapshot)
    for group in seed.tagged_resources:
        account = seed.account_id(group.account)
        yield from (TaggedResource(arn, account, group.tags) for arn in group.arns)


def rules_by_id(governance: Governance) -> Callable[[str], Rules | None]:
    """Return a function from account id to its rules, None for an account that the organisation does not have."""
    accounts = {account.id: account for account in governance.organization.accounts}

    @cache
    def rules(account_id: str) -> Rules | None:
        account = accounts.get(account_id)
        return governance.rules(account) if account else None

    return rules


def _looked_up(session: Session, days: int) -> list[Mapping[str, Any]]:
    if not days:
        return []
    if not 1 <= days <= DAYS:
        raise TagrailError(
            f"--lookup: must be 1 to {DAYS} days, as far as CloudTrail looks back; got {days}. Do ask for less"
        )
    start = datetime.datetime.now(tz=datetime.UTC) - datetime.timedelta(days=days)
    found: list[Mapping[str, Any]] = []
    for region in session.regions():
        client = session.target.client("cloudtrail", region)
        writes = [{"AttributeKey": "ReadOnly", "AttributeValue": "false"}]
        pages = client.get_paginator("lookup_events").paginate(StartTime=start, LookupAttributes=writes)
        found += _answered(
            (json.loads(event["CloudTrailEvent"]) for page in pages for event in page["Events"]),
            "cloudtrail:LookupEvents",
        )
    return found


def _resources(session: Session) -> Iterator[TaggedResource]:
    for region in session.regions():
        pages = session.target.client("resourcegroupstaggingapi", region).get_paginator("get_resources").paginate()
        for found in _answered((one for page in pages for one in page["ResourceTagMappingList"]), "tag:GetResources"):
            tags = tags_of(found["Tags"])
            yield TaggedResource(found["ResourceARN"], session.environment.payer_account_id, tags)


def _answered(items: Iterable[Any], permission: str) -> Sequence[Any]:
    """Return the items; a refusal of AWS says which permission is missing."""
    try:
        return list(items)
    except (ClientError, BotoCoreError) as error:
        raise TagrailError(
            f"{permission}: must be answered; got {said(error)}. {repair_of(error, permission)}"
        ) from error
