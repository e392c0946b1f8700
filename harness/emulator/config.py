"""AWS Config: rules of an account, Guard rules among them; the rules of an organization are in `config_organization`.

moto judges managed rules (names and parameters of REQUIRED_TAGS and others); it knows no CUSTOM_POLICY, answers
"none" where AWS says that a rule does not exist, and drops a rule's tags when the rule changes.
"""

import json
from typing import Any

from guardpycfn import validate_with_guard
from moto.config import models, urls
from moto.config.models import ConfigBackend, ConfigRule, config_backends
from moto.config.responses import ConfigResponse

from harness.emulator import config_organization
from harness.emulator.wire import AwsError, CheckedResponse, answering, page, payer_of
from harness.facts import load_facts

_PAGE = 25  # docs.aws.amazon.com/config/latest/APIReference/API_DescribeConfigRules.html


class Rule(ConfigRule):  # type: ignore[misc]  # moto is untyped here
    """Hold one rule as it was put; moto checks the managed ones."""

    MAX_RULES = load_facts().limits["config_rules_per_region"]

    def modify_fields(self, region: str, config_rule: dict[str, Any], tags: dict[str, str]) -> None:
        """Check and keep a rule; an existing rule keeps its tags, as on AWS.

        Raises: AwsError InvalidParameterValueException, or moto's own exceptions.
        """
        tags = getattr(self, "tags", tags)
        if config_rule["Source"]["Owner"] == "CUSTOM_POLICY":
            _check_policy_rule(config_rule)
            self.config_rule_state, self.tags = "ACTIVE", tags
        else:
            super().modify_fields(region, config_rule, tags)
        self._raw = config_rule

    @property
    def policy_text(self) -> str | None:
        """Return the Guard text of a CUSTOM_POLICY rule."""
        details = self._raw["Source"].get("CustomPolicyDetails")
        return details["PolicyText"] if details else None

    @property
    def managed_by(self) -> str | None:
        """Return the service that made a service-linked rule."""
        creator: str | None = self._raw.get("CreatedBy")
        return creator

    def to_dict(self) -> dict[str, Any]:
        """Return AWS's ConfigRule; like AWS it leaves out the Guard text, for which GetCustomRulePolicy is there."""
        described: dict[str, Any] = json.loads(json.dumps(self._raw))
        described["Source"].get("CustomPolicyDetails", {}).pop("PolicyText", None)
        described.setdefault("EvaluationModes", [{"Mode": "DETECTIVE"}])
        return {
            **described,
            "ConfigRuleArn": self.config_rule_arn,
            "ConfigRuleId": self.config_rule_id,
            "ConfigRuleState": self.config_rule_state,
        }


class Config(ConfigBackend):  # type: ignore[misc]  # moto is untyped here
    """Hold one account and region of AWS Config, and an organization's rules in its management account."""

    def __init__(self, region_name: str, account_id: str) -> None:
        """Start without rules."""
        super().__init__(region_name, account_id)
        self.organization_rules: dict[str, config_organization.OrganizationRule] = {}

    @property
    def _url_module(self) -> Any:
        return urls

    def rule(self, name: str) -> Rule:
        """Return a rule.

        Raises: AwsError NoSuchConfigRuleException.
        """
        if name not in self.config_rules:
            text = f"The ConfigRule '{name}' provided in the request is invalid. Please check the configRule name"
            raise AwsError("NoSuchConfigRuleException", text)
        rule: Rule = self.config_rules[name]
        return rule

    def put_linked_rule(self, config_rule: dict[str, Any], creator: str) -> None:
        """Put a rule that the service `creator` owns, such as a member's copy of an organization's rule.

        Raises: AwsError InvalidParameterValueException, or moto's own exceptions.
        """
        super().put_config_rule(config_rule)
        self.rule(config_rule["ConfigRuleName"])._raw["CreatedBy"] = creator

    def delete_linked_rule(self, name: str) -> None:
        """Delete a rule that a service owns; nothing happens when it is gone."""
        self.config_rules.pop(name, None)

    def put_config_rule(self, config_rule: dict[str, Any], tags: list[dict[str, str]] | None = None) -> str:
        """Create or change a rule of the account itself.

        Raises: AwsError AccessDeniedException for a service-linked rule, or moto's own exceptions.
        """
        self._refuse_linked(config_rule.get("ConfigRuleName", ""))
        answer: str = super().put_config_rule(config_rule, tags)
        return answer

    def delete_config_rule(self, rule_name: str) -> None:
        """Delete a rule of the account itself.

        Raises: AwsError NoSuchConfigRuleException, or AccessDeniedException for a service-linked rule.
        """
        self.rule(rule_name)
        self._refuse_linked(rule_name)
        super().delete_config_rule(rule_name)

    def _refuse_linked(self, name: str) -> None:
        held = self.config_rules.get(name)
        if held and held.managed_by:
            text = f"The rule {name} is service-linked; only {held.managed_by} can change it."
            raise AwsError("AccessDeniedException", text)

    def _match_arn(self, resource_arn: str) -> Any:
        """Return what carries tags under an ARN, an organization's rules included."""
        for rule in self.organization_rules.values():
            if rule.arn == resource_arn:
                return rule
        return super()._match_arn(resource_arn)


