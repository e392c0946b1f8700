variable "enabled_policy_types" {
  description = "Policy types that are enabled on the root of the organization."
  type        = set(string)
  nullable    = false

  validation {
    condition     = contains(var.enabled_policy_types, "TAG_POLICY") || length(var.targets) == 0
    error_message = "TAG_POLICY must be enabled on the root ${try(var.targets["root"].id, "of the organization")}; got ${length(var.enabled_policy_types) == 0 ? "no policy type" : join(", ", sort(var.enabled_policy_types))}. Do run: aws organizations enable-policy-type --root-id ${try(var.targets["root"].id, "\"$(aws organizations list-roots --query Roots[0].Id --output text)\"")} --policy-type TAG_POLICY"
  }
}

variable "limits" {
  description = "Overrides of rows of aws-facts.yaml, by id."
  type        = map(number)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for id in keys(var.limits) : contains(keys(local._facts.limits), id)])
    error_message = "Each limit must be a row of modules/aws-facts.yaml; got ${join(", ", [for id in keys(var.limits) : "\"${id}\"" if !contains(keys(local._facts.limits), id)])}. Do choose one of ${join(", ", keys(local._facts.limits))}."
  }
}

variable "name" {
  description = "Prefix of every name that the module creates."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,19}$", var.name))
    error_message = "name must be 1 to 20 of a-z, 0-9 and -, beginning with a letter; got \"${var.name}\". Do shorten or rename it."
  }
}

variable "resource_tags" {
  description = "Tags of the policies themselves."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.resource_tags) <= local.limits.tags_per_resource
    error_message = "resource_tags must hold ${local.limits.tags_per_resource} tags at most; got ${length(var.resource_tags)}. Do remove some."
  }
}

