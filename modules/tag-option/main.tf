locals {
  # Limits live in one data file, since AWS changes them; the caller may override a row.
  _facts = yamldecode(file("${path.module}/../aws-facts.yaml"))
  limits = merge({ for id, row in local._facts.limits : id => row.value }, var.limits)

  # 1. A TagOption is one value, so a value with a * cannot be one.
  _whole  = { for key, values in var.values_by_key : key => [for value in values : value if !strcontains(value, "*")] }
  skipped = { for key, values in var.values_by_key : key => sort([for value in values : value if strcontains(value, "*")]) if anytrue([for value in values : strcontains(value, "*")]) }

  # 2. One TagOption a pair, by a name of both: neither a key nor a value holds a $.
  _active = merge([
    for key, values in local._whole : { for value in values : join("$", [key, value]) => { key = key, value = value } }
  ]...)
  _inactive = merge([
    for key, values in var.retired_values_by_key : { for value in values : join("$", [key, value]) => { key = key, value = value } }
  ]...)
  _options = merge(
    { for name, option in local._inactive : name => merge(option, { active = false }) },
    { for name, option in local._active : name => merge(option, { active = true }) },
  )

  # 3. Active ones are offered everywhere. A retired one is taken back, which makes room for others.
  _associations = merge([
    for name, id in var.resource_ids : { for option in keys(local._active) : "${name}/${option}" => { resource_id = id, option = option } }
  ]...)
}

resource "aws_servicecatalog_tag_option" "this" {
  for_each = local._options

  active = each.value.active
  key    = each.value.key
  value  = each.value.value
}

resource "aws_servicecatalog_tag_option_resource_association" "this" {
  for_each = local._associations

  resource_id   = each.value.resource_id
  tag_option_id = aws_servicecatalog_tag_option.this[each.value.option].id
}
