"""Put a seed into a running emulator: organisation and billing straight into the models, resources through boto3."""

import datetime
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from moto.config.models import config_backends
from moto.core.exceptions import ServiceException
from moto.servicecatalog.models import servicecatalog_backends

from harness.emulator.arn_types import identity
from harness.emulator.billing.cost_data import CostLine
from harness.emulator.billing.responses import SeenTag, billing_of
from harness.emulator.clock import DAY, utcnow
from harness.emulator.cloudtrail.events import Event, add_events
from harness.emulator.faults.state import set_faults
from harness.emulator.listing import list_resources
from harness.emulator.once_tagged import remember
from harness.emulator.organization_seeding import ACCESS_ROLE, HOME, attach_policies, make_organization
from harness.emulator.resource_explorer.responses import set_up
from harness.emulator.sagemaker.memory import set_user_profile
from harness.emulator.sagemaker.pipelines import add_run, put_steps
from harness.emulator.seed import refuse
from harness.emulator.seed_model import ConfigRecorders, Seed, TaggedResources
from harness.policy.arn import arn_type
from harness.spelling import nearest
from harness.yaml_source import Source

_ASSUMED_BUCKET = "assumed"  # where recorders that nobody has looked at deliver


def apply_seed(seed: Seed, source: Source, url: str) -> None:
    """Make everything that the seed describes; `url` is where this emulator listens.

    Policies and faults come last: they bind whoever calls from then on, and not what was there before.
    Raises: InputError with file and line of a resource whose call fails.
    """
    make_organization(seed, source)
    _make_billing(seed)
    _make_recorders(seed)
    _make_explorer_indexes(seed)
    _make_resources(seed, source, url)
    _make_runs(seed, source)
    for listed in seed.tagged_resources:
        _list_resources(seed.account_id(listed.account), listed)
    _add_trail_events(seed)
    for item in seed.catalog_items:
        servicecatalog_backends[seed.payer_id][item.region].add_known(item.id)
    attach_policies(seed)
    set_faults(seed.with_account_ids(seed.faults))


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


def _list_resources(account_id: str, listed: TaggedResources) -> None:
    age = listed.created_days_ago
    created = None if age is None else (utcnow() - DAY * age).replace(tzinfo=datetime.UTC)
    list_resources(account_id, listed.region, listed.arns, listed.tags, created)
    if listed.created_by:
        made = utcnow() - DAY * (age or 0)
        add_events(account_id, listed.region, (_made(arn, made, listed.created_by) for arn in listed.arns))
    if listed.once_tagged:
        for arn in listed.arns:
            remember(arn)


def _made(arn: str, time: datetime.datetime, principal: str) -> Event:
    """Return the event of the call that has made a resource, as its name is for most types."""
    kind = identity(arn)[0].rpartition("::")[2]
    return Event(f"Create{kind}", f"{arn.split(':')[2]}.amazonaws.com", time, principal, (arn, arn_type(arn).name))


def _add_trail_events(seed: Seed) -> None:
    for each in seed.trail_events:
        time = utcnow() - DAY * each.days_ago
        event = Event(each.name, each.source, time, each.principal, each.resources)
        add_events(seed.account_id(each.account), each.region, [event])


def _make_recorders(seed: Seed) -> None:
    """Start AWS Config where the seed asks for it; the management account's recorder may be the environment's own."""
    members = tuple(account.id for account in seed.organization.accounts[1:])
    for wanted in seed.config_recorders:
        for account in wanted.accounts or members:
            for region in wanted.regions:
                _make_recorder(seed.account_id(account), region, wanted)


def _make_recorder(account_id: str, region: str, wanted: ConfigRecorders) -> None:
    backend = config_backends[account_id][region]
    role = f"arn:aws:iam::{account_id}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
    backend.put_configuration_recorder({"name": "default", "roleARN": role})
    bucket = wanted.bucket_name or (_ASSUMED_BUCKET if wanted.assumed else None)
    if bucket:
        backend.put_delivery_channel({"name": "default", "s3BucketName": bucket})
        if wanted.recording:
            backend.start_configuration_recorder("default")


def _make_explorer_indexes(seed: Seed) -> None:
    everyone = tuple(account.id for account in seed.organization.accounts)
    organization = f"arn:aws:organizations::{seed.payer_id}:organization/{seed.organization.id}"
    for wanted in seed.explorer_indexes:
        main = wanted.aggregator or wanted.regions[0]
        for account_id in map(seed.account_id, wanted.accounts or everyone):
            for region in wanted.regions:
                is_whole = wanted.organization_view and account_id == seed.payer_id and region == main
                scope = organization if is_whole else None
                set_up(account_id, region, is_aggregator=region == wanted.aggregator, scope=scope)


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
            answer = getattr(clients[place], operation)(**resource.arguments)
            _set_user_profile(answer, resource.user_profile)
        except (BotoCoreError, ClientError) as error:
            reason = "; ".join(str(error).splitlines())
            raise refuse(source, at, f"a call that succeeds; {resource.call} says: {reason}") from error


def _set_user_profile(answer: dict[str, Any], user_profile: str | None) -> None:
    arn = next((value for name, value in answer.items() if name.endswith("Arn")), None)
    if user_profile and arn:
        set_user_profile(arn, *user_profile.split("/"))


def _make_runs(seed: Seed, source: Source) -> None:
    for index, run in enumerate(seed.pipeline_runs):
        try:
            arn = add_run(seed.account_id(run.account), run.region, run.pipeline, run.id, run.status)
            put_steps(arn, run.steps)
        except (ServiceException, ValueError) as error:
            reason = "; ".join(str(error).splitlines())
            raise refuse(source, ("pipeline_runs", index), f"a run of a pipeline above; {reason}") from error
        _set_user_profile({"PipelineExecutionArn": arn}, run.user_profile)


def _client(session: Any, payer_id: str, place: tuple[str, str, str], url: str) -> Any:
    """Return a boto3 client for an account, region and service; it takes a role in a member account."""
    account_id, region, service = place
    keys = {"aws_access_key_id": "tagrail", "aws_secret_access_key": "tagrail"}
    config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, proxies={})
    if account_id != payer_id:
        sts = session.client("sts", region_name=HOME, endpoint_url=url, config=config, **keys)
        role = f"arn:aws:iam::{account_id}:role/{ACCESS_ROLE}"
        token = sts.assume_role(RoleArn=role, RoleSessionName="tagrail-seed")["Credentials"]
        keys = {"aws_access_key_id": token["AccessKeyId"], "aws_secret_access_key": token["SecretAccessKey"]}
        keys["aws_session_token"] = token["SessionToken"]
    return session.client(service, region_name=region, endpoint_url=url, config=config, **keys)