variable "tags" {
  description = "Tag keys as they must be written, with what is allowed, denied and reported. values_by_target changes the values at a target and below it: append or remove."
  type = map(object({
    values                  = optional(list(string), [])
    enforced_for            = optional(list(string), [])
    report_required_tag_for = optional(list(string), [])
    values_by_target = optional(map(object({
      append = optional(list(string), [])
      remove = optional(list(string), [])
    })), {})
  }))
  nullable = false

  validation {
    condition = alltrue([
      for key in keys(var.tags) : can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+$", key)) && trimspace(key) == key && length(split("", key)) <= local.limits.tag_key_characters
    ])
    error_message = "Each tag key must be 1 to ${local.limits.tag_key_characters} letters, digits, spaces and _ . : / = + - @, without a space at either end; got ${join(", ", [for key in keys(var.tags) : "\"${key}\" (${length(split("", key))} characters)" if !(can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+$", key)) && trimspace(key) == key && length(split("", key)) <= local.limits.tag_key_characters)])}. Do rename it."
  }

  validation {
    condition     = !anytrue([for key in keys(var.tags) : startswith(lower(key), "aws:")])
    error_message = "No tag key may begin with \"aws:\", which AWS reserves; got ${join(", ", [for key in keys(var.tags) : "\"${key}\"" if startswith(lower(key), "aws:")])}. Do choose another prefix."
  }

  validation {
    condition     = length(distinct([for key in keys(var.tags) : lower(key)])) == length(var.tags)
    error_message = "Tag keys must differ in more than case, since tag policies fold case and resources do not; got ${join("; ", [for keys in [for folded in sort(distinct([for key in keys(var.tags) : lower(key)])) : [for key in keys(var.tags) : key if lower(key) == folded]] : join(" and ", [for key in keys : "\"${key}\""]) if length(keys) > 1])}. Do keep one spelling."
  }

  validation {
    condition = alltrue(flatten([
      for key, tag in var.tags : [
        for value in concat(tag.values, flatten([for change in values(tag.values_by_target) : change.append])) :
        can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@*]+$", value)) && trimspace(value) == value && length(split("", value)) <= local.limits.tag_value_characters
      ]
    ]))
    error_message = "Each value must be 1 to ${local.limits.tag_value_characters} letters, digits, spaces and _ . : / = + - @, with one * allowed, without a space at either end; got ${join(", ", flatten([for key, tag in var.tags : [for value in concat(tag.values, flatten([for change in values(tag.values_by_target) : change.append])) : "\"${value}\" (${length(split("", value))} characters) for \"${key}\"" if !(can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@*]+$", value)) && trimspace(value) == value && length(split("", value)) <= local.limits.tag_value_characters)]]))}. Do correct the value."
  }

  validation {
    condition = alltrue(flatten([
      for tag in values(var.tags) : [
        for value in concat(tag.values, flatten([for change in values(tag.values_by_target) : change.append])) :
        length(split("*", value)) <= 2
      ]
    ]))
    error_message = "Each value must hold one * at most; got ${join(", ", flatten([for key, tag in var.tags : [for value in concat(tag.values, flatten([for change in values(tag.values_by_target) : change.append])) : "\"${value}\" for \"${key}\"" if length(split("*", value)) > 2]]))}. Do split the value."
  }

  validation {
    condition     = alltrue([for tag in values(var.tags) : length(distinct([for value in tag.values : lower(value)])) == length(tag.values)])
    error_message = "Values of a key must differ in more than case; got ${join("; ", flatten([for key, tag in var.tags : [for same in [for folded in sort(distinct([for value in tag.values : lower(value)])) : [for value in tag.values : value if lower(value) == folded]] : "${join(" and ", [for value in same : "\"${value}\""])} for \"${key}\"" if length(same) > 1]]))}. Do keep one spelling."
  }

  validation {
    condition = alltrue(flatten([
      for tag in values(var.tags) : [
        for change in values(tag.values_by_target) : (length(change.append) > 0) != (length(change.remove) > 0)
      ]
    ]))
    error_message = "values_by_target must have exactly one of append and remove, with a value; got ${join(", ", flatten([for key, tag in var.tags : [for target, change in tag.values_by_target : "${length(change.append) > 0 ? "both" : "none"} at \"${target}\" for \"${key}\"" if(length(change.append) > 0) == (length(change.remove) > 0)]]))}. Do keep one of them."
  }

  validation {
    condition     = alltrue([for tag in values(var.tags) : length(tag.values) > 0 || length(tag.values_by_target) == 0])
    error_message = "values_by_target must be left out where a key allows any value; got it for ${join(", ", [for key, tag in var.tags : "\"${key}\"" if length(tag.values) == 0 && length(tag.values_by_target) > 0])}. Do list values, or remove it."
  }

  validation {
    condition = alltrue(flatten([
      for tag in values(var.tags) : [
        for change in values(tag.values_by_target) : [for value in change.append : !contains(tag.values, value)]
      ]
    ]))
    error_message = "Each appended value must be new; got ${join(", ", flatten([for key, tag in var.tags : [for target, change in tag.values_by_target : [for value in change.append : "\"${value}\" at \"${target}\" for \"${key}\"" if contains(tag.values, value)]]]))}, which is allowed everywhere. Do remove it there."
  }

  validation {
    condition = alltrue(flatten([
      for tag in values(var.tags) : [
        for change in values(tag.values_by_target) : [for value in change.remove : contains(tag.values, value)]
      ]
    ]))
    error_message = "Each removed value must be one of values; got ${join(", ", flatten([for key, tag in var.tags : [for target, change in tag.values_by_target : [for value in change.remove : "\"${value}\" at \"${target}\" for \"${key}\"" if !contains(tag.values, value)]]]))}. Do correct it, or remove it there."
  }

  validation {
    condition = alltrue(flatten([
      for tag in values(var.tags) : [
        for target, change in tag.values_by_target : length(change.remove) == 0 || length(tag.values) == 0 || length(setsubtract(
          concat(tag.values, flatten([for up in lookup(local._lineages, target, [target]) : try(tag.values_by_target[up].append, [])])),
          flatten([for up in lookup(local._lineages, target, [target]) : try(tag.values_by_target[up].remove, [])]),
        )) > 0
      ]
    ]))
    error_message = "remove must leave a value, since a key without values allows any; got all of them removed ${join(", ", flatten([for key, tag in var.tags : [for target, change in tag.values_by_target : "at \"${target}\"${length(setsubtract(tag.values, change.remove)) > 0 ? " and above" : ""} for \"${key}\"" if length(change.remove) > 0 && length(tag.values) > 0 && length(setsubtract(concat(tag.values, flatten([for up in lookup(local._lineages, target, [target]) : try(tag.values_by_target[up].append, [])])), flatten([for up in lookup(local._lineages, target, [target]) : try(tag.values_by_target[up].remove, [])]))) == 0]]))}. Do keep one."
  }

  validation {
    condition     = alltrue(flatten([for tag in values(var.tags) : [for target in keys(tag.values_by_target) : contains(keys(var.targets), target)]]))
    error_message = "values_by_target must name a target; got ${join(", ", flatten([for key, tag in var.tags : [for target in keys(tag.values_by_target) : "\"${target}\" for \"${key}\"" if !contains(keys(var.targets), target)]]))}. Do choose one of ${join(", ", keys(var.targets))}."
  }

  validation {
    condition = alltrue(flatten([
      for tag in values(var.tags) : [
        for type in concat(tag.enforced_for, tag.report_required_tag_for) : can(regex("^[a-z0-9-]+:([A-Za-z0-9_/-]+|\\*)$", type))
      ]
    ]))
    error_message = "enforced_for and report_required_tag_for must hold tag-policy types; got ${join(", ", flatten([for key, tag in var.tags : [for type in concat(tag.enforced_for, tag.report_required_tag_for) : "\"${type}\" for \"${key}\"" if !can(regex("^[a-z0-9-]+:([A-Za-z0-9_/-]+|\\*)$", type))]]))}. Do write it as \"ec2:instance\" or \"ec2:ALL_SUPPORTED\"."
  }
}

variable "targets" {
  description = "Where policies are attached, by a key that people read: root, OU or account id, mode (report or enforce), and the key of the nearest target above it (null at the top)."
  type = map(object({
    id     = string
    mode   = string
    parent = optional(string)
  }))
  nullable = false

  validation {
    condition     = alltrue([for target in values(var.targets) : contains(["report", "enforce"], target.mode)])
    error_message = "mode must be report or enforce; got ${join(", ", [for key, target in var.targets : "\"${target.mode}\" at \"${key}\"" if !contains(["report", "enforce"], target.mode)])}. Do choose one of them."
  }

  validation {
    condition     = alltrue([for target in values(var.targets) : can(regex("^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|[0-9]{12})$", target.id))])
    error_message = "id must be that of a root (r-), an organizational unit (ou-) or an account (12 digits); got ${join(", ", [for key, target in var.targets : "\"${target.id}\" at \"${key}\"" if !can(regex("^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|[0-9]{12})$", target.id))])}. Do copy it from AWS Organizations."
  }

  validation {
    condition     = alltrue([for key, target in var.targets : target.parent == null ? true : contains(setsubtract(keys(var.targets), [key]), target.parent)])
    error_message = "parent must be the key of another target; got ${join(", ", [for key, target in var.targets : "\"${target.parent}\" at \"${key}\"" if target.parent == null ? false : !contains(setsubtract(keys(var.targets), [key]), target.parent)])}. Do choose one of ${join(", ", keys(var.targets))}, or leave it out at the top."
  }
}
