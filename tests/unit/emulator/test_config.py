import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .config_calls import GUARD, TYPES, forget, guard, managed, record
from .conftest import ML_DEV, PAYER, Client, error_code

pytestmark = pytest.mark.emulator


def organization_guard(text: str = GUARD) -> dict[str, Any]:
    triggers = ["ConfigurationItemChangeNotification"]
    return {
        "PolicyRuntime": "guard-2.x.x",
        "PolicyText": text,
        "OrganizationConfigRuleTriggerTypes": triggers,
        "ResourceTypesScope": TYPES,
    }


MANAGED = {"RuleIdentifier": "REQUIRED_TAGS", "InputParameters": '{"tag1Key":"a"}', "ResourceTypesScope": TYPES}


@pytest.fixture
def config(client: Client) -> Iterator[Any]:
    made = client("config")
    record(made)
    yield made
    for rule in made.describe_organization_config_rules()["OrganizationConfigRules"]:
        made.delete_organization_config_rule(OrganizationConfigRuleName=rule["OrganizationConfigRuleName"])
    for page in made.get_paginator("describe_config_rules").paginate():
        for rule in page["ConfigRules"]:
            made.delete_config_rule(ConfigRuleName=rule["ConfigRuleName"])
    forget(made)


def test_a_managed_rule_is_put_changed_and_deleted(config: Any) -> None:
    config.put_config_rule(ConfigRule=managed("m"), Tags=[{"Key": "k", "Value": "v"}])
    first = config.describe_config_rules(ConfigRuleNames=["m"])["ConfigRules"][0]
    config.put_config_rule(ConfigRule=managed("m", tag1Key="b", tag1Value="x,y"))
    second = config.describe_config_rules(ConfigRuleNames=["m"])["ConfigRules"][0]
    assert second["ConfigRuleArn"] == first["ConfigRuleArn"]
    assert json.loads(second["InputParameters"]) == {"tag1Key": "b", "tag1Value": "x,y"}
    assert second["EvaluationModes"] == [{"Mode": "DETECTIVE"}]
    assert second["Scope"] == {"ComplianceResourceTypes": TYPES}
    tags = config.list_tags_for_resource(ResourceArn=first["ConfigRuleArn"])["Tags"]
    assert tags == [{"Key": "k", "Value": "v"}]
    config.delete_config_rule(ConfigRuleName="m")
    with pytest.raises(ClientError) as failure:
        config.describe_config_rules(ConfigRuleNames=["m"])
    assert error_code(failure) == "NoSuchConfigRuleException"


@pytest.mark.parametrize("parameters", [{"tag7Key": "a"}, {"tag1Key": "a" * 1024}])
def test_parameters_that_aws_refuses(config: Any, parameters: dict[str, str]) -> None:
    with pytest.raises(ClientError) as failure:
        config.put_config_rule(ConfigRule=managed("bad", **parameters))
    assert error_code(failure) in ("InvalidParameterValueException", "ValidationException")


def test_a_guard_rule_keeps_its_text_for_those_who_ask(config: Any) -> None:
    config.put_config_rule(ConfigRule=guard("g"))
    rule = config.describe_config_rules(ConfigRuleNames=["g"])["ConfigRules"][0]
    assert rule["Source"]["Owner"] == "CUSTOM_POLICY"
    assert "PolicyText" not in rule["Source"]["CustomPolicyDetails"]
    assert config.get_custom_rule_policy(ConfigRuleName="g")["PolicyText"] == GUARD


@pytest.mark.parametrize("text", ["", "rule x {", "no guard at all"])
def test_text_that_is_no_guard_is_refused(config: Any, text: str) -> None:
    with pytest.raises(ClientError) as failure:
        config.put_config_rule(ConfigRule=guard("bad", text))
    assert error_code(failure) == "InvalidParameterValueException"


def test_rules_come_in_pages_of_25(config: Any) -> None:
    for number in range(30):
        config.put_config_rule(ConfigRule=managed(f"page-{number:02}"))
    pages = config.get_paginator("describe_config_rules").paginate()
    assert [len(page["ConfigRules"]) for page in pages] == [25, 5]


def test_an_organization_rule_reaches_active_members(client: Client, config: Any) -> None:
    name = "org-managed"
    config.put_organization_config_rule(
        OrganizationConfigRuleName=name, OrganizationManagedRuleMetadata=MANAGED, ExcludedAccounts=["222222222221"]
    )
    status = config.describe_organization_config_rule_statuses()["OrganizationConfigRuleStatuses"][0]
    assert status["OrganizationRuleStatus"] == "CREATE_SUCCESSFUL"
    detailed = config.get_organization_config_rule_detailed_status(OrganizationConfigRuleName=name)
    members = {entry["AccountId"] for entry in detailed["OrganizationConfigRuleDetailedStatus"]}
    assert ML_DEV in members
    assert PAYER in members
    assert not members & {"222222222221", "666666666661"}
    copy = client("config", ML_DEV).describe_config_rules()["ConfigRules"][0]
    assert copy["ConfigRuleName"].startswith(f"OrgConfigRule-{name}-")
    assert copy["InputParameters"] == MANAGED["InputParameters"]
    with pytest.raises(ClientError) as failure:
        client("config", ML_DEV).delete_config_rule(ConfigRuleName=copy["ConfigRuleName"])
    assert error_code(failure) == "AccessDeniedException"
    config.delete_organization_config_rule(OrganizationConfigRuleName=name)
    assert client("config", ML_DEV).describe_config_rules()["ConfigRules"] == []


