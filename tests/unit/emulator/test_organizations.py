import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import ML_DEV, ML_LAB, ML_PROD, PAYER, Client, delete_policies, error_code

pytestmark = pytest.mark.emulator

ROOT_ID, PROD_OU = "r-tgrl", "ou-tgrl-workprod"


def content(key: str = "Stage", **elements: Any) -> str:
    return json.dumps({"tags": {key: {"tag_key": {"@@assign": key}, **elements}}}, separators=(",", ":"))


@pytest.fixture
def organizations(client: Client) -> Any:
    return client("organizations")


@pytest.fixture
def make(organizations: Any) -> Iterator[Callable[..., str]]:
    made: list[str] = []

    def create(name: str, text: str, *targets: str) -> str:
        policy = organizations.create_policy(Name=name, Description="", Type="TAG_POLICY", Content=text)
        made.append(policy["Policy"]["PolicySummary"]["Id"])
        for target in targets:
            organizations.attach_policy(PolicyId=made[-1], TargetId=target)
        return made[-1]

    yield create
    delete_policies(organizations, made)


def test_the_seeded_organization_is_there(organizations: Any) -> None:
    organization = organizations.describe_organization()["Organization"]
    assert (organization["Id"], organization["MasterAccountId"]) == ("o-tagraillocal", PAYER)
    accounts = organizations.list_accounts()["Accounts"]
    assert len(accounts) == 10
    assert accounts[0]["Name"] == "anycompany-payer"
    assert {account["Name"] for account in accounts if account["Status"] == "SUSPENDED"} == {"old-crm"}
    units = organizations.list_organizational_units_for_parent(ParentId=ROOT_ID)["OrganizationalUnits"]
    assert [unit["Name"] for unit in units] == ["Security", "Infrastructure", "Workloads", "Sandbox", "Suspended"]
    root = organizations.list_roots()["Roots"][0]
    assert {entry["Type"] for entry in root["PolicyTypes"]} == {"TAG_POLICY", "SERVICE_CONTROL_POLICY"}
    tags = organizations.list_tags_for_resource(ResourceId=ML_PROD)["Tags"]
    assert tags == [{"Key": "anycompany:finance:business-unit", "Value": "Shared"}]


def test_accounts_come_in_pages(organizations: Any) -> None:
    pages = organizations.get_paginator("list_accounts").paginate(PaginationConfig={"PageSize": 3})
    found = [account["Id"] for page in pages for account in page["Accounts"]]
    assert len(found) == len(set(found)) == 10


def test_callers_are_who_their_keys_say(client: Client) -> None:
    assert client("sts").get_caller_identity()["Account"] == PAYER
    assert client("sts", ML_DEV).get_caller_identity()["Account"] == ML_DEV


def test_effective_policy_follows_the_tree(organizations: Any, make: Callable[..., str]) -> None:
    make("at-root", content(tag_value={"@@assign": ["dev", "prod"]}), ROOT_ID)
    make("at-prod", content(tag_value={"@@remove": ["dev"]}), PROD_OU)
    make("at-account", content(enforced_for={"@@assign": ["s3:bucket"]}), ML_PROD)
    effective = {}
    for account in (ML_DEV, ML_PROD, PAYER):
        answer = organizations.describe_effective_policy(PolicyType="TAG_POLICY", TargetId=account)["EffectivePolicy"]
        assert answer["TargetId"] == account
        effective[account] = json.loads(answer["PolicyContent"])["tags"]["stage"]
    assert effective[ML_DEV] == effective[PAYER] == {"tag_key": "Stage", "tag_value": ["dev", "prod"]}
    assert effective[ML_PROD] == {"tag_key": "Stage", "tag_value": ["prod"], "enforced_for": ["s3:bucket"]}


def test_an_account_sees_its_own_effective_policy_only(client: Client, make: Callable[..., str]) -> None:
    make("own", content(), ML_LAB)
    mine = client("organizations", ML_LAB).describe_effective_policy(PolicyType="TAG_POLICY")
    assert mine["EffectivePolicy"]["TargetId"] == ML_LAB
    with pytest.raises(ClientError) as failure:
        client("organizations", ML_DEV).describe_effective_policy(PolicyType="TAG_POLICY", TargetId=ML_LAB)
    assert error_code(failure) == "AccessDeniedException"


def test_no_policy_is_no_effective_policy(organizations: Any) -> None:
    with pytest.raises(ClientError) as failure:
        organizations.describe_effective_policy(PolicyType="TAG_POLICY", TargetId=ML_DEV)
    assert error_code(failure) == "EffectivePolicyNotFoundException"


