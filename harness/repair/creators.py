"""Find who made a resource, by CloudTrail, and whose it is, by a file that gives owners by principal.

docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html: events of 90 days, by resource name.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import Field

from harness.audit.model import AuditResource
from harness.errors import InputError
from harness.repair.model import Proof
from harness.repair.proofs import CREATOR
from harness.strict_model import StrictModel, build
from harness.yaml_source import read_source

_MAKES = re.compile(r"(Create|Run|Put|Start|Register|Allocate|Import|Request|Launch)")


class Owners(StrictModel):
    """Give values by principal: key -> pattern of a principal's ARN -> value; the first pattern that fits counts."""

    version: Literal[1]
    owners: dict[str, dict[str, str]] = Field(description="Key of the dictionary -> ARN of a principal, * -> value.")


class Creator(NamedTuple):
    """Hold who made a resource, by which call, when (ISO 8601)."""

    principal: str
    call: str
    time: str


def load_owners(path: Path, keys: Iterable[str]) -> Owners:
    """Return the owners of a file. Raises: InputError with every problem of the file."""
    source = read_source(path, str(path))
    found, problems = build(Owners, source)
    known = set(keys)
    unknown = [key for key in found.owners if key not in known] if found else []
    problems += tuple(
        source.problem(("owners", key), f'must be a key of the dictionary; got "{key}". Do correct it')
        for key in unknown
    )
    if found is None or problems:
        raise InputError(problems)
    return found


def creator_of(records: Iterable[Mapping[str, Any]], service: str) -> Creator | None:
    """Return who made what the records of CloudTrail are about, None where they do not show it. Raises: nothing.

    The first successful call of the resource's own service counts, whose name says that it makes something; what AWS
    did by itself shows nobody.
    """
    calls = [record for record in records if _makes(record, service)]
    if not calls:
        return None
    first = min(calls, key=lambda record: str(record.get("eventTime", "")))
    identity = first["userIdentity"]
    issuer = ((identity.get("sessionContext") or {}).get("sessionIssuer") or {}).get("arn")
    principal = str(issuer or identity.get("arn", ""))
    return Creator(principal, str(first["eventName"]), str(first.get("eventTime", ""))) if principal else None


def _makes(record: Mapping[str, Any], service: str) -> bool:
    identity = record.get("userIdentity") or {}
    return (
        bool(_MAKES.match(str(record.get("eventName", ""))))
        and str(record.get("eventSource", "")).removesuffix(".amazonaws.com") == service
        and not record.get("errorCode")
        and identity.get("type") != "AWSService"
    )


def creator_proofs(owners: Owners, creator: Creator) -> dict[str, Proof]:
    """Return the proofs that follow from who made a resource, by key. Raises: nothing."""
    found = {}
    for key, by_principal in owners.owners.items():
        value = next((value for form, value in by_principal.items() if fnmatchcase(creator.principal, form)), None)
        if value is not None:
            said = f"made by {creator.principal} ({creator.call}, {creator.time})"
            found[key] = Proof(value, CREATOR, said)
    return found


def names_of(resource: AuditResource) -> Sequence[str]:
    """Return what CloudTrail may know a resource by, likeliest first. Raises: nothing."""
    last = re.split(r"[:/]", resource.arn)[-1]
    return tuple(dict.fromkeys(name for name in (last, resource.name, resource.arn) if name))
