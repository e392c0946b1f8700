variable "enabled_policy_types" {
  description = "Policy types that are enabled on the root of the organization."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = contains(var.enabled_policy_types, "SERVICE_CONTROL_POLICY") || length(var.targets) == 0
    error_message = "SERVICE_CONTROL_POLICY must be enabled on the root ${try(var.targets["root"].id, "of the organization")}; got ${length(var.enabled_policy_types) == 0 ? "no policy type" : join(", ", sort(var.enabled_policy_types))}. Do run: aws organizations enable-policy-type --root-id ${try(var.targets["root"].id, "\"$(aws organizations list-roots --query Roots[0].Id --output text)\"")} --policy-type SERVICE_CONTROL_POLICY"
  }
}

variable "exact_spelling" {
  description = "Deny a mandatory key in other capitals too. It nearly doubles the characters."
  type        = bool
  default     = false
  nullable    = false
}

variable "exempt_principals" {
  description = "ARN patterns of roles that no statement binds, such as break-glass; those of actions.yaml are exempt in any case."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.exempt_principals : can(regex("^arn:[a-z*-]+:(iam|sts)::([0-9]{12}|\\*):.+$", arn))])
    error_message = "exempt_principals must hold ARN patterns of IAM principals; got ${join(", ", [for arn in var.exempt_principals : "\"${arn}\"" if !can(regex("^arn:[a-z*-]+:(iam|sts)::([0-9]{12}|\\*):.+$", arn))])}. Do write it as \"arn:*:iam::*:role/break-glass\"."
  }
}

variable "further_actions" {
  description = "More actions that make something, each with the ARN patterns that carry the tags of its request (* = the call as a whole)."
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for action in keys(var.further_actions) : can(regex("^[a-z0-9-]+:[A-Za-z0-9]+$", action))])
    error_message = "further_actions must name single actions; got ${join(", ", [for action in keys(var.further_actions) : "\"${action}\"" if !can(regex("^[a-z0-9-]+:[A-Za-z0-9]+$", action))])}. Do write it as \"ec2:CreateFleet\"."
  }

  validation {
    condition     = alltrue([for arns in values(var.further_actions) : length(arns) > 0 && (!contains(arns, "*") || length(arns) == 1)])
    error_message = "Each of further_actions must have \"*\" alone, or ARN patterns; got ${join(", ", [for action, arns in var.further_actions : "[${join(", ", arns)}] for \"${action}\"" if !(length(arns) > 0 && (!contains(arns, "*") || length(arns) == 1))])}. Do correct the list."
  }
}

variable "groups" {
  description = "Groups of services to guard, as actions.yaml names them."
  type        = set(string)
  nullable    = false

  validation {
    condition     = alltrue([for group in var.groups : contains(keys(local._known.groups), group)])
    error_message = "Each group must be one of ${join(", ", keys(local._known.groups))}; got ${join(", ", [for group in var.groups : "\"${group}\"" if !contains(keys(local._known.groups), group)])}. Do choose one of them."
  }
}

variable "iam_policy" {
  description = "Make IAM policies of the same statements: path, and whether the policy is a permissions boundary, which allows everything else. Null makes none."
  type = object({
    boundary = optional(bool, false)
    path     = optional(string, "/")
  })
  default = null
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

variable "tag_editors" {
  description = "ARN patterns of roles that may change and remove mandatory tags."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.tag_editors : can(regex("^arn:[a-z*-]+:(iam|sts)::([0-9]{12}|\\*):.+$", arn))])
    error_message = "tag_editors must hold ARN patterns of IAM principals; got ${join(", ", [for arn in var.tag_editors : "\"${arn}\"" if !can(regex("^arn:[a-z*-]+:(iam|sts)::([0-9]{12}|\\*):.+$", arn))])}. Do write it as \"arn:*:iam::*:role/deployer\"."
  }
}

variable "tags" {
  description = "Tag keys as they must be written, whether a create needs them, and their allowed values (none = any but an empty one). values_by_target replaces the values at a target."
  type = map(object({
    mandatory        = optional(bool, true)
    values           = optional(list(string), [])
    values_by_target = optional(map(list(string)), {})
  }))
  nullable = false

  validation {
    condition = alltrue([
      for key in keys(var.tags) : can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+$", key)) && trimspace(key) == key && length(split("", key)) <= local.limits.tag_key_characters
    ])
    error_message = "Each tag key must be 1 to ${local.limits.tag_key_characters} letters, digits, spaces and _ . : / = + - @, without a space at either end; got ${join(", ", [for key in keys(var.tags) : "\"${key}\" (${length(split("", key))} characters)" if !(can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+$", key)) && trimspace(key) == key && length(split("", key)) <= local.limits.tag_key_characters)])}. Do rename it."
  }

  validation {
    condition     = length(distinct([for key in keys(var.tags) : lower(key)])) == length(var.tags)
    error_message = "Tag keys must differ in more than case, since aws:RequestTag folds it; got ${join("; ", [for keys in [for folded in sort(distinct([for key in keys(var.tags) : lower(key)])) : [for key in keys(var.tags) : key if lower(key) == folded]] : join(" and ", [for key in keys : "\"${key}\""]) if length(keys) > 1])}. Do keep one spelling."
  }

  validation {
    condition     = alltrue(flatten([for tag in values(var.tags) : [for target in keys(tag.values_by_target) : contains(keys(var.targets), target)]]))
    error_message = "values_by_target must name a target; got ${join(", ", flatten([for key, tag in var.tags : [for target in keys(tag.values_by_target) : "\"${target}\" for \"${key}\"" if !contains(keys(var.targets), target)]]))}. Do choose one of ${join(", ", keys(var.targets))}."
  }
}

variable "targets" {
  description = "Where policies are attached, by a key that people read: root, OU or account id, mode (report makes the policies, enforce attaches them), and the key of the nearest target above it that is enforced (null when none is)."
  type = map(object({
    id     = string
    mode   = string
    parent = optional(string)
  }))
  default  = {}
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
    condition     = alltrue([for key, target in var.targets : target.parent == null ? true : try(var.targets[target.parent].mode, "") == "enforce" && target.parent != key])
    error_message = "parent must be the key of another target that is enforced; got ${join(", ", [for key, target in var.targets : "\"${target.parent}\" at \"${key}\"" if target.parent == null ? false : !(try(var.targets[target.parent].mode, "") == "enforce" && target.parent != key)])}. Do correct it, or leave it out."
  }

  validation {
    condition     = alltrue([for target in values(var.targets) : target.parent == null || target.mode == "enforce"])
    error_message = "A target below an enforced one must be enforced, since a policy below takes no denial away; got report at ${join(", ", [for key, target in var.targets : "\"${key}\" below \"${target.parent}\"" if target.parent != null && target.mode == "report"])}. Do remove it, or report above too."
  }
}

variable "without_actions" {
  description = "Actions of the groups to leave alone."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for action in var.without_actions : contains(local._every_action, action)])
    error_message = "without_actions must hold actions of the groups; got ${join(", ", [for action in var.without_actions : "\"${action}\"" if !contains(local._every_action, action)])}. Do choose one of ${join(", ", local._every_action)}."
  }
}
