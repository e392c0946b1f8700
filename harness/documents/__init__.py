"""Render every document that the dictionary and an environment imply; pure, equal to those of the Terraform modules."""

from harness.documents.alert_policy import partition_of, render_key_policy, render_topic_policy, topic_arn
from harness.documents.anomaly import AnomalyDocument, MonitorDocument, SubscriptionDocument, render_anomaly
from harness.documents.audit_role import (
    AuditRoleDocuments,
    RoleDocument,
    StackSetDocument,
    render_audit_role,
    stack_set_name,
)
from harness.documents.budget import BudgetDocument, LimitDocument, NotificationDocument, render_budgets, tag_filter
from harness.documents.capacity import capacity_faults
from harness.documents.config_rule import RuleDocument, render_config_rules
from harness.documents.cost_allocation_tag import CostAllocationDocument, render_cost_allocation_tags
from harness.documents.cost_category import (
    CategoryRuleDocument,
    ConditionDocument,
    CostCategoryDocument,
    SplitChargeDocument,
    match_of,
    render_cost_categories,
    split_charge,
)
from harness.documents.cost_export import (
    BucketDocument,
    CatalogDocument,
    CostExportDocuments,
    ExportDocument,
    TableDocument,
    render_cost_exports,
)
from harness.documents.guardrail import GuardrailDocument, GuardrailTarget
from harness.documents.guardrail_target import guarded_keys, guardrail_targets, render_guardrails
from harness.documents.tag_option import TagOptionDocument, option_name, render_tag_options, skipped_values
from harness.documents.tag_policy import (
    PolicyTarget,
    TagPolicyDocument,
    missing_units,
    policy_targets,
    render_tag_policies,
    target_id,
)

__all__ = [
    "AnomalyDocument",
    "AuditRoleDocuments",
    "BucketDocument",
    "BudgetDocument",
    "CatalogDocument",
    "CategoryRuleDocument",
    "ConditionDocument",
    "CostAllocationDocument",
    "CostCategoryDocument",
    "CostExportDocuments",
    "ExportDocument",
    "GuardrailDocument",
    "GuardrailTarget",
    "LimitDocument",
    "MonitorDocument",
    "NotificationDocument",
    "PolicyTarget",
    "RoleDocument",
    "RuleDocument",
    "SplitChargeDocument",
    "StackSetDocument",
    "SubscriptionDocument",
    "TableDocument",
    "TagOptionDocument",
    "TagPolicyDocument",
    "capacity_faults",
    "guarded_keys",
    "guardrail_targets",
    "match_of",
    "missing_units",
    "option_name",
    "partition_of",
    "policy_targets",
    "render_anomaly",
    "render_audit_role",
    "render_budgets",
    "render_config_rules",
    "render_cost_allocation_tags",
    "render_cost_categories",
    "render_cost_exports",
    "render_guardrails",
    "render_key_policy",
    "render_tag_options",
    "render_tag_policies",
    "render_topic_policy",
    "skipped_values",
    "split_charge",
    "stack_set_name",
    "tag_filter",
    "target_id",
    "topic_arn",
]
