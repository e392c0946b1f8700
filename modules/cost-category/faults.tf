# What the preconditions of the documents refuse, each with its offender: a validation of the variable cannot refer to locals
# that refer to it.
locals {
  _named = flatten([
    for name, category in var.cost_categories : concat(
      [name, category.default],
      [for rule in category.rules : rule.value if rule.value != null],
      flatten([for rule in category.rules : try(rule.per_value_of.values, [])]),
    )
  ])
  _bad_names = distinct([
    for name in local._named : "\"${name}\"" if !(can(regex("^[\\p{L}\\p{N}\\p{Z}_-]+$", name)) && trimspace(name) == name)
  ])

  _bad_kinds = flatten([
    for name, category in var.cost_categories : [
      for index, rule in category.rules : "rule ${index + 1} of \"${name}\""
      if(
        length([for given in [rule.value != null, rule.per_value_of != null, rule.inherit_tag != null, rule.inherit != null] : given if given]) != 1 ||
        (rule.inherit == null ? "account_name" : rule.inherit) != "account_name"
      )
    ]
  ])

  _bad_conditions = flatten([
    for name, category in var.cost_categories : [
      for index, rule in category.rules : "rule ${index + 1} of \"${name}\""
      if length(local._conditions[name][index]) == 0 ? rule.value != null : rule.inherit != null || rule.inherit_tag != null
    ]
  ])

  # A rule for each value of a key has that condition itself; another on the same key would give way to it.
  _bad_keys = flatten([
    for name, category in var.cost_categories : [
      for index, rule in category.rules : [
        for key in try(rule.per_value_of.keys, []) : "\"${key}\" in rule ${index + 1} of \"${name}\""
        if contains(concat(keys(rule.tags), keys(rule.unless.tags)), key)
      ]
    ]
  ])

  _bad_codes = flatten([
    for name, category in var.cost_categories : [
      for rule in category.rules : [
        for code in concat(rule.service_codes, rule.unless.service_codes) : "\"${code}\" in \"${name}\"" if code == "" || strcontains(code, " ")
      ]
    ]
  ])

  _bad_charge_types = flatten([
    for name, category in var.cost_categories : [
      for rule in category.rules : [
        for type in concat(rule.charge_types, rule.unless.charge_types) : "\"${type}\" in \"${name}\""
        if !contains(local._facts.cost_category_charge_types.names, type)
      ]
    ]
  ])

  _bad_patterns = flatten([
    for name, category in var.cost_categories : [
      for rule in category.rules : [
        for named in [rule, rule.unless] : [
          for key, patterns in named.tags : "${length(patterns) == 0 ? "none" : join(", ", [for pattern in patterns : "\"${pattern}\""])} for \"${key}\" in \"${name}\""
          if length(distinct([for pattern in patterns : "${startswith(pattern, "*")} ${endswith(pattern, "*")}"])) != 1 || !alltrue([for pattern in patterns : can(regex("^\\*?[^*]+\\*?$", pattern))])
        ]
      ]
    ]
  ])

  _bad_rule_counts = [
    for name, rules in local._rules : "${length(rules)} for \"${name}\""
    if length(rules) > local.limits.cost_category_rules
  ]

  _bad_shares = flatten([
    for name, category in var.cost_categories : [
      for split in category.split_charges : "method ${split.method}, ${length(split.targets)} targets and ${length(split.percents)} percents (${sum(concat([0], values(split.percents)))} in sum) for \"${split.source}\" of \"${name}\""
      if !(
        split.method == "fixed" ? length(split.targets) == 0 && alltrue([for percent in values(split.percents) : percent > 0]) && abs(sum(concat([0], values(split.percents))) - 100) < 0.000000001 :
        length(split.percents) == 0 && length(split.targets) > 0
      ) || length(concat(split.targets, keys(split.percents))) > local.limits.cost_category_split_targets
    ]
  ])

  _sources = { for name, category in var.cost_categories : name => [for split in category.split_charges : split.source] }
  _charged = { for name, category in var.cost_categories : name => flatten([for split in category.split_charges : concat(split.targets, keys(split.percents))]) }
  _bad_sources = flatten([
    for name, sources in local._sources : [
      for source in distinct(sources) : "\"${source}\" of \"${name}\""
      if length([for other in sources : other if other == source]) > 1 || contains(local._charged[name], source)
    ]
  ])

  # A value that only an inherited rule gives may be named once AWS says Applied, which no first apply could wait for.
  # https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/splitcharge-cost-categories.html
  _bad_charged = flatten([
    for name, category in var.cost_categories : [
      for value in distinct(concat(local._sources[name], local._charged[name])) : "\"${value}\" of \"${name}\""
      if !contains(local._given[name], value)
    ]
  ])

  _long_charged = flatten([
    for name, category in var.cost_categories : [
      for value in distinct(concat(local._sources[name], local._charged[name])) : "\"${value}\" of \"${name}\""
      if length(replace(base64encode(value), "=", "")) * 6 / 8 >= length(local._crc32)
    ]
  ])
}
