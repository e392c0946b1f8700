output "config_rule_arns" {
  description = "ARNs of the Config rules by region and name."
  value = {
    (local.environment.regions.home) = module.governance.config_rule_arns
    us-east-1                        = module.required_tags_us_east_1.rule_arns
  }
}

output "documents" {
  description = "Every document that the dictionary and this environment imply."
  value       = module.governance.documents
}

output "pending_cost_allocation_tags" {
  description = "Keys that billing has not seen yet; a later apply activates them."
  value       = module.governance.pending_cost_allocation_tags
}

output "skipped_tag_option_values" {
  description = "Values with a *, which Service Catalog cannot offer, by key."
  value       = module.governance.skipped_tag_option_values
}

output "topic_arn" {
  description = "ARN of the topic that hears of budget alerts."
  value       = module.governance.topic_arn
}
