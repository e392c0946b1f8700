"""What an audit asks of a member account: modules/audit-role's role and the policy of the session allow it."""

from fnmatch import fnmatchcase

import boto3
import pytest

from harness.audit.lineage.table import rows
from harness.audit.sources.listing import listings
from harness.audit_actions import read_groups
from harness.policy.actions import find_action
from harness.targets.role import AUDITING

# What code asks for beside its tables; each is an operation whose permission has its name, but for ListResources.
WRITTEN = {
    "config:SelectResourceConfig",
    "ec2:DescribeRegions",
    "resource-explorer-2:GetDefaultView",
    "resource-explorer-2:GetView",
    "resource-explorer-2:Search",
    "sagemaker:ListApps",
    "sagemaker:ListPipelineExecutionSteps",
    "sagemaker:ListPipelineExecutions",
    "sagemaker:ListSpaces",
    "sagemaker:ListTags",
    "sagemaker:Search",
    "tag:GetResources",
}


def asked() -> list[str]:
    """Return the actions behind all calls of an audit in a member account."""
    client = boto3.client("sagemaker", "eu-central-1", aws_access_key_id="a", aws_secret_access_key="b")
    named = client.meta.method_to_api_mapping
    methods = {each.operation for each in listings()} | {each.describe for each in (*listings(), *rows())} - {""}
    return sorted(WRITTEN | {f"sagemaker:{named[method]}" for method in methods})


@pytest.mark.parametrize("action", asked())
def test_the_role_and_the_session_allow_it(action: str) -> None:
    assert find_action(action) is not None, "IAM knows no such action"
    assert action in {one for group in read_groups(management_account=False).values() for one in group}
    assert any(fnmatchcase(action, pattern) for pattern in AUDITING)


def test_the_session_allows_nothing_that_nobody_asks_for() -> None:
    wanted = asked()
    assert [one for one in AUDITING if not any(fnmatchcase(action, one) for action in wanted)] == []
