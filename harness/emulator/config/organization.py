"""Organization rules of AWS Config: the management account puts one, every active member account gets its copy.

docs.aws.amazon.com/config/latest/APIReference/API_PutOrganizationConfigRule.html. What AWS does over minutes happens at
once here; an account without a recorder fails, and the rule with it.
"""

import json
import zlib
from typing import Any

from moto.config.models import config_backends
from moto.organizations.models import organizations_backends

from harness.emulator.clock import unix_time
from harness.emulator.config.model import GUARD_METADATA, Config, OrganizationRule, Rule
from harness.emulator.wire import AwsError, page

CREATOR = "config-multiaccountsetup.amazonaws.com"

_MANAGED, _LAMBDA, _GUARD = "OrganizationManagedRuleMetadata", "OrganizationCustomRuleMetadata", GUARD_METADATA
_SCOPE = {
    "ResourceTypesScope": "ComplianceResourceTypes",
    "ResourceIdScope": "ComplianceResourceId",
    "TagKeyScope": "TagKey",
    "TagValueScope": "TagValue",
}
_MOST_RULES = 1000


def check_caller(account_id: str, payer_id: str) -> None:
    """Refuse accounts that manage no organization.

    Raises: AwsError NoAvailableOrganizationException or OrganizationAccessDeniedException.
    """
    if organizations_backends[payer_id]["aws"].org is None:
        raise AwsError("NoAvailableOrganizationException", "Organization is no longer available.")
    if account_id != payer_id:
        text = "This action can be only made by AWS Organization's management account or a delegated administrator."
        raise AwsError("OrganizationAccessDeniedException", text)


def put(backend: Config, request: dict[str, Any]) -> dict[str, Any]:
    """Create or change an organization rule and its copies; trusted access is enabled on the way, as AWS does.

    Raises: AwsError InvalidParameterValueException or MaxNumberOfOrganizationConfigRulesExceededException;
    NotImplementedError for a rule with a Lambda function.
    """
    name = request["OrganizationConfigRuleName"]
    raw = {key: value for key, value in request.items() if key != "Tags" and value is not None}
    _check(raw)
    held = backend.organization_rules.get(name)
    if held is None and len(backend.organization_rules) >= _MOST_RULES:
        text = f"You have reached the limit of {_MOST_RULES} organization Config rules."
        raise AwsError("MaxNumberOfOrganizationConfigRulesExceededException", text)
    suffix = f"{zlib.crc32(f'{backend.account_id}/{backend.region_name}/{name}'.encode()):08x}"
    place = f"arn:{backend.partition}:config:{backend.region_name}:{backend.account_id}"
    tags = held.tags if held else {tag["Key"]: tag["Value"] for tag in request.get("Tags") or ()}
    arn = f"{place}:organization-config-rule/{name}-{suffix}"
    rule = OrganizationRule(name, arn, raw, "", unix_time(), {}, {}, tags)
    Rule(backend.account_id, backend.region_name, _copy(rule), {})  # refuses what is wrong with it
    organizations_backends[backend.account_id]["aws"].enable_aws_service_access(ServicePrincipal=CREATOR)
    _put_copies(backend, rule, held)
    rule.status = f"{'UPDATE' if held else 'CREATE'}_{'FAILED' if rule.errors else 'SUCCESSFUL'}"
    if held:
        _delete_copies(backend, held, except_in=rule.members)
    backend.organization_rules[name] = rule
    return {"OrganizationConfigRuleArn": rule.arn}


