"""Check what an environment means, apart from its budgets; form has been checked before."""

import re
from collections.abc import Iterator
from pathlib import Path

from harness.dictionary import Dictionary, allows, matches
from harness.environment.anomaly_rules import anomaly_faults
from harness.environment.budget_rules import budget_faults, email_faults
from harness.environment.cost_category_rules import cost_category_faults
from harness.environment.cost_export_rules import cost_export_faults
from harness.environment.guardrail_rules import guardrail_faults
from harness.environment.model import Environment
from harness.environment.named_accounts import account_name_faults
from harness.environment.region_rules import region_faults
from harness.environment.tag_option_rules import tag_option_faults
from harness.facts import Facts, load_facts
from harness.organization import ancestors
from harness.spelling import nearest
from harness.tag_text import key_faults, ou_path_faults, value_faults
from harness.yaml_source import Path_

Faults = Iterator[tuple[Path_, str]]

_ACCOUNT_ID = re.compile(r"\d{12}")
_ORGANIZATION_ID = re.compile(r"o-[a-z0-9]{10,32}")
_OWN_TYPES = frozenset(
    {"AWS::Config::ConfigRule", "AWS::Config::ConfigurationAggregator", "AWS::KMS::Key", "AWS::SNS::Topic"}
)
_EXPORT_TYPES = frozenset({"AWS::Athena::WorkGroup", "AWS::BCMDataExports::Export", "AWS::S3::Bucket"})
_NAME = re.compile(r"[a-z][a-z0-9-]{0,19}")
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/.+")
_TOPIC = re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}")


def environment_faults(environment: Environment, dictionary: Dictionary, folder: Path, facts: Facts) -> Faults:
    """Yield every fault as its path and message; `folder` is where env.yaml lies."""
    yield from _identity(environment)
    yield from region_faults(environment, folder)
    yield from _targets(environment, facts)
    yield from _units_above(environment, dictionary)
    yield from account_name_faults(("guardrail", "accounts"), tuple(environment.guardrail.accounts), keyed=True)
    yield from guardrail_faults(environment, dictionary, facts)
    yield from _config(environment, facts)
    yield from tag_option_faults(environment, dictionary, facts)
    yield from _billing(environment, facts)
    yield from _cost_allocation(environment, dictionary, facts)
    yield from cost_category_faults(environment, dictionary, facts)
    yield from _subscribers(environment, facts)
    yield from budget_faults(environment, dictionary, facts)
    yield from anomaly_faults(environment, dictionary, facts)
    yield from cost_export_faults(environment, facts)
    yield from _resource_tags(environment, dictionary, facts)
    yield from _limits(environment)
    yield from _emulator(environment, folder)


def _identity(environment: Environment) -> Faults:
    if not _NAME.fullmatch(environment.name):
        rule = "must be 1 to 20 of a-z, 0-9 and -, beginning with a letter"
        yield ("name",), f'{rule}; got "{environment.name}". Do shorten or rename it'
    if not _ACCOUNT_ID.fullmatch(environment.payer_account_id):
        message = f'must be 12 digits; got "{environment.payer_account_id}". Do copy the payer\'s account id'
        yield ("payer_account_id",), message
    if not _ORGANIZATION_ID.fullmatch(environment.organization_id):
        rule = "must be o- and 10 to 32 of a-z and 0-9"
        yield ("organization_id",), f'{rule}; got "{environment.organization_id}". Do copy it from AWS Organizations'


def _billing(environment: Environment, facts: Facts) -> Faults:
    """Refuse what a partition without billing cannot have.

    Source: botocore's endpoints of ce, budgets and cur; docs.aws.amazon.com/govcloud-us/latest/UserGuide, Billing and
    Payment.
    """
    partition = facts.partition_of(environment.regions.home)
    given = {
        "cost_categories": environment.cost_categories,
        "budgets": environment.budgets,
        "anomaly": environment.anomaly.monitors,
        "cost_exports": environment.cost_exports,
    }
    for section in (name for name, held in given.items() if held and partition in facts.unbilled):
        rule = f"must be left out in {partition}, whose costs are those of an account of aws"
        yield (
            (section,),
            f'{rule}; got home region "{environment.regions.home}". Do name it in the environment of its payer',
        )


def _targets(environment: Environment, facts: Facts) -> Faults:
    for path in environment.tag_policy.organizational_units:
        for fault in ou_path_faults(path, facts.limits):
            yield ("tag_policy", "organizational_units", path), fault
    yield from account_name_faults(("tag_policy", "accounts"), tuple(environment.tag_policy.accounts), keyed=True)


def _units_above(environment: Environment, dictionary: Dictionary) -> Faults:
    """Refuse a target that lies below a unit whose values change, when no policy at or above that unit carries them."""
    policy = environment.tag_policy
    changed = {path for tag in dictionary.tags.values() for path in tag.values_by_ou}
    for path in policy.organizational_units if policy.root is None else ():
        for above in ancestors(path):
            if above in changed and not {above, *ancestors(above)} & policy.organizational_units.keys():
                rule = f'must have a target at or above "{above}", whose values the dictionary changes'
                yield ("tag_policy", "organizational_units", path), f"{rule}; got none. Do add {above}, or root"


