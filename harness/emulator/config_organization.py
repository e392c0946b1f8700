"""Organization rules of AWS Config: the management account puts one, every active member account gets its copy.

docs.aws.amazon.com/config/latest/APIReference/API_PutOrganizationConfigRule.html. What AWS does over minutes happens at
once here, so a status is always successful.
"""

import json
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from moto.config.models import config_backends
from moto.core.utils import unix_time
from moto.organizations.models import organizations_backends

from harness.emulator.wire import AwsError, page

if TYPE_CHECKING:
    from harness.emulator.config import Config

CREATOR = "config-multiaccountsetup.amazonaws.com"

_MANAGED, _LAMBDA, _GUARD = (
    "OrganizationManagedRuleMetadata",
    "OrganizationCustomRuleMetadata",
    "OrganizationCustomPolicyRuleMetadata",
)
_SCOPE = {
    "ResourceTypesScope": "ComplianceResourceTypes",
    "ResourceIdScope": "ComplianceResourceId",
    "TagKeyScope": "TagKey",
    "TagValueScope": "TagValue",
}
_MOST_RULES = 1000


@dataclass(slots=True)
class OrganizationRule:
    """Hold one organization rule; `members` maps account ids to the status of their copies."""

    name: str
    arn: str
    raw: dict[str, Any]
    status: str
    updated: float
    members: dict[str, str]
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def copy_name(self) -> str:
        """Return the name of the copies in member accounts."""
        return f"OrgConfigRule-{self.name}-{self.arn.rpartition('-')[2]}"

    def describe(self) -> dict[str, Any]:
        """Return AWS's OrganizationConfigRule; the Guard text is left out, as on AWS."""
        described: dict[str, Any] = json.loads(json.dumps(self.raw))
        described.get(_GUARD, {}).pop("PolicyText", None)
        return {**described, "OrganizationConfigRuleArn": self.arn, "LastUpdateTime": self.updated}


def check_caller(account_id: str, payer_id: str) -> None:
    """Refuse accounts that manage no organization.

    Raises: AwsError NoAvailableOrganizationException or OrganizationAccessDeniedException.
    """
    if organizations_backends[payer_id]["aws"].org is None:
        raise AwsError("NoAvailableOrganizationException", "Organization is no longer available.")
    if account_id != payer_id:
        text = "This action can be only made by AWS Organization's management account or a delegated administrator."
        raise AwsError("OrganizationAccessDeniedException", text)


def put(backend: "Config", request: dict[str, Any]) -> dict[str, Any]:
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
    status = "UPDATE_SUCCESSFUL" if held else "CREATE_SUCCESSFUL"
    tags = held.tags if held else {tag["Key"]: tag["Value"] for tag in request.get("Tags") or ()}
    arn = f"{place}:organization-config-rule/{name}-{suffix}"
    rule = OrganizationRule(name, arn, raw, status, unix_time(), {}, tags)
    organizations_backends[backend.account_id]["aws"].enable_aws_service_access(ServicePrincipal=CREATOR)
    config_rule = _copy(rule)
    for account_id in _members(backend.account_id, raw.get("ExcludedAccounts", ())):
        config_backends[account_id][backend.region_name].put_linked_rule(dict(config_rule), CREATOR)
        rule.members[account_id] = "UPDATE_SUCCESSFUL" if held and account_id in held.members else "CREATE_SUCCESSFUL"
    if held:
        _delete_copies(backend, held, except_in=rule.members)
    backend.organization_rules[name] = rule
    return {"OrganizationConfigRuleArn": rule.arn}


def describe(backend: "Config", request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of organization rules.

    Raises: AwsError NoSuchOrganizationConfigRuleException or InvalidNextTokenException.
    """
    described = [rule.describe() for rule in _named(backend, request)]
    shown, following = page(described, request, "Limit", 100)
    return {"OrganizationConfigRules": shown, **following}


def describe_statuses(backend: "Config", request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of statuses.

    Raises: AwsError NoSuchOrganizationConfigRuleException or InvalidNextTokenException.
    """
    described = [
        {
            "OrganizationConfigRuleName": rule.name,
            "OrganizationRuleStatus": rule.status,
            "LastUpdateTime": rule.updated,
        }
        for rule in _named(backend, request)
    ]
    shown, following = page(described, request, "Limit", 100)
    return {"OrganizationConfigRuleStatuses": shown, **following}


def describe_members(backend: "Config", request: dict[str, Any]) -> dict[str, Any]:
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
        }
        for account_id, status in rule.members.items()
        if filters.get("AccountId", account_id) == account_id
        and filters.get("MemberAccountRuleStatus", status) == status
    ]
    shown, following = page(described, request, "Limit", 100)
    return {"OrganizationConfigRuleDetailedStatus": shown, **following}


def get_policy(backend: "Config", request: dict[str, Any]) -> dict[str, Any]:
    """Return the Guard text of a rule.

    Raises: AwsError NoSuchOrganizationConfigRuleException.
    """
    rule = _rule(backend, request["OrganizationConfigRuleName"])
    return {"PolicyText": rule.raw.get(_GUARD, {}).get("PolicyText", "")}


def delete(backend: "Config", request: dict[str, Any]) -> None:
    """Delete a rule and its copies.

    Raises: AwsError NoSuchOrganizationConfigRuleException.
    """
    rule = _rule(backend, request["OrganizationConfigRuleName"])
    _delete_copies(backend, rule, except_in={})
    del backend.organization_rules[rule.name]


def _rule(backend: "Config", name: str) -> OrganizationRule:
    if name not in backend.organization_rules:
        text = f"Unable to find organization config rule: {name}."
        raise AwsError("NoSuchOrganizationConfigRuleException", text)
    return backend.organization_rules[name]


def _named(backend: "Config", request: dict[str, Any]) -> list[OrganizationRule]:
    names = request.get("OrganizationConfigRuleNames") or sorted(backend.organization_rules)
    return [_rule(backend, name) for name in names]


def _members(payer_id: str, excluded: Any) -> list[str]:
    """Return the active accounts that get a copy, the management account too."""
    accounts = organizations_backends[payer_id]["aws"].accounts
    return [account.id for account in accounts if account.status == "ACTIVE" and account.id not in excluded]


def _delete_copies(backend: "Config", rule: OrganizationRule, *, except_in: dict[str, str]) -> None:
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