def _describe_rules(backend: Config, request: dict[str, Any]) -> dict[str, Any]:
    names = request.get("ConfigRuleNames") or sorted(backend.config_rules)
    described = [backend.rule(name).to_dict() for name in names]
    shown, following = page(described, request, "Limit", _PAGE)
    return {"ConfigRules": shown, **following}


def _get_policy(backend: Config, request: dict[str, Any]) -> dict[str, Any]:
    return {"PolicyText": backend.rule(request["ConfigRuleName"]).policy_text or ""}


class ConfigExtension(CheckedResponse, ConfigResponse):  # type: ignore[misc]  # moto is untyped here
    """Answer AWS Config requests."""

    describe_config_rules = answering(_describe_rules)
    get_custom_rule_policy = answering(_get_policy)
    put_organization_config_rule = answering(config_organization.put)
    describe_organization_config_rules = answering(config_organization.describe)
    delete_organization_config_rule = answering(config_organization.delete)
    describe_organization_config_rule_statuses = answering(config_organization.describe_statuses)
    get_organization_config_rule_detailed_status = answering(config_organization.describe_members)
    get_organization_custom_rule_policy = answering(config_organization.get_policy)

    @property
    def extended_backend(self) -> Config:
        """Return the calling account's AWS Config in the region of the request."""
        backend: Config = config_backends[self.current_account][self.region]
        return backend

    def check_caller(self, operation: str) -> None:
        """Refuse organization operations to accounts that manage no organization.

        Raises: AwsError NoAvailableOrganizationException or OrganizationAccessDeniedException.
        """
        if "OrganizationConfigRule" in operation or "OrganizationCustomRule" in operation:
            config_organization.check_caller(self.current_account, payer_of(self.current_account))


def install() -> None:
    """Put the extension in the place of moto's Config backend and handler."""
    models.ConfigRule = Rule
    config_backends.backend = Config
    urls.url_paths["{0}/$"] = ConfigExtension.dispatch


def _check_policy_rule(config_rule: dict[str, Any]) -> None:
    source = config_rule["Source"]
    if not source.get("CustomPolicyDetails", {}).get("PolicyText", "").strip():
        text = "CustomPolicyDetails with a PolicyText must be provided if the owner is CUSTOM_POLICY."
        raise AwsError("InvalidParameterValueException", text)
    if source.get("SourceIdentifier"):
        text = "SourceIdentifier should be null/empty if the owner is CUSTOM_POLICY."
        raise AwsError("InvalidParameterValueException", text)
    if not source.get("SourceDetails"):
        text = "SourceDetails should be provided if the owner is CUSTOM_POLICY."
        raise AwsError("InvalidParameterValueException", text)
    parsed = validate_with_guard("{}", source["CustomPolicyDetails"]["PolicyText"])
    if not parsed["success"]:
        text = f"The PolicyText is not valid Guard: {parsed['error']}"
        raise AwsError("InvalidParameterValueException", text)
