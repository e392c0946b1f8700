"""Plan an environment as if nothing of it were there: on an emulator of its own, which ends with the plan.

A pull request is judged by such a plan. It holds every resource of the environment, however much of it is applied, and
needs no account, no snapshot and no seed.
"""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from harness.dictionary import Dictionary
from harness.documents import render_cost_allocation_tags
from harness.emulator.seed_model import (
    CONTROL_POLICY,
    TAG_POLICY,
    Account,
    Billing,
    CostAllocationTag,
    Organization,
    OrganizationalUnit,
    Seed,
)
from harness.environment import Environment, cost_accounts
from harness.operations.rehearsal import open_rehearsal
from harness.operations.session import Session
from harness.organization import ROOT, ancestors
from harness.project import load_project
from harness.snapshot import render_snapshot

_ROOT_ID = "r-tgrl"
_TRUSTED = (
    "config-multiaccountsetup.amazonaws.com",
    "config.amazonaws.com",
    "member.org.stacksets.cloudformation.amazonaws.com",
    "tagpolicies.tag.amazonaws.com",
)


@contextmanager
def open_fresh(root: Path, name: str) -> Iterator[Session]:
    """Yield a session on a new emulator whose organisation has what dictionary and env.yaml name, and nothing else.

    Raises: InputError for a faulty dictionary or environment; TagrailError as `open_rehearsal` does.
    """
    project = load_project(root, [name])
    seed = implied_seed(project.dictionary, project.environments[name])
    with tempfile.TemporaryDirectory(prefix="tagrail-") as folder:
        file = Path(folder) / "organization.yaml"
        file.write_text(render_snapshot(seed), encoding="utf-8")
        with open_rehearsal(project, name, file) as session:
            yield session


def implied_seed(dictionary: Dictionary, environment: Environment) -> Seed:
    """Return the smallest organisation that an environment can be planned in; billing has seen every key.

    Units and accounts are those that env.yaml and the dictionary name. Raises: nothing.
    """
    return Seed(
        version=1,
        organization=Organization(
            id=environment.organization_id,
            root_id=_ROOT_ID,
            policy_types=(TAG_POLICY, CONTROL_POLICY),
            trusted_services=_TRUSTED,
            organizational_units=tuple(_units(dictionary, environment)),
            accounts=tuple(_accounts(environment)),
        ),
        attachments={},
        billing=Billing(
            cost_allocation_tags=tuple(
                CostAllocationTag(key=key, status="Inactive") for key in _billed(dictionary, environment)
            )
        ),
    )


def _units(dictionary: Dictionary, environment: Environment) -> Iterator[OrganizationalUnit]:
    named = {*environment.tag_policy.organizational_units, *environment.guardrail.organizational_units}
    if environment.audit_role:
        named |= {path for path in environment.audit_role.organizational_units if path != ROOT}
    named |= {path for tag in dictionary.tags.values() for path in tag.values_by_ou}
    paths = named.union(*(ancestors(path) for path in named))
    for number, path in enumerate(sorted(paths), start=1):
        yield OrganizationalUnit(id=f"ou-{_ROOT_ID.removeprefix('r-')}-{number:08}", path=path)


def _accounts(environment: Environment) -> Iterator[Account]:
    """Yield the payer, and the accounts that are named; those named by their id are called by it."""
    payer = environment.payer_account_id
    yield _account(payer, f"payer-{payer}")
    named = _named_accounts(environment) - {payer}
    free = (f"{number:012}" for number in count(100_000_000_001) if f"{number:012}" not in {payer, *named})
    for name in sorted(named):
        yield _account(name if name.isdigit() else next(free), name)


def _named_accounts(environment: Environment) -> set[str]:
    lists: tuple[Iterable[str], ...] = (
        environment.tag_policy.accounts,
        environment.guardrail.accounts,
        environment.config.excluded_accounts,
        cost_accounts(environment),
    )
    return {name for names in lists for name in names}


def _account(identity: str, name: str) -> Account:
    return Account(id=identity, name=name, email=f"{identity}@example.com", tags={})


def _billed(dictionary: Dictionary, environment: Environment) -> tuple[str, ...]:
    wanted = render_cost_allocation_tags(dictionary, environment, frozenset()).pending
    return tuple(sorted({*wanted, *environment.cost_allocation.deactivate}))
