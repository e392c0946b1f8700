"""What rules find, judged from outside: resources of two accounts and regions, all made by the test."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .config_calls import forget, guard, make_table, managed, record, verdicts
from .conftest import PAYER, Client, error_code

pytestmark = pytest.mark.emulator

REGION = "eu-west-3"  # nothing of the seed stands there
TABLE, MODEL, NOTEBOOK = "AWS::DynamoDB::Table", "AWS::SageMaker::ModelPackageGroup", "AWS::SageMaker::NotebookInstance"


@pytest.fixture
def config(client: Client) -> Iterator[Any]:
    made = client("config", PAYER, REGION)
    record(made)
    yield made
    for rule in made.describe_config_rules()["ConfigRules"]:
        made.delete_config_rule(ConfigRuleName=rule["ConfigRuleName"])
    forget(made)


@pytest.fixture
def table(client: Client) -> Iterator[Any]:
    """Return a function that makes a DynamoDB table with tags."""
    dynamodb = client("dynamodb", PAYER, REGION)

    def make(name: str, **tags: str) -> str:
        return make_table(dynamodb, name, tags)

    yield make
    for name in dynamodb.list_tables()["TableNames"]:
        dynamodb.delete_table(TableName=name)


def on_tables(rule: dict[str, Any], **scope: Any) -> dict[str, Any]:
    return rule | {"Scope": scope or {"ComplianceResourceTypes": [TABLE]}}


@pytest.mark.parametrize(
    ("parameters", "tags", "verdict"),
    [
        ({"tag1Key": "Owner"}, {"Owner": "x"}, "COMPLIANT"),
        ({"tag1Key": "Owner"}, {"Owner": ""}, "COMPLIANT"),
        ({"tag1Key": "Owner"}, {"owner": "x"}, "NON_COMPLIANT"),
        ({"tag1Key": "Owner"}, {}, "NON_COMPLIANT"),
        ({"tag1Key": "Stage", "tag1Value": "dev,prod"}, {"Stage": "prod"}, "COMPLIANT"),
        ({"tag1Key": "Stage", "tag1Value": "dev, prod"}, {"Stage": "prod"}, "COMPLIANT"),
        ({"tag1Key": "Stage", "tag1Value": "dev,prod"}, {"Stage": "Prod"}, "NON_COMPLIANT"),
        ({"tag1Key": "Stage", "tag1Value": "dev,prod"}, {"Stage": ""}, "NON_COMPLIANT"),
        ({"tag1Key": "A", "tag6Key": "F"}, {"A": "1", "F": "1"}, "COMPLIANT"),
        ({"tag1Key": "A", "tag6Key": "F"}, {"A": "1"}, "NON_COMPLIANT"),
        ({"tag1Key": "A", "tag6Key": "F", "tag6Value": "x"}, {"A": "1", "F": "y"}, "NON_COMPLIANT"),
    ],
)
def test_required_tags(config: Any, table: Any, parameters: dict[str, str], tags: dict[str, str], verdict: str) -> None:
    table("judged", **tags)
    config.put_config_rule(ConfigRule=on_tables(managed("r", **parameters)))
    assert verdicts(config, "r") == {"judged": verdict}


def test_a_guard_rule_judges_a_type_that_required_tags_does_not_see(config: Any, client: Client) -> None:
    sagemaker = client("sagemaker", PAYER, REGION)
    for name, tags in (("right", [{"Key": "K", "Value": "v"}]), ("wrong", [])):
        sagemaker.create_notebook_instance(
            NotebookInstanceName=name,
            InstanceType="ml.t3.medium",
            RoleArn="arn:aws:iam::111111111111:role/r",
            Tags=tags,
        )
    scope = {"ComplianceResourceTypes": [NOTEBOOK]}
    config.put_config_rule(ConfigRule=guard("g") | {"Scope": scope})
    config.put_config_rule(ConfigRule=managed("m", tag1Key="K") | {"Scope": scope})
    assert verdicts(config, "g") == {"right": "COMPLIANT", "wrong": "NON_COMPLIANT"}
    assert verdicts(config, "m") == {}
    found = config.get_compliance_details_by_config_rule(ConfigRuleName="g", ComplianceTypes=["NON_COMPLIANT"])
    assert [one["Annotation"] for one in found["EvaluationResults"]] == ["K is missing"]
    for name in ("right", "wrong"):
        sagemaker.stop_notebook_instance(NotebookInstanceName=name)
        sagemaker.delete_notebook_instance(NotebookInstanceName=name)
    assert verdicts(config, "g") == {}


def test_a_type_that_aws_config_does_not_record_gets_no_verdict(config: Any, client: Client) -> None:
    client("sagemaker", PAYER, REGION).create_model_package_group(ModelPackageGroupName="unseen")
    config.put_config_rule(ConfigRule=guard("g") | {"Scope": {"ComplianceResourceTypes": [MODEL]}})
    assert verdicts(config, "g") == {}
    compliance = config.describe_compliance_by_config_rule(ConfigRuleNames=["g"])["ComplianceByConfigRules"][0]
    assert compliance["Compliance"] == {"ComplianceType": "INSUFFICIENT_DATA"}


def test_a_guard_rule_that_skips_is_not_applicable(config: Any, table: Any) -> None:
    table("plain")
    text = "rule tag_values {\n  when tags[ keys == 'K' ] !empty {\n    tags[ keys == 'K' ] == 'v'\n  }\n}"
    config.put_config_rule(ConfigRule=on_tables(guard("g", text)))
    assert verdicts(config, "g") == {}
    assert verdicts(config, "g", "NOT_APPLICABLE") == {"plain": "NOT_APPLICABLE"}
    assert config.describe_compliance_by_resource(ResourceType=TABLE)["ComplianceByResources"] == []


def test_a_rule_with_forty_missing_keys_is_noncompliant(config: Any, table: Any) -> None:
    """The engine's binding cuts such a long report."""
    table("plain")
    clauses = "\n".join(f"  tags[ keys == 'K{number}' ] !empty <<K{number} is missing>>" for number in range(40))
    config.put_config_rule(ConfigRule=on_tables(guard("g", f"rule required_tags {{\n{clauses}\n}}")))
    assert verdicts(config, "g") == {"plain": "NON_COMPLIANT"}


