variable "account_id" {
  description = "Account whose principals may enter: the management account, or the one that audits."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must be 12 digits; got \"${var.account_id}\". Do copy the id of the account."
  }
}

variable "external_id" {
  description = "What whoever enters has to know besides, where that is somebody else's system; null asks for nothing."
  type        = string
  default     = null

  validation {
    condition     = var.external_id == null ? true : can(regex("^[A-Za-z0-9_+=,.@:/-]+$", var.external_id)) && length(var.external_id) >= 2 && length(var.external_id) <= 1224
    error_message = "external_id must be 2 to 1224 letters, digits and _ + = , . @ : / -; got \"${var.external_id == null ? "" : var.external_id}\". Do correct it."
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

variable "management_account" {
  description = "Whether this account is the management account, where the roles see organization and costs too."
  type        = bool
  default     = false
  nullable    = false
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

variable "organization_id" {
  description = "Organization that whoever enters must belong to; null where there is none."
  type        = string
  default     = null

  validation {
    condition     = var.organization_id == null ? true : can(regex("^o-[a-z0-9]{10,32}$", var.organization_id))
    error_message = "organization_id must be o- and 10 to 32 of a-z and 0-9; got \"${var.organization_id == null ? "" : var.organization_id}\". Do copy it from AWS Organizations."
  }
}

variable "partition" {
  description = "AWS partition, for ARNs."
  type        = string
  default     = "aws"
  nullable    = false

  validation {
    condition     = can(regex("^aws[a-z-]*$", var.partition))
    error_message = "partition must be aws or one of its like; got \"${var.partition}\". Do write aws, aws-cn or aws-us-gov."
  }
}

variable "principals" {
  description = "ARN patterns of roles and users of account_id that may audit; none = all that its own policies let do so."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.principals : can(regex("^arn:[a-z*-]+:iam::(${var.account_id}|\\*):(role|user)/.+$", arn))])
    error_message = "principals must hold ARN patterns of roles and users of ${var.account_id}; got ${join(", ", [for arn in var.principals : "\"${arn}\"" if !can(regex("^arn:[a-z*-]+:iam::(${var.account_id}|\\*):(role|user)/.+$", arn))])}. Do write it as \"arn:*:iam::${var.account_id}:role/auditor\"."
  }
}

variable "repair" {
  description = "Make a role that writes tags too: who may enter it (as principals), keys that it may set, keys that it may remove besides (old spellings), its name (null = <name>-repair), and services whose resources it may tag (null = all of actions.yaml). Null makes none."
  type = object({
    keys           = set(string)
    principals     = list(string)
    removable_keys = optional(set(string), [])
    role_name      = optional(string)
    services       = optional(set(string))
  })
  default = null

  validation {
    condition     = var.repair == null ? true : length(var.repair.principals) > 0 && alltrue([for arn in var.repair.principals : can(regex("^arn:[a-z*-]+:iam::(${var.account_id}|\\*):(role|user)/.+$", arn))])
    error_message = "repair.principals must hold ARN patterns of roles and users of ${var.account_id}, one at least; got ${join(", ", [for arn in try(var.repair.principals, []) : "\"${arn}\"" if !can(regex("^arn:[a-z*-]+:iam::(${var.account_id}|\\*):(role|user)/.+$", arn))])}. Do write it as \"arn:*:iam::${var.account_id}:role/tag-editor\"."
  }

  validation {
    condition     = var.repair == null ? true : length(var.repair.keys) > 0
    error_message = "repair.keys must name a key; got none. Do name the keys of the dictionary."
  }

  # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  validation {
    condition     = alltrue([for key in try(setunion(var.repair.keys, var.repair.removable_keys), []) : can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+$", key)) && can(regex("^[ -\\x{FF}]+$", key)) && length(split("", key)) <= local.limits.tag_key_characters])
    error_message = "Each of repair.keys and repair.removable_keys must be 1 to ${local.limits.tag_key_characters} letters up to U+00FF, digits, spaces and _ . : / = + - @, since IAM takes no others; got ${join(", ", [for key in try(setunion(var.repair.keys, var.repair.removable_keys), []) : "\"${key}\"" if !(can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+$", key)) && can(regex("^[ -\\x{FF}]+$", key)) && length(split("", key)) <= local.limits.tag_key_characters)])}. Do rename it, or leave it to its owners."
  }

  validation {
    condition     = try(var.repair.role_name, null) == null ? true : can(regex("^[A-Za-z0-9_+=,.@-]+$", var.repair.role_name)) && length(var.repair.role_name) <= local.limits.iam_role_name_characters
    error_message = "repair.role_name must be 1 to ${local.limits.iam_role_name_characters} letters, digits and _ + = , . @ -; got \"${try(var.repair.role_name, null) == null ? "" : var.repair.role_name}\". Do rename it."
  }

  validation {
    condition     = alltrue([for service in try(coalesce(var.repair.services, []), []) : contains(local._every_service, service)])
    error_message = "repair.services must be services of actions.yaml; got ${join(", ", [for service in try(coalesce(var.repair.services, []), []) : "\"${service}\"" if !contains(local._every_service, service)])}. Do choose among them."
  }

  validation {
    condition     = try(var.repair.services, null) == null ? true : length(setsubtract(var.repair.services, ["tag"])) > 0
    error_message = "repair.services must name a service; got ${try(join(", ", var.repair.services), "") == "" ? "none" : "\"tag\" alone"}. Do name one, or leave it out for all."
  }
}

