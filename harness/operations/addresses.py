"""Name resources of the Terraform modules by their addresses in an environment's state."""

import json

GOVERNANCE = "module.governance.module"
BUDGET = f"{GOVERNANCE}.budget"
TAG_OPTION = f"{GOVERNANCE}.tag_option.aws_servicecatalog_tag_option.this"
ASSOCIATION = f"{GOVERNANCE}.tag_option.aws_servicecatalog_tag_option_resource_association.this"
COST_CATEGORY = f"{GOVERNANCE}.cost_category.aws_ce_cost_category.this"
MONITOR = f"{GOVERNANCE}.cost_anomaly.aws_ce_anomaly_monitor.this"
SUBSCRIPTION = f"{GOVERNANCE}.cost_anomaly.aws_ce_anomaly_subscription.this"
COST_EXPORT = f"{GOVERNANCE}.cost_export[0]"
AUDIT_ROLE = f"{GOVERNANCE}.audit_role[0]"
COST_TAG = f"{GOVERNANCE}.cost_allocation_tag.aws_ce_cost_allocation_tag.this"


def indexed(resource: str, key: str) -> str:
    """Return the address of one instance of a resource with for_each.

    >>> print(indexed("aws_budgets_budget.this", "ml"))
    aws_budgets_budget.this["ml"]
    """
    return f"{resource}[{json.dumps(key, ensure_ascii=False)}]"
