"""Prove, before anything else is sent, that a target is the account and the organisation that the environment names."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from harness.errors import TagrailError
from harness.targets.model import Target
from harness.targets.refusals import code_of, repair_of, rule_of, said

if TYPE_CHECKING:
    from botocore.config import Config


def preflight(target: Target, account_id: str, organization_id: str) -> None:
    """Return when the caller is the management account `account_id` of the organisation `organization_id`.

    Sends sts:GetCallerIdentity and then organizations:DescribeOrganization, each at most twice, and nothing else.

    Raises:
        TagrailError: no, expired or refused credentials; another account; another or no organisation; not the
            management account; access denied; an endpoint that does not answer.
    """
    sts = target.client("sts", config=_config())
    identity = _ask("sts:GetCallerIdentity", sts, sts.get_caller_identity)
    account, caller = identity["Account"], identity["Arn"]
    if account != account_id:
        raise TagrailError(
            f"payer_account_id: must be the account of the caller, {account_id}; got {account} ({caller}). "
            f"Do use credentials of {account_id}, or correct payer_account_id in env.yaml"
        )
    organizations = target.client("organizations", config=_config())
    answer = _ask("organizations:DescribeOrganization", organizations, organizations.describe_organization)
    organization = answer["Organization"]
    if organization["Id"] != organization_id:
        raise TagrailError(
            f"organization_id: must be the organisation of account {account}, {organization_id}; "
            f"got {organization['Id']}. Do use credentials of the payer of {organization_id}, "
            "or correct organization_id in env.yaml"
        )
    if organization["MasterAccountId"] != account:
        raise TagrailError(
            f"payer_account_id: must be the management account of {organization_id}, "
            f"{organization['MasterAccountId']}; got {account} ({caller}). "
            f"Do use credentials of {organization['MasterAccountId']}, and name it in env.yaml"
        )


@cache
def _config() -> "Config":
    from botocore.config import Config  # noqa: PLC0415 (see harness/targets/model.py)

    return Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 2, "mode": "standard"})


def _ask(action: str, client: Any, call: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return call()
    except (ClientError, BotoCoreError) as error:
        rule, repair = rule_of(error, action, client.meta.endpoint_url), repair_of(error, action)
        if isinstance(error, ClientError) and code_of(error) == "AWSOrganizationsNotInUseException":
            rule = "organization_id: must be an organisation that the account is the payer of"
            repair = "Do use credentials of the payer account"
        raise TagrailError(f"{rule}; got {said(error)}. {repair}") from error