@pytest.mark.parametrize(
    "rule",
    [
        guard("x", "rule r {\n  configuration.tableSizeBytes == 0\n}"),
        guard("x", "rule r when Configuration exists {\n  tags !empty\n}"),
        guard("x", "rule r {\n  supplementaryConfiguration !exists\n}"),
        managed("x")
        | {"Source": {"Owner": "AWS", "SourceIdentifier": "DYNAMODB_TABLE_ENCRYPTED_KMS"}, "InputParameters": "{}"},
    ],
)
def test_what_the_emulator_cannot_judge_has_no_verdict_and_a_reason(config: Any, table: Any, rule: Any) -> None:
    table("plain", K="v")
    config.put_config_rule(ConfigRule=on_tables(rule))
    compliance = config.describe_compliance_by_config_rule(ConfigRuleNames=["x"])["ComplianceByConfigRules"][0]
    assert compliance["Compliance"] == {"ComplianceType": "INSUFFICIENT_DATA"}
    assert verdicts(config, "x", "COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE") == {}
    status = config.describe_config_rule_evaluation_status(ConfigRuleNames=["x"])["ConfigRulesEvaluationStatus"][0]
    assert status["FirstEvaluationStarted"] is False
    assert status["LastErrorMessage"].startswith("The tagrail emulator does not ")


@pytest.mark.parametrize("key", ["version", "configuration", "any:workload:version"])
def test_a_tag_may_be_called_like_a_member_of_a_resource(config: Any, table: Any, key: str) -> None:
    table("plain", **{key: "v"})
    config.put_config_rule(ConfigRule=on_tables(guard("g", f"rule r {{\n  tags[ keys == '{key}' ] !empty\n}}")))
    assert verdicts(config, "g") == {"plain": "COMPLIANT"}


@pytest.mark.parametrize(
    ("scope", "judged"),
    [
        ({"ComplianceResourceTypes": [TABLE, "AWS::S3::Bucket"]}, {"one", "two"}),
        ({"ComplianceResourceTypes": [TABLE], "ComplianceResourceId": "one"}, {"one"}),
        ({"TagKey": "Team"}, {"one", "two"}),
        ({"TagKey": "Team", "TagValue": "a"}, {"one"}),
        ({"ComplianceResourceTypes": ["AWS::S3::Bucket"]}, set()),
    ],
)
def test_scope(config: Any, table: Any, scope: dict[str, Any], judged: set[str]) -> None:
    table("one", Team="a")
    table("two", Team="b")
    config.put_config_rule(ConfigRule=on_tables(managed("r", tag1Key="K"), **scope))
    assert set(verdicts(config, "r")) == judged