variable "resource_tags" {
  description = "Tags of roles, policies and StackSet."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.resource_tags) <= local.limits.tags_per_resource
    error_message = "resource_tags must hold ${local.limits.tags_per_resource} tags at most; got ${length(var.resource_tags)}. Do remove some."
  }
}

variable "role_name" {
  description = "Name of the role that audits; null = <name>-audit."
  type        = string
  default     = null

  validation {
    condition     = var.role_name == null ? true : can(regex("^[A-Za-z0-9_+=,.@-]+$", var.role_name)) && length(var.role_name) <= local.limits.iam_role_name_characters
    error_message = "role_name must be 1 to ${local.limits.iam_role_name_characters} letters, digits and _ + = , . @ -; got \"${var.role_name == null ? "" : var.role_name}\". Do rename it."
  }
}

variable "stack_set" {
  description = "Make the roles in the accounts below these organizational units (or the root) too, now and when one joins: ids, a region that is enabled everywhere, and the services that the organization trusts (null = not known). Null makes none."
  type = object({
    organizational_unit_ids = set(string)
    region                  = string
    trusted_services        = optional(set(string))
  })
  default = null

  validation {
    condition     = var.stack_set == null ? true : length(var.stack_set.organizational_unit_ids) > 0 && alltrue([for id in var.stack_set.organizational_unit_ids : can(regex("^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$", id))])
    error_message = "stack_set.organizational_unit_ids must hold ids of a root (r-) or of organizational units (ou-), one at least; got ${join(", ", [for id in try(var.stack_set.organizational_unit_ids, []) : "\"${id}\"" if !can(regex("^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$", id))])}. Do copy it from AWS Organizations."
  }

  validation {
    condition     = var.stack_set == null ? true : can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$", var.stack_set.region))
    error_message = "stack_set.region must be an AWS region; got \"${var.stack_set == null ? "" : var.stack_set.region}\". Do write it as \"eu-central-1\"."
  }

  validation {
    condition     = var.stack_set == null || var.partition != "aws-cn"
    error_message = "stack_set must be left out in China, whose StackSets do not know organizations; got ${try(length(var.stack_set.organizational_unit_ids), 0)} units. Do deploy stack_set_template yourself."
  }

  validation {
    condition     = try(var.stack_set.trusted_services, null) == null ? true : contains(var.stack_set.trusted_services, "member.org.stacksets.cloudformation.amazonaws.com")
    error_message = "stack_set.trusted_services must hold member.org.stacksets.cloudformation.amazonaws.com; got ${join(", ", try(coalesce(var.stack_set.trusted_services, []), []))}. Do run aws cloudformation activate-organizations-access."
  }
}
