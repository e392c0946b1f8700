"""Answer what resources carry: GetResources, GetTagKeys and GetTagValues.

docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html has the rules of filters and pages.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from moto.core.resource_tagging import make_tag_matcher, match_resource_type

from harness.emulator.inventory import resources
from harness.emulator.once_tagged import was_tagged
from harness.emulator.pages import Pages
from harness.emulator.wire import AwsError
from harness.policy.arn import arn_type

# "GetTagKeys, GetTagValues and GetResources operations aren't supported at this time and return an empty response" for
# groups of Auto Scaling; "GetResources does not currently support IAM users and roles":
# docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
_UNSEEN = frozenset({("autoscaling", "autoScalingGroup"), ("iam", "role"), ("iam", "user")})
_RESOURCES, _KEYS = 50, 1_000
_ALONE = ("TagFilters", "ResourceTypeFilters", "ResourcesPerPage", "TagsPerPage", "PaginationToken")

Tagged = tuple[str, Mapping[str, str]]
_pages = Pages()


def get_resources(backend: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of the resources that have tags or had some once.

    Raises: AwsError InvalidParameterException or PaginationTokenExpiredException; NotImplementedError for compliance.
    """
    _check(request)
    items, start = _continued(request.get("PaginationToken")) or (list(_matching(backend, request)), 0)
    end = _end(items, start, request)
    token = _pages.keep(items, end) if end < len(items) else ""
    mappings = [
        {"ResourceARN": arn, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
        for arn, tags in items[start:end]
    ]
    return {"PaginationToken": token, "ResourceTagMappingList": mappings}


def get_tag_keys(backend: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of the keys that resources carry.

    Raises: AwsError PaginationTokenExpiredException.
    """
    shown, token = _texts(request, {key for _, tags in tagged(backend) for key in tags})
    return {"PaginationToken": token, "TagKeys": shown}


def get_tag_values(backend: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of the values that resources carry for a key.

    Raises: AwsError PaginationTokenExpiredException.
    """
    key = request["Key"]
    shown, token = _texts(request, {tags[key] for _, tags in tagged(backend) if key in tags})
    return {"PaginationToken": token, "TagValues": shown}


def tagged(backend: Any) -> Iterator[Tagged]:
    """Yield what an account and region has tagged now or once, each resource once. Raises: nothing."""
    seen = set()
    for found in resources(backend.account_id, backend.region_name):
        seen.add(found.arn)
        if found.tags or was_tagged(found.arn):
            yield found.arn, found.tags
    for other in backend.beside_inventory():
        if other.tags and isinstance(other.arn, str) and other.arn not in seen:
            yield other.arn, {key: value or "" for key, value in other.tags.items()}


def _matching(backend: Any, request: Mapping[str, Any]) -> Iterator[Tagged]:
    matches, types = make_tag_matcher(request.get("TagFilters")), request.get("ResourceTypeFilters")
    wanted = frozenset(request.get("ResourceARNList") or ())
    for arn, tags in tagged(backend):
        service, kind, _ = arn_type(arn)
        if (service, kind) in _UNSEEN or (wanted and arn not in wanted):
            continue
        if match_resource_type(f"{service}:{kind}", types) and matches(tags):
            yield arn, tags


def _check(request: Mapping[str, Any]) -> None:
    """Refuse what AWS refuses besides its model; TagsPerPage goes in hundreds."""
    if request.get("IncludeComplianceDetails") or request.get("ExcludeCompliantResources"):
        raise NotImplementedError("GetResources with compliance details")
    together = [name for name in _ALONE if request.get(name)]
    if request.get("ResourceARNList") and together:
        raise AwsError("InvalidParameterException", f"ResourceARNList and {together[0]} cannot be specified together")
    if not 1 <= request.get("ResourcesPerPage", 1) <= 100:
        raise AwsError("InvalidParameterException", "ResourcesPerPage must be between 1 and 100")
    if request.get("TagsPerPage", 100) not in range(100, 501, 100):
        text = "TagsPerPage must be between 100 and 500, in multiples of 100"
        raise AwsError("InvalidParameterException", text)


def _end(items: Sequence[Tagged], start: int, request: Mapping[str, Any]) -> int:
    """Return where a page ends; a resource without tags counts as one tag, and none is split."""
    most = request.get("ResourcesPerPage") or (100 if request.get("TagsPerPage") or "ResourceARNList" in request else 0)
    end, tags = start, 0
    for _, carried in items[start : start + (most or _RESOURCES)]:
        tags += max(1, len(carried))
        if "TagsPerPage" in request and tags > request["TagsPerPage"]:
            break
        end += 1
    return end


def _texts(request: Mapping[str, Any], found: set[str]) -> tuple[Sequence[str], str]:
    items, start = _continued(request.get("PaginationToken")) or (sorted(found), 0)
    end = start + _KEYS
    return items[start:end], _pages.keep(items, end) if end < len(items) else ""


def _continued(token: str | None) -> tuple[Sequence[Any], int] | None:
    if not token:
        return None
    found = _pages.rest(token)
    if found is None:
        raise AwsError("PaginationTokenExpiredException", "The pagination token has expired.")
    return found