def test_without_a_scope_every_type_is_judged(config: Any, table: Any, client: Client) -> None:
    table("one")
    sns = client("sns", PAYER, REGION)
    topic = sns.create_topic(Name="t")["TopicArn"]
    for rule in (managed("m", tag1Key="K"), guard("g")):
        config.put_config_rule(ConfigRule={key: value for key, value in rule.items() if key != "Scope"})
    assert {id_ for id_ in verdicts(config, "m") if id_ in ("one", topic)} == {"one"}
    assert {id_ for id_ in verdicts(config, "g") if id_ in ("one", topic)} == {"one", topic}
    sns.delete_topic(TopicArn=topic)


def test_a_change_of_resource_or_rule_changes_the_verdict(config: Any, table: Any, client: Client) -> None:
    arn = table("one", K="v")
    config.put_config_rule(ConfigRule=on_tables(managed("r", tag1Key="K")))
    first = config.get_compliance_details_by_config_rule(ConfigRuleName="r")["EvaluationResults"][0]
    again = config.get_compliance_details_by_config_rule(ConfigRuleName="r")["EvaluationResults"][0]
    assert again == first
    assert first["ComplianceType"] == "COMPLIANT"
    client("dynamodb", PAYER, REGION).untag_resource(ResourceArn=arn, TagKeys=["K"])
    assert verdicts(config, "r") == {"one": "NON_COMPLIANT"}
    config.put_config_rule(ConfigRule=on_tables(managed("r", tag1Key="L")))
    client("dynamodb", PAYER, REGION).tag_resource(ResourceArn=arn, Tags=[{"Key": "L", "Value": "v"}])
    assert verdicts(config, "r") == {"one": "COMPLIANT"}
    config.start_config_rules_evaluation(ConfigRuleNames=["r"])
    renewed = config.get_compliance_details_by_config_rule(ConfigRuleName="r")["EvaluationResults"][0]
    assert renewed["ResultRecordedTime"] > first["ResultRecordedTime"]
    status = config.describe_config_rule_evaluation_status()["ConfigRulesEvaluationStatus"][0]
    assert status["FirstEvaluationStarted"] is True
    assert status["LastSuccessfulEvaluationTime"] >= renewed["ResultRecordedTime"]


def test_a_stopped_recorder_leaves_the_results_as_they_were(config: Any, table: Any, client: Client) -> None:
    arn = table("one", K="v")
    config.put_config_rule(ConfigRule=on_tables(managed("r", tag1Key="K")))
    config.stop_configuration_recorder(ConfigurationRecorderName="default")
    client("dynamodb", PAYER, REGION).untag_resource(ResourceArn=arn, TagKeys=["K"])
    table("two")
    assert verdicts(config, "r") == {"one": "COMPLIANT"}
    config.start_config_rules_evaluation(ConfigRuleNames=["r"])
    assert verdicts(config, "r") == {"one": "COMPLIANT"}
    config.start_configuration_recorder(ConfigurationRecorderName="default")
    assert verdicts(config, "r") == {"one": "NON_COMPLIANT", "two": "NON_COMPLIANT"}


@pytest.mark.parametrize(
    "group",
    [
        {"allSupported": False, "resourceTypes": ["AWS::S3::Bucket"]},
        {
            "allSupported": False,
            "exclusionByResourceTypes": {"resourceTypes": [TABLE]},
            "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"},
        },
    ],
)
def test_a_recorder_that_leaves_a_type_out_leaves_it_unjudged(config: Any, table: Any, group: dict[str, Any]) -> None:
    record(config, **group)
    table("one")
    config.put_config_rule(ConfigRule=on_tables(managed("r", tag1Key="K")))
    assert verdicts(config, "r") == {}


