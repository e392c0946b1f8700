# Where guardrails are attached, and the values that are allowed at each target and below it.
locals {
  _guardrail_modes = merge(
    var.environment.guardrail.root == null ? {} : { root = var.environment.guardrail.root },
    var.environment.guardrail.organizational_units,
  )
  _guardrail_above = {
    for path in keys(local._guardrail_modes) : path => path == "root" ? [] :
    concat(["root"], [for depth in range(1, length(split("/", path))) : join("/", slice(split("/", path), 0, depth))])
  }

  # The deepest unit that holds an account, of those that were asked for; paths that hold the same account sort by depth.
  _guardrail_places = {
    for account in keys(var.environment.guardrail.accounts) : account => try(
      reverse(sort([
        for path, unit in data.aws_organizations_organizational_unit_descendant_accounts.this : path
        if contains([for found in unit.accounts : found.id], local._ids_by_account[account][0])
      ]))[0],
      "root"
    )
  }
  _enforced_at_or_above = {
    for account, place in local._guardrail_places : account => [
      for path in concat(place == "root" ? [] : ["root"], [
        for depth in range(1, length(split("/", place)) + 1) : join("/", slice(split("/", place), 0, depth))
      ]) : path if lookup(local._guardrail_modes, path, "") == "enforce"
    ]
  }

  _guardrail_unit_targets = {
    for path, mode in local._guardrail_modes : path => {
      id     = path == "root" ? try(local._root.id, null) : lookup(local._ids_by_unit, path, null)
      mode   = mode
      parent = try(reverse([for above in local._guardrail_above[path] : above if lookup(local._guardrail_modes, above, "") == "enforce"])[0], null)
    }
  }
  _guardrail_account_targets = {
    for account, mode in var.environment.guardrail.accounts : "account:${account}" => {
      id     = try(local._ids_by_account[account][0], null)
      mode   = mode
      parent = try(reverse(local._enforced_at_or_above[account])[0], null)
    }
  }
  _guardrail_targets = {
    for key, target in merge(local._guardrail_unit_targets, local._guardrail_account_targets) : key => target if target.id != null
  }

  # Units that lead to a target, the nearest last; a policy binds all below it, so their values are allowed there too.
  _guardrail_paths = {
    for key in keys(local._guardrail_targets) : key => key == "root" ? [] : (
      startswith(key, "account:") ? (
        local._guardrail_places[substr(key, 8, -1)] == "root" ? [] : split("/", local._guardrail_places[substr(key, 8, -1)])
      ) : split("/", key)
    )
  }
  _guardrail_lineages = {
    for key, parts in local._guardrail_paths : key => [for depth in range(1, length(parts) + 1) : join("/", slice(parts, 0, depth))]
  }
  _guardrail_keys = coalesce(var.environment.guardrail.keys, [for key, tag in var.dictionary.tags : key if tag.mandatory])
  _guardrail_tags = {
    for key, tag in var.dictionary.tags : key => {
      mandatory = tag.mandatory
      values    = local._values[key]
      values_by_target = length(local._values[key]) == 0 ? {} : {
        for target, lineage in local._guardrail_lineages : target => sort(distinct(concat(
          # A value is allowed that is there from the start or appended on the way, and not removed after that.
          [
            for value in concat(local._values[key], flatten([for path in lineage : try(tag.values_by_ou[path].append, [])])) : value
            if !anytrue([
              for depth, path in lineage : contains(try(tag.values_by_ou[path].remove, []), value) && !anytrue([
                for later in slice(lineage, depth + 1, length(lineage)) : contains(try(tag.values_by_ou[later].append, []), value)
              ])
            ])
          ],
          flatten([
            for path, change in tag.values_by_ou : change.append
            if !startswith(target, "account:") && (target == "root" || startswith(path, "${target}/"))
          ]),
        )))
      }
    } if contains(local._guardrail_keys, key)
  }
}

module "tag_guardrail" {
  source = "../tag-guardrail"

  enabled_policy_types = [for type in try(local._root.policy_types, []) : type.type if type.status == "ENABLED"]
  exact_spelling       = var.environment.guardrail.exact_spelling
  exempt_principals    = var.environment.guardrail.exempt_principals
  further_actions      = var.environment.guardrail.further_actions
  groups               = var.environment.guardrail.groups
  limits               = var.environment.limits
  name                 = var.environment.name
  resource_tags        = var.environment.resource_tags
  # Whoever repairs changes mandatory tags, which nobody else may.
  tag_editors     = concat(var.environment.guardrail.tag_editors, [for role in local._repair_role[*] : "arn:*:iam::*:role/${role}"])
  tags            = local._guardrail_tags
  targets         = local._guardrail_targets
  without_actions = var.environment.guardrail.without_actions
}
