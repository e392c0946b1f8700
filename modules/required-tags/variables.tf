variable "aggregator" {
  description = "Aggregate the compliance of the whole organization here, with this role; null leaves it out."
  type        = object({ role_arn = string })
  default     = null

  validation {
    condition     = var.aggregator == null ? true : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$", var.aggregator.role_arn))
    error_message = "aggregator.role_arn must be the ARN of an IAM role; got \"${try(var.aggregator.role_arn, "")}\". Do write it as \"arn:aws:iam::111122223333:role/name\"."
  }
}

variable "default_resource_types" {
  description = "CloudFormation types on which keys without resource_types are mandatory."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for type in var.default_resource_types : can(regex("^[A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z0-9]+$", type))])
    error_message = "default_resource_types must hold CloudFormation types; got ${join(", ", [for type in var.default_resource_types : "\"${type}\"" if !can(regex("^[A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z0-9]+$", type))])}. Do write it as \"AWS::EC2::Instance\"."
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

variable "organization" {
  description = "Deploy the rules in every account of the organization but the excluded ones; null deploys them in this account."
  type        = object({ excluded_account_ids = optional(set(string), []) })
  default     = null

  validation {
    condition     = length(try(var.organization.excluded_account_ids, [])) <= local.limits.config_excluded_accounts
    error_message = "organization.excluded_account_ids must hold ${local.limits.config_excluded_accounts} accounts at most; got ${length(try(var.organization.excluded_account_ids, []))}. Do exclude fewer."
  }

  validation {
    condition     = alltrue([for id in try(var.organization.excluded_account_ids, []) : can(regex("^[0-9]{12}$", id))])
    error_message = "organization.excluded_account_ids must hold ids of 12 digits; got ${join(", ", [for id in try(var.organization.excluded_account_ids, []) : "\"${id}\"" if !can(regex("^[0-9]{12}$", id))])}. Do write the account's id."
  }
}

variable "recorder" {
  description = "Record the resources of this account and region into a bucket; null means that a recorder exists. Global resource types belong to one region only."
  type = object({
    bucket_name                   = string
    role_arn                      = string
    include_global_resource_types = optional(bool, true)
  })
  default = null

  validation {
    condition     = var.recorder == null ? true : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$", var.recorder.role_arn))
    error_message = "recorder.role_arn must be the ARN of an IAM role; got \"${try(var.recorder.role_arn, "")}\". Do write it as \"arn:aws:iam::111122223333:role/name\"."
  }

  validation {
    condition     = var.recorder == null ? true : can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.recorder.bucket_name))
    error_message = "recorder.bucket_name must be 3 to 63 of a-z, 0-9, - and .; got \"${try(var.recorder.bucket_name, "")}\". Do correct it."
  }
}

variable "resource_tags" {
  description = "Tags of rules and aggregator. AWS takes none for organization rules."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.resource_tags) <= local.limits.tags_per_resource
    error_message = "resource_tags must hold ${local.limits.tags_per_resource} tags at most; got ${length(var.resource_tags)}. Do remove some."
  }
}

variable "tags" {
  description = "Mandatory tag keys: allowed values with one * each at most (none = any value but an empty one), a pattern for the whole value, and the CloudFormation types on which the key is mandatory (null = default_resource_types)."
  type = map(object({
    values         = optional(list(string), [])
    pattern        = optional(string)
    resource_types = optional(list(string))
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
    error_message = "Tag keys must differ in more than case; got ${join("; ", [for keys in [for folded in sort(distinct([for key in keys(var.tags) : lower(key)])) : [for key in keys(var.tags) : key if lower(key) == folded]] : join(" and ", [for key in keys : "\"${key}\""]) if length(keys) > 1])}. Do keep one spelling."
  }

  validation {
    condition = alltrue(flatten([
      for tag in values(var.tags) : [
        for value in tag.values : can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@*]+$", value)) && trimspace(value) == value && length(split("", value)) <= local.limits.tag_value_characters
      ]
    ]))
    error_message = "Each value must be 1 to ${local.limits.tag_value_characters} letters, digits, spaces and _ . : / = + - @, with one * allowed, without a space at either end; got ${join(", ", flatten([for key, tag in var.tags : [for value in tag.values : "\"${value}\" (${length(split("", value))} characters) for \"${key}\"" if !(can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@*]+$", value)) && trimspace(value) == value && length(split("", value)) <= local.limits.tag_value_characters)]]))}. Do correct the value."
  }

  validation {
    condition     = alltrue(flatten([for tag in values(var.tags) : [for value in tag.values : length(split("*", value)) <= 2]]))
    error_message = "Each value must hold one * at most; got ${join(", ", flatten([for key, tag in var.tags : [for value in tag.values : "\"${value}\" for \"${key}\"" if length(split("*", value)) > 2]]))}. Do split the value, or use pattern."
  }

  validation {
    # RE2, which Terraform has, knows no lookaround; Guard does.
    condition = alltrue([
      for tag in values(var.tags) : tag.pattern == null ? true : can(regexall(tag.pattern, "")) || can(regex("\\(\\?<?[=!]", tag.pattern))
    ])
    error_message = "pattern must be a regular expression; got ${join(", ", [for key, tag in var.tags : "\"${tag.pattern}\" for \"${key}\"" if tag.pattern == null ? false : !(can(regexall(tag.pattern, "")) || can(regex("\\(\\?<?[=!]", tag.pattern)))])}. Do correct it."
  }

  validation {
    condition     = alltrue([for tag in values(var.tags) : tag.pattern == null ? true : !strcontains(tag.pattern, "\n")])
    error_message = "pattern must be one line; got a line break in ${join(", ", [for key, tag in var.tags : "\"${tag.pattern}\" for \"${key}\"" if tag.pattern == null ? false : strcontains(tag.pattern, "\n")])}. Do write it without."
  }

  validation {
    condition     = alltrue([for tag in values(var.tags) : length(tag.resource_types == null ? var.default_resource_types : tag.resource_types) > 0])
    error_message = "Each mandatory key must name a resource type; got none for ${join(", ", [for key, tag in var.tags : "\"${key}\"" if length(tag.resource_types == null ? var.default_resource_types : tag.resource_types) == 0])}. Do list resource_types, or default_resource_types for all keys."
  }

  validation {
    condition     = alltrue(flatten([for tag in values(var.tags) : [for type in coalesce(tag.resource_types, []) : can(regex("^[A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z0-9]+$", type))]]))
    error_message = "resource_types must hold CloudFormation types; got ${join(", ", flatten([for key, tag in var.tags : [for type in coalesce(tag.resource_types, []) : "\"${type}\" for \"${key}\"" if !can(regex("^[A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z0-9]+$", type))]]))}. Do write it as \"AWS::EC2::Instance\"."
  }
}