def test_numbers_by_rule_and_by_resource(config: Any, table: Any) -> None:
    for number in range(27):
        table(f"wrong-{number:02}")
    table("right", K="v")
    config.put_config_rule(ConfigRule=on_tables(managed("wrong", tag1Key="K")))
    config.put_config_rule(ConfigRule=on_tables(managed("right", tag1Key="K"), TagKey="K"))
    config.put_config_rule(ConfigRule=on_tables(managed("unknown", tag1Key="K"), TagKey="absent"))
    by_rule = config.describe_compliance_by_config_rule()["ComplianceByConfigRules"]
    assert {one["ConfigRuleName"]: one["Compliance"] for one in by_rule} == {
        "right": {"ComplianceType": "COMPLIANT"},
        "unknown": {"ComplianceType": "INSUFFICIENT_DATA"},
        "wrong": {
            "ComplianceType": "NON_COMPLIANT",
            "ComplianceContributorCount": {"CappedCount": 25, "CapExceeded": True},
        },
    }
    only = config.describe_compliance_by_config_rule(ComplianceTypes=["COMPLIANT"])["ComplianceByConfigRules"]
    assert [one["ConfigRuleName"] for one in only] == ["right"]
    pages = list(config.get_paginator("describe_compliance_by_resource").paginate(ResourceType=TABLE))
    assert [len(page["ComplianceByResources"]) for page in pages] == [10, 10, 8]
    summary = config.get_compliance_summary_by_config_rule()["ComplianceSummary"]
    assert summary["CompliantResourceCount"] == {"CappedCount": 1, "CapExceeded": False}
    assert summary["NonCompliantResourceCount"] == {"CappedCount": 1, "CapExceeded": False}
    by_type = config.get_compliance_summary_by_resource_type(ResourceTypes=[TABLE, "AWS::S3::Bucket"])
    counts = [
        (one["ResourceType"], one["ComplianceSummary"]["NonCompliantResourceCount"]["CappedCount"])
        for one in by_type["ComplianceSummariesByResourceType"]
    ]
    assert counts == [(TABLE, 27), ("AWS::S3::Bucket", 0)]


def test_what_the_rules_say_of_one_resource(config: Any, table: Any) -> None:
    table("one", K="v")
    config.put_config_rule(ConfigRule=on_tables(managed("has-k", tag1Key="K")))
    config.put_config_rule(ConfigRule=on_tables(managed("has-l", tag1Key="L")))
    found = config.get_compliance_details_by_resource(ResourceType=TABLE, ResourceId="one")["EvaluationResults"]
    named = {
        one["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ConfigRuleName"]: one["ComplianceType"]
        for one in found
    }
    assert named == {"has-k": "COMPLIANT", "has-l": "NON_COMPLIANT"}
    (resource,) = config.describe_compliance_by_resource(ResourceType=TABLE, ResourceId="one")["ComplianceByResources"]
    assert resource["Compliance"]["ComplianceType"] == "NON_COMPLIANT"
    assert resource["Compliance"]["ComplianceContributorCount"]["CappedCount"] == 1


@pytest.mark.parametrize(
    ("operation", "arguments", "code"),
    [
        ("describe_compliance_by_config_rule", {"ConfigRuleNames": ["absent"]}, "NoSuchConfigRuleException"),
        ("describe_compliance_by_config_rule", {"NextToken": "x"}, "InvalidNextTokenException"),
        ("get_compliance_details_by_config_rule", {"ConfigRuleName": "absent"}, "NoSuchConfigRuleException"),
        (
            "get_compliance_details_by_config_rule",
            {"ConfigRuleName": "r", "ComplianceTypes": ["INSUFFICIENT_DATA"]},
            "InvalidParameterValueException",
        ),
        ("get_compliance_details_by_resource", {"ResourceType": TABLE}, "InvalidParameterValueException"),
        ("describe_compliance_by_resource", {"ResourceId": "x"}, "InvalidParameterValueException"),
        ("start_config_rules_evaluation", {"ConfigRuleNames": ["absent"]}, "NoSuchConfigRuleException"),
        ("start_config_rules_evaluation", {}, "InvalidParameterValueException"),
        ("describe_config_rule_evaluation_status", {"ConfigRuleNames": ["absent"]}, "NoSuchConfigRuleException"),
        ("get_compliance_details_by_config_rule", {"ConfigRuleName": "r", "Limit": 101}, "ValidationException"),
        ("delete_evaluation_results", {"ConfigRuleName": "r"}, "NotImplemented"),
    ],
)
def test_requests_that_are_refused(config: Any, operation: str, arguments: dict[str, Any], code: str) -> None:
    config.put_config_rule(ConfigRule=on_tables(managed("r")))
    with pytest.raises(ClientError) as failure:
        getattr(config, operation)(**arguments)
    assert error_code(failure) == code


def test_a_rule_can_be_started_once_a_minute(config: Any) -> None:
    config.put_config_rule(ConfigRule=on_tables(managed("r")))
    config.start_config_rules_evaluation(ConfigRuleNames=["r"])
    with pytest.raises(ClientError) as failure:
        config.start_config_rules_evaluation(ConfigRuleNames=["r"])
    assert error_code(failure) == "LimitExceededException"
