variable "billed_tag_keys" {
  description = "Keys that billing has seen, active or not, as ListCostAllocationTags returns them; [] where it has seen none yet. A managed key that is not among them would be deactivated."
  type        = set(string)
  nullable    = false
}

variable "dictionary" {
  description = "The tag dictionary: the fields of tags.yaml that AWS has to do with."
  type = object({
    prefix          = optional(string)
    prohibited_keys = optional(map(string), {})
    defaults = optional(object({
      mandatory_for           = optional(list(string), [])
      enforced_for            = optional(list(string), [])
      report_required_tag_for = optional(list(string), [])
    }), {})
    tags = map(object({
      mandatory               = optional(bool, false)
      cost_allocation         = optional(bool, false)
      values                  = optional(list(string))
      deprecated_spellings    = optional(list(string), [])
      pattern                 = optional(string)
      mandatory_for           = optional(list(string))
      enforced_for            = optional(list(string))
      report_required_tag_for = optional(list(string))
      values_by_ou = optional(map(object({
        append = optional(list(string), [])
        remove = optional(list(string), [])
      })), {})
    }))
  })
  nullable = false

  validation {
    condition     = alltrue([for tag in values(var.dictionary.tags) : tag != null])
    error_message = "Each tag must be a mapping of its fields; got nothing for ${join(", ", [for key, tag in var.dictionary.tags : "\"${key}\"" if tag == null])}. Do write its fields below it, or {}."
  }

  validation {
    condition     = alltrue([for key in keys(var.dictionary.tags) : var.dictionary.prefix == null ? true : startswith(key, "${var.dictionary.prefix}:")])
    error_message = "Each tag key must begin with \"${var.dictionary.prefix == null ? "" : var.dictionary.prefix}:\", the prefix of the dictionary; got ${join(", ", [for key in keys(var.dictionary.tags) : "\"${key}\"" if !startswith(key, "${var.dictionary.prefix == null ? "" : var.dictionary.prefix}:")])}. Do add it."
  }

  validation {
    condition     = alltrue([for tag in values(var.dictionary.tags) : try(tag.values, null) == null ? true : length(tag.values) > 0])
    error_message = "values must name a value; got an empty list, which forbids the tag, for ${join(", ", [for key, tag in var.dictionary.tags : "\"${key}\"" if try(tag.values, null) == null ? false : length(tag.values) == 0])}. Do list values, or leave it out."
  }

  validation {
    condition = alltrue([
      for tag in values(var.dictionary.tags) : tag.mandatory || length(concat(coalesce(tag.mandatory_for, []), coalesce(tag.report_required_tag_for, []))) == 0 if tag != null
    ])
    error_message = "mandatory_for and report_required_tag_for must be left out where a tag is not mandatory; got one for ${join(", ", [for key, tag in var.dictionary.tags : "\"${key}\"" if tag == null ? false : !(tag.mandatory || length(concat(coalesce(tag.mandatory_for, []), coalesce(tag.report_required_tag_for, []))) == 0)])}. Do set mandatory: true, or remove it."
  }

  validation {
    condition     = alltrue(flatten([for tag in values(var.dictionary.tags) : [for path in keys(tag.values_by_ou) : can(regex("^[^/]*[^/\\s][^/]*(/[^/]*[^/\\s][^/]*){0,4}$", path)) && lower(split("/", path)[0]) != "root"] if tag != null]))
    error_message = "values_by_ou must name paths of organizational units below the root, 5 levels at most; got ${join(", ", flatten([for key, tag in var.dictionary.tags : [for path in keys(tag.values_by_ou) : "\"${path}\" for \"${key}\"" if !(can(regex("^[^/]*[^/\\s][^/]*(/[^/]*[^/\\s][^/]*){0,4}$", path)) && lower(split("/", path)[0]) != "root")] if tag != null]))}. Do write it as \"Workloads/Prod\"."
  }

  validation {
    condition = alltrue(flatten([
      for tag in values(var.dictionary.tags) : [
        for path, change in tag.values_by_ou : length(change.remove) == 0 || length(coalesce(tag.values, [])) == 0 || length(setsubtract(
          concat(coalesce(tag.values, []), flatten([for unit, at in tag.values_by_ou : at.append if startswith("${path}/", "${unit}/")])),
          flatten([for unit, at in tag.values_by_ou : at.remove if startswith("${path}/", "${unit}/")]),
        )) > 0
      ] if tag != null
    ]))
    error_message = "remove must leave a value, since a key without values allows any; got all of them removed ${join(", ", flatten([for key, tag in var.dictionary.tags : [for path, change in tag.values_by_ou : "at \"${path}\"${length(setsubtract(coalesce(tag.values, []), change.remove)) > 0 ? " and above" : ""} for \"${key}\"" if length(change.remove) > 0 && length(coalesce(tag.values, [])) > 0 && length(setsubtract(concat(coalesce(tag.values, []), flatten([for unit, at in tag.values_by_ou : at.append if startswith("${path}/", "${unit}/")])), flatten([for unit, at in tag.values_by_ou : at.remove if startswith("${path}/", "${unit}/")]))) == 0] if tag != null]))}. Do keep one."
  }
}