def describe(backend: Config, request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of organization rules.

    Raises: AwsError NoSuchOrganizationConfigRuleException or InvalidNextTokenException.
    """
    described = [rule.describe() for rule in _named(backend, request)]
    shown, following = page(described, request, "Limit", 100)
    return {"OrganizationConfigRules": shown, **following}


def describe_statuses(backend: Config, request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of statuses.

    Raises: AwsError NoSuchOrganizationConfigRuleException or InvalidNextTokenException.
    """
    described = [
        {
            "OrganizationConfigRuleName": rule.name,
            "OrganizationRuleStatus": rule.status,
            "LastUpdateTime": rule.updated,
            **_errors(*rule.errors.values()),
        }
        for rule in _named(backend, request)
    ]
    shown, following = page(described, request, "Limit", 100)
    return {"OrganizationConfigRuleStatuses": shown, **following}


def describe_members(backend: Config, request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of a rule's statuses by member account.

    Raises: AwsError NoSuchOrganizationConfigRuleException or InvalidNextTokenException.
    """
    rule, filters = _rule(backend, request["OrganizationConfigRuleName"]), request.get("Filters") or {}
    described = [
        {
            "AccountId": account_id,
            "ConfigRuleName": rule.copy_name[:64],
            "MemberAccountRuleStatus": status,
            "LastUpdateTime": rule.updated,
            **_errors(*(error for member, error in rule.errors.items() if member == account_id)),
        }
        for account_id, status in rule.members.items()
        if filters.get("AccountId", account_id) == account_id
        and filters.get("MemberAccountRuleStatus", status) == status
    ]
    shown, following = page(described, request, "Limit", 100)
    return {"OrganizationConfigRuleDetailedStatus": shown, **following}


def get_policy(backend: Config, request: dict[str, Any]) -> dict[str, Any]:
    """Return the Guard text of a rule.

    Raises: AwsError NoSuchOrganizationConfigRuleException.
    """
    rule = _rule(backend, request["OrganizationConfigRuleName"])
    return {"PolicyText": rule.raw.get(_GUARD, {}).get("PolicyText", "")}


def delete(backend: Config, request: dict[str, Any]) -> None:
    """Delete a rule and its copies.

    Raises: AwsError NoSuchOrganizationConfigRuleException.
    """
    rule = _rule(backend, request["OrganizationConfigRuleName"])
    _delete_copies(backend, rule, except_in={})
    del backend.organization_rules[rule.name]


def _rule(backend: Config, name: str) -> OrganizationRule:
    if name not in backend.organization_rules:
        text = f"Unable to find organization config rule: {name}."
        raise AwsError("NoSuchOrganizationConfigRuleException", text)
    return backend.organization_rules[name]


def _named(backend: Config, request: dict[str, Any]) -> list[OrganizationRule]:
    names = request.get("OrganizationConfigRuleNames") or sorted(backend.organization_rules)
    return [_rule(backend, name) for name in names]


def _members(payer_id: str, excluded: Any) -> list[str]:
    """Return the active accounts that get a copy, the management account too."""
    accounts = organizations_backends[payer_id]["aws"].accounts
    return [account.id for account in accounts if account.status == "ACTIVE" and account.id not in excluded]


def _put_copies(backend: Config, rule: OrganizationRule, held: OrganizationRule | None) -> None:
    for account_id in _members(backend.account_id, rule.raw.get("ExcludedAccounts", ())):
        verb = "UPDATE" if held and account_id in held.members else "CREATE"
        try:
            config_backends[account_id][backend.region_name].put_linked_rule(_copy(rule), CREATOR)
        except AwsError as error:
            rule.errors[account_id] = error
        rule.members[account_id] = f"{verb}_{'FAILED' if account_id in rule.errors else 'SUCCESSFUL'}"


def _errors(*errors: AwsError) -> dict[str, str]:
    """Return the members of a status that say what failed first."""
    return {"ErrorCode": errors[0].error_type, "ErrorMessage": errors[0].message} if errors else {}


def _delete_copies(backend: Config, rule: OrganizationRule, *, except_in: dict[str, str]) -> None:
    for account_id in rule.members:
        if account_id not in except_in:
            config_backends[account_id][backend.region_name].delete_linked_rule(rule.copy_name)


def _check(raw: dict[str, Any]) -> None:
    kinds = [kind for kind in (_MANAGED, _LAMBDA, _GUARD) if kind in raw]
    if len(kinds) != 1:
        text = "Exactly one of managed, custom and custom policy rule metadata must be provided."
        raise AwsError("InvalidParameterValueException", text)
    if kinds == [_LAMBDA]:
        raise NotImplementedError("PutOrganizationConfigRule with a Lambda function")
    parameters = raw[kinds[0]].get("InputParameters")
    try:
        json.loads(parameters or "{}")
    except json.JSONDecodeError as error:
        text = f"Invalid json {parameters} passed in the InputParameters field"
        raise AwsError("InvalidParameterValueException", text) from error


def _copy(rule: OrganizationRule) -> dict[str, Any]:
    """Return the member accounts' ConfigRule."""
    kind = _GUARD if _GUARD in rule.raw else _MANAGED
    metadata = rule.raw[kind]
    kept = ("Description", "InputParameters", "MaximumExecutionFrequency")
    config_rule = {key: metadata[key] for key in kept if key in metadata}
    scope = {name: metadata[key] for key, name in _SCOPE.items() if metadata.get(key)}
    if scope:
        config_rule["Scope"] = scope
    if kind == _GUARD:
        details = {"PolicyRuntime": metadata["PolicyRuntime"], "PolicyText": metadata["PolicyText"]}
        triggers = metadata.get("OrganizationConfigRuleTriggerTypes") or ["ConfigurationItemChangeNotification"]
        config_rule["Source"] = {
            "Owner": "CUSTOM_POLICY",
            "SourceDetails": [{"EventSource": "aws.config", "MessageType": trigger} for trigger in triggers],
            "CustomPolicyDetails": details,
        }
    else:
        config_rule["Source"] = {"Owner": "AWS", "SourceIdentifier": metadata["RuleIdentifier"]}
    return {**config_rule, "ConfigRuleName": rule.copy_name}
