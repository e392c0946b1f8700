locals {
  # Limits live in one data file, since AWS changes them; the caller may override a row.
  _facts = yamldecode(file("${path.module}/../aws-facts.yaml"))
  limits = merge({ for id, row in local._facts.limits : id => row.value }, var.limits)

  # 0. The targets at and above each target: 1, 2, 4 and 8 steps up, since root, units and account are 7 levels at most.
  _up_1 = {
    for target, settings in var.targets : target => concat([target], settings.parent == null ? [] : contains(keys(var.targets), settings.parent) ? [settings.parent] : [])
  }
  _up_2     = { for target, above in local._up_1 : target => distinct(flatten([for up in above : local._up_1[up]])) }
  _up_4     = { for target, above in local._up_2 : target => distinct(flatten([for up in above : local._up_2[up]])) }
  _lineages = { for target, above in local._up_4 : target => distinct(flatten([for up in above : local._up_4[up]])) }

  # 1. What each key needs at each target, as operator lists. A target without a parent says everything. One below
  #    another says only what differs, because its effective policy already holds what the parent says.
  #    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inheritance_mgmt.html
  _changes = {
    for target in keys(var.targets) : target => {
      for key, tag in var.tags : key => lookup(tag.values_by_target, target, { append = [], remove = [] })
    }
  }
  _parent_modes = {
    for target, settings in var.targets : target =>
    settings.parent == null ? "none" : try(var.targets[settings.parent].mode, "none")
  }
  _operators = {
    for target, settings in var.targets : target => {
      for key, tag in var.tags : key => {
        tag_value = {
          "@@assign" = settings.parent != null ? [] : [
            for value in concat(tag.values, local._changes[target][key].append) :
            value if !contains(local._changes[target][key].remove, value)
          ]
          "@@append" = settings.parent == null ? [] : local._changes[target][key].append
          "@@remove" = settings.parent == null ? [] : local._changes[target][key].remove
        }
        enforced_for = {
          "@@assign" = settings.mode == "enforce" && local._parent_modes[target] != "enforce" ? tag.enforced_for : []
          "@@remove" = settings.mode == "report" && local._parent_modes[target] == "enforce" ? tag.enforced_for : []
        }
        report_required_tag_for = {
          "@@assign" = settings.parent == null ? tag.report_required_tag_for : []
        }
      }
    }
  }

  # 2. Entries of policies: fields without a list fall away, and so do keys about which a child target has nothing to say.
  _fields = {
    for target, keys in local._operators : target => {
      for key, fields in keys : key => {
        for field, operators in fields : field => {
          for operator, list in operators : operator => list if length(list) > 0
        } if anytrue([for list in values(operators) : length(list) > 0])
      }
    }
  }
  _entries = {
    for target, keys in local._fields : target => {
      for key, fields in keys : key => merge({ tag_key = { "@@assign" = key } }, fields)
      if var.targets[target].parent == null || length(fields) > 0
    }
  }

  # 3. Characters of an entry with its comma. split() counts code points, as AWS does; length() counts grapheme clusters.
  #    The room is the limit less the wrapper {"tags":{}}; its last comma is not written.
  _room = local.limits.tag_policy_document_characters - 10
  _sizes = {
    for target, entries in local._entries : target => {
      for key, entry in entries : key => length(split("", jsonencode({ (lower(key)) = entry }))) - 1
    }
  }

  # 4. Parts that fit. A big entry has a part of its own, named by a digest, so that other keys never move it. The others
  #    share numbered parts: the number depends on the sizes before a key alone, so names stay when keys come and go.
  _shared = {
    for target, sizes in local._sizes : target => [for key in sort(keys(sizes)) : key if 2 * sizes[key] <= local._room]
  }
  _shared_sizes = { for target, keys in local._shared : target => [for key in keys : local._sizes[target][key]] }
  _widths       = { for target, sizes in local._shared_sizes : target => local._room - max(0, sizes...) }
  _parts = {
    for target, keys in local._shared : target => merge(
      {
        for index, key in keys :
        sum(local._shared_sizes[target]) <= local._room ? "1" : tostring(
          floor(sum(concat([0], slice(local._shared_sizes[target], 0, index))) / local._widths[target]) + 1
        ) => key...
      },
      {
        for key, size in local._sizes[target] :
        "own-${substr(sha1(key), 0, 8)}" => [key] if 2 * size > local._room
      }
    )
  }

  # 5. Policies by a key that survives a change of var.name.
  _policies = merge([
    for target, parts in local._parts : {
      for label, keys in parts : "${target}/${label}" => {
        name        = "${var.name}-tags-${target}-${label}"
        description = "tagrail: tag policy for ${target}, part ${label}"
        target      = target
        content     = { tags = { for key in keys : lower(key) => local._entries[target][key] } }
      }
    }
  ]...)

  # 6. What AWS would refuse, for the preconditions of the documents output.
  _oversized = flatten([
    for target, sizes in local._sizes : [
      for key, size in sizes : "\"${key}\" at ${target} (${size + 10} characters)" if size > local._room
    ]
  ])
  _overfull = [
    for target, parts in local._parts : "${target} (${length(parts)})"
    if length(parts) > local.limits.tag_policies_per_target
  ]
  _long_names = [
    for policy in values(local._policies) : "\"${policy.name}\" (${length(policy.name)})"
    if length(policy.name) > local.limits.policy_name_characters
  ]
}

resource "aws_organizations_policy" "this" {
  for_each = local._policies

  name        = each.value.name
  description = each.value.description
  type        = "TAG_POLICY"
  content     = jsonencode(each.value.content)
  tags        = var.resource_tags
}

# No two policies at one target name the same key, so the order of attachment, which AWS lets decide, cannot matter.
resource "aws_organizations_policy_attachment" "this" {
  for_each = local._policies

  policy_id = aws_organizations_policy.this[each.key].id
  target_id = var.targets[each.value.target].id
}
