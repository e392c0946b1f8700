"""StackSets of an organization: which accounts get a stack, what the set keeps, and what is refused."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.emulator.conftest import Client, client, emulator

__all__ = ["client", "emulator"]

pytestmark = pytest.mark.emulator
HOME = "eu-central-1"


def template(role: str) -> str:
    trust = {"Version": "2012-10-17", "Statement": []}
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "ec2:DescribeRegions", "Resource": "*"}],
    }
    return json.dumps(
        {
            "Resources": {
                "Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": role, "AssumeRolePolicyDocument": trust}},
                "Policy": {
                    "Type": "AWS::IAM::ManagedPolicy",
                    "Properties": {
                        "ManagedPolicyName": f"{role}-1",
                        "PolicyDocument": policy,
                        "Roles": [{"Ref": "Role"}],
                    },
                },
            }
        }
    )


@pytest.fixture
def stacks(client: Client) -> Iterator[Any]:
    service = client("cloudformation")
    create(service)
    yield service
    found = service.describe_stack_set(StackSetName="case")["StackSet"].get("OrganizationalUnitIds", [])
    if found:
        remove(service, *found)
    service.delete_stack_set(StackSetName="case")


def create(service: Any, name: str = "case") -> None:
    service.create_stack_set(
        StackSetName=name,
        TemplateBody=template("reader"),
        Capabilities=["CAPABILITY_NAMED_IAM"],
        PermissionModel="SERVICE_MANAGED",
        AutoDeployment={"Enabled": True, "RetainStacksOnAccountRemoval": False},
    )


def deploy(service: Any, *units: str) -> None:
    targets = {"OrganizationalUnitIds": list(units)}
    service.create_stack_instances(StackSetName="case", DeploymentTargets=targets, Regions=[HOME])


def remove(service: Any, *units: str) -> None:
    targets = {"OrganizationalUnitIds": list(units)}
    arguments = {"StackSetName": "case", "DeploymentTargets": targets, "Regions": [HOME], "RetainStacks": False}
    service.delete_stack_instances(**arguments)


def accounts(service: Any) -> list[str]:
    return sorted(each["Account"] for each in service.list_stack_instances(StackSetName="case")["Summaries"])


def node_ids(client: Client) -> tuple[str, dict[str, str]]:
    """Return the root's id, and units below Workloads by name."""
    organizations = client("organizations")
    root = organizations.list_roots()["Roots"][0]["Id"]
    level = organizations.list_organizational_units_for_parent(ParentId=root)["OrganizationalUnits"]
    units = {each["Name"]: each["Id"] for each in level}
    below = organizations.list_organizational_units_for_parent(ParentId=units["Workloads"])["OrganizationalUnits"]
    return root, {**units, **{each["Name"]: each["Id"] for each in below}}


def test_every_active_account_below_the_root_but_the_payer_gets_a_stack(client: Client, stacks: Any) -> None:
    root, _ = node_ids(client)
    deploy(stacks, root)
    found = client("organizations").list_accounts()["Accounts"]
    active = {each["Id"] for each in found if each["Status"] == "ACTIVE"}
    assert accounts(stacks) == sorted(active - {"111111111111"})
    assert active - {"111111111111"} < {each["Id"] for each in found}


def test_a_set_keeps_its_units_and_how_it_deploys(client: Client, stacks: Any) -> None:
    _, units = node_ids(client)
    deploy(stacks, units["Prod"])
    held = stacks.describe_stack_set(StackSetName="case")["StackSet"]
    assert held["OrganizationalUnitIds"] == [units["Prod"]]
    assert held["AutoDeployment"] == {"Enabled": True, "RetainStacksOnAccountRemoval": False}
    assert held["Capabilities"] == ["CAPABILITY_NAMED_IAM"]
    remove(stacks, units["Prod"])
    assert accounts(stacks) == []
    assert not stacks.describe_stack_set(StackSetName="case")["StackSet"].get("OrganizationalUnitIds")


def test_another_template_makes_the_stacks_anew(client: Client, stacks: Any) -> None:
    _, units = node_ids(client)
    deploy(stacks, units["Prod"])
    member = accounts(stacks)[0]
    stacks.update_stack_set(StackSetName="case", TemplateBody=template("writer"), Capabilities=["CAPABILITY_NAMED_IAM"])
    assert accounts(stacks)
    sts = client("sts")
    arn = f"arn:aws:iam::{member}:role/writer"
    assert sts.assume_role(RoleArn=arn, RoleSessionName="case")["AssumedRoleUser"]["Arn"].endswith("writer/case")


def test_a_name_is_taken_once(stacks: Any) -> None:
    with pytest.raises(ClientError, match="NameAlreadyExistsException"):
        create(stacks)


def test_a_unit_must_exist(stacks: Any) -> None:
    with pytest.raises(ClientError, match="does not exist"):
        deploy(stacks, "ou-abcd-99999999")


def test_the_organization_has_to_trust_stack_sets(client: Client) -> None:
    organizations = client("organizations")
    trusted = {"ServicePrincipal": "member.org.stacksets.cloudformation.amazonaws.com"}
    organizations.disable_aws_service_access(**trusted)
    try:
        with pytest.raises(ClientError, match="enable organizations access"):
            create(client("cloudformation"), "untrusted")
    finally:
        organizations.enable_aws_service_access(**trusted)
