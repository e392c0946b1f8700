"""AWS Config's rules, as applied to the local environment, name exactly its wrong resources."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.terraform

PAYER, ML_DEV, ML_TEST, ML_PROD = "111111111111", "444444444441", "444444444442", "444444444443"
EXPORTS = "anycompany-billing-111111111111"  # the bucket of exports of the bill
RETAIL, ML_LAB, OLD_CRM = "444444444444", "555555555551", "666666666661"
OTHERS = ("222222222221", "222222222222", "333333333331")
HOME, FURTHER = "eu-central-1", "us-east-1"
REQUIRED, GUARD, VALUES = "required-tags-1", "required-tags-guard-1", "tag-values-guard-1"
RIGHT, WRONG = "COMPLIANT", "NON_COMPLIANT"
AGGREGATOR = {"ConfigurationAggregatorName": "anycompany-organization"}

# (account, region, rule) -> resource -> verdict; whatever is absent has no verdict, such as the endpoint that nobody
# tagged: AWS Config records no endpoints.
FOUND: dict[tuple[str, str, str], dict[str, str]] = {
    (PAYER, HOME, REQUIRED): {"anycompany-config": RIGHT, EXPORTS: RIGHT},
    (PAYER, HOME, VALUES): {"anycompany-config": RIGHT, EXPORTS: RIGHT},
    (ML_DEV, HOME, REQUIRED): {"anycompany-fraud-training": WRONG},
    (ML_DEV, HOME, GUARD): {"fraud-exploration": WRONG},
    (ML_TEST, HOME, REQUIRED): {"fraud-features": RIGHT},
    (ML_TEST, HOME, VALUES): {"fraud-features": RIGHT},
    (ML_PROD, HOME, REQUIRED): {"anycompany-llm-chat-artifacts": RIGHT},
    (ML_PROD, HOME, GUARD): {"llm-chat": RIGHT, "llm-chat-analysis": RIGHT},
    (ML_PROD, HOME, VALUES): {"anycompany-llm-chat-artifacts": RIGHT},
    (RETAIL, HOME, REQUIRED): {"anycompany-retail-clickstream": WRONG, "recommendations": WRONG},
    (RETAIL, HOME, VALUES): {"recommendations": RIGHT},
    (ML_LAB, FURTHER, REQUIRED): {"anycompany-lab-scratch": WRONG},
    (ML_LAB, FURTHER, GUARD): {"notebook-of-jane": WRONG, "prompt-experiments": RIGHT},
}
RULES = [
    (account, region, rule)
    for account in (PAYER, *OTHERS, ML_DEV, ML_TEST, ML_PROD, RETAIL, ML_LAB)
    for region in (HOME, FURTHER)
    for rule in (REQUIRED, GUARD, VALUES)
]


def rule_names(config: Any) -> dict[str, str]:
    """Return name in the environment -> name of the copy of each organization rule."""
    names = [rule["ConfigRuleName"] for rule in config.describe_config_rules()["ConfigRules"]]
    return {name.removeprefix("OrgConfigRule-anycompany-").rpartition("-")[0]: name for name in names}


def verdicts(results: list[Any]) -> dict[str, str]:
    qualified = [(one["EvaluationResultIdentifier"]["EvaluationResultQualifier"], one) for one in results]
    return {qualifier["ResourceId"]: one["ComplianceType"] for qualifier, one in qualified}


def verdict(found: dict[str, str]) -> str:
    return WRONG if WRONG in found.values() else RIGHT if found else "INSUFFICIENT_DATA"


@pytest.mark.parametrize(("account", "region", "rule"), RULES)
def test_a_rule_names_the_right_and_the_wrong_resources(client: Any, account: str, region: str, rule: str) -> None:
    config, expected = client("config", account, region), FOUND.get((account, region, rule), {})
    name = rule_names(config)[rule]
    assert verdicts(config.get_compliance_details_by_config_rule(ConfigRuleName=name)["EvaluationResults"]) == expected
    (compliance,) = config.describe_compliance_by_config_rule(ConfigRuleNames=[name])["ComplianceByConfigRules"]
    assert compliance["Compliance"]["ComplianceType"] == verdict(expected)
    aggregated = client("config").get_aggregate_compliance_details_by_config_rule(
        **AGGREGATOR, ConfigRuleName=name, AccountId=account, AwsRegion=region
    )
    assert verdicts(aggregated["AggregateEvaluationResults"]) == expected


def test_the_aggregator_shows_every_rule_of_the_organization(client: Any) -> None:
    pages = client("config").get_paginator("describe_aggregate_compliance_by_config_rules").paginate(**AGGREGATOR)
    found = {
        (one["AccountId"], one["AwsRegion"], one["ConfigRuleName"].split("-", 2)[2].rpartition("-")[0]): one[
            "Compliance"
        ]
        for page in pages
        for one in page["AggregateComplianceByConfigRules"]
    }
    assert {place: compliance["ComplianceType"] for place, compliance in found.items()} == {
        place: verdict(FOUND.get(place, {})) for place in RULES
    }
    assert found[RETAIL, HOME, REQUIRED]["ComplianceContributorCount"] == {"CappedCount": 2, "CapExceeded": False}


def test_the_aggregator_counts_wrong_rules_by_account(client: Any) -> None:
    answer = client("config").get_aggregate_config_rule_compliance_summary(**AGGREGATOR, GroupByKey="ACCOUNT_ID")
    counts = {
        one["GroupName"]: one["ComplianceSummary"]["NonCompliantResourceCount"]["CappedCount"]
        for one in answer["AggregateComplianceCounts"]
    }
    assert counts == {
        PAYER: 0, ML_DEV: 2, ML_TEST: 0, ML_PROD: 0, RETAIL: 1, ML_LAB: 2, **dict.fromkeys(OTHERS, 0),
    }  # fmt: skip


def test_a_wrong_notebook_is_told_what_is_wrong(client: Any) -> None:
    place = {"ResourceType": "AWS::SageMaker::NotebookInstance", "ResourceId": "fraud-exploration"}
    (result,) = client("config", ML_DEV).get_compliance_details_by_resource(**place)["EvaluationResults"]
    assert result["Annotation"].endswith("anycompany:workload:environment has a value that is not allowed")


def test_an_excluded_account_has_no_rules(client: Any) -> None:
    assert rule_names(client("config", OLD_CRM)) == {}


def test_a_repair_shows_at_once_and_its_loss_too(client: Any) -> None:
    s3, config = client("s3", RETAIL), client("config", RETAIL)
    bucket, rule = "anycompany-retail-clickstream", rule_names(config)[REQUIRED]
    right = client("s3", ML_PROD).get_bucket_tagging(Bucket="anycompany-llm-chat-artifacts")["TagSet"]
    expected = dict(FOUND[RETAIL, HOME, REQUIRED])
    for tags, now in ((right, RIGHT), (right[1:], WRONG)):
        s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags})
        found = config.get_compliance_details_by_config_rule(ConfigRuleName=rule)["EvaluationResults"]
        assert verdicts(found) == expected | {bucket: now}
    s3.delete_bucket_tagging(Bucket=bucket)


def test_a_member_cannot_change_a_rule_of_the_organization(client: Any) -> None:
    config = client("config", ML_DEV)
    with pytest.raises(ClientError) as failure:
        config.delete_config_rule(ConfigRuleName=rule_names(config)[REQUIRED])
    assert failure.value.response["Error"]["Code"] == "AccessDeniedException"
