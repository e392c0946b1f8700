"""Rules and recorders of AWS Config, for the tests of the emulator."""

import json
from typing import Any

GUARD = "rule required_tags {\n  tags.'K' exists <<K is missing>>\n}"
TYPES = ["AWS::S3::Bucket", "AWS::EC2::Instance"]


def managed(name: str, **parameters: str) -> dict[str, Any]:
    return {
        "ConfigRuleName": name,
        "Scope": {"ComplianceResourceTypes": TYPES},
        "Source": {"Owner": "AWS", "SourceIdentifier": "REQUIRED_TAGS"},
        "InputParameters": json.dumps(parameters or {"tag1Key": "a"}),
    }


def guard(name: str, text: str = GUARD) -> dict[str, Any]:
    details = [{"EventSource": "aws.config", "MessageType": "ConfigurationItemChangeNotification"}]
    policy = {"PolicyRuntime": "guard-2.x.x", "PolicyText": text}
    source = {"Owner": "CUSTOM_POLICY", "SourceDetails": details, "CustomPolicyDetails": policy}
    return {"ConfigRuleName": name, "Scope": {"ComplianceResourceTypes": TYPES}, "Source": source}


def record(config: Any, **group: Any) -> None:
    """Start a recorder of all types, or of a recording group."""
    recorder = {"name": "default", "roleARN": "arn:aws:iam::111111111111:role/anycompany-config"}
    group = {"recordingGroup": group} if group else {}
    config.put_configuration_recorder(ConfigurationRecorder=recorder | group)
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "anycompany-config"})
    config.start_configuration_recorder(ConfigurationRecorderName="default")


def forget(config: Any) -> None:
    """Remove the recorder and its channel, however far they got."""
    if config.describe_configuration_recorders()["ConfigurationRecorders"]:
        config.stop_configuration_recorder(ConfigurationRecorderName="default")
        config.delete_delivery_channel(DeliveryChannelName="default")
        config.delete_configuration_recorder(ConfigurationRecorderName="default")


def verdicts(config: Any, rule: str, *types: str) -> dict[str, str]:
    """Return resource id -> verdict of a rule."""
    filters = {"ComplianceTypes": list(types)} if types else {}
    pages = config.get_paginator("get_compliance_details_by_config_rule").paginate(ConfigRuleName=rule, **filters)
    return {
        one["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"]: one["ComplianceType"]
        for page in pages
        for one in page["EvaluationResults"]
    }


def make_table(dynamodb: Any, name: str, tags: dict[str, str]) -> str:
    """Make a table with tags and return its ARN."""
    described = dynamodb.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )
    return str(described["TableDescription"]["TableArn"])