def test_an_organization_rule_changes_and_leaves_accounts_that_are_excluded_now(client: Client, config: Any) -> None:
    name = "org-guard"
    for text, excluded in ((GUARD, []), (GUARD.replace("K", "L"), [ML_DEV])):
        config.put_organization_config_rule(
            OrganizationConfigRuleName=name,
            OrganizationCustomPolicyRuleMetadata=organization_guard(text),
            ExcludedAccounts=excluded,
        )
    assert "'L' exists" in config.get_organization_custom_rule_policy(OrganizationConfigRuleName=name)["PolicyText"]
    rule = config.describe_organization_config_rules(OrganizationConfigRuleNames=[name])["OrganizationConfigRules"][0]
    assert rule["ExcludedAccounts"] == [ML_DEV]
    assert "PolicyText" not in rule["OrganizationCustomPolicyRuleMetadata"]
    status = config.describe_organization_config_rule_statuses(OrganizationConfigRuleNames=[name])
    assert status["OrganizationConfigRuleStatuses"][0]["OrganizationRuleStatus"] == "UPDATE_SUCCESSFUL"
    assert client("config", ML_DEV).describe_config_rules()["ConfigRules"] == []


def test_organization_rules_that_aws_refuses(config: Any) -> None:
    for name, metadata, code in (
        ("both", {"OrganizationManagedRuleMetadata": MANAGED}, "InvalidParameterValueException"),
        ("n" * 65, {}, "ValidationException"),
        ("with space", {}, "ValidationException"),
    ):
        with pytest.raises(ClientError) as failure:
            config.put_organization_config_rule(
                OrganizationConfigRuleName=name, OrganizationCustomPolicyRuleMetadata=organization_guard(), **metadata
            )
        assert error_code(failure) == code
    with pytest.raises(ClientError) as failure:
        config.put_organization_config_rule(
            OrganizationConfigRuleName="bad-guard", OrganizationCustomPolicyRuleMetadata=organization_guard("rule x {")
        )
    assert error_code(failure) == "InvalidParameterValueException"
    assert config.describe_organization_config_rules()["OrganizationConfigRules"] == []


def test_what_is_not_there_is_named(config: Any) -> None:
    for operation in ("get_organization_config_rule_detailed_status", "delete_organization_config_rule"):
        with pytest.raises(ClientError, match="absent") as failure:
            getattr(config, operation)(OrganizationConfigRuleName="absent")
        assert error_code(failure) == "NoSuchOrganizationConfigRuleException"


@pytest.mark.parametrize(
    ("account", "code"),
    [(ML_DEV, "OrganizationAccessDeniedException"), ("999999999999", "NoAvailableOrganizationException")],
)
def test_only_the_management_account_has_organization_rules(client: Client, account: str, code: str) -> None:
    with pytest.raises(ClientError) as failure:
        client("config", account).describe_organization_config_rules()
    assert error_code(failure) == code


def test_an_organization_rule_fails_where_an_account_has_no_recorder(client: Client) -> None:
    here, there = client("config", PAYER, "eu-north-1"), client("config", ML_DEV, "eu-north-1")
    record(there)
    here.put_organization_config_rule(OrganizationConfigRuleName="r", OrganizationManagedRuleMetadata=MANAGED)
    status = here.describe_organization_config_rule_statuses()["OrganizationConfigRuleStatuses"][0]
    assert status["OrganizationRuleStatus"] == "CREATE_FAILED"
    assert status["ErrorCode"] == "NoAvailableConfigurationRecorderException"
    detailed = here.get_organization_config_rule_detailed_status(OrganizationConfigRuleName="r")
    members = {one["AccountId"]: one for one in detailed["OrganizationConfigRuleDetailedStatus"]}
    assert members[ML_DEV]["MemberAccountRuleStatus"] == "CREATE_SUCCESSFUL"
    assert "ErrorCode" not in members[ML_DEV]
    assert members[PAYER]["MemberAccountRuleStatus"] == "CREATE_FAILED"
    assert members[PAYER]["ErrorMessage"].startswith("You must create a configuration recorder")
    assert len(there.describe_config_rules()["ConfigRules"]) == 1
    assert here.describe_config_rules()["ConfigRules"] == []
    here.delete_organization_config_rule(OrganizationConfigRuleName="r")
    forget(there)


def test_without_a_recorder_there_are_no_rules(client: Client) -> None:
    with pytest.raises(ClientError, match="You must create a configuration recorder") as failure:
        client("config", ML_DEV, "eu-west-2").put_config_rule(ConfigRule=managed("r"))
    assert error_code(failure) == "NoAvailableConfigurationRecorderException"
