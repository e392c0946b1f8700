"""Account Management's ListRegions and GetRegionOptStatus; DescribeRegions of EC2 (ec2_regions.py) agrees with them.

docs.aws.amazon.com/accounts/latest/reference/API_ListRegions.html. Every region is enabled unless a fault says
otherwise: on AWS those that are not enabled by default are off until somebody enables them.
"""

from typing import Any

from botocore.session import Session
from moto.account import urls
from moto.account.models import account_backends
from moto.account.responses import AccountResponse

from harness.emulator.faults.state import is_region_disabled
from harness.emulator.wire import AwsError, CheckedResponse, answering, page, payer_of

# docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html, as of November 2026
_BY_DEFAULT = frozenset(
    {
        *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2"),
        *("ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1"),
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2"),
    }
)
_PAGE = 50
OPT_IN = {"DISABLED": "not-opted-in", "ENABLED": "opted-in", "ENABLED_BY_DEFAULT": "opt-in-not-required"}


def status_of(account_id: str, region: str) -> str:
    """Return whether an account has a region enabled, as ListRegions says it. Raises: nothing."""
    if is_region_disabled(account_id, region):
        return "DISABLED"
    return "ENABLED_BY_DEFAULT" if region in _BY_DEFAULT else "ENABLED"


def _regions() -> list[str]:
    return sorted(Session().get_available_regions("ec2"))


def _list(backend: Any, request: dict[str, Any]) -> dict[str, Any]:
    account_id, wanted = _account(backend, request), request.get("RegionOptStatusContains") or tuple(OPT_IN)
    found = [{"RegionName": name, "RegionOptStatus": status_of(account_id, name)} for name in _regions()]
    found = [each for each in found if each["RegionOptStatus"] in wanted]
    shown, following = page(found, request, "MaxResults", _PAGE)
    return {"Regions": shown, **following}


def _get(backend: Any, request: dict[str, Any]) -> dict[str, Any]:
    account_id, name = _account(backend, request), request["RegionName"]
    if name not in _regions():
        raise AwsError("ValidationException", f"The region {name} is not valid")
    return {"RegionName": name, "RegionOptStatus": status_of(account_id, name)}


def _account(backend: Any, request: dict[str, Any]) -> str:
    """Return the account that is asked about; others than the own one are for the management account alone."""
    account_id = str(request.get("AccountId") or backend.account_id)
    if account_id != backend.account_id and payer_of(account_id) != backend.account_id:
        error = AwsError("AccessDeniedException", "Only the management account may ask about other accounts.")
        error.code = 403
        raise error
    return account_id


class AccountExtension(CheckedResponse, AccountResponse):  # type: ignore[misc]  # moto is untyped here
    """Answer Account Management requests."""

    list_regions = answering(_list)
    get_region_opt_status = answering(_get)

    @property
    def extended_backend(self) -> Any:
        """Return the calling account's backend."""
        return account_backends[self.current_account][self.partition]


def install() -> None:
    """Put the extension in the place of moto's handlers."""
    urls.url_paths = {f"{{0}}/{name}$": AccountExtension.dispatch for name in _PATHS}


_PATHS = ("putAlternateContact", "getAlternateContact", "deleteAlternateContact", "listRegions", "getRegionOptStatus")
