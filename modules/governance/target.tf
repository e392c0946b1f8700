# Where tag policies are attached: what env.yaml names, and each unit below it whose values the dictionary changes.
locals {
  _named_modes = merge(
    var.environment.tag_policy.root == null ? {} : { root = var.environment.tag_policy.root },
    var.environment.tag_policy.organizational_units,
  )

  # Paths above a unit, the nearest last; the root comes before all of them.
  _changed_paths = distinct(flatten([for tag in values(var.dictionary.tags) : keys(tag.values_by_ou)]))
  _above = {
    for path in distinct(concat(local._changed_paths, keys(var.environment.tag_policy.organizational_units))) : path =>
    concat(["root"], [for depth in range(1, length(split("/", path))) : join("/", slice(split("/", path), 0, depth))])
  }
  _named_above = {
    for path, above in local._above : path => [for other in above : other if contains(keys(local._named_modes), other)]
  }
  _modes = merge(
    {
      for path in local._changed_paths : path => local._named_modes[reverse(local._named_above[path])[0]]
      if length(local._named_above[path]) > 0
    },
    local._named_modes,
  )

  # A unit above a target, with values of its own and no policy to carry them: the target would not get them.
  _uncovered = distinct(flatten([
    for path in keys(var.environment.tag_policy.organizational_units) : [
      for above in local._above[path] : above if contains(local._changed_paths, above) && !contains(keys(local._modes), above)
    ]
  ]))

  _unit_targets = {
    for path, mode in local._modes : path => {
      id     = path == "root" ? try(local._root.id, null) : lookup(local._ids_by_unit, path, null)
      mode   = mode
      parent = try(reverse([for other in local._above[path] : other if contains(keys(local._modes), other)])[0], null)
    }
  }

  # The deepest unit with a policy that holds the account; paths that hold the same account sort by depth.
  _account_targets = {
    for account, mode in var.environment.tag_policy.accounts : "account:${account}" => {
      id   = try(local._ids_by_account[account][0], null)
      mode = mode
      parent = try(
        reverse(sort([
          for path, unit in data.aws_organizations_organizational_unit_descendant_accounts.this : path
          if contains(keys(local._modes), path) && contains([for found in unit.accounts : found.id], local._ids_by_account[account][0])
        ]))[0],
        contains(keys(local._modes), "root") ? "root" : null
      )
    }
  }

  # Names that were not found are left out here and named by the preconditions of the documents output.
  _targets = { for key, target in merge(local._unit_targets, local._account_targets) : key => target if target.id != null }
}
