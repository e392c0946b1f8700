"""Keep management events that change something, by account and region.

docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html. Reads and data events, which CloudTrail
keeps in no history, are not kept. Events of global services stand in us-east-1:
docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html
"""

import datetime
import json
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.core.utils import get_service_model

from harness.emulator.arn_types import identity
from harness.emulator.clock import stamp, unix_time, utcnow
from harness.emulator.enforcement.call import Call

HOME = "us-east-1"
_GLOBAL = frozenset({"budgets", "ce", "cloudfront", "iam", "organizations", "route53", "sts"})
_READS = re.compile(r"(AssumeRole|BatchGet|Describe|Get|Head|List|Lookup|Query|Scan|Search|Select)")
_DATA = re.compile(
    r"(dynamodb:(Batch|Delete|Put|Update)(Write)?Item|lambda:Invoke|s3:(Copy|Delete|Put)Objects?$|s3:.*(Part|Upload)$|"
    r"sns:Publish|sqs:.*Message|.*:TransactWriteItems)"
)
_ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d*:[^\"<>\s,\\]+")
_EC2_ID = re.compile(r"\b[a-z]+(?:-[a-z]+)*-[0-9a-f]{17}\b")
_NAME = re.compile(r"(Name|Id|Arn|ARN|Identifier|Bucket)$")


@dataclass(frozen=True, slots=True)
class Event:
    """Hold one event; `time` is UTC without zone, `principal` the ARN of who called, `resources` names and ARNs."""

    name: str
    source: str
    time: datetime.datetime
    principal: str
    resources: tuple[str, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    access_key: str = ""
    read_only: bool = False
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def username(self) -> str:
        """Return the name of the user, or of the role's session."""
        return self.principal.rpartition("/")[2]

    def describe(self, account_id: str, region: str) -> dict[str, Any]:
        """Return AWS's Event with the record of CloudTrail as text. Raises: nothing."""
        kind = "AssumedRole" if ":assumed-role/" in self.principal else "IAMUser"
        record = {
            "eventVersion": "1.09",
            "userIdentity": {"type": kind, "arn": self.principal, "accountId": account_id},
            "eventTime": stamp(self.time),
            "eventSource": self.source,
            "eventName": self.name,
            "awsRegion": region,
            "requestParameters": self.parameters,
            "eventID": self.id,
            "readOnly": self.read_only,
            "managementEvent": True,
            "recipientAccountId": account_id,
        }
        return {
            "EventId": self.id,
            "EventName": self.name,
            "ReadOnly": "true" if self.read_only else "false",
            "AccessKeyId": self.access_key,
            "EventTime": unix_time(self.time),
            "EventSource": self.source,
            "Username": self.username,
            "Resources": [{"ResourceType": _type(name), "ResourceName": name} for name in self.resources],
            "CloudTrailEvent": json.dumps(record, default=str),
        }


_events: dict[tuple[str, str], list[Event]] = {}


def add_events(account_id: str, region: str, events: Iterable[Event]) -> None:
    """Keep events of an account and region. Raises: nothing."""
    _events.setdefault((account_id, region), []).extend(events)


def events_of(account_id: str, region: str) -> list[Event]:
    """Return the events of an account and region, the newest first. Raises: nothing."""
    return sorted(_events.get((account_id, region), ()), key=lambda event: event.time, reverse=True)


def changes(call: Call) -> bool:
    """Tell whether a call changes something of which CloudTrail keeps an event. Raises: nothing."""
    return not (_READS.match(call.operation) or _DATA.match(f"{call.prefix}:{call.operation}"))


def record(call: Call, answer: bytes, access_key: str) -> None:
    """Keep the event of a call that was carried out. Raises: nothing."""
    region = HOME if call.service in _GLOBAL else call.region
    event = Event(
        name=call.operation,
        source=_source(call.service),
        time=utcnow(),
        principal=call.principal_arn,
        resources=tuple(dict.fromkeys(_named(call, answer.decode("utf-8", "replace")))),
        parameters=call.parameters,
        access_key=access_key,
    )
    add_events(call.account_id, region, [event])


def _named(call: Call, answer: str) -> Iterator[str]:
    """Yield what a call names: the ARNs and ids in request and answer, and the names of the request."""
    asked = json.dumps(call.parameters, default=str)
    yield from (arn for arn in _ARN.findall(f"{asked} {answer}") if ":iam:" not in arn or call.prefix == "iam")
    if call.prefix == "ec2":
        yield from _EC2_ID.findall(f"{asked} {answer}")
    yield from (
        value for name, value in call.parameters.items() if isinstance(value, str) and value and _NAME.search(name)
    )


def _source(service: str) -> str:
    prefix = str(get_service_model(service).endpoint_prefix).removeprefix("api.")
    return f"{prefix}.amazonaws.com"


def _type(name: str) -> str:
    kind = identity(name)[0] if name.startswith("arn:") else ""
    return kind if kind.startswith("AWS::") else ""
