# What a key means once the dictionary's defaults are filled in.
locals {
  _values = { for key, tag in var.dictionary.tags : key => tag.values == null ? tolist([]) : tag.values }

  # A value that one organizational unit allows is allowed wherever a plane knows no units: Config rules and budgets.
  _every_value = {
    for key, tag in var.dictionary.tags : key =>
    sort(distinct(concat(local._values[key], flatten([for change in values(tag.values_by_ou) : change.append]))))
  }

  # The same as a regular expression; a key without values allows any.
  _allowed = {
    for key, values in local._every_value : key =>
    length(values) == 0 ? "" : "^(${join("|", [for value in values : replace(replace(value, "/[.+]/", "\\$0"), "*", ".*")])})$"
  }

  # values_by_target may only name targets; a unit that lies under no target has no policy to change here.
  _policy_tags = {
    for key, tag in var.dictionary.tags : key => {
      values = local._values[key]
      enforced_for = (
        tag.enforced_for != null ? tag.enforced_for : length(local._values[key]) > 0 ? var.dictionary.defaults.enforced_for : []
      )
      report_required_tag_for = (
        tag.report_required_tag_for != null ? tag.report_required_tag_for : tag.mandatory ? var.dictionary.defaults.report_required_tag_for : []
      )
      values_by_target = {
        for path, change in tag.values_by_ou : path => change if contains(keys(local._targets), path)
      }
    }
  }

  _mandatory_tags = {
    for key, tag in var.dictionary.tags : key => {
      values         = local._every_value[key]
      pattern        = tag.pattern
      resource_types = tag.mandatory_for
    } if tag.mandatory
  }

  # What Service Catalog offers: the keys that env.yaml names, else the mandatory ones with values.
  _offered_values = {
    for key, tag in var.dictionary.tags : key => local._every_value[key]
    if var.environment.tag_option == null ? false : (
      var.environment.tag_option.keys == null ? tag.mandatory && length(local._every_value[key]) > 0 : contains(var.environment.tag_option.keys, key)
    )
  }

  _cost_allocation_keys = [for key, tag in var.dictionary.tags : key if tag.cost_allocation]
}
