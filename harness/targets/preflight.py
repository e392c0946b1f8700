"""Prove, before anything else is sent, that a target is the account and the organisation that the environment names."""

from collections.abc import Callable
from typing import Any

from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
)
from botocore.exceptions import (
    ConnectionError as BotoConnectionError,
)

from harness.errors import TagrailError
from harness.targets.model import Target

_CONFIG = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 2, "mode": "standard"})

_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
_REFUSED = frozenset(
    {
        "AuthFailure",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})


def preflight(target: Target, account_id: str, organization_id: str) -> None:
    """Return when the caller is the management account `account_id` of the organisation `organization_id`.

    Sends sts:GetCallerIdentity and then organizations:DescribeOrganization, each at most twice, and nothing else.

    Raises:
        TagrailError: no, expired or refused credentials; another account; another or no organisation; not the
            management account; access denied; an endpoint that does not answer.
    """
    sts = target.client("sts", config=_CONFIG)
    identity = _ask("sts:GetCallerIdentity", sts, sts.get_caller_identity)
    account, caller = identity["Account"], identity["Arn"]
    if account != account_id:
        raise TagrailError(
            f"payer_account_id: must be the account of the caller, {account_id}; got {account} ({caller}). "
            f"Use credentials of {account_id}, or correct payer_account_id in env.yaml."
        )
    organizations = target.client("organizations", config=_CONFIG)
    answer = _ask("organizations:DescribeOrganization", organizations, organizations.describe_organization)
    organization = answer["Organization"]
    if organization["Id"] != organization_id:
        raise TagrailError(
            f"organization_id: must be the organisation of account {account}, {organization_id}; "
            f"got {organization['Id']}. Use credentials of the payer of {organization_id}, "
            "or correct organization_id in env.yaml."
        )
    if organization["MasterAccountId"] != account:
        raise TagrailError(
            f"payer_account_id: must be the management account of {organization_id}, "
            f"{organization['MasterAccountId']}; got {account} ({caller}). "
            f"Use credentials of {organization['MasterAccountId']}, and name it in env.yaml."
        )


def _ask(action: str, client: Any, call: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    endpoint = client.meta.endpoint_url
    try:
        return call()
    except (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError) as error:
        raise TagrailError(
            f"AWS credentials: must be found by boto3's default chain; got {error}. "
            "Log in (`aws sso login`), or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        ) from error
    except (BotoConnectionError, HTTPClientError) as error:
        raise TagrailError(
            f"{endpoint}: must answer {action}; got {error}. Check network, proxy, and AWS_ENDPOINT_URL settings."
        ) from error
    except ClientError as error:
        raise _explain(action, endpoint, error) from error
    except BotoCoreError as error:
        # Among others: an SSO session that has ended, an assumed role that is refused.
        raise TagrailError(
            f"AWS credentials: must be usable for {action}; got {error}. Log in again, or name another AWS_PROFILE."
        ) from error


def _explain(action: str, endpoint: str, error: ClientError) -> TagrailError:
    code, text = error.response["Error"].get("Code", ""), error.response["Error"].get("Message", "")
    if code in _EXPIRED:
        return TagrailError(f"AWS credentials: must be valid now; got {code}: {text}. Log in again.")
    if code in _REFUSED:
        return TagrailError(
            f"AWS credentials: must be known to {endpoint}; got {code}: {text}. Use keys that exist and are active."
        )
    if code in _DENIED:
        return TagrailError(
            f"AWS credentials: must allow {action}; got {code}: {text}. Add {action} to the caller's permissions."
        )
    if code == "AWSOrganizationsNotInUseException":
        return TagrailError(
            f"organization_id: must be an organisation that the account is the payer of; got {code}: {text}. "
            "Use credentials of the payer account."
        )
    return TagrailError(f"{endpoint}: must answer {action}; got {code}: {text}. Try again, or look at its status.")
