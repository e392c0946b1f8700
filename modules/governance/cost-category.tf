# The arguments of modules/cost-category: ids for accounts, and the values of a key and its deprecated spellings.
locals {
  # Accounts whose costs are asked for. A category may name one in what is meant and in what is not.
  _cost_accounts = flatten(concat(
    [for budget in values(var.environment.budgets) : budget.accounts],
    [for category in values(var.environment.cost_categories) : [for rule in category.rules : concat(rule.accounts, rule.unless.accounts)]],
    [for monitor in values(var.environment.anomaly.monitors) : monitor.accounts],
  ))

  _cost_categories = {
    for name, category in var.environment.cost_categories : name => merge(category, {
      rules = [
        for rule in category.rules : {
          value         = rule.value
          inherit_tag   = rule.inherit_tag
          inherit       = rule.inherit
          tags          = rule.tags
          account_ids   = [for account in rule.accounts : local._account_ids[account][0] if local._account_ids[account][0] != null]
          service_codes = rule.service_codes
          charge_types  = rule.charge_types
          per_value_of = one([
            for key in rule.per_value_of[*] : {
              keys   = concat([key], try(var.dictionary.tags[key].deprecated_spellings, []))
              values = lookup(local._every_value, key, [])
            }
          ])
          unless = {
            tags          = rule.unless.tags
            account_ids   = [for account in rule.unless.accounts : local._account_ids[account][0] if local._account_ids[account][0] != null]
            service_codes = rule.unless.service_codes
            charge_types  = rule.unless.charge_types
          }
        }
      ]
    })
  }

  # What the preconditions of the documents refuse. A key that billing does not know matches nothing.
  _category_tags = flatten([
    for name, category in var.environment.cost_categories : [
      for rule in category.rules : [
        for key, values in merge({ for key in compact([rule.per_value_of, rule.inherit_tag]) : key => [] }, rule.tags, rule.unless.tags) :
        { name = name, key = key, values = values }
      ]
    ]
  ])
  _unbilled_category_keys = distinct([
    for tag in local._category_tags : "\"${tag.key}\" in \"${tag.name}\"" if !try(var.dictionary.tags[tag.key].cost_allocation, false)
  ])
  _unknown_category_values = flatten([
    for tag in local._category_tags : [
      for value in tag.values : "\"${value}\" of \"${tag.key}\" in \"${tag.name}\""
      if !(strcontains(value, "*") || can(regex(lookup(local._allowed, tag.key, ""), value)))
    ]
  ])
  _unknown_budget_values = flatten([
    for name, budget in var.environment.budgets : [
      for category, values in budget.cost_categories : [
        for value in values : "\"${value}\" of \"${category}\" for budget \"${name}\""
        if !contains(module.cost_category.values[category] == null ? [value] : module.cost_category.values[category], value)
      ] if contains(keys(var.environment.cost_categories), category)
    ]
  ])
}
