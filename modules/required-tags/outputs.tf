output "documents" {
  description = "Rules by name: kind (managed or guard), resource_types, and parameters or policy."
  value       = local._documents

  precondition {
    condition     = length(local._oversized_keys) == 0
    error_message = "Each key must fit the ${local.limits.config_rule_parameters_characters} bytes of a rule's parameters; got ${join(", ", local._oversized_keys)}. Do shorten the key."
  }

  precondition {
    condition     = length(local._oversized_blocks) == 0
    error_message = "Each key's clauses must fit a Guard policy of ${local.limits.config_rule_policy_characters} bytes; got ${join(", ", local._oversized_blocks)}. Do write common beginnings of values with one *, or use pattern."
  }

  precondition {
    condition     = length(local._long_names) == 0
    error_message = "Each rule name must have ${local._name_limit} characters at most; got ${join(", ", local._long_names)}. Do shorten name."
  }

  precondition {
    condition     = length(local._wide_scopes) == 0
    error_message = "Each rule must name ${local.limits.config_rule_resource_types} resource types at most; got ${join(", ", local._wide_scopes)}. Do list fewer types."
  }

  precondition {
    condition     = length(local._documents) <= local.limits.config_rules_per_region
    error_message = "A region must have ${local.limits.config_rules_per_region} rules at most; got ${length(local._documents)} for ${length(var.tags)} keys in ${length(local._groups)} lists of resource types. Do let keys share lists."
  }
}

output "rule_arns" {
  description = "ARNs of the rules by name."
  value = merge(
    { for name, rule in aws_config_config_rule.required_tags : name => rule.arn },
    { for name, rule in aws_config_config_rule.guard : name => rule.arn },
    { for name, rule in aws_config_organization_managed_rule.required_tags : name => rule.arn },
    { for name, rule in aws_config_organization_custom_policy_rule.guard : name => rule.arn },
  )
}
