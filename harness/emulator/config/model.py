"""The models of AWS Config: the rules of an account and region with their results, and those of an organization.

moto judges managed rules (names and parameters of REQUIRED_TAGS and others); it knows no CUSTOM_POLICY, answers
"none" where AWS says that a rule does not exist, and drops a rule's tags when the rule changes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from guardpycfn import validate_with_guard
from moto.config import urls
from moto.config.models import ConfigBackend, ConfigRule

from harness.emulator.clock import unix_time
from harness.emulator.wire import AwsError
from harness.facts import load_facts

NO_RECORDER = "NoAvailableConfigurationRecorderException"
GUARD_METADATA = "OrganizationCustomPolicyRuleMetadata"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Hold what a rule says of a resource: COMPLIANT, NON_COMPLIANT or NOT_APPLICABLE.

    `seen` stands for the rule and the resource as they were judged, `recorded` is when (seconds).
    """

    resource_type: str
    resource_id: str
    compliance: str
    annotation: str
    seen: int
    recorded: float


@dataclass(slots=True)
class OrganizationRule:
    """Hold one organization rule; `members` maps account ids to the status of their copies, `errors` to what failed."""

    name: str
    arn: str
    raw: dict[str, Any]
    status: str
    updated: float
    members: dict[str, str]
    errors: dict[str, AwsError]
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def copy_name(self) -> str:
        """Return the name of the copies in member accounts."""
        return f"OrgConfigRule-{self.name}-{self.arn.rpartition('-')[2]}"

    def describe(self) -> dict[str, Any]:
        """Return AWS's OrganizationConfigRule; the Guard text is left out, as on AWS."""
        described: dict[str, Any] = json.loads(json.dumps(self.raw))
        described.get(GUARD_METADATA, {}).pop("PolicyText", None)
        return {**described, "OrganizationConfigRuleArn": self.arn, "LastUpdateTime": self.updated}


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

    def __init__(self, *arguments: Any) -> None:
        """Start without results; `problem` says why the emulator cannot judge by this rule, when it cannot."""
        super().__init__(*arguments)
        self.activated = unix_time()
        self.evaluations: Mapping[tuple[str, str], Evaluation] = {}
        self.evaluated: float | None = None
        self.started: float | None = None
        self.problem = ""

    @property
    def raw(self) -> Mapping[str, Any]:
        """Return the rule as it was put."""
        raw: Mapping[str, Any] = self._raw
        return raw

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
        self.organization_rules: dict[str, OrganizationRule] = {}

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

        Raises: AwsError NoAvailableConfigurationRecorderException or InvalidParameterValueException, or moto's own
        exceptions.
        """
        self._need_recorder()
        super().put_config_rule(config_rule)
        self.rule(config_rule["ConfigRuleName"])._raw["CreatedBy"] = creator

    def delete_linked_rule(self, name: str) -> None:
        """Delete a rule that a service owns; nothing happens when it is gone."""
        self.config_rules.pop(name, None)

    def put_config_rule(self, config_rule: dict[str, Any], tags: list[dict[str, str]] | None = None) -> str:
        """Create or change a rule of the account itself.

        Raises: AwsError AccessDeniedException for a service-linked rule, NoAvailableConfigurationRecorderException, or
        moto's own exceptions.
        """
        self._refuse_linked(config_rule.get("ConfigRuleName", ""))
        if config_rule.get("Source", {}).get("Owner") != "CUSTOM_LAMBDA":
            self._need_recorder()
        answer: str = super().put_config_rule(config_rule, tags)
        return answer

    def delete_config_rule(self, rule_name: str) -> None:
        """Delete a rule of the account itself.

        Raises: AwsError NoSuchConfigRuleException, or AccessDeniedException for a service-linked rule.
        """
        self.rule(rule_name)
        self._refuse_linked(rule_name)
        super().delete_config_rule(rule_name)

    def _need_recorder(self) -> None:
        """Refuse rules where nothing could be judged; boto/boto3#2178 has AWS's words, and that Lambda rules may."""
        if not self.recorders:
            text = "You must create a configuration recorder before you can create or update a Config rule."
            raise AwsError(NO_RECORDER, text)

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
