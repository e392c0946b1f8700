"""Put a seed into a running emulator: organisation and billing straight into the models, resources through boto3."""

import datetime
import json
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from moto.config.models import config_backends
from moto.iam.models import iam_backends
from moto.organizations.exceptions import OrganizationsClientError
from moto.organizations.models import FakeAccount, FakeOrganizationalUnit, organizations_backends

from harness.emulator.billing.cost_data import CostLine
from harness.emulator.billing.responses import SeenTag, billing_of
from harness.emulator.clock import DAY, utcnow
from harness.emulator.seed import Account, Seed, refuse
from harness.strict_model import nearest
from harness.yaml_source import Source

ACCESS_ROLE = "OrganizationAccountAccessRole"

_HOME = "us-east-1"  # Organizations, billing and STS tokens of the seed itself; resources name their own region


def apply_seed(seed: Seed, source: Source, url: str) -> None:
    """Make everything that the seed describes; `url` is where this emulator listens.

    Raises: InputError with file and line of a resource whose call fails.
    """
    _make_organization(seed, source)
    _make_billing(seed)
    _make_recorders(seed)
    _make_resources(seed, source, url)


def _make_billing(seed: Seed) -> None:
    billing, now = billing_of(seed.payer_id), utcnow()
    for tag in seed.billing.cost_allocation_tags:
        last_used, last_updated = now - DAY * tag.last_used_days_ago, now - DAY * tag.last_updated_days_ago
        billing.see(SeenTag(tag.key, tag.status, tag.type, tag.values, last_used, last_updated))
    billing.state.costs = tuple(
        CostLine(
            account_id=seed.account_id(cost.account),
            service=cost.service,
            usd_per_day=cost.usd_per_day,
            begin=now - DAY * cost.since_days_ago,
            tags=cost.tags,
            categories=cost.cost_categories,
        )
        for cost in seed.billing.costs
    )


def _make_organization(seed: Seed, source: Source) -> None:
    backend = organizations_backends[seed.payer_id]["aws"]
    wanted = seed.organization
    backend.create_organization(region=_HOME, FeatureSet="ALL")
    organization, root, master = backend.org, backend.ou[0], backend.accounts[0]
    organization.id = root.organization_id = wanted.id
    organization.root_id = root.id = wanted.root_id
    organization.master_account_email = wanted.accounts[0].email
    for policy in backend.policies:
        policy.organization_id = wanted.id
    units = {"": wanted.root_id}
    for unit in wanted.organizational_units:
        parent, _, name = unit.path.rpartition("/")
        made = FakeOrganizationalUnit(organization, Name=name, ParentId=units[parent])
        made.id = units[unit.path] = unit.id
        backend.ou.append(made)
        _attach_defaults(backend, unit.id)
    for index, policy_type in enumerate(wanted.policy_types):
        try:
            backend.enable_policy_type(RootId=wanted.root_id, PolicyType=policy_type)
        except OrganizationsClientError as error:
            place = ("organization", "policy_types", index)
            raise refuse(source, place, f"a policy type that can be enabled; {policy_type}: {error}") from error
    for index, service in enumerate(wanted.trusted_services):
        try:
            backend.enable_aws_service_access(ServicePrincipal=service)
        except OrganizationsClientError as error:
            place = ("organization", "trusted_services", index)
            raise refuse(source, place, f"a service that can be trusted; {service}: {error}") from error
    for index, account in enumerate(wanted.accounts):
        made = master if index == 0 else FakeAccount(organization, AccountName=account.name, Email=account.email)
        _settle(made, account, units[account.parent], age=len(wanted.accounts) - index)
        if index:
            backend.accounts.append(made)
            _make_access_role(account.id, seed.payer_id)
            _attach_defaults(backend, account.id)
            organizations_backends.master_accounts[account.id] = (seed.payer_id, "aws")


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


def _make_recorders(seed: Seed) -> None:
    """Start AWS Config in the member accounts; the management account's recorder is the environment's own."""
    wanted = seed.config_recorders
    if wanted is None:
        return
    for account in seed.organization.accounts[1:]:
        for region in wanted.regions:
            backend = config_backends[account.id][region]
            role = f"arn:aws:iam::{account.id}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
            backend.put_configuration_recorder({"name": "default", "roleARN": role})
            backend.put_delivery_channel({"name": "default", "s3BucketName": wanted.bucket_name})
            backend.start_configuration_recorder("default")


def _make_resources(seed: Seed, source: Source, url: str) -> None:
    session: Any = boto3.Session()  # Any: the service is data here, and boto3's types want a literal
    clients: dict[tuple[str, str, str], Any] = {}
    for index, resource in enumerate(seed.resources):
        at = ("resources", index)
        service, _, operation = resource.call.partition(".")
        account_id = seed.account_id(resource.account)
        place = (account_id, resource.region, service)
        try:
            if place not in clients:
                clients[place] = _client(session, seed.payer_id, place, url)
            operations = clients[place].meta.method_to_api_mapping
            if operation not in operations:
                guess = nearest(operation, operations)
                raise refuse(source, at, f'an operation of boto3\'s "{service}"; got "{operation}".{guess}')
            getattr(clients[place], operation)(**resource.arguments)
        except (BotoCoreError, ClientError) as error:
            reason = "; ".join(str(error).splitlines())
            raise refuse(source, at, f"a call that succeeds; {resource.call} says: {reason}") from error


def _client(session: Any, payer_id: str, place: tuple[str, str, str], url: str) -> Any:
    """Return a boto3 client for an account, region and service; it takes a role in a member account."""
    account_id, region, service = place
    keys = {"aws_access_key_id": "tagrail", "aws_secret_access_key": "tagrail"}
    config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, proxies={})
    if account_id != payer_id:
        sts = session.client("sts", region_name=_HOME, endpoint_url=url, config=config, **keys)
        role = f"arn:aws:iam::{account_id}:role/{ACCESS_ROLE}"
        token = sts.assume_role(RoleArn=role, RoleSessionName="tagrail-seed")["Credentials"]
        keys = {"aws_access_key_id": token["AccessKeyId"], "aws_secret_access_key": token["SecretAccessKey"]}
        keys["aws_session_token"] = token["SessionToken"]
    return session.client(service, region_name=region, endpoint_url=url, config=config, **keys)