def test_effective_policy_is_for_accounts(organizations: Any) -> None:
    with pytest.raises(ClientError) as failure:
        organizations.describe_effective_policy(PolicyType="TAG_POLICY", TargetId=PROD_OU)
    assert error_code(failure) == "InvalidInputException"


def test_disabled_type_detaches_and_refuses(organizations: Any, make: Callable[..., str]) -> None:
    policy_id = make("typed", content(), ROOT_ID)
    organizations.disable_policy_type(RootId=ROOT_ID, PolicyType="TAG_POLICY")
    try:
        assert organizations.list_targets_for_policy(PolicyId=policy_id)["Targets"] == []
        with pytest.raises(ClientError) as failure:
            organizations.attach_policy(PolicyId=policy_id, TargetId=ROOT_ID)
        assert error_code(failure) == "PolicyTypeNotEnabledException"
    finally:
        organizations.enable_policy_type(RootId=ROOT_ID, PolicyType="TAG_POLICY")


@pytest.mark.parametrize("text", ["{", '{"tags":{"a":{"tag_value":{"@@assign":["*x*"]}}}}', '{"Statement":[]}'])
def test_malformed_documents(organizations: Any, make: Callable[..., str], text: str) -> None:
    with pytest.raises(ClientError) as failure:
        make("malformed", text)
    assert error_code(failure) == "MalformedPolicyDocumentException"
    policy_id = make("sound", content())
    with pytest.raises(ClientError) as failure:
        organizations.update_policy(PolicyId=policy_id, Content=text)
    assert error_code(failure) == "MalformedPolicyDocumentException"


def test_document_size(organizations: Any, make: Callable[..., str]) -> None:
    empty = len(content(tag_value={"@@assign": [""]}))
    make("fits", content(tag_value={"@@assign": ["x" * (10_000 - empty)]}))
    with pytest.raises(ClientError) as failure:
        make("too-long", content(tag_value={"@@assign": ["x" * (10_001 - empty)]}))
    assert failure.value.response["Reason"] == "POLICY_CONTENT_LIMIT_EXCEEDED"


def test_ten_policies_a_target(organizations: Any, make: Callable[..., str]) -> None:
    for number in range(10):
        make(f"many-{number}", content(f"key-{number}"), ML_LAB)
    eleventh = make("many-10", content())
    with pytest.raises(ClientError) as failure:
        organizations.attach_policy(PolicyId=eleventh, TargetId=ML_LAB)
    assert error_code(failure) == "ConstraintViolationException"
    assert failure.value.response["Reason"] == "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED"


def test_attachments_are_made_and_undone_once(organizations: Any, make: Callable[..., str]) -> None:
    policy_id = make("once", content(), ROOT_ID)
    with pytest.raises(ClientError) as failure:
        organizations.attach_policy(PolicyId=policy_id, TargetId=ROOT_ID)
    assert error_code(failure) == "DuplicatePolicyAttachmentException"
    with pytest.raises(ClientError) as failure:
        organizations.detach_policy(PolicyId=policy_id, TargetId=PROD_OU)
    assert error_code(failure) == "PolicyNotAttachedException"
    with pytest.raises(ClientError) as failure:
        organizations.delete_policy(PolicyId=policy_id)
    assert error_code(failure) == "PolicyInUseException"


def test_names_are_unique(organizations: Any, make: Callable[..., str]) -> None:
    make("first", content())
    second = make("second", content())
    with pytest.raises(ClientError) as failure:
        organizations.update_policy(PolicyId=second, Name="first")
    assert error_code(failure) == "DuplicatePolicyException"


@pytest.mark.parametrize("operation", ["list_accounts", "list_roots", "list_aws_service_access_for_organization"])
def test_members_may_not_look_around(client: Client, operation: str) -> None:
    with pytest.raises(ClientError) as failure:
        getattr(client("organizations", ML_DEV), operation)()
    assert error_code(failure) == "AccessDeniedException"


def test_strangers_have_no_organization(client: Client) -> None:
    with pytest.raises(ClientError) as failure:
        client("organizations", "999999999999").list_accounts()
    assert error_code(failure) == "AWSOrganizationsNotInUseException"


def test_there_is_no_resource_policy(organizations: Any) -> None:
    with pytest.raises(ClientError) as failure:
        organizations.describe_resource_policy()
    assert error_code(failure) == "ResourcePolicyNotFoundException"