variable "environment" {
  description = "The environment: the fields of env.yaml. Accounts are names or 12-digit ids, organizational units are paths such as Workloads/Prod."
  type = object({
    name             = string
    payer_account_id = string
    organization_id  = optional(string)
    regions          = object({ home = string, further = optional(list(string), []) })
    tag_policy = optional(object({
      root                 = optional(string)
      organizational_units = optional(map(string), {})
      accounts             = optional(map(string), {})
    }), {})
    guardrail = optional(object({
      root                 = optional(string)
      organizational_units = optional(map(string), {})
      accounts             = optional(map(string), {})
      groups               = optional(list(string), [])
      keys                 = optional(list(string))
      exact_spelling       = optional(bool, false)
      exempt_principals    = optional(list(string), [])
      tag_editors          = optional(list(string), [])
      without_actions      = optional(list(string), [])
      further_actions      = optional(map(list(string)), {})
    }), {})
    config = object({
      scope             = string
      excluded_accounts = optional(list(string), [])
      recorder          = optional(object({ bucket_name = string, role_arn = string }))
      aggregator        = optional(object({ role_arn = string }))
    })
    tag_option = optional(object({
      keys       = optional(list(string))
      portfolios = optional(list(string), [])
      products   = optional(list(string), [])
      retired    = optional(map(list(string)), {})
    }))
    cost_allocation = optional(object({ deactivate = optional(list(string), []), account_tags = optional(list(string), []) }), {})
    cost_categories = optional(map(object({
      default = optional(string, "Untagged")
      rules = list(object({
        value         = optional(string)
        per_value_of  = optional(string)
        inherit_tag   = optional(string)
        inherit       = optional(string)
        tags          = optional(map(list(string)), {})
        accounts      = optional(list(string), [])
        service_codes = optional(list(string), [])
        charge_types  = optional(list(string), [])
        unless = optional(object({
          tags          = optional(map(list(string)), {})
          accounts      = optional(list(string), [])
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
    })), {})
    subscribers = optional(object({ emails = optional(list(string), []), topic_arn = optional(string) }), {})
    budgets = optional(map(object({
      limit_usd          = optional(number)
      limits_usd         = optional(map(number), {})
      planned_limits_usd = optional(map(number), {})
      auto_adjust        = optional(object({ type = string, periods = optional(number) }))
      time_unit          = optional(string, "monthly")
      per_value_of       = optional(string)
      tag                = optional(object({ key = string, values = list(string) }))
      accounts           = optional(list(string), [])
      services           = optional(list(string), [])
      cost_categories    = optional(map(list(string)), {})
      alerts = list(object({
        actual_percent     = optional(number)
        actual_usd         = optional(number)
        forecasted_percent = optional(number)
        forecasted_usd     = optional(number)
      }))
      emails = optional(list(string))
    })), {})
    anomaly = optional(object({
      monitors = optional(map(object({
        by            = optional(string)
        accounts      = optional(list(string), [])
        tag           = optional(string)
        cost_category = optional(string)
        values        = optional(list(string), [])
      })), {})
      subscriptions = optional(map(object({
        monitors  = list(string)
        frequency = string
        threshold = object({ usd = optional(number), percent = optional(number), combine = optional(string, "all") })
        emails    = optional(list(string))
      })), {})
    }), {})
    cost_exports = optional(object({
      bucket = object({ name = string, expire_days = optional(number), kms_key_arn = optional(string) })
      exports = map(object({
        table                 = string
        columns               = optional(list(string))
        where                 = optional(string)
        granularity           = optional(string)
        resources             = optional(bool)
        split_cost_allocation = optional(bool)
        capacity_reservations = optional(bool)
        iam_principals        = optional(bool)
        waived                = optional(map(string), {})
      }))
      athena = optional(object({ database = optional(string), workgroup = optional(string), scan_limit_gib = optional(number, 100), results_expire_days = optional(number, 30) }))
    }))
    audit_role = optional(object({
      name                 = optional(string)
      external_id          = optional(string)
      principals           = optional(list(string), [])
      organizational_units = optional(list(string), [])
      repair               = optional(object({ name = optional(string), principals = list(string), services = optional(set(string)), marking_key = optional(string, "tagrail:repair-by") }))
    }))
    resource_tags = optional(map(string), {})
    limits        = optional(map(number), {})
  })
  nullable = false

  validation {
    condition     = contains(["organization", "account"], var.environment.config.scope)
    error_message = "config.scope must be organization or account; got \"${var.environment.config.scope}\". Do choose one of them."
  }

  validation {
    condition     = var.environment.config.scope != "account" || length(var.environment.config.excluded_accounts) == 0
    error_message = "config.excluded_accounts must be left out with scope: account; got ${join(", ", var.environment.config.excluded_accounts)}. Do remove it, or set scope: organization."
  }

  validation {
    condition     = alltrue([for path in keys(var.environment.tag_policy.organizational_units) : can(regex("^[^/]*[^/\\s][^/]*(/[^/]*[^/\\s][^/]*){0,4}$", path)) && lower(split("/", path)[0]) != "root"])
    error_message = "tag_policy.organizational_units must name paths below the root, 5 levels at most; got ${join(", ", [for path in keys(var.environment.tag_policy.organizational_units) : "\"${path}\"" if !(can(regex("^[^/]*[^/\\s][^/]*(/[^/]*[^/\\s][^/]*){0,4}$", path)) && lower(split("/", path)[0]) != "root")])}. Do write it as \"Workloads/Prod\"."
  }

  validation {
    condition     = alltrue([for path in keys(var.environment.guardrail.organizational_units) : can(regex("^[^/]*[^/\\s][^/]*(/[^/]*[^/\\s][^/]*){0,4}$", path)) && lower(split("/", path)[0]) != "root"])
    error_message = "guardrail.organizational_units must name paths below the root, 5 levels at most; got ${join(", ", [for path in keys(var.environment.guardrail.organizational_units) : "\"${path}\"" if !(can(regex("^[^/]*[^/\\s][^/]*(/[^/]*[^/\\s][^/]*){0,4}$", path)) && lower(split("/", path)[0]) != "root")])}. Do write it as \"Workloads/Prod\"."
  }

  validation {
    condition     = alltrue([for key in coalesce(var.environment.guardrail.keys, []) : contains(keys(var.dictionary.tags), key)])
    error_message = "guardrail.keys must be keys of the dictionary; got ${join(", ", [for key in coalesce(var.environment.guardrail.keys, []) : "\"${key}\"" if !contains(keys(var.dictionary.tags), key)])}. Do choose one of ${join(", ", keys(var.dictionary.tags))}."
  }

  validation {
    condition     = alltrue([for key in try(coalesce(var.environment.tag_option.keys, []), []) : contains(keys(var.dictionary.tags), key)])
    error_message = "tag_option.keys must be keys of the dictionary; got ${join(", ", [for key in try(coalesce(var.environment.tag_option.keys, []), []) : "\"${key}\"" if !contains(keys(var.dictionary.tags), key)])}. Do choose among ${join(", ", keys(var.dictionary.tags))}."
  }

  validation {
    condition     = alltrue([for key in try(coalesce(var.environment.tag_option.keys, []), []) : anytrue([for value in lookup(local._every_value, key, ["unknown"]) : !strcontains(value, "*")])])
    error_message = "tag_option.keys must have a value without \"*\", since a TagOption is one value; got ${join(", ", [for key in try(coalesce(var.environment.tag_option.keys, []), []) : "\"${key}\"" if !anytrue([for value in lookup(local._every_value, key, ["unknown"]) : !strcontains(value, "*")])])}. Do list its values."
  }

  validation {
    condition     = var.environment.tag_option == null ? true : length(coalesce(var.environment.tag_option.keys, [])) + length([for key, tag in var.dictionary.tags : key if var.environment.tag_option.keys == null && tag.mandatory && length(local._every_value[key]) > 0]) + length(var.environment.tag_option.retired) > 0
    error_message = "tag_option must name a key; got none${try(var.environment.tag_option.keys, null) == null ? ", and no mandatory key has values" : ""}. Do name one, or remove tag_option."
  }

  validation {
    condition = alltrue(concat(
      [for id in try(var.environment.tag_option.portfolios, []) : startswith(id, "port-")],
      [for id in try(var.environment.tag_option.products, []) : startswith(id, "prod-")],
    ))
    error_message = "tag_option.portfolios must hold ids that begin with \"port-\", and products such with \"prod-\"; got ${join(", ", concat([for id in try(var.environment.tag_option.portfolios, []) : "\"${id}\"" if !startswith(id, "port-")], [for id in try(var.environment.tag_option.products, []) : "\"${id}\"" if !startswith(id, "prod-")]))}. Do copy the id from Service Catalog."
  }

  validation {
    condition = alltrue([
      for budget in values(var.environment.budgets) : budget.per_value_of == null ? true : contains(keys(var.dictionary.tags), budget.per_value_of)
    ])
    error_message = "per_value_of must be a key of the dictionary; got ${join(", ", [for name, budget in var.environment.budgets : "\"${budget.per_value_of}\" for budget \"${name}\"" if budget.per_value_of == null ? false : !contains(keys(var.dictionary.tags), budget.per_value_of)])}. Do choose one of ${join(", ", keys(var.dictionary.tags))}."
  }

  validation {
    condition = alltrue([
      for budget in values(var.environment.budgets) : budget.tag == null ? true : contains(keys(var.dictionary.tags), budget.tag.key)
    ])
    error_message = "tag.key must be a key of the dictionary; got ${join(", ", [for name, budget in var.environment.budgets : "\"${budget.tag.key}\" for budget \"${name}\"" if budget.tag == null ? false : !contains(keys(var.dictionary.tags), budget.tag.key)])}. Do choose one of ${join(", ", keys(var.dictionary.tags))}."
  }

  validation {
    condition = alltrue(flatten([
      for budget in values(var.environment.budgets) : [
        for key in concat(try([budget.tag.key], []), budget.per_value_of == null ? [] : [budget.per_value_of]) : try(var.dictionary.tags[key].cost_allocation, true)
      ]
    ]))
    error_message = "A budget's tag key must be a cost allocation tag, else it matches nothing; got ${join(", ", flatten([for name, budget in var.environment.budgets : [for key in concat(try([budget.tag.key], []), budget.per_value_of == null ? [] : [budget.per_value_of]) : "\"${key}\" for budget \"${name}\"" if !try(var.dictionary.tags[key].cost_allocation, true)]]))}. Do set cost_allocation: true."
  }

  validation {
    condition     = alltrue(flatten([for budget in values(var.environment.budgets) : [for value in try(budget.tag.values, []) : can(regex(lookup(local._allowed, budget.tag.key, ""), value))]]))
    error_message = "tag.values must be allowed values of the dictionary; got ${join(", ", flatten([for name, budget in var.environment.budgets : [for value in try(budget.tag.values, []) : "\"${value}\" for budget \"${name}\"" if !can(regex(lookup(local._allowed, budget.tag.key, ""), value))]]))}. Do correct it, or add it to the dictionary."
  }

  validation {
    condition     = alltrue([for budget in values(var.environment.budgets) : length(budget.limits_usd) == 0 || budget.per_value_of != null])
    error_message = "limits_usd must be left out without per_value_of; got it for ${join(", ", [for name, budget in var.environment.budgets : "budget \"${name}\"" if length(budget.limits_usd) > 0 && budget.per_value_of == null])}. Do add per_value_of, or use limit_usd."
  }

  validation {
    condition     = alltrue([for budget in values(var.environment.budgets) : length(budget.limits_usd) == 0 || (length(budget.planned_limits_usd) == 0 && budget.auto_adjust == null)])
    error_message = "limits_usd must stand beside limit_usd or alone; got it beside planned_limits_usd or auto_adjust for ${join(", ", [for name, budget in var.environment.budgets : "budget \"${name}\"" if length(budget.limits_usd) > 0 && (length(budget.planned_limits_usd) > 0 || budget.auto_adjust != null)])}. Do keep one kind of limit."
  }

  validation {
    condition = alltrue(flatten([
      for budget in values(var.environment.budgets) : [
        for value in keys(budget.limits_usd) : contains(try(local._every_value[budget.per_value_of], []), value)
      ]
    ]))
    error_message = "limits_usd must name values of the key; got ${join(", ", flatten([for name, budget in var.environment.budgets : [for value in keys(budget.limits_usd) : "\"${value}\" for budget \"${name}\"" if !contains(try(local._every_value[budget.per_value_of], []), value)]]))}. Do correct it."
  }
}

variable "retained_tag_keys" {
  description = "Cost allocation tags that the state still holds though nothing asks for them, with their status; see modules/cost-allocation-tag."
  type        = map(string)
  default     = {}
  nullable    = false
}
