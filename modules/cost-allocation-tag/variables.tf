variable "account_tag_keys" {
  description = "Keys of AWS Organizations account tags to activate, without the prefix accountTag/."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "billed_tag_keys" {
  description = "Keys that billing has seen, active or not, as ListCostAllocationTags returns them."
  type        = set(string)
  nullable    = false
}

variable "deactivated_tag_keys" {
  description = "Keys to deactivate. Nothing else ever deactivates a key."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(setintersection(var.deactivated_tag_keys, setunion(var.tag_keys, [for key in var.account_tag_keys : "accountTag/${key}"]))) == 0
    error_message = "A key must not be wanted and deactivated; got ${join(", ", [for key in sort(var.deactivated_tag_keys) : "\"${key}\"" if contains(setunion(var.tag_keys, [for key in var.account_tag_keys : "accountTag/${key}"]), key)])} in both. Do keep it in one list."
  }

  validation {
    condition     = alltrue([for key in var.deactivated_tag_keys : can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+$", key)) && !startswith(lower(key), "aws:")])
    error_message = "Each deactivated key must be letters, digits, spaces and _ . : / = + - @, not beginning with \"aws:\"; got ${join(", ", [for key in sort(var.deactivated_tag_keys) : "\"${key}\"" if !can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+$", key)) || startswith(lower(key), "aws:")])}. Do correct the key."
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

variable "retained_tag_keys" {
  description = "Keys that the state still holds though nothing asks for them, with the status (Active or Inactive) that billing shows. `tagrail` passes them to a plan, and has the state forget them after apply."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for status in values(var.retained_tag_keys) : contains(["Active", "Inactive"], status)])
    error_message = "Each status must be Active or Inactive; got ${join(", ", [for key, status in var.retained_tag_keys : "\"${status}\" for \"${key}\"" if !contains(["Active", "Inactive"], status)])}. Do write what billing shows."
  }
}

variable "tag_keys" {
  description = "Keys of resource tags to activate."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.tag_keys) + length(var.account_tag_keys) <= local.limits.cost_allocation_tags_active
    error_message = "A payer must have ${local.limits.cost_allocation_tags_active} active cost allocation tags at most; got ${length(var.tag_keys) + length(var.account_tag_keys)}, with ${join(", ", slice(sort(var.tag_keys), 0, min(3, length(var.tag_keys))))} among them. Do drop some, or ask AWS for more and set limits.cost_allocation_tags_active."
  }

  validation {
    condition = alltrue([
      for key in setunion(var.tag_keys, var.account_tag_keys) : can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+$", key)) && trimspace(key) == key && length(split("", key)) <= local.limits.tag_key_characters
    ])
    error_message = "Each tag key must be 1 to ${local.limits.tag_key_characters} letters, digits, spaces and _ . : / = + - @, without a space at either end; got ${join(", ", [for key in sort(setunion(var.tag_keys, var.account_tag_keys)) : "\"${key}\" (${length(split("", key))} characters)" if !(can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+$", key)) && trimspace(key) == key && length(split("", key)) <= local.limits.tag_key_characters)])}. Do rename it."
  }

  validation {
    condition     = !anytrue([for key in setunion(var.tag_keys, var.account_tag_keys) : startswith(lower(key), "aws:")])
    error_message = "No tag key may begin with \"aws:\", which AWS reserves; got ${join(", ", [for key in sort(setunion(var.tag_keys, var.account_tag_keys)) : "\"${key}\"" if startswith(lower(key), "aws:")])}. Do choose another prefix."
  }
}
