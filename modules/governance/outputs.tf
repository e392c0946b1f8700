output "config_rule_arns" {
  description = "ARNs of the Config rules of the home region, by name."
  value       = module.required_tags.rule_arns
}

output "documents" {
  description = "Every document that dictionary and environment imply, by plane."
  value = {
    anomaly              = module.cost_anomaly.documents
    budgets              = module.budget.documents.budgets
    config_rules         = module.required_tags.documents
    cost_allocation_tags = module.cost_allocation_tag.documents
    cost_categories      = module.cost_category.documents
    cost_exports         = one(module.cost_export[*].documents)
    guardrails           = module.tag_guardrail.documents
    key_policy           = module.budget.documents.key_policy
    tag_options          = module.tag_option.documents
    tag_policies         = module.tag_policy.documents
    topic_policy         = module.budget.documents.topic_policy
  }

  precondition {
    condition     = try(local._organization.id, null) == null || var.environment.organization_id == null ? true : local._organization.id == var.environment.organization_id
    error_message = "The organization must be the one of env.yaml, ${var.environment.organization_id == null ? "" : var.environment.organization_id}; got ${try(local._organization.id, "none")}. Do use the credentials of that organization, or correct organization_id."
  }

  precondition {
    condition     = try(local._organization.master_account_id, null) == null ? true : local._organization.master_account_id == var.environment.payer_account_id
    error_message = "The payer must be the organization's management account, ${try(local._organization.master_account_id, "none")}; got \"${var.environment.payer_account_id}\". Do correct payer_account_id."
  }

  precondition {
    condition     = length(local._unbilled_category_keys) == 0
    error_message = "Tag keys of cost categories must be cost allocation tags of the dictionary, else they match nothing; got ${join(", ", local._unbilled_category_keys)}. Do correct it, or set cost_allocation: true."
  }

  precondition {
    condition     = length(local._unknown_category_values) == 0
    error_message = "Tags of cost categories must have allowed values of the dictionary; got ${join(", ", local._unknown_category_values)}. Do correct it, or add it to the dictionary."
  }

  precondition {
    condition     = length(local._unknown_budget_values) == 0
    error_message = "A budget must filter on values that its cost category can give; got ${join(", ", local._unknown_budget_values)}. Do correct it, or add a rule."
  }

  precondition {
    condition     = length(local._unbilled) == 0
    error_message = "Sections of costs must be left out in a partition whose costs are those of an account of aws; got ${join(", ", local._unbilled)} in ${local._partition}. Do name them in the environment of its payer."
  }

  precondition {
    condition     = length(local._unbilled_anomaly_keys) == 0
    error_message = "Tag keys of anomaly monitors must be cost allocation tags of the dictionary, else they match nothing; got ${join(", ", local._unbilled_anomaly_keys)}. Do correct it, or set cost_allocation: true."
  }

  precondition {
    condition     = length(local._unknown_anomaly_values) == 0
    error_message = "Anomaly monitors must watch allowed values of the dictionary, or values that the cost category can give; got ${join(", ", local._unknown_anomaly_values)}. Do correct it."
  }

  precondition {
    condition     = length(local._uncovered) == 0
    error_message = "Each unit of values_by_ou above a target must have a target at or above it; got none for ${join(", ", [for path in local._uncovered : "\"${path}\""])}. Do add it to tag_policy.organizational_units, or set tag_policy.root."
  }

  precondition {
    condition     = length(local._unknown_units) == 0
    error_message = "Each organizational unit must exist; got ${join(", ", [for path in local._unknown_units : "\"${path}\""])}. Known beside them are ${join(", ", sort(keys(local._ids_by_unit)))}. Do correct the path in env.yaml."
  }

  precondition {
    condition     = length(local._unknown_accounts) == 0
    error_message = "Each account must exist; got ${join(", ", [for account in local._unknown_accounts : "\"${account}\""])}. Known are ${join(", ", sort([for account in local._known_accounts : account.name]))}. Do correct the name, or write the id."
  }

  precondition {
    condition     = length(local._ambiguous_accounts) == 0
    error_message = "Each account name must be unique; got ${join(", ", local._ambiguous_accounts)}. Do write the id instead."
  }
}

output "pending_cost_allocation_tags" {
  description = "Keys that billing has not seen yet; a later apply activates them."
  value       = module.cost_allocation_tag.pending_tag_keys
}

output "required_tags" {
  description = "Arguments of modules/required-tags for a further region. Its recorder leaves global resource types to the home region."
  value = merge(local._required_tags, {
    # Of nothing but null: a null beside merge() has the type of what was merged, which no recorder has.
    recorder = one([for recorder in local._required_tags.recorder[*] : merge(recorder, { include_global_resource_types = false })])
  })
}

output "skipped_tag_option_values" {
  description = "Values with a *, which no TagOption can have, by key."
  value       = module.tag_option.skipped_values
}

output "topic_arn" {
  description = "ARN of the topic that hears of budget alerts."
  value       = module.budget.topic_arn
}
