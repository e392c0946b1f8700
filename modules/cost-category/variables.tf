variable "cost_categories" {
  description = "Cost categories by name. Of the rules the first that matches decides, else default. A rule has exactly one of value (of costs that meet all its conditions), per_value_of (a rule for each key and value), inherit_tag and inherit (account_name); unless names costs that are not meant. Split charges name targets, or with method fixed percents."
  type = map(object({
    default = optional(string, "Untagged")
    rules = list(object({
      value         = optional(string)
      per_value_of  = optional(object({ keys = list(string), values = list(string) }))
      inherit_tag   = optional(string)
      inherit       = optional(string)
      tags          = optional(map(list(string)), {})
      account_ids   = optional(list(string), [])
      service_codes = optional(list(string), [])
      charge_types  = optional(list(string), [])
      unless = optional(object({
        tags          = optional(map(list(string)), {})
        account_ids   = optional(list(string), [])
        service_codes = optional(list(string), [])
        charge_types  = optional(list(string), [])
      }), {})
    }))
    split_charges = optional(list(object({
      source   = string
      method   = string
      targets  = optional(list(string), [])
      percents = optional(map(number), {})
    })), [])
  }))
  default  = {}
  nullable = false

  # The provider would refuse what these refuse, in words of its own; the preconditions of the documents refuse all else.
  validation {
    condition = alltrue(flatten([
      for name, category in var.cost_categories : [
        for text in concat([name, category.default], [for rule in category.rules : rule.value if rule.value != null], flatten([for rule in category.rules : try(rule.per_value_of.values, [])])) :
        text != "" && length(replace(base64encode(text), "=", "")) * 6 / 8 < local.limits.cost_category_name_characters + 1
      ]
    ]))
    error_message = "Each name and value must have 1 to ${local.limits.cost_category_name_characters} characters, and no more bytes, which the AWS provider counts; got ${join(", ", flatten([for name, category in var.cost_categories : [for text in concat([name, category.default], [for rule in category.rules : rule.value if rule.value != null], flatten([for rule in category.rules : try(rule.per_value_of.values, [])])) : "\"${text}\" (${floor(length(replace(base64encode(text), "=", "")) * 6 / 8)} bytes)" if !(text != "" && length(replace(base64encode(text), "=", "")) * 6 / 8 < local.limits.cost_category_name_characters + 1)]]))}. Do shorten it."
  }

  validation {
    condition     = alltrue([for category in values(var.cost_categories) : length(category.rules) > 0])
    error_message = "A cost category must have a rule; got none for ${join(", ", [for name, category in var.cost_categories : "\"${name}\"" if length(category.rules) == 0])}. Do add one, or remove the cost category."
  }

  validation {
    condition     = alltrue(flatten([for category in values(var.cost_categories) : [for split in category.split_charges : contains(["even", "fixed", "proportional"], split.method)]]))
    error_message = "The method of a split charge must be even, fixed or proportional; got ${join(", ", flatten([for name, category in var.cost_categories : [for split in category.split_charges : "\"${split.method}\" in \"${name}\"" if !contains(["even", "fixed", "proportional"], split.method)]]))}. Do choose one of them."
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

variable "resource_tags" {
  description = "Tags that the cost categories carry themselves."
  type        = map(string)
  default     = {}
  nullable    = false
}
