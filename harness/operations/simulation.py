"""Simulate requests on the accounts of an environment: one that is described by options, or many from a file."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import Field

from harness.documents import partition_of
from harness.environment import Environment
from harness.errors import InputError, TagrailError
from harness.operations.rules import Governance
from harness.organization import Account
from harness.policy.actions import actions_of, find_action
from harness.policy.json_text import shown
from harness.policy.request import Request, is_session, role_arn
from harness.policy.resource_types import types_of_arn
from harness.policy.simulation import Simulation, simulate
from harness.regions import region_fault
from harness.spelling import nearest
from harness.strict_model import StrictModel, Strings, build
from harness.yaml_source import read_source

_PRINCIPAL = re.compile(r"arn:[a-z-]+:(iam|sts)::\d{12}:(role|user|root|assumed-role|federated-user)(/[^*?]+)?")
_ARN = re.compile(r"arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]*:(\d{12}|aws)?:[^*?]+")


class RequestEntry(StrictModel):
    """Describe one request of a file."""

    account: str
    action: str
    region: str | None = None
    tags: dict[str, str] = Field({}, description="Tags of the request.")
    untag: Strings = ()
    principal: str | None = None
    resource: str | None = None
    resource_tags: dict[str, str] | None = None
    context: dict[str, str] = Field({}, description="Further condition keys.")


class RequestFile(StrictModel):
    """Hold a file of requests."""

    requests: tuple[RequestEntry, ...] = Field(strict=False)


def read_requests(path: Path) -> tuple[RequestEntry, ...]:
    """Return the requests of a YAML file `requests: [{account, action, tags, ...}]`.

    Raises: InputError naming line and fault; OSError when it cannot be read.
    """
    source = read_source(path, str(path))
    found, problems = build(RequestFile, source)
    if found is None or problems:
        raise InputError(problems)
    if not found.requests:
        raise InputError([source.problem(("requests",), "must hold at least 1 request; got none. Do add one")])
    faults = [
        source.problem(("requests", index, name), message)
        for index, entry in enumerate(found.requests)
        for name, message in _faults(entry)
    ]
    if faults:
        raise InputError(faults)
    return found.requests


def check_request(entry: RequestEntry) -> None:
    """Refuse a request of options that cannot be. Raises: TagrailError naming every option at fault."""
    faults = [f"--{name}: {message}" for name, message in _faults(entry)]
    if faults:
        raise TagrailError("\n".join(faults))


def _faults(entry: RequestEntry) -> Iterator[tuple[str, str]]:
    """Yield the field and the fault of what a typing error would make another request of."""
    if find_action(entry.action) is None:
        guess = nearest(entry.action, actions_of(entry.action.lower().partition(":")[0]))
        repair = guess or " Do write it as ec2:RunInstances"
        got = shown(entry.action)
        yield "action", f"must be one action of the Service Authorization Reference; got {got}.{repair}"
    if entry.region is not None and (fault := region_fault(entry.region)):
        yield "region", fault
    if entry.principal is not None and not _PRINCIPAL.fullmatch(entry.principal):
        form = "arn:aws:iam::111122223333:role/deployer"
        yield "principal", f"must be the ARN of a role or user; got {shown(entry.principal)}. Do write it as {form}"
    elif entry.principal is not None and is_session(entry.principal):
        role = role_arn(entry.principal)
        rule = f"must be the ARN of the role, since that of a session has not its path; got {shown(entry.principal)}"
        yield "principal", f"{rule}. Do write it as {role}, with the path of the role before its name"
    if entry.resource is not None:
        yield from (("resource", message) for message in _resource_faults(entry.action, entry.resource))


def _resource_faults(action_name: str, resource: str) -> Iterator[str]:
    action = find_action(action_name)
    if not _ARN.fullmatch(resource):
        form = "arn:aws:ec2:eu-central-1:111122223333:instance/i-1"
        yield f"must be the ARN of one resource; got {shown(resource)}. Do write it as {form}"
    elif action and not types_of_arn(action.resources, resource):
        kinds = ", ".join(sorted({use.type for use in action.resources if use.arn})) or "none: the action knows none"
        rule = f"must be the ARN of a resource that {action.id} touches ({kinds})"
        yield f"{rule}; got {shown(resource)}. Do correct it, or leave it out"


def run_simulations(
    governance: Governance, environment: Environment, entries: Sequence[RequestEntry]
) -> Iterator[tuple[str, Simulation]]:
    """Yield the account's name and the outcome of each request.

    Raises: TagrailError for an account that is not known, or a policy that cannot be read; KeyError for an action that
    is not known.
    """
    for entry, account in zip(entries, _accounts(governance, entries), strict=True):
        found = find_action(entry.action)
        request = Request(
            action=found.id if found else entry.action,
            account_id=account.id,
            region=entry.region or environment.regions.home,
            partition=partition_of(environment.regions.home),
            principal_arn=entry.principal or "",
            tags=entry.tags,
            untagged=entry.untag,
            resource=entry.resource or "",
            resource_tags=entry.resource_tags,
            context=entry.context,
        )
        yield account.name, simulate(request, governance.rules(account))


def _accounts(governance: Governance, entries: Sequence[RequestEntry]) -> Sequence[Account]:
    """Return the account of each request. Raises: TagrailError naming every account that is not known."""
    found: list[Account] = []
    faults: dict[str, None] = {}
    for entry in entries:
        try:
            found.append(governance.organization.account(entry.account))
        except TagrailError as error:
            faults[str(error)] = None
    if faults:
        raise TagrailError("\n".join(faults))
    return found


def parse_pairs(option: str, pairs: Iterable[str]) -> Mapping[str, str]:
    """Return the pairs of a repeatable option KEY=VALUE.

    >>> parse_pairs("--tag", ["team=ml=x"])
    {'team': 'ml=x'}

    Raises: TagrailError for one without a sign of equality, or a key that is given twice.
    """
    found: dict[str, str] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key:
            raise TagrailError(f'{option}: must be KEY=VALUE; got "{pair}". Do write it as {option} team=ml')
        if key in found:
            raise TagrailError(f'{option}: must name each key once; got "{key}" again. Do remove one')
        found[key] = value
    return found