def _config(environment: Environment, facts: Facts) -> Faults:
    config = environment.config
    at: Path_ = ("config", "excluded_accounts")
    most = facts.limits["config_excluded_accounts"]
    if config.excluded_accounts and config.scope == "account":
        yield at, "must be left out with scope: account. Do remove it, or set scope: organization"
    if len(config.excluded_accounts) > most:
        yield at, f"must hold {most} accounts at most; got {len(config.excluded_accounts)}. Do exclude fewer"
    yield from account_name_faults(at, config.excluded_accounts)
    for field in ("recorder", "aggregator"):
        wanted = getattr(config, field)
        if wanted and not _ROLE.fullmatch(wanted.role_arn):
            example = "arn:aws:iam::111122223333:role/name"
            message = f'must be the ARN of an IAM role; got "{wanted.role_arn}". Do write it as "{example}"'
            yield ("config", field, "role_arn"), message
    if config.recorder and not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", config.recorder.bucket_name):
        rule = "must be an S3 bucket name of 3 to 63 of a-z, 0-9, - and ."
        yield ("config", "recorder", "bucket_name"), f'{rule}; got "{config.recorder.bucket_name}". Do correct it'


def _cost_allocation(environment: Environment, dictionary: Dictionary, facts: Facts) -> Faults:
    wanted = set(dictionary.cost_allocation_keys())
    for field in ("deactivate", "account_tags"):
        keys: tuple[str, ...] = getattr(environment.cost_allocation, field)
        for index, key in enumerate(keys):
            place: Path_ = ("cost_allocation", field, index)
            for fault in key_faults(key, facts.limits):
                yield place, fault
            if key in keys[:index]:
                yield place, f'must appear once; got "{key}" again. Do remove it'
            if field == "deactivate" and key in wanted:
                message = (
                    f'must not be active too; "{key}" has cost_allocation: true in the dictionary. Do drop one of them'
                )
                yield place, message
    most = facts.limits["cost_allocation_tags_active"]
    count = len(wanted) + len(environment.cost_allocation.account_tags)
    if count > most:
        message = f"must leave {most} active keys at most; got {count} with the dictionary's. Do remove some"
        yield ("cost_allocation", "account_tags"), message


def _subscribers(environment: Environment, facts: Facts) -> Faults:
    yield from email_faults(("subscribers", "emails"), environment.subscribers.emails, facts)
    topic = environment.subscribers.topic_arn
    if topic is not None and not _TOPIC.fullmatch(topic):
        example = "arn:aws:sns:eu-central-1:111122223333:alerts"
        yield (
            ("subscribers", "topic_arn"),
            f'must be the ARN of an SNS topic; got "{topic}". Do write it as "{example}"',
        )


def _resource_tags(environment: Environment, dictionary: Dictionary, facts: Facts) -> Faults:
    tags = environment.resource_tags
    for key, value in tags.items():
        place: Path_ = ("resource_tags", key)
        tag = dictionary.tags.get(key)
        if tag is None:
            guess = nearest(key, dictionary.tags) or " Do add it to tags.yaml, or remove it"
            yield place, f'must be a key of the dictionary; got "{key}".{guess}'
            continue
        for fault in value_faults(value, facts.limits, wildcard=False):
            yield place, fault
        if tag.values and not allows(tag.values, value):
            guess = nearest(value, tag.values) or f" Do choose one of {', '.join(tag.values)}"
            yield place, f'must be an allowed value of the dictionary; got "{value}".{guess}'
        if tag.pattern and not matches(tag.pattern, value):
            yield place, f'must match the dictionary\'s pattern {tag.pattern}; got "{value}". Do correct it'
    own = _OWN_TYPES | (_EXPORT_TYPES if environment.cost_exports else frozenset())
    for key in dictionary.mandatory_keys():
        types = own.intersection(dictionary.mandatory_types(key))
        if key not in tags and types:
            rule = f'must hold "{key}", which is mandatory on {min(types)}, a type that tagrail makes'
            yield ("resource_tags",), f"{rule}; got none. Do add it"


def _limits(environment: Environment) -> Faults:
    known = load_facts().limits
    for name, value in environment.limits.items():
        if name not in known:
            guess = nearest(name, known) or " Do choose a row of modules/aws-facts.yaml"
            yield ("limits", name), f'must be a row of modules/aws-facts.yaml; got "{name}".{guess}'
        elif value < 1:
            yield ("limits", name), f"must be 1 or more; got {value}. Do write the quota that AWS shows you"


def _emulator(environment: Environment, folder: Path) -> Faults:
    if environment.target != "aws" and environment.emulator is None:
        yield ("emulator",), f"must be given with target: {environment.target}. Do add seed: organization.yaml"
    elif environment.emulator and not (folder / environment.emulator.seed).is_file():
        message = (
            f'must be a file beside env.yaml; got "{environment.emulator.seed}". Do create it, or correct the name'
        )
        yield ("emulator", "seed"), message
