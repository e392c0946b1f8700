# What AWS Organizations has to be asked: each question only when something needs the answer, so that an environment
# without names of units and accounts plans without these permissions.
locals {
  _account_names = distinct([
    for account in concat(
      keys(var.environment.tag_policy.accounts),
      keys(var.environment.guardrail.accounts),
      var.environment.config.excluded_accounts,
      local._cost_accounts,
    ) : account if !can(regex("^[0-9]{12}$", account))
  ])
  _account_targets_wanted = distinct(concat(keys(var.environment.tag_policy.accounts), keys(var.environment.guardrail.accounts)))
  _guardrail_wanted       = length(local._guardrail_modes) + length(var.environment.guardrail.accounts) > 0
  _organization_needed = (
    var.environment.config.scope == "organization" ||
    length(local._modes) + length(local._guardrail_modes) + length(local._account_targets_wanted) + length(local._account_names) + length(local._audit_units) > 0
  )
  _organization = one(data.aws_organizations_organization.this)
  _root         = try(local._organization.roots[0], null)

  # Accounts by name and by id, each to a list of ids: a name may be unknown, or not unique.
  _known_accounts = try(local._organization.accounts, [])
  _ids_by_account = merge(
    { for account in local._known_accounts : account.name => account.id... },
    { for account in local._known_accounts : account.id => [account.id] },
  )
  # In a suspended or closed account AWS Config can make no rule, and the whole organization rule fails with it.
  # AWS replaces status by state, which later providers give.
  _inactive_account_ids = [
    for account in local._known_accounts : account.id
    if coalesce(try(account.state, ""), try(account.status, ""), "ACTIVE") != "ACTIVE"
  ]
  _unknown_accounts = distinct([
    for account in concat(local._account_names, local._account_targets_wanted) :
    account if !contains(keys(local._ids_by_account), account)
  ])
  _ambiguous_accounts = [
    for account in local._account_names : "\"${account}\" (${join(", ", local._ids_by_account[account])})"
    if length(lookup(local._ids_by_account, account, [])) > 1
  ]

  # Units by path, a level at a time, through the parents alone of the units that are named.
  #  Whose values a guardrail has to know, the units of the dictionary are asked for as well.
  _unit_paths = [
    for path in distinct(concat(keys(local._modes), keys(local._guardrail_modes), local._audit_units, local._guardrail_wanted ? local._changed_paths : [])) :
    path if path != "root"
  ]
  _parents = {
    for depth in range(1, 5) : depth => distinct([
      for path in local._unit_paths : join("/", slice(split("/", path), 0, depth)) if length(split("/", path)) > depth
    ])
  }
  _ids_1 = { for unit in try(data.aws_organizations_organizational_units.level_1["root"].children, []) : unit.name => unit.id }
  _ids_2 = merge([
    for parent, level in data.aws_organizations_organizational_units.level_2 : { for unit in level.children : "${parent}/${unit.name}" => unit.id }
  ]...)
  _ids_3 = merge([
    for parent, level in data.aws_organizations_organizational_units.level_3 : { for unit in level.children : "${parent}/${unit.name}" => unit.id }
  ]...)
  _ids_4 = merge([
    for parent, level in data.aws_organizations_organizational_units.level_4 : { for unit in level.children : "${parent}/${unit.name}" => unit.id }
  ]...)
  _ids_5 = merge([
    for parent, level in data.aws_organizations_organizational_units.level_5 : { for unit in level.children : "${parent}/${unit.name}" => unit.id }
  ]...)
  _ids_by_unit = merge(local._ids_1, local._ids_2, local._ids_3, local._ids_4, local._ids_5)
  _ids_by_path = merge(local._ids_by_unit, { root = try(local._root.id, null) })
  # All environments share the dictionary: a unit that only values_by_ou names may be missing here, and is no target then.
  _unknown_units = [
    for path in distinct(concat(
      keys(var.environment.tag_policy.organizational_units),
      keys(var.environment.guardrail.organizational_units),
      [for path in local._audit_units : path if path != "root"],
    )) : path if !contains(keys(local._ids_by_unit), path)
  ]
}

data "aws_organizations_organization" "this" {
  count = local._organization_needed ? 1 : 0
}

data "aws_organizations_organizational_units" "level_1" {
  for_each = length(local._unit_paths) > 0 ? { root = local._root.id } : {}

  parent_id = each.value
}

data "aws_organizations_organizational_units" "level_2" {
  for_each = { for path in local._parents[1] : path => local._ids_1[path] if contains(keys(local._ids_1), path) }

  parent_id = each.value
}

data "aws_organizations_organizational_units" "level_3" {
  for_each = { for path in local._parents[2] : path => local._ids_2[path] if contains(keys(local._ids_2), path) }

  parent_id = each.value
}

data "aws_organizations_organizational_units" "level_4" {
  for_each = { for path in local._parents[3] : path => local._ids_3[path] if contains(keys(local._ids_3), path) }

  parent_id = each.value
}

data "aws_organizations_organizational_units" "level_5" {
  for_each = { for path in local._parents[4] : path => local._ids_4[path] if contains(keys(local._ids_4), path) }

  parent_id = each.value
}

# Which accounts lie under which unit is asked only where a policy of an account may have a policy of a unit above it.
data "aws_organizations_organizational_unit_descendant_accounts" "this" {
  for_each = length(local._account_targets_wanted) == 0 ? {} : {
    for path in local._unit_paths : path => local._ids_by_unit[path] if contains(keys(local._ids_by_unit), path)
  }

  parent_id = each.value
}
