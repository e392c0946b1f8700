"""No governance operation succeeds unless the emulator means it: a success that is not on this list fails.

Each operation is called with the least that its model asks for. What answers then must be an error of the service, a
refusal by name, or one of the operations below, whose answers other tests look into.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.model import Shape
from moto.core.utils import get_service_model

from harness.emulator import process

from .conftest import SEED

pytestmark = pytest.mark.emulator

MEANT = {
    "budgets": set[str](),
    "ce": {
        "GetAnomalyMonitors",
        "GetAnomalySubscriptions",
        "ListCostCategoryDefinitions",
        "ListCostAllocationTagBackfillHistory",
        "ListCostAllocationTags",
        "UpdateCostAllocationTagsStatus",
    },
    "config": {
        "DescribeAggregationAuthorizations",
        "DescribeComplianceByConfigRule",
        "DescribeComplianceByResource",
        "DescribeConfigRuleEvaluationStatus",
        "DescribeConfigRules",
        "GetComplianceSummaryByConfigRule",
        "GetComplianceSummaryByResourceType",
        "DescribeConfigurationAggregators",
        "DescribeConfigurationRecorderStatus",
        "DescribeConfigurationRecorders",
        "DescribeDeliveryChannels",
        "DescribeOrganizationConfigRuleStatuses",
        "DescribeOrganizationConfigRules",
        "DescribeRetentionConfigurations",
    },
    "organizations": {
        "DescribeOrganization",
        "ListAWSServiceAccessForOrganization",
        "ListAccounts",
        "ListAccountsWithInvalidEffectivePolicy",
        "ListCreateAccountStatus",
        "ListDelegatedAdministrators",
        "ListPolicies",
        "ListRoots",
    },
    "servicecatalog": {
        "CreatePortfolio",
        "CreateProduct",
        "CreateTagOption",
        "ListPortfolios",
        "ListTagOptions",
    },
    "resourcegroupstaggingapi": {
        "GetResources",
        "GetTagKeys",
        "GetTagValues",
        "ListRequiredTags",
    },
    "resource-explorer-2": {
        "BatchGetView",
        "CreateView",
        "DisassociateDefaultView",
        "GetDefaultView",
        "GetIndex",
        "ListIndexes",
        "ListIndexesForMembers",
        "ListSupportedResourceTypes",
        "ListViews",
    },
}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start an emulator of its own: every operation is called here, those that delete included."""
    folder: Path = tmp_path_factory.mktemp("canary")
    yield process.start("canary", folder, SEED).url
    process.stop("canary", folder)


def least(shape: Shape) -> Any:
    """Return the smallest value that a model takes."""
    kind = shape.type_name
    if kind == "structure":
        return {name: least(shape.members[name]) for name in shape.required_members}  # type: ignore[attr-defined]
    if kind == "list":
        return [least(shape.member)] if shape.metadata.get("min") else []  # type: ignore[attr-defined]
    numbers: dict[str, Any] = {"integer": 1, "long": 1, "double": 1.0, "float": 1.0, "timestamp": 1_700_000_000}
    values: dict[str, Any] = numbers | {"map": {}, "boolean": False, "blob": b"x"}
    enum = shape.metadata.get("enum")
    return values.get(kind, enum[0] if enum else "x" * max(1, shape.metadata.get("min", 1)))


@pytest.mark.parametrize("service", MEANT)
def test_a_success_is_meant_or_refused(url: str, service: str) -> None:
    settings = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    session: Any = boto3.Session(aws_access_key_id="tagrail", aws_secret_access_key="tagrail")
    client = session.client(service, region_name="us-east-1", endpoint_url=url, config=settings)
    model, signing = get_service_model(service), client.meta.service_model.signing_name
    succeeded, wrong = set(), []
    for name in model.operation_names:
        shape = model.operation_model(name).input_shape
        try:
            getattr(client, xform_name(name))(**(least(shape) if shape else {}))
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            calls = (f"{signing}:{name}", f"{signing}:POST /{name}", f"{signing}:DELETE /tags/")
            named = any(call in str(error) for call in calls)
            if not (400 <= status < 500 or (status == 501 and named)):
                wrong.append(f"{name}: {error}")
        else:
            succeeded.add(name)
    assert wrong == []
    assert sorted(succeeded - MEANT[service]) == [], "an empty success, or an operation to put on the list with a test"
    assert MEANT[service] - succeeded == set()
