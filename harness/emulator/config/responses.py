"""AWS Config's requests about rules and what they found; the rules of an organization are in `organization`."""

from typing import Any

from moto.config import models, urls
from moto.config.models import config_backends
from moto.config.responses import ConfigResponse

from harness.emulator.config import aggregate, compliance, organization, select
from harness.emulator.config.evaluation import settle
from harness.emulator.config.model import Config, Rule
from harness.emulator.wire import CheckedResponse, answering, page, payer_of

_PAGE = 25  # docs.aws.amazon.com/config/latest/APIReference/API_DescribeConfigRules.html


def _describe_rules(backend: Config, request: dict[str, Any]) -> dict[str, Any]:
    names = request.get("ConfigRuleNames") or sorted(backend.config_rules)
    described = [backend.rule(name).to_dict() for name in names]
    shown, following = page(described, request, "Limit", _PAGE)
    return {"ConfigRules": shown, **following}


def _get_policy(backend: Config, request: dict[str, Any]) -> dict[str, Any]:
    return {"PolicyText": backend.rule(request["ConfigRuleName"]).policy_text or ""}


class ConfigExtension(CheckedResponse, ConfigResponse):  # type: ignore[misc]  # moto is untyped here
    """Answer AWS Config requests."""

    hollow = frozenset(
        {
            "BatchGetResourceConfig",
            "DeleteResourceConfig",
            "DescribeOrganizationConformancePackStatuses",
            "DescribeOrganizationConformancePacks",
            "ListDiscoveredResources",
            "PutResourceConfig",
        }
    )

    describe_config_rules = answering(_describe_rules)
    get_custom_rule_policy = answering(_get_policy)
    describe_compliance_by_config_rule = answering(compliance.by_rule)
    describe_compliance_by_resource = answering(compliance.by_resource)
    get_compliance_details_by_config_rule = answering(compliance.details_by_rule)
    get_compliance_details_by_resource = answering(compliance.details_by_resource)
    get_compliance_summary_by_config_rule = answering(compliance.summary_by_rule)
    get_compliance_summary_by_resource_type = answering(compliance.summary_by_type)
    start_config_rules_evaluation = answering(compliance.start)
    describe_config_rule_evaluation_status = answering(compliance.statuses)
    describe_aggregate_compliance_by_config_rules = answering(aggregate.by_rule)
    get_aggregate_compliance_details_by_config_rule = answering(aggregate.details_by_rule)
    get_aggregate_config_rule_compliance_summary = answering(aggregate.summary)
    select_resource_config = answering(select.select)
    select_aggregate_resource_config = answering(select.select_aggregate)
    put_organization_config_rule = answering(organization.put)
    describe_organization_config_rules = answering(organization.describe)
    delete_organization_config_rule = answering(organization.delete)
    describe_organization_config_rule_statuses = answering(organization.describe_statuses)
    get_organization_config_rule_detailed_status = answering(organization.describe_members)
    get_organization_custom_rule_policy = answering(organization.get_policy)

    @property
    def extended_backend(self) -> Config:
        """Return the calling account's AWS Config in the region of the request."""
        backend: Config = config_backends[self.current_account][self.region]
        return backend

    def stop_configuration_recorder(self) -> str:
        """Stop recording; what the rules have found until now stays."""
        settle(self.extended_backend)
        answer: str = super().stop_configuration_recorder()
        return answer

    def check_caller(self, operation: str) -> None:
        """Refuse organization operations to accounts that manage no organization.

        Raises: AwsError NoAvailableOrganizationException or OrganizationAccessDeniedException.
        """
        if "OrganizationConfigRule" in operation or "OrganizationCustomRule" in operation:
            organization.check_caller(self.current_account, payer_of(self.current_account))


def install() -> None:
    """Put the extension in the place of moto's Config backend and handler."""
    models.ConfigRule = Rule
    config_backends.backend = Config
    urls.url_paths["{0}/$"] = ConfigExtension.dispatch
