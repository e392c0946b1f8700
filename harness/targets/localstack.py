"""Make the target of a running LocalStack, of any edition: what it cannot do goes to the embedded emulator.

A service goes to LocalStack when all of these hold, else to the emulator:

1. its health page (/_localstack/health) says `available` or `running`;
2. it does not belong to the organisation, or LocalStack holds the very organisation that env.yaml names. To the
   organisation belong `organizations`; `sts` and `iam`, which must know its accounts and their roles;
   `cloudformation`, whose StackSets make these roles; `ce` and `budgets`, which are its billing;
   `resourcegroupstaggingapi`, which reports on its tag policies; and `config`, when env.yaml asks for rules of the
   organisation. `s3` belongs to Data Exports, which LocalStack lacks and which writes to a bucket, when env.yaml asks
   for exports;
3. it answers what tagrail must read of it (`_NEEDS`) with anything but 501.

LocalStack takes an access key of twelve digits for an account id
(docs.localstack.cloud/aws/capabilities/config/credentials), so both sides act as the same payer.
"""

import json
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from types import MappingProxyType
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from harness.errors import TagrailError
from harness.targets.emulator import make_emulator_target
from harness.targets.endpoints import known_services, reroute
from harness.targets.model import Target

HEALTH_PATH = "/_localstack/health"

_SERVED = frozenset({"available", "running"})
_OF_ORGANIZATION = frozenset(
    {"organizations", "sts", "iam", "cloudformation", "ce", "budgets", "resourcegroupstaggingapi"}
)
_OF_EXPORTS = frozenset({"athena", "glue", "s3"})

# Service -> operation that reads something tagrail cannot do without, with its arguments; it changes nothing.
_NEEDS: Mapping[str, tuple[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "ce": ("list_cost_allocation_tags", {}),
        "config": ("get_custom_rule_policy", {"ConfigRuleName": "tagrail"}),
        "resourcegroupstaggingapi": ("list_required_tags", {}),
        "servicecatalog": ("list_tag_options", {}),
    }
)
_NEEDED_OF_ORGANIZATION_RULES: tuple[str, Mapping[str, Any]] = ("describe_organization_config_rule_statuses", {})

# A LocalStack on this machine or network is asked directly, whatever proxy the environment names.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class Health:
    """Hold what a LocalStack says of itself: version, edition, and the boto3 names of the services that it serves."""

    version: str
    edition: str
    services: frozenset[str]


@dataclass(frozen=True, slots=True)
class Payer:
    """Name account and organisation to act as, and what env.yaml asks for: its Config rules, exports of its bill."""

    account_id: str
    organization_id: str
    organization_rules: bool
    cost_exports: bool = False


def make_localstack_target(
    url: str, emulator_url: str, region: str, payer: Payer, environ: Mapping[str, str] | None = None
) -> Target:
    """Return the target for the LocalStack at `url`, with the services that it cannot do sent to `emulator_url`.

    Raises: TagrailError when LocalStack does not answer, or stops answering.
    """
    emulator = make_emulator_target(emulator_url, region, environ, access_key=payer.account_id)
    served = read_health(url).services & known_services()
    everything = reroute(emulator, dict.fromkeys(served, url), "localstack")
    ours = _holds_organization(everything, served, payer)
    chosen = {service: url for service in sorted(served) if _fits(service, everything, payer, ours=ours)}
    return reroute(emulator, chosen, "localstack")


def read_health(url: str) -> Health:
    """Return what the LocalStack at `url` says of itself.

    Raises: TagrailError when nothing answers there, or something that is no LocalStack.
    """
    repair = "Do run tagrail localstack start, or set LOCALSTACK_HOST to the host:port of one that runs"
    page = f"{url}{HEALTH_PATH}"
    try:
        with _OPENER.open(page, timeout=5) as answer:
            found = json.load(answer)
        served = frozenset(name for name, state in found["services"].items() if state in _SERVED)
        return Health(str(found.get("version", "unknown")), str(found.get("edition", "unknown")), served)
    except (OSError, HTTPException, ValueError) as error:
        raise TagrailError(f"LocalStack: must answer {page}; got {error}. {repair}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise TagrailError(
            f"{page}: must be the health page of a LocalStack; it names no services. {repair}"
        ) from error


def _fits(service: str, localstack: Target, payer: Payer, *, ours: bool) -> bool:
    """Tell whether a service that LocalStack serves can go there: rules 2 and 3 of this file.

    `ours` says that LocalStack holds the organisation of env.yaml.
    """
    if service == "config" and payer.organization_rules:
        return ours and _answers(localstack, service, *_NEEDED_OF_ORGANIZATION_RULES)
    if service in _OF_EXPORTS and payer.cost_exports:
        return False
    if service in _OF_ORGANIZATION and not ours:
        return False
    return service not in _NEEDS or _answers(localstack, service, *_NEEDS[service])


def _holds_organization(localstack: Target, served: frozenset[str], payer: Payer) -> bool:
    if "organizations" not in served:
        return False
    try:
        found = localstack.client("organizations").describe_organization()["Organization"]
    except ClientError:
        return False
    except BotoCoreError as error:
        raise _silent("organizations", error) from error
    return bool(found["Id"] == payer.organization_id)


def _answers(localstack: Target, service: str, operation: str, arguments: Mapping[str, Any]) -> bool:
    """Tell whether an operation is there: a refusal in the service's own words says that it is, 501 that it is not."""
    try:
        getattr(localstack.client(service), operation)(**arguments)
    except ClientError as error:
        return bool(error.response["ResponseMetadata"]["HTTPStatusCode"] != 501)
    except BotoCoreError as error:
        raise _silent(service, error) from error
    return True


def _silent(service: str, error: BotoCoreError) -> TagrailError:
    return TagrailError(f"LocalStack: must answer for {service}; got {error}. Do look at its log, or restart it")
