"""Read CloudTrail's records as the create calls that they are, whatever file or API they come from.

docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html. Request parameters
begin with a small letter there, and EC2's lists stand below `items`.
"""

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.errors import TagrailError
from harness.policy.actions import find_action, service_prefix
from harness.policy.request_tags import RequestTags, request_tags

# Lambda writes CreateFunction20150331, and versions such as v2.
_DATED = re.compile(r"\d{8}(v\d+)?$")
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class CreateCall:
    """Hold one call that made something: when (ISO 8601), in which account and region, by whom, with which tags."""

    time: str
    action: str
    account_id: str
    region: str
    principal_arn: str
    tags: RequestTags = field(repr=False)


@dataclass(frozen=True, slots=True)
class Records:
    """Hold the create calls of some records, and how many were left aside: reads, failures, calls by AWS itself."""

    calls: tuple[CreateCall, ...]
    others: int


def read_events(path: Path) -> list[Mapping[str, Any]]:
    """Return the records of a file: `{"Records": [...]}`, a list, `{"Events": [...]}` of LookupEvents, or one a line.

    Gzip is recognised. Raises: TagrailError for what is none of these; OSError when it cannot be read.
    """
    content = path.read_bytes()
    try:
        text = (gzip.decompress(content) if content.startswith(_GZIP) else content).decode("utf-8")
        return list(_records(text))
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        rule = "must hold CloudTrail records as JSON: Records, Events, a list, or one a line"
        raise TagrailError(f"{path}: {rule}; got {error}. Do pass a log file of CloudTrail") from error


def create_calls(records: list[Mapping[str, Any]]) -> Records:
    """Return the calls that made something and took tags, or could have. Raises: nothing."""
    calls = [call for record in records if (call := _call(record))]
    return Records(tuple(calls), len(records) - len(calls))


def _records(text: str) -> Iterator[Mapping[str, Any]]:
    try:
        body = json.loads(text)
    except json.JSONDecodeError:
        yield from (json.loads(line) for line in text.splitlines() if line.strip())
        return
    if isinstance(body, dict) and "Events" in body:
        yield from (json.loads(event["CloudTrailEvent"]) for event in body["Events"])
    elif isinstance(body, dict) and "eventName" in body:
        yield body
    else:
        found = body["Records"] if isinstance(body, dict) else body
        yield from (dict(record) for record in found)


def _call(record: Mapping[str, Any]) -> CreateCall | None:
    identity = record.get("userIdentity") or {}
    by_aws = identity.get("type") == "AWSService" or identity.get("invokedBy", "").endswith(".amazonaws.com")
    if record.get("errorCode") or by_aws or str(record.get("readOnly", False)).lower() == "true":
        return None
    source = str(record.get("eventSource", "")).removesuffix(".amazonaws.com")
    name = _DATED.sub("", str(record.get("eventName", "")))
    action = find_action(f"{service_prefix(source)}:{name}")
    if action is None or not action.tags_on_create or "Tagging" in action.access:
        return None
    issuer = ((identity.get("sessionContext") or {}).get("sessionIssuer") or {}).get("arn")
    return CreateCall(
        time=str(record.get("eventTime", "")),
        action=action.id,
        account_id=str(record.get("recipientAccountId") or identity.get("accountId", "")),
        region=str(record.get("awsRegion", "us-east-1")),
        principal_arn=str(issuer or identity.get("arn", "")),
        tags=request_tags(_parameters(record.get("requestParameters") or {})),
    )


def _parameters(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters in the form of the API: `tagSpecificationSet: {items: [...]}` is `TagSpecifications: [...]`."""
    found = {}
    for name, item in value.items():
        whole = item["items"] if isinstance(item, Mapping) and set(item) == {"items"} else item
        if name == "tagSpecificationSet" and isinstance(whole, list):
            found["TagSpecifications"] = [
                {"ResourceType": each.get("resourceType", ""), "Tags": each.get("tags", [])} for each in whole
            ]
        else:
            found[name] = whole
    return found
