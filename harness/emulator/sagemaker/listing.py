"""List SageMaker resources as all of its List operations do: filters by member, an order, pages of ten.

docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListApps.html: MaxResults is 10 where it is not given.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from botocore.model import ListShape

from harness.emulator.sagemaker.shapes import fitting, output_of
from harness.emulator.wire import page

_PAGE = 10
_AFTER = {"CreationTimeAfter", "CreatedAfter"}
_BEFORE = {"CreationTimeBefore", "CreatedBefore"}
_IGNORED = {"MaxResults", "NextToken", "SortBy", "SortOrder", "PipelineName"}


def answer_list(
    operation: str, described: Iterable[Mapping[str, Any]], request: Mapping[str, Any], name: str
) -> dict[str, Any]:
    """Return one page of resources; `name` is the member that has a resource's name.

    Raises: AwsError InvalidNextTokenException; NotImplementedError for a filter of another form.
    """
    shape = output_of(operation)
    member, listed = next((key, each) for key, each in shape.members.items() if isinstance(each, ListShape))
    found = [fitting(listed.member, each) for each in described if _matches(each, request, name)]
    times = next((key for key in ("CreationTime", "StartTime") if found and key in found[0]), name)
    order = name if request.get("SortBy") == "Name" else times
    found.sort(key=lambda each: each.get(order) or 0, reverse=request.get("SortOrder") == "Descending")
    shown, following = page(found, request, "MaxResults", _PAGE)
    return {member: shown, **following}


def _matches(described: Mapping[str, Any], request: Mapping[str, Any], name: str) -> bool:
    return all(
        _passes(described, key, wanted, name)
        for key, wanted in request.items()
        if wanted is not None and key not in _IGNORED
    )


def _passes(described: Mapping[str, Any], key: str, wanted: Any, name: str) -> bool:
    if key.endswith("NameContains"):
        return str(wanted).lower() in str(described.get(name, "")).lower()
    if key in _AFTER or key in _BEFORE:
        created = float(described.get("CreationTime") or described.get("StartTime") or 0)
        return created > float(wanted) if key in _AFTER else created < float(wanted)
    member = key.removesuffix("Equals")
    found = next((described[each] for each in (member, *described) if _is_member(each, member, described)), None)
    if found is None and not key.endswith(("Equals", "Status", "Version")):
        raise NotImplementedError(f"a list filtered by {key}")
    return bool(found == wanted)


def _is_member(each: str, wanted: str, described: Mapping[str, Any]) -> bool:
    return each in described and (each == wanted or (wanted == "Status" and each.endswith("Status")))
