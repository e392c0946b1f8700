"""Read AWS Config in one region: rules of the account or of the organisation, recorder, channel and aggregators."""

from collections.abc import Mapping
from typing import Any

from harness.state.model import LiveRecorder, LiveRegion, LiveRule
from harness.state.reading import json_object


def read_config(client: Any, *, organization: bool, prefix: str) -> LiveRegion:
    """Return the rules whose names begin with `prefix`, and what records for them.

    Raises: ClientError, BotoCoreError as boto3 does; ValueError when the parameters of a rule are no JSON object.
    """
    rules = _organization_rules(client, prefix) if organization else _account_rules(client, prefix)
    statuses = client.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
    channels = client.describe_delivery_channels()["DeliveryChannels"]
    aggregators = client.get_paginator("describe_configuration_aggregators").paginate()
    return LiveRegion(
        rules=rules,
        recorders={status["name"]: _recorder(status) for status in statuses},
        delivery_buckets=tuple(sorted(channel["s3BucketName"] for channel in channels)),
        aggregators=tuple(
            sorted(
                found["ConfigurationAggregatorName"]
                for page in aggregators
                for found in page["ConfigurationAggregators"]
            )
        ),
    )


def _recorder(status: Mapping[str, Any]) -> LiveRecorder:
    failed = status.get("lastStatus", "").upper() == "FAILURE"
    said = f"{status.get('lastErrorCode', 'Failure')}: {status.get('lastErrorMessage', 'no message')}"
    return LiveRecorder(bool(status["recording"]), said if failed else "")


def _organization_rules(client: Any, prefix: str) -> dict[str, LiveRule]:
    pages = client.get_paginator("describe_organization_config_rule_statuses").paginate()
    statuses = {
        found["OrganizationConfigRuleName"]: found["OrganizationRuleStatus"]
        for page in pages
        for found in page["OrganizationConfigRuleStatuses"]
    }
    rules = {}
    for page in client.get_paginator("describe_organization_config_rules").paginate():
        for found in page["OrganizationConfigRules"]:
            name = found["OrganizationConfigRuleName"]
            if name.startswith(prefix):
                rules[name] = _organization_rule(client, found, statuses.get(name, "UNKNOWN"))
    return rules


def _organization_rule(client: Any, found: dict[str, Any], status: str) -> LiveRule:
    excluded = frozenset(found.get("ExcludedAccounts", []))
    name = found["OrganizationConfigRuleName"]
    managed = found.get("OrganizationManagedRuleMetadata")
    if managed:
        types = tuple(sorted(managed.get("ResourceTypesScope", [])))
        parameters = json_object(managed.get("InputParameters") or "{}", name)
        return LiveRule("managed", types, status, parameters, excluded_accounts=excluded)
    guard = found.get("OrganizationCustomPolicyRuleMetadata") or {}
    text = client.get_organization_custom_rule_policy(OrganizationConfigRuleName=name).get("PolicyText", "")
    types = tuple(sorted(guard.get("ResourceTypesScope", [])))
    return LiveRule("guard", types, status, policy=text, excluded_accounts=excluded)


def _account_rules(client: Any, prefix: str) -> dict[str, LiveRule]:
    rules = {}
    for page in client.get_paginator("describe_config_rules").paginate():
        for found in page["ConfigRules"]:
            name = found["ConfigRuleName"]
            if not name.startswith(prefix):
                continue
            types = tuple(sorted(found.get("Scope", {}).get("ComplianceResourceTypes", [])))
            status = found.get("ConfigRuleState", "UNKNOWN")
            if found["Source"]["Owner"] == "AWS":
                parameters = json_object(found.get("InputParameters") or "{}", name)
                rules[name] = LiveRule("managed", types, status, parameters)
            else:
                text = client.get_custom_rule_policy(ConfigRuleName=name).get("PolicyText", "")
                rules[name] = LiveRule("guard", types, status, policy=text)
    return rules
