"""Say what a call broke that AWS did not answer, and what mends it: each kind of error has a repair of its own."""

import re
from collections.abc import Mapping
from typing import Literal

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

Kind = Literal[
    "absent", "expired", "foreign", "denied", "throttled", "unavailable", "unreachable", "refused", "unusable"
]

_CODES: Mapping[Kind, frozenset[str]] = {
    "expired": frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}),
    "foreign": frozenset(
        {
            "AuthFailure",
            "IncompleteSignature",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "UnrecognizedClientException",
        }
    ),
    "denied": frozenset(
        {"AccessDenied", "AccessDeniedException", "AccessDeniedForDependencyException", "AuthorizationError"}
        | {"UnauthorizedOperation"}
    ),
    # Cost Explorer's LimitExceededException means too many calls in a short time. The rest is botocore's own list:
    # botocore.retries.standard.ThrottledRetryableChecker.
    "throttled": frozenset(
        {"BandwidthLimitExceeded", "EC2ThrottledException", "LimitExceededException", "PriorRequestNotComplete"}
        | {"ProvisionedThroughputExceededException", "RequestLimitExceeded", "RequestThrottled", "SlowDown"}
        | {"RequestThrottledException", "Throttled", "ThrottledException", "Throttling", "ThrottlingException"}
        | {"TooManyRequestsException", "TransactionInProgressException"}
    ),
    "unavailable": frozenset(
        {"DependencyTimeoutException", "InternalError", "InternalErrorException", "InternalFailure"}
        | {"InternalServerError", "InternalServerException", "InternalServiceException", "KMSInternalException"}
        | {"RequestTimeout"}
        | {"RequestTimeoutException", "ServiceException", "ServiceUnavailable", "ServiceUnavailableException"}
    ),
}
_RULES: Mapping[Kind, str] = {
    "absent": "AWS credentials: must be found by boto3's default chain",
    "expired": "AWS credentials: must be valid now",
    "foreign": "AWS credentials: must be known to {endpoint}",
    "denied": "AWS credentials: must allow {action}",
    "throttled": "{endpoint}: must answer {action}",
    "unreachable": "{endpoint}: must answer {action}",
    "unavailable": "{endpoint}: must answer {action}",
    "refused": "{endpoint}: must answer {action}",
    "unusable": "AWS credentials: must be usable for {action}",
}
_REPAIRS: Mapping[Kind, str] = {
    "absent": "Do log in (`aws sso login`), or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "expired": "Do log in again",
    "foreign": "Do use keys that exist and are active",
    "denied": "Do add {action} to the caller's permissions",
    "throttled": "Do try again in a few minutes",
    "unavailable": "Do try again in a few minutes",
    "unreachable": "Do check network, proxy, and AWS_ENDPOINT_URL settings",
    "refused": "Do try again, or look at the status of the service",
    "unusable": "Do log in again, or name another AWS_PROFILE",
}


def code_of(error: ClientError) -> str:
    """Return AWS's own word for the error. Raises: nothing."""
    return str(error.response["Error"].get("Code", ""))


def said(error: ClientError | BotoCoreError) -> str:
    """Return what AWS or boto3 said. Raises: nothing.

    >>> said(ClientError({"Error": {"Code": "Throttling", "Message": "Rate exceeded"}}, "ListRoots"))
    'Throttling: Rate exceeded'
    """
    if isinstance(error, ClientError):
        return f"{code_of(error)}: {error.response['Error'].get('Message', '')}"
    return str(error)


def rule_of(error: ClientError | BotoCoreError, action: str, endpoint: str) -> str:
    """Return the rule that the failed call of `action` at `endpoint` breaks, as `<offender>: must ...`.

    Raises: nothing.
    """
    return _RULES[_kind(error)].format(action=action, endpoint=endpoint)


def word_of(error: ClientError | BotoCoreError) -> str:
    """Return AWS's code; where AWS gave none, the kind of what kept boto3 from its answer. Raises: nothing."""
    return code_of(error) if isinstance(error, ClientError) else _kind(error)


def repair_of(error: ClientError | BotoCoreError, action: str) -> str:
    """Return the repair of a call of `action` (such as `sts:GetCallerIdentity`) that failed, as `Do ...`.

    Raises: nothing.
    """
    return repair_of_word(word_of(error), action)


def repair_of_word(word: str, action: str) -> str:
    """Return the repair of a call of `action` that failed with what `word_of` returns, as `Do ...`. Raises: nothing.

    >>> repair_of_word("AccessDeniedException", "budgets:ViewBudget")
    "Do add budgets:ViewBudget to the caller's permissions"
    """
    return _REPAIRS[kind_of_word(word)].format(action=action)


def _kind(error: ClientError | BotoCoreError) -> Kind:
    if isinstance(error, ClientError):
        return kind_of_word(code_of(error))
    if isinstance(error, NoCredentialsError | PartialCredentialsError | CredentialRetrievalError):
        return "absent"
    if isinstance(error, BotoConnectionError | HTTPClientError):
        return "unreachable"
    return "unusable"  # among others: an SSO session that has ended, an assumed role that is refused


def kind_of_word(word: str) -> Kind:
    """Return the kind of what `word_of` returns; `refused` concerns the request itself. Raises: nothing.

    Where an answer names no code, as one of a load balancer, boto3 takes the HTTP status for it.

    >>> kind_of_word("503"), kind_of_word("TargetNotFoundException")
    ('unavailable', 'refused')
    """
    if re.fullmatch(r"5\d\d", word):
        return "unavailable"
    found = (kind for kind, codes in _CODES.items() if word in codes)
    return next(found, next((kind for kind in _REPAIRS if kind == word), "refused"))
