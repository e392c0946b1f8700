"""Make the organization of a seed: its nodes, accounts and policies go straight into moto's models."""

import datetime
import json
import re
from typing import Any

from moto.core.utils import get_service_model, unix_time
from moto.iam.models import iam_backends
from moto.organizations.models import FakeAccount, FakeOrganizationalUnit, FakePolicy, organizations_backends

from harness.emulator.clock import utcnow
from harness.emulator.seed import refuse
from harness.emulator.seed_model import CONTROL_POLICY, FULL_ACCESS, Account, Seed
from harness.yaml_source import Source

ACCESS_ROLE = "OrganizationAccountAccessRole"
HOME = "us-east-1"  # Organizations, billing and STS tokens of the seed itself; resources name their own region

_SERVICE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?\.?")


def make_organization(seed: Seed, source: Source) -> None:
    """Make the organization without its policies.

    Raises: InputError with file and line of a policy type or service that AWS does not have.
    """
    backend = organizations_backends[seed.payer_id]["aws"]
    wanted = seed.organization
    backend.create_organization(region=HOME, FeatureSet="ALL")
    organization, root, master = backend.org, backend.ou[0], backend.accounts[0]
    organization.id = root.organization_id = wanted.id
    organization.root_id = root.id = wanted.root_id
    organization.master_account_email = wanted.accounts[0].email
    for policy in backend.policies:
        policy.organization_id = wanted.id
    units = {"": wanted.root_id}
    for unit in wanted.organizational_units:
        made = FakeOrganizationalUnit(organization, Name=unit.own_name, ParentId=units[unit.parent])
        made.id = units[unit.path] = unit.id
        backend.ou.append(made)
        _attach_defaults(backend, unit.id)
    for index, account in enumerate(wanted.accounts):
        made = master if index == 0 else FakeAccount(organization, AccountName=account.name, Email=account.email)
        _settle(made, account, units[account.parent], age=len(wanted.accounts) - index)
        if index:
            backend.accounts.append(made)
            _make_access_role(account.id, seed.payer_id)
            _attach_defaults(backend, account.id)
            organizations_backends.master_accounts[account.id] = (seed.payer_id, "aws")
    _enable_types(root, seed, source)
    _trust_services(backend, seed, source)


def attach_policies(seed: Seed) -> None:
    """Make the policies of a seed and attach them in its order, without the checks that AWS has made before.

    Raises: nothing; `load_seed` has refused what does not hold.
    """
    backend = organizations_backends[seed.payer_id]["aws"]
    held = {policy.id: policy for policy in backend.policies}
    for wanted in seed.policies:
        if wanted.id not in held:
            held[wanted.id] = FakePolicy(backend.org, Name=wanted.name, Type=wanted.type, Content="")
            held[wanted.id].id = wanted.id
            backend.policies.append(held[wanted.id])
        held[wanted.id].content, held[wanted.id].description = wanted.content, wanted.description
    nodes = {node.id: node for node in (*backend.ou, *backend.accounts)}
    for target, identities in seed.attachments.items():
        node, policies = nodes[target], [held[identity] for identity in identities]
        if any(policy.type == CONTROL_POLICY for policy in policies):
            node.attached_policies.remove(held[FULL_ACCESS])
            held[FULL_ACCESS].attachments.remove(node)
        for policy in policies:
            node.attached_policies.append(policy)
            policy.attachments.append(node)


def _enable_types(root: Any, seed: Seed, source: Source) -> None:
    """Enable the policy types; those of which the emulator holds no policies are there in name."""
    known = get_service_model("organizations").shape_for("PolicyType").enum
    for index, kind in enumerate(seed.organization.policy_types):
        if kind not in known:
            place = ("organization", "policy_types", index)
            raise refuse(source, place, f"a policy type that can be enabled; {kind} is none of {', '.join(known)}")
        root.policy_types.append({"Type": kind, "Status": "ENABLED"})


def _trust_services(backend: Any, seed: Seed, source: Source) -> None:
    for index, service in enumerate(seed.organization.trusted_services):
        if not _SERVICE.fullmatch(service):
            place = ("organization", "trusted_services", index)
            raise refuse(source, place, f"a service that can be trusted, NAME.amazonaws.com; got {service}")
        backend.services.append({"ServicePrincipal": service, "DateEnabled": unix_time()})


def _settle(made: Any, account: Account, parent_id: str, age: int) -> None:
    """Give a new account its fixed id and place; `age` in minutes keeps listings in the seed's order."""
    iam_backends.pop(made.id, None)  # moto made a role there; the random id is given up here
    made.id, made.name, made.email, made.parent_id = account.id, account.name, account.email, parent_id
    made.organization_id = organizations_backends[made.master_account_id]["aws"].org.id
    made.status = made.state = account.status
    made.tags = dict(account.tags)
    made.create_time = utcnow() - datetime.timedelta(minutes=age)


def _make_access_role(account_id: str, payer_id: str) -> None:
    """Make the role that AWS Organizations puts into each account it creates."""
    principal = {"AWS": f"arn:aws:iam::{payer_id}:root"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    iam_backends[account_id]["aws"].create_role(
        role_name=ACCESS_ROLE,
        assume_role_policy_document=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        path="/",
        permissions_boundary=None,
        description="",
        tags=[],
        max_session_duration="3600",
    )


def _attach_defaults(backend: Any, target_id: str) -> None:
    for policy in backend.policies:
        if policy.aws_managed:
            backend.attach_policy(PolicyId=policy.id, TargetId=target_id)
