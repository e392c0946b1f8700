"""Turn the documents of the renderers into the JSON that modules/governance outputs as `documents`."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from harness.dictionary import Dictionary
from harness.documents import (
    AnomalyDocument,
    AuditRoleDocuments,
    BudgetDocument,
    CostAllocationDocument,
    CostCategoryDocument,
    CostExportDocuments,
    GuardrailDocument,
    RuleDocument,
    TagOptionDocument,
    TagPolicyDocument,
    guardrail_targets,
    partition_of,
    policy_targets,
    render_anomaly,
    render_audit_role,
    render_budgets,
    render_config_rules,
    render_cost_allocation_tags,
    render_cost_categories,
    render_cost_exports,
    render_guardrails,
    render_key_policy,
    render_tag_options,
    render_tag_policies,
    render_topic_policy,
    skipped_values,
    target_id,
)
from harness.environment import Environment, facts_of
from harness.organization import Organization
from harness.packing import canonical_json
from harness.project import Project
from harness.verify import alert_topic
from tests.contracts.case import ENVIRONMENT, Case
from tests.contracts.seeded_organization import seeded_organization


@dataclasses.dataclass(frozen=True, slots=True)
class Documents:
    """Hold what one case renders to."""

    dictionary: Dictionary
    environment: Environment
    organization: Organization
    tag_policies: Mapping[str, TagPolicyDocument]
    config_rules: Mapping[str, RuleDocument]
    tag_options: Mapping[str, TagOptionDocument]
    skipped_values: Mapping[str, tuple[str, ...]]
    cost_allocation_tags: CostAllocationDocument
    cost_categories: Mapping[str, CostCategoryDocument]
    budgets: Mapping[str, BudgetDocument]
    anomaly: AnomalyDocument
    guardrails: Mapping[str, GuardrailDocument]
    enforced: frozenset[str]
    topic_policy: Mapping[str, Any] | None
    key_policy: Mapping[str, Any] | None
    cost_exports: CostExportDocuments | None
    audit_role: AuditRoleDocuments | None


def render(case: Case, project: Project) -> Documents:
    """Return the documents of a loaded case in the seeded organisation."""
    dictionary, environment = project.dictionary, project.environments[ENVIRONMENT]
    organization = seeded_organization()
    facts = facts_of(environment)
    topic, payer = alert_topic(environment), environment.payer_account_id
    anomalies = environment.anomaly.is_immediate()
    own_topic = environment.subscribers.topic_arn is None
    targets = policy_targets(dictionary, environment, organization)
    guarded = guardrail_targets(dictionary, environment, organization)
    return Documents(
        dictionary=dictionary,
        environment=environment,
        organization=organization,
        tag_policies=render_tag_policies(dictionary, environment.name, targets, facts.limits),
        config_rules=render_config_rules(dictionary, environment.name, facts),
        tag_options=render_tag_options(dictionary, environment),
        skipped_values=skipped_values(dictionary, environment),
        cost_allocation_tags=render_cost_allocation_tags(dictionary, environment, frozenset(case.billed)),
        cost_categories=render_cost_categories(dictionary, environment, lambda name: organization.account(name).id),
        budgets=render_budgets(dictionary, environment, lambda name: organization.account(name).id, topic),
        anomaly=render_anomaly(environment, lambda name: organization.account(name).id, topic),
        guardrails=render_guardrails(environment, guarded, facts.limits),
        enforced=frozenset(target.key for target in guarded if target.mode == "enforce"),
        topic_policy=render_topic_policy(payer, topic, anomalies=anomalies) if own_topic else None,
        key_policy=render_key_policy(payer, partition_of(environment.regions.home), anomalies=anomalies)
        if own_topic
        else None,
        cost_exports=render_cost_exports(environment),
        audit_role=render_audit_role(
            dictionary,
            environment,
            lambda path: target_id(path, organization),
            facts.limits["iam_policy_document_characters"],
        ),
    )


def documents_json(documents: Documents) -> dict[str, str]:
    """Return the canonical JSON of each plane."""
    planes = {
        "tag_policies": {
            name: {"target": each.target, "content": each.content} for name, each in documents.tag_policies.items()
        },
        "config_rules": {name: _given(each) for name, each in documents.config_rules.items()},
        "tag_options": {
            "options": {name: _given(each) for name, each in documents.tag_options.items()},
            "skipped_values": documents.skipped_values,
        },
        "cost_allocation_tags": _plain(documents.cost_allocation_tags),
        "cost_categories": documents.cost_categories,
        "budgets": {name: _budget(each) for name, each in documents.budgets.items()},
        "anomaly": documents.anomaly,
        "guardrails": {
            name: {"target": each.target, "attached": each.target in documents.enforced, "content": each.content}
            for name, each in documents.guardrails.items()
        },
        "topic_policy": documents.topic_policy,
        "key_policy": documents.key_policy,
        "cost_exports": _plain(documents.cost_exports),
        "audit_role": _plain(documents.audit_role),
    }
    return {plane: canonical(document) for plane, document in planes.items()}


def canonical(value: object) -> str:
    """Return canonical JSON in which whole numbers have no point, as Terraform writes them."""
    return canonical_json(_plain(value))


def _budget(document: BudgetDocument) -> dict[str, object]:
    limit = _given(document.limit)
    if document.limit.type == "auto_adjust":
        limit["periods"] = document.limit.periods  # null says that AWS forecasts
    return {**_given(document), "limit": limit}


def _given(document: Any) -> dict[str, object]:
    """Return the fields of a dataclass that are set."""
    fields = {field.name: getattr(document, field.name) for field in dataclasses.fields(document)}
    return {name: value for name, value in fields.items() if value is not None}


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _plain(dataclasses.asdict(value))
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
