"""Search: resources of one kind, each as Describe shows it, in pages.

docs.aws.amazon.com/sagemaker/latest/APIReference/API_Search.html
"""

from collections.abc import Mapping
from typing import Any

from moto.sagemaker.models import sagemaker_backends

from harness.emulator.sagemaker.shapes import fitting, output_of
from harness.emulator.sagemaker.store import Studio
from harness.emulator.wire import page

_PAGE = 10


def search(backend: Studio, request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of what moto finds, with what is remembered of each.

    Raises: AwsError InvalidNextTokenException; moto's ValidationError for kinds and filters that it does not have.
    """
    moto = sagemaker_backends[backend.account_id][backend.region_name]
    found = moto.search(resource=request["Resource"], search_expression=request.get("SearchExpression"))
    shown, following = page(found["Results"], request, "MaxResults", _PAGE)
    answer: dict[str, Any] = fitting(output_of("Search"), {"Results": [_completed(backend, each) for each in shown]})
    return {**answer, **following}


def _completed(backend: Studio, record: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {noun: _remembered(backend, noun, described) for noun, described in record.items()}


def _remembered(backend: Studio, noun: str, described: Mapping[str, Any]) -> dict[str, Any]:
    arn = str(described.get(f"{noun}Arn") or described.get("Arn", ""))
    own = {name: value for name, value in described.items() if name not in ("CreatedBy", "LastModifiedBy")}
    return {**backend.requests.get(arn, {}), "CreatedBy": backend.created_by.get(arn), **own, f"{noun}Arn": arn}
