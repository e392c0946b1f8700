output "cost_category_arns" {
  description = "ARNs of the cost categories by name."
  value       = { for name, category in aws_ce_cost_category.this : name => category.arn }
}

output "documents" {
  description = "Cost categories by name: default, rules in order, and split charges with targets in the order that the provider sends."
  value       = local._documents

  precondition {
    condition     = length(var.cost_categories) <= local.limits.cost_categories_per_payer
    error_message = "A payer must have ${local.limits.cost_categories_per_payer} cost categories at most; got ${length(var.cost_categories)}. Do merge some."
  }

  precondition {
    condition     = length(local._bad_names) == 0
    error_message = "Each name and value must be letters, digits, spaces, _ and -, without a space at either end; got ${join(", ", local._bad_names)}. Do rename it."
  }

  precondition {
    condition     = length(local._bad_kinds) == 0
    error_message = "Each rule must have exactly one of value, per_value_of, inherit_tag and inherit, which is account_name; got ${join(", ", local._bad_kinds)}. Do write one rule each."
  }

  precondition {
    condition     = length(local._bad_conditions) == 0
    error_message = "A rule with value must have a condition, and one that inherits none; got ${join(", ", local._bad_conditions)}. Do correct the rule."
  }

  precondition {
    condition     = length(local._bad_keys) == 0
    error_message = "per_value_of must not stand beside tags of the same key; got ${join(", ", local._bad_keys)}. Do remove it there."
  }

  precondition {
    condition     = length(local._bad_codes) == 0
    error_message = "service_codes must be codes without spaces, since AWS sorts costs by no other name of a service; got ${join(", ", local._bad_codes)}. Do write one such as AmazonSageMaker."
  }

  precondition {
    condition     = length(local._bad_charge_types) == 0
    error_message = "charge_types must be those of cost categories; got ${join(", ", local._bad_charge_types)}. Do choose among ${join(", ", local._facts.cost_category_charge_types.names)}."
  }

  precondition {
    condition     = length(local._bad_patterns) == 0
    error_message = "Values of tags must be given, with \"*\" at the beginning, the end or both, and at the same place in all of one rule; got ${join(", ", local._bad_patterns)}. Do write one rule for each."
  }

  precondition {
    condition     = length(local._bad_rule_counts) == 0
    error_message = "A cost category must come to ${local.limits.cost_category_rules} rules at most, those of per_value_of included; got ${join(", ", local._bad_rule_counts)}. Do use inherit_tag, or other rules."
  }

  precondition {
    condition     = alltrue([for category in values(var.cost_categories) : length(category.split_charges) <= local.limits.cost_category_split_charges])
    error_message = "A cost category must have ${local.limits.cost_category_split_charges} split charges at most; got ${join(", ", [for name, category in var.cost_categories : "${length(category.split_charges)} for \"${name}\"" if length(category.split_charges) > local.limits.cost_category_split_charges])}. Do merge some."
  }

  precondition {
    condition     = length(local._bad_shares) == 0
    error_message = "A split charge must name up to ${local.limits.cost_category_split_targets} values: targets with method even or proportional, percents that are 100 in sum with fixed; got ${join(", ", local._bad_shares)}. Do correct it."
  }

  precondition {
    condition     = length(local._bad_sources) == 0
    error_message = "The source of a split charge must be split once, and be charged by no other; got ${join(", ", local._bad_sources)}. Do remove one of them."
  }

  precondition {
    condition     = length(local._bad_charged) == 0
    error_message = "Split charges must name the default or values that rules name, not inherit; got ${join(", ", local._bad_charged)}. Do correct it, or add a rule with that value."
  }

  precondition {
    condition     = length(local._long_charged) == 0
    error_message = "Values that split charges name must have ${length(local._crc32) - 1} bytes at most; got ${join(", ", local._long_charged)}. Do shorten it."
  }
}

output "values" {
  description = "Values that each cost category can give, by name; null where a rule inherits values."
  value       = local._values
}
