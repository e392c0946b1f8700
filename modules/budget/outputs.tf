output "budget_arns" {
  description = "ARNs of the budgets by name."
  value       = { for key, budget in aws_budgets_budget.this : "${var.name}-${key}" => budget.arn }
}

output "documents" {
  description = "Budgets by name (limit, time_unit, filters, notifications), and the policies of topic and key, null when the topic was given."
  value = {
    budgets      = { for key, document in local._documents : "${var.name}-${key}" => document }
    key_policy   = var.subscribers.topic_arn == null ? local._key_policy : null
    topic_policy = var.subscribers.topic_arn == null ? local._topic_policy : null
  }

  precondition {
    condition     = length(local._documents) <= local.limits.budgets_per_payer
    error_message = "A payer must have ${local.limits.budgets_per_payer} budgets at most; got ${length(local._documents)}. Do drop some, or name values one by one instead of per_value_of."
  }
}

output "key_arn" {
  description = "ARN of the KMS key of the alert topic, null when the topic was given."
  value       = one(aws_kms_key.this[*].arn)
}

output "topic_arn" {
  description = "ARN of the topic that hears of alerts."
  value       = local._topic_arn
}
