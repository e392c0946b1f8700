"""Make the target of a running emulator: whatever service is asked for, the request goes to its URL."""

import os
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from harness.targets.model import Target

# boto3 service name -> name in AWS_ENDPOINT_URL_<NAME>, which is the service id of the AWS SDKs
# (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html).
SERVICES: Mapping[str, str] = MappingProxyType(
    {
        "athena": "ATHENA",
        "bcm-data-exports": "BCM_DATA_EXPORTS",
        "budgets": "BUDGETS",
        "ce": "COST_EXPLORER",
        "cloudformation": "CLOUDFORMATION",
        "config": "CONFIG_SERVICE",
        "ec2": "EC2",
        "glue": "GLUE",
        "iam": "IAM",
        "kms": "KMS",
        "organizations": "ORGANIZATIONS",
        "resourcegroupstaggingapi": "RESOURCE_GROUPS_TAGGING_API",
        "s3": "S3",
        "sagemaker": "SAGEMAKER",
        "servicecatalog": "SERVICE_CATALOG",
        "sns": "SNS",
        "sts": "STS",
    }
)

# Whatever in a user's shell could send a run elsewhere or give it real credentials.
_FOREIGN_PREFIXES = ("AWS_ENDPOINT_URL", "AWS_CONTAINER_", "AWS_ROLE_", "TF_AWS_")
_FOREIGN_NAMES = (
    "AWS_CA_BUNDLE",  # with it, a provider that stays warm refuses its second configuration
    "AWS_DEFAULT_PROFILE",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
)


def make_emulator_target(
    url: str, region: str, environ: Mapping[str, str] | None = None, *, access_key: str = "tagrail"
) -> Target:
    """Return the target for the emulator at `url`, acting as its payer account with credentials that AWS would refuse.

    Settings of the user's shell that point to AWS (profiles, roles, other endpoints) do not reach the run. To the
    emulator any access key that it did not issue is the payer's; other emulators take an account id for that account.

    Raises: nothing.
    """
    environ = os.environ if environ is None else environ
    foreign = [name for name in environ if name.startswith(_FOREIGN_PREFIXES)]
    settings: dict[str, str | None] = dict.fromkeys((*_FOREIGN_NAMES, *foreign))
    settings |= {f"AWS_ENDPOINT_URL_{name}": url for name in SERVICES.values()}
    settings |= {
        "AWS_ENDPOINT_URL": url,  # a service that the list lacks must not reach AWS either
        "AWS_ACCESS_KEY_ID": access_key,
        "AWS_SECRET_ACCESS_KEY": "tagrail",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "2",  # an emulator's 500 would otherwise be retried for minutes
    }
    settings |= without_proxy(environ, ("127.0.0.1", "localhost"))
    return Target("emulator", region, MappingProxyType(settings))


def without_proxy(environ: Mapping[str, str | None], hosts: Iterable[str]) -> dict[str, str]:
    """Return NO_PROXY, in both spellings, with `hosts` added: a proxy could not reach an emulator. Raises: nothing."""
    present = environ.get("NO_PROXY") or environ.get("no_proxy") or ""
    joined = ",".join(dict.fromkeys([*filter(None, present.split(",")), *hosts]))
    return {"NO_PROXY": joined, "no_proxy": joined}
