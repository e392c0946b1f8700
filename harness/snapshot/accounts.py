"""Read what lies in the accounts: tagged resources by ARN and tags alone, and whether AWS Config records there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from botocore.credentials import Credentials

from harness.state import UNASKED, Unreadable
from harness.state.reading import read_each
from harness.tag_pairs import tags_of

RESERVED = "aws:"
_AT_ONCE = 16  # accounts whose clients are held at a time

Place = tuple[str, str]
Tags = tuple[tuple[str, str], ...]
Progress = Callable[[str], object]


class Payer(Protocol):
    """Give boto3 clients of the payer account, or with credentials of another one."""

    def client(self, service: str, region: str, *, credentials: Credentials | None = None) -> Any:
        """Return a boto3 client."""
        ...


@dataclass(frozen=True, slots=True)
class Recorder:
    """Hold the recorder of one account and region; no bucket where there is no delivery channel."""

    bucket_name: str | None
    recording: bool


@dataclass(slots=True)
class Accounts:
    """Hold what was read, by account and region; `None` is an account's region without a recorder."""

    resources: dict[Place, Mapping[str, Tags] | Unreadable] = field(default_factory=dict)
    recorders: dict[Place, Recorder | Unreadable | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reader:
    """Say how accounts are read: `enter` gives credentials of a member account, and is None where nobody may enter."""

    payer: Payer
    payer_id: str
    regions: tuple[str, ...]
    enter: Callable[[str], Credentials] | None
    resources: bool


def read_accounts(reader: Reader, account_ids: Sequence[str], progress: Progress) -> Accounts:
    """Return the resources and recorders of the accounts; the payer is read as it is, members are entered by a role.

    Raises: nothing of AWS's.
    """
    found = Accounts()
    for start in range(0, len(account_ids), _AT_ONCE):
        some = account_ids[start : start + _AT_ONCE]
        _read_some(reader, some, found)
        progress(f"read accounts: {start + len(some)} of {len(account_ids)}, {_count(found)} tagged resources")
    return found


def _read_some(reader: Reader, account_ids: Sequence[str], found: Accounts) -> None:
    members = [account for account in account_ids if account != reader.payer_id]
    entered: Mapping[str, Credentials | Unreadable] = read_each(reader.enter, members) if reader.enter else {}
    closed = Unreadable("no role was named to enter member accounts by (--role)", UNASKED)
    clients: dict[Place, tuple[Any, Any]] = {}
    for account in account_ids:
        identity = entered.get(account, closed) if account != reader.payer_id else None
        for region in reader.regions:
            if isinstance(identity, Unreadable):
                found.resources[account, region] = found.recorders[account, region] = identity
            else:  # clients are made here, one after another: making one is not safe in several threads, using one is
                tagging, config = (
                    reader.payer.client(service, region, credentials=identity)
                    for service in ("resourcegroupstaggingapi", "config")
                )
                clients[account, region] = tagging, config
    found.recorders |= read_each(lambda place: _recorder(clients[place][1]), clients)
    if reader.resources:
        found.resources |= read_each(lambda place: _resources(clients[place][0]), clients)
    else:
        unasked = Unreadable("nobody asked for resources (--no-resources)", UNASKED)
        places = [(account, region) for account in account_ids for region in reader.regions]
        found.resources |= dict.fromkeys(places, unasked)


def _resources(client: Any) -> Mapping[str, Tags]:
    """Return ARN -> tags of what is or was tagged, without AWS's own tags, which no tag policy can name.

    docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html: pages of at most 100, of fewer
    even where more follow, until there is no token.
    """
    pages = client.get_paginator("get_resources").paginate(ResourcesPerPage=100)
    found = {each["ResourceARN"]: each["Tags"] for page in pages for each in page["ResourceTagMappingList"]}
    for arn in found:
        if not arn.startswith("arn:"):
            raise ValueError(f'GetResources: must name resources by ARN; got "{arn}". Do look at it by hand')
    return {
        arn: tuple(sorted(tag for tag in tags_of(tags).items() if not tag[0].startswith(RESERVED)))
        for arn, tags in found.items()
    }


def _recorder(client: Any) -> Recorder | None:
    statuses = client.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
    channels = client.describe_delivery_channels()["DeliveryChannels"]
    if not statuses:
        return None
    bucket = channels[0].get("s3BucketName") if channels else None
    return Recorder(bucket, any(status["recording"] for status in statuses))


def _count(found: Accounts) -> int:
    return sum(len(each) for each in found.resources.values() if not isinstance(each, Unreadable))
