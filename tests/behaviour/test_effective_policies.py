"""What the tag policies of the local environment come to in each of its ten accounts, as AWS would say it."""

import json

import pytest

from .conftest import Client

pytestmark = pytest.mark.terraform

STAGE, OWNER = "anycompany:workload:environment", "anycompany:finance:owner"
EVERYWHERE, PRODUCTION, LABORATORY = (
    ["dev", "test", "prod"],
    ["test", "prod"],
    ["dev", "test", "prod", "experiment"],
)
# account -> the stages that it may use, and whether a wrong one is denied
WANTED = {
    "anycompany-payer": (EVERYWHERE, False),
    "log-archive": (EVERYWHERE, False),
    "audit": (EVERYWHERE, False),
    "network": (EVERYWHERE, False),
    "ml-dev": (EVERYWHERE, False),
    "ml-test": (EVERYWHERE, False),
    "ml-prod": (PRODUCTION, True),
    "retail-prod": (PRODUCTION, True),
    "ml-lab": (LABORATORY, True),
    "old-crm": (EVERYWHERE, False),
}


def test_every_account_has_its_effective_policy(client: Client) -> None:
    organizations = client("organizations")
    found = {}
    for account in organizations.list_accounts()["Accounts"]:
        answer = organizations.describe_effective_policy(PolicyType="TAG_POLICY", TargetId=account["Id"])
        tags = json.loads(answer["EffectivePolicy"]["PolicyContent"])["tags"]
        enforced = tags[STAGE].get("enforced_for", [])
        assert len(tags) == 12, account["Name"]
        assert "tag_value" not in tags[OWNER], "owners are free"
        assert tags[OWNER]["tag_key"] == OWNER
        assert not enforced or "sagemaker:training-job" in enforced
        found[account["Name"]] = (tags[STAGE]["tag_value"], bool(enforced))
    assert found == WANTED


def test_no_account_has_an_invalid_one(client: Client) -> None:
    answer = client("organizations").list_accounts_with_invalid_effective_policy(PolicyType="TAG_POLICY")
    assert answer["Accounts"] == []


def test_members_are_told_which_keys_are_wanted(client: Client) -> None:
    required = client("resourcegroupstaggingapi", "444444444443").list_required_tags()["RequiredTags"]
    by_type = {entry["ResourceType"]: entry for entry in required}
    assert by_type.keys() == {"ec2:instance", "s3:bucket", "sagemaker:endpoint", "sagemaker:notebook-instance"}
    assert by_type["sagemaker:endpoint"]["CloudFormationResourceTypes"] == ["AWS::SageMaker::Endpoint"]
    assert len(by_type["sagemaker:endpoint"]["ReportingTagKeys"]) == 6
