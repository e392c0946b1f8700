"""Simulate requests on the accounts of an environment: one that is described by options, or many from a file."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import Field

from harness.documents import partition_of
from harness.environment import Environment
from harness.errors import InputError, TagrailError
from harness.operations.rules import Governance
from harness.policy.actions import actions_of, find_action
from harness.policy.request import Request
from harness.policy.resource_types import types_of_arn
from harness.policy.simulation import Simulation, simulate
from harness.strict_model import StrictModel, Strings, build, nearest
from harness.yaml_source import read_source


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
    return found.requests


def run_simulations(
    governance: Governance, environment: Environment, entries: Iterable[RequestEntry]
) -> Iterator[tuple[str, Simulation]]:
    """Yield the account's name and the outcome of each request.

    Raises: TagrailError for an account or action that is not known, or a policy that cannot be read.
    """
    for entry in entries:
        account = governance.organization.account(entry.account)
        request = Request(
            action=_action(entry.action),
            account_id=account.id,
            region=entry.region or environment.regions.home,
            partition=partition_of(environment.regions.home),
            principal_arn=entry.principal or "",
            tags=entry.tags,
            untagged=entry.untag,
            resource=_resource(entry),
            resource_tags=entry.resource_tags,
            context=entry.context,
        )
        yield account.name, simulate(request, governance.rules(account))


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


def _resource(entry: RequestEntry) -> str:
    action = find_action(entry.action)
    if not entry.resource or action is None:
        return ""
    if not types_of_arn(action.resources, entry.resource):
        kinds = ", ".join(sorted({use.type for use in action.resources if use.arn})) or "none: the action knows none"
        rule = f"must be the ARN of a resource that {action.id} touches ({kinds})"
        raise TagrailError(f'resource: {rule}; got "{entry.resource}". Do correct it, or leave it out')
    return entry.resource


def _action(name: str) -> str:
    action = find_action(name)
    if action is None:
        guess = nearest(name, actions_of(name.lower().partition(":")[0])) or " Do write it as ec2:RunInstances"
        raise TagrailError(f'action "{name}": must be an action of the Service Authorization Reference.{guess}')
    return action.id
