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

variable "resource_ids" {
  description = "Ids of the portfolios (port-...) and products (prod-...) that offer the values, by names of your choice."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.resource_ids) : can(regex("^[A-Za-z0-9_-]+$", name))])
    error_message = "Each name in resource_ids must be letters, digits, - and _; got ${join(", ", [for name in keys(var.resource_ids) : "\"${name}\"" if !can(regex("^[A-Za-z0-9_-]+$", name))])}. Do rename it."
  }

  validation {
    condition     = alltrue([for id in values(var.resource_ids) : can(regex("^(port|prod)-[a-z0-9]{1,95}$", id))])
    error_message = "resource_ids must hold ids of portfolios and products, port- or prod- and 1 to 95 of a-z and 0-9; got ${join(", ", [for name, id in var.resource_ids : "\"${id}\" for \"${name}\"" if !can(regex("^(port|prod)-[a-z0-9]{1,95}$", id))])}. Do copy the id from Service Catalog."
  }

  validation {
    condition     = length(distinct(values(var.resource_ids))) == length(var.resource_ids)
    error_message = "resource_ids must name each portfolio and product once; got ${join("; ", [for id in sort(distinct(values(var.resource_ids))) : "\"${id}\" as ${join(" and ", matchkeys(keys(var.resource_ids), values(var.resource_ids), [id]))}" if length(matchkeys(keys(var.resource_ids), values(var.resource_ids), [id])) > 1])}. Do keep one name."
  }
}

variable "retired_values_by_key" {
  description = "Values by tag key that are offered no more and whose TagOptions stay, inactive: AWS deletes none that something outside this module is associated with."
  type        = map(set(string))
  default     = {}
  nullable    = false

  validation {
    condition = alltrue(flatten([
      for values in values(var.retired_values_by_key) : [
        for value in values : can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+$", value)) && trimspace(value) == value && length(split("", value)) <= local.limits.tag_value_characters
      ]
    ]))
    error_message = "Each retired value must be 1 to ${local.limits.tag_value_characters} letters, digits, spaces and _ . : / = + - @, without a space at either end; got ${join(", ", flatten([for key, values in var.retired_values_by_key : [for value in values : "\"${value}\" (${length(split("", value))} characters) for \"${key}\"" if !(can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+$", value)) && trimspace(value) == value && length(split("", value)) <= local.limits.tag_value_characters)]]))}. Do correct the value."
  }

  validation {
    condition     = alltrue([for values in values(var.retired_values_by_key) : length(values) > 0])
    error_message = "Each key of retired_values_by_key must name a value; got none for ${join(", ", [for key, values in var.retired_values_by_key : "\"${key}\"" if length(values) == 0])}. Do name one, or remove the key."
  }
}

variable "values_by_key" {
  description = "Values to offer by tag key; those with a * are skipped."
  type        = map(set(string))
  nullable    = false

  validation {
    condition = alltrue([
      for key in keys(merge(var.values_by_key, var.retired_values_by_key)) : can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+$", key)) && trimspace(key) == key && length(split("", key)) <= local.limits.tag_key_characters
    ])
    error_message = "Each tag key must be 1 to ${local.limits.tag_key_characters} letters, digits, spaces and _ . : / = + - @, without a space at either end; got ${join(", ", [for key in keys(merge(var.values_by_key, var.retired_values_by_key)) : "\"${key}\" (${length(split("", key))} characters)" if !(can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+$", key)) && trimspace(key) == key && length(split("", key)) <= local.limits.tag_key_characters)])}. Do rename it."
  }

  validation {
    condition     = !anytrue([for key in keys(merge(var.values_by_key, var.retired_values_by_key)) : startswith(lower(key), "aws:")])
    error_message = "No tag key may begin with \"aws:\", which AWS reserves; got ${join(", ", [for key in keys(merge(var.values_by_key, var.retired_values_by_key)) : "\"${key}\"" if startswith(lower(key), "aws:")])}. Do choose another prefix."
  }

  validation {
    condition = alltrue(flatten([
      for values in values(var.values_by_key) : [
        for value in values : can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@*]+$", value)) && trimspace(value) == value && length(split("", value)) <= local.limits.tag_value_characters
      ]
    ]))
    error_message = "Each value must be 1 to ${local.limits.tag_value_characters} letters, digits, spaces and _ . : / = + - @, without a space at either end; got ${join(", ", flatten([for key, values in var.values_by_key : [for value in values : "\"${value}\" (${length(split("", value))} characters) for \"${key}\"" if !(can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@*]+$", value)) && trimspace(value) == value && length(split("", value)) <= local.limits.tag_value_characters)]]))}. Do correct the value."
  }

  validation {
    condition     = alltrue([for key in keys(merge(var.values_by_key, var.retired_values_by_key)) : length(setunion([for value in lookup(var.values_by_key, key, []) : value if !strcontains(value, "*")], lookup(var.retired_values_by_key, key, []))) <= local.limits.tag_option_values_per_key])
    error_message = "A key must have ${local.limits.tag_option_values_per_key} TagOptions at most, inactive ones too; got ${join(", ", [for key in keys(merge(var.values_by_key, var.retired_values_by_key)) : "${length(setunion([for value in lookup(var.values_by_key, key, []) : value if !strcontains(value, "*")], lookup(var.retired_values_by_key, key, [])))} for \"${key}\"" if length(setunion([for value in lookup(var.values_by_key, key, []) : value if !strcontains(value, "*")], lookup(var.retired_values_by_key, key, []))) > local.limits.tag_option_values_per_key])}. Do leave the key out, or drop values."
  }

  validation {
    condition     = length(var.resource_ids) == 0 || length(flatten([for values in values(var.values_by_key) : [for value in values : value if !strcontains(value, "*")]])) <= local.limits.tag_options_per_resource
    error_message = "A portfolio or product must offer ${local.limits.tag_options_per_resource} values at most; got ${length(flatten([for values in values(var.values_by_key) : [for value in values : value if !strcontains(value, "*")]]))}: ${join(", ", [for key, values in var.values_by_key : "${key} (${length([for value in values : value if !strcontains(value, "*")])})"])}. Do name fewer keys."
  }

  validation {
    condition     = alltrue([for key, values in var.values_by_key : length(setintersection(values, lookup(var.retired_values_by_key, key, []))) == 0])
    error_message = "A value must not be offered and retired; got ${join(", ", flatten([for key, values in var.values_by_key : [for value in setintersection(values, lookup(var.retired_values_by_key, key, [])) : "\"${value}\" for \"${key}\""]]))}. Do keep it in one of them."
  }
}
