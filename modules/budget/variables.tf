variable "account_id" {
  description = "Payer account in which the budgets are."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must be 12 digits; got \"${var.account_id}\". Do copy the payer's account id."
  }
}

variable "anomaly_alerts" {
  description = "Whether the topic lets anomaly detection publish too; modules/cost-anomaly needs it with frequency immediate."
  type        = bool
  default     = false
  nullable    = false
}

variable "budgets" {
  description = "Budgets by name; amounts in USD. Exactly one of limit_usd, planned_limits_usd (by month, YYYY-MM) and auto_adjust. With per_value_of there is one budget for each value in limits_usd; null there means the budget's own limit. emails replaces those of subscribers."
  type = map(object({
    limit_usd          = optional(number)
    planned_limits_usd = optional(map(number), {})
    auto_adjust        = optional(object({ type = string, periods = optional(number) }))
    time_unit          = optional(string, "monthly")
    per_value_of       = optional(object({ key = string, limits_usd = map(number) }))
    tag                = optional(object({ key = string, values = list(string) }))
    accounts           = optional(list(string), [])
    services           = optional(list(string), [])
    cost_categories    = optional(map(list(string)), {})
    alerts             = list(object({ actual_percent = optional(number), actual_usd = optional(number), forecasted_percent = optional(number), forecasted_usd = optional(number) }))
    emails             = optional(list(string))
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue(flatten([
      for name, budget in var.budgets : [
        for value in(budget.per_value_of == null ? tolist([""]) : keys(budget.per_value_of.limits_usd)) :
        length("${var.name}-${name}${value == "" ? "" : "-${value}"}") <= local.limits.budget_name_characters
      ]
    ]))
    error_message = "Each budget name, with its prefix and value, must have ${local.limits.budget_name_characters} characters at most; got ${join(", ", flatten([for name, budget in var.budgets : [for value in(budget.per_value_of == null ? tolist([""]) : keys(budget.per_value_of.limits_usd)) : "\"${var.name}-${name}${value == "" ? "" : "-${value}"}\"" if length("${var.name}-${name}${value == "" ? "" : "-${value}"}") > local.limits.budget_name_characters]]))}. Do shorten it."
  }

  validation {
    condition = !anytrue(flatten([
      for name, budget in var.budgets : [
        for part in concat([name], budget.per_value_of == null ? [] : keys(budget.per_value_of.limits_usd)) : can(regex("[:\\\\]|/action/", part))
      ]
    ]))
    error_message = "No budget name may hold \":\", \"\\\" or \"/action/\"; got ${join(", ", flatten([for name, budget in var.budgets : [for part in concat([name], budget.per_value_of == null ? [] : keys(budget.per_value_of.limits_usd)) : "\"${part}\"${part == name ? "" : " for \"${name}\""}" if can(regex("[:\\\\]|/action/", part))]]))}. Do rename it, or name the budgets one by one instead of per_value_of."
  }

  validation {
    condition = length(flatten([
      for name, budget in var.budgets : budget.per_value_of == null ? [name] : [for value in keys(budget.per_value_of.limits_usd) : "${name}-${value}"]
      ])) == length(distinct(flatten([
        for name, budget in var.budgets : budget.per_value_of == null ? [name] : [for value in keys(budget.per_value_of.limits_usd) : "${name}-${value}"]
    ])))
    error_message = "Budget names must be unique, those of per_value_of included; got ${join(", ", [for name, budget in var.budgets : "\"${name}\" twice" if budget.per_value_of == null && contains(flatten([for other, source in var.budgets : source.per_value_of == null ? [] : [for value in keys(source.per_value_of.limits_usd) : "${other}-${value}"]]), name)])}. Do rename one."
  }

  validation {
    condition = alltrue([
      for budget in values(var.budgets) : length([
        for given in [budget.limit_usd != null, length(budget.planned_limits_usd) > 0, budget.auto_adjust != null] : given if given
      ]) == (try(length([for limit in values(budget.per_value_of.limits_usd) : limit if limit == null]) == 0 && budget.limit_usd == null, false) ? 0 : 1)
    ])
    error_message = "Each budget must have exactly one of limit_usd, planned_limits_usd and auto_adjust (none when per_value_of gives every limit); got ${join(", ", [for name, budget in var.budgets : "${length([for given in [budget.limit_usd != null, length(budget.planned_limits_usd) > 0, budget.auto_adjust != null] : given if given])} for \"${name}\"" if length([for given in [budget.limit_usd != null, length(budget.planned_limits_usd) > 0, budget.auto_adjust != null] : given if given]) != (try(length([for limit in values(budget.per_value_of.limits_usd) : limit if limit == null]) == 0 && budget.limit_usd == null, false) ? 0 : 1)])}. Do keep one."
  }

  validation {
    condition = alltrue(flatten([
      for budget in values(var.budgets) : [
        for usd in concat([budget.limit_usd], values(budget.planned_limits_usd), try(values(budget.per_value_of.limits_usd), [])) : usd == null ? true : usd > 0
      ]
    ]))
    error_message = "Each limit must be more than 0 USD; got ${join(", ", flatten([for name, budget in var.budgets : [for usd in concat([budget.limit_usd], values(budget.planned_limits_usd), try(values(budget.per_value_of.limits_usd), [])) : "${usd} for \"${name}\"" if usd == null ? false : usd <= 0]]))}. Do write the amount in USD."
  }

  validation {
    condition     = alltrue([for budget in values(var.budgets) : contains(["monthly", "quarterly", "annually"], budget.time_unit)])
    error_message = "time_unit must be monthly, quarterly or annually; got ${join(", ", [for name, budget in var.budgets : "\"${budget.time_unit}\" for \"${name}\"" if !contains(["monthly", "quarterly", "annually"], budget.time_unit)])}. Do choose one of them."
  }

  validation {
    condition = alltrue(flatten([
      for budget in values(var.budgets) : [for month in keys(budget.planned_limits_usd) : can(regex("^[0-9]{4}-(0[1-9]|1[0-2])$", month))]
    ]))
    error_message = "planned_limits_usd must be by month; got ${join(", ", flatten([for name, budget in var.budgets : [for month in keys(budget.planned_limits_usd) : "\"${month}\" for \"${name}\"" if !can(regex("^[0-9]{4}-(0[1-9]|1[0-2])$", month))]]))}. Do write it as \"2026-12\"."
  }

  validation {
    condition     = alltrue([for budget in values(var.budgets) : contains([0, lookup({ monthly = local.limits.budget_planned_months, quarterly = local.limits.budget_planned_quarters }, budget.time_unit, 0)], length(budget.planned_limits_usd))])
    error_message = "planned_limits_usd must hold ${local.limits.budget_planned_months} months, ${local.limits.budget_planned_quarters} with time_unit quarterly, and none with annually; got ${join(", ", [for name, budget in var.budgets : "${length(budget.planned_limits_usd)} for \"${name}\", which is ${budget.time_unit}" if !contains([0, lookup({ monthly = local.limits.budget_planned_months, quarterly = local.limits.budget_planned_quarters }, budget.time_unit, 0)], length(budget.planned_limits_usd))])}. Do plan each period from the first on, or use limit_usd."
  }

  validation {
    condition = alltrue(flatten([
      for budget in values(var.budgets) : [
        for index, month in sort(keys(budget.planned_limits_usd)) : try(
          tonumber(substr(month, 0, 4)) * 12 + tonumber(substr(month, 5, 2)) ==
          tonumber(substr(sort(keys(budget.planned_limits_usd))[0], 0, 4)) * 12 + tonumber(substr(sort(keys(budget.planned_limits_usd))[0], 5, 2)) + index * (budget.time_unit == "quarterly" ? 3 : 1)
          && (budget.time_unit != "quarterly" || contains(["01", "04", "07", "10"], substr(month, 5, 2))),
        true)
      ]
    ]))
    error_message = "planned_limits_usd must be successive months, or first months of successive quarters with time_unit quarterly; got ${join("; ", [for name, budget in var.budgets : "${join(", ", sort(keys(budget.planned_limits_usd)))} for \"${name}\", which is ${budget.time_unit}" if length(budget.planned_limits_usd) > 0])}. Do add what lies between."
  }

  validation {
    condition     = alltrue([for budget in values(var.budgets) : budget.auto_adjust == null ? true : contains(["historical", "forecast"], budget.auto_adjust.type)])
    error_message = "auto_adjust.type must be historical or forecast; got ${join(", ", [for name, budget in var.budgets : "\"${budget.auto_adjust.type}\" for \"${name}\"" if budget.auto_adjust == null ? false : !contains(["historical", "forecast"], budget.auto_adjust.type)])}. Do choose one of them."
  }

  validation {
    condition = alltrue([
      for budget in values(var.budgets) : budget.auto_adjust == null ? true : (
        budget.auto_adjust.type == "historical" ? try(budget.auto_adjust.periods >= 1 && budget.auto_adjust.periods <= local.limits.budget_auto_adjust_periods, false) : budget.auto_adjust.periods == null
      )
    ])
    error_message = "auto_adjust.periods must be 1 to ${local.limits.budget_auto_adjust_periods} with type historical, and left out with forecast; got ${join(", ", [for name, budget in var.budgets : "${budget.auto_adjust.periods == null ? "none" : budget.auto_adjust.periods} for \"${name}\"" if budget.auto_adjust == null ? false : !(budget.auto_adjust.type == "historical" ? try(budget.auto_adjust.periods >= 1 && budget.auto_adjust.periods <= local.limits.budget_auto_adjust_periods, false) : budget.auto_adjust.periods == null)])}. Do write how many periods to look back."
  }

  validation {
    condition     = alltrue([for budget in values(var.budgets) : budget.per_value_of == null || budget.tag == null])
    error_message = "per_value_of must not stand beside tag, since a budget filters on one tag key; got both for ${join(", ", [for name, budget in var.budgets : "\"${name}\"" if budget.per_value_of != null && budget.tag != null])}. Do remove one of them."
  }

  validation {
    condition     = alltrue([for budget in values(var.budgets) : budget.per_value_of == null ? true : length(budget.per_value_of.limits_usd) > 0])
    error_message = "per_value_of must name values; got none of ${join(", ", [for name, budget in var.budgets : "\"${budget.per_value_of.key}\" for \"${name}\"" if budget.per_value_of == null ? false : length(budget.per_value_of.limits_usd) == 0])}. Do list the values of the key, or use tag."
  }

  validation {
    condition = alltrue(flatten([
      for budget in values(var.budgets) : [for value in try(keys(budget.per_value_of.limits_usd), []) : !strcontains(value, "*")]
    ]))
    error_message = "per_value_of must have whole values; got ${join(", ", flatten([for name, budget in var.budgets : [for value in try(keys(budget.per_value_of.limits_usd), []) : "\"${value}\" for \"${name}\"" if strcontains(value, "*")]]))}. Do name the budgets one by one."
  }

  validation {
    condition = alltrue(flatten([
      for budget in values(var.budgets) : [
        for text in concat(try([budget.tag.key], []), try(budget.tag.values, []), try([budget.per_value_of.key], []), [for value in try(keys(budget.per_value_of.limits_usd), []) : replace(value, "*", "")]) :
        can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*$", text))
      ]
    ]))
    error_message = "Tag keys and values must be letters, digits, spaces and _ . : / = + - @; got ${join(", ", flatten([for name, budget in var.budgets : [for text in concat(try([budget.tag.key], []), try(budget.tag.values, []), try([budget.per_value_of.key], []), [for value in try(keys(budget.per_value_of.limits_usd), []) : replace(value, "*", "")]) : "\"${text}\" for \"${name}\"" if !can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*$", text))]]))}. Do write key and value alone: the module builds user:key$value."
  }

  validation {
    condition     = alltrue([for budget in values(var.budgets) : budget.tag == null ? true : length(budget.tag.values) > 0])
    error_message = "tag.values must name a value; got none for ${join(", ", [for name, budget in var.budgets : "\"${name}\"" if budget.tag == null ? false : length(budget.tag.values) == 0])}. Do name one."
  }

  validation {
    condition     = alltrue(flatten([for budget in values(var.budgets) : [for account in budget.accounts : can(regex("^[0-9]{12}$", account))]]))
    error_message = "accounts must be ids of 12 digits; got ${join(", ", flatten([for name, budget in var.budgets : [for account in budget.accounts : "\"${account}\" for \"${name}\"" if !can(regex("^[0-9]{12}$", account))]]))}. Do write the account's id."
  }

  validation {
    condition = alltrue(flatten([
      for budget in values(var.budgets) : [for list in concat([budget.accounts, budget.services], values(budget.cost_categories)) : length(distinct([for item in list : item if trimspace(item) != ""])) == length(list)]
    ]))
    error_message = "accounts, services and values of cost_categories must be names that appear once; got ${join(", ", flatten([for name, budget in var.budgets : [for list in concat([budget.accounts, budget.services], values(budget.cost_categories)) : "[${join(", ", list)}] for \"${name}\"" if length(distinct([for item in list : item if trimspace(item) != ""])) != length(list)]]))}. Do correct it."
  }

  validation {
    condition     = alltrue(flatten([for budget in values(var.budgets) : [for values in values(budget.cost_categories) : length(values) > 0]]))
    error_message = "Each cost category must name a value; got none for ${join(", ", flatten([for name, budget in var.budgets : [for category, values in budget.cost_categories : "\"${category}\" in \"${name}\"" if length(values) == 0]]))}. Do name one."
  }

  validation {
    condition     = alltrue([for budget in values(var.budgets) : length(budget.alerts) >= 1 && length(budget.alerts) <= local.limits.budget_notifications])
    error_message = "alerts must hold 1 to ${local.limits.budget_notifications}; got ${join(", ", [for name, budget in var.budgets : "${length(budget.alerts)} for \"${name}\"" if length(budget.alerts) < 1 || length(budget.alerts) > local.limits.budget_notifications])}. Do add one or drop some."
  }

  validation {
    condition     = alltrue(flatten([for budget in values(var.budgets) : [for alert in budget.alerts : length([for threshold in values(alert) : threshold if threshold != null]) == 1]]))
    error_message = "Each alert must have exactly one of actual_percent, actual_usd, forecasted_percent and forecasted_usd; got ${join(", ", flatten([for name, budget in var.budgets : [for alert in budget.alerts : "${length([for threshold in values(alert) : threshold if threshold != null])} for \"${name}\"" if length([for threshold in values(alert) : threshold if threshold != null]) != 1]]))}. Do write one alert each."
  }

  validation {
    condition     = alltrue(flatten([for budget in values(var.budgets) : [for alert in budget.alerts : [for threshold in values(alert) : threshold == null ? true : threshold > 0]]]))
    error_message = "Each threshold must be more than 0; got ${join(", ", flatten([for name, budget in var.budgets : [for alert in budget.alerts : [for field, threshold in alert : "${field} ${threshold} for \"${name}\"" if threshold == null ? false : threshold <= 0]]]))}. Do write percent or USD."
  }

  validation {
    condition     = alltrue([for budget in values(var.budgets) : length(distinct([for alert in budget.alerts : jsonencode(alert)])) == length(budget.alerts)])
    error_message = "Each alert must appear once; got one twice for ${join(", ", [for name, budget in var.budgets : "\"${name}\"" if length(distinct([for alert in budget.alerts : jsonencode(alert)])) != length(budget.alerts)])}. Do remove it."
  }

  validation {
    condition     = alltrue([for budget in values(var.budgets) : budget.emails == null ? true : length(budget.emails) <= local.limits.budget_emails_per_notification])
    error_message = "emails must hold ${local.limits.budget_emails_per_notification} addresses at most; got ${join(", ", [for name, budget in var.budgets : "${length(budget.emails)} for \"${name}\"" if budget.emails == null ? false : length(budget.emails) > local.limits.budget_emails_per_notification])}. Do use a mailing list or the topic."
  }

  validation {
    condition     = alltrue(flatten([for budget in values(var.budgets) : [for email in coalesce(budget.emails, []) : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s.]+$", email))]]))
    error_message = "Each of emails must be an e-mail address; got ${join(", ", flatten([for name, budget in var.budgets : [for email in coalesce(budget.emails, []) : "\"${email}\" for \"${name}\"" if !(can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s.]+$", email)))]]))}. Do correct it."
  }

  validation {
    condition     = alltrue([for budget in values(var.budgets) : length(distinct(coalesce(budget.emails, []))) == length(coalesce(budget.emails, []))])
    error_message = "Each address must appear once; got one twice in emails of ${join(", ", [for name, budget in var.budgets : "\"${name}\" (${join(", ", coalesce(budget.emails, []))})" if length(distinct(coalesce(budget.emails, []))) != length(coalesce(budget.emails, []))])}. Do remove it."
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

variable "partition" {
  description = "AWS partition, for ARNs."
  type        = string
  default     = "aws"
  nullable    = false

  validation {
    condition     = can(regex("^aws[a-z-]*$", var.partition)) && (!contains(local._facts.partitions.without_billing, var.partition) || length(var.budgets) == 0)
    error_message = "partition must be aws or one of its like, and none whose costs are those of an account of aws; got \"${var.partition}\". Do write aws or aws-cn."
  }
}

variable "region" {
  description = "Region of the provider, in which the topic is."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$", var.region))
    error_message = "region must be an AWS region; got \"${var.region}\". Do write it as \"eu-central-1\"."
  }
}

variable "resource_tags" {
  description = "Tags of budgets, topic and key."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.resource_tags) <= local.limits.tags_per_resource
    error_message = "resource_tags must hold ${local.limits.tags_per_resource} tags at most; got ${length(var.resource_tags)}. Do remove some."
  }
}

variable "subscribers" {
  description = "Who hears of every alert: addresses, and a topic. Without topic_arn the module makes an encrypted topic. topic_arn must be known when planning."
  type = object({
    emails    = optional(list(string), [])
    topic_arn = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = length(var.subscribers.emails) <= local.limits.budget_emails_per_notification
    error_message = "subscribers.emails must hold ${local.limits.budget_emails_per_notification} addresses at most; got ${length(var.subscribers.emails)}. Do use a mailing list or the topic."
  }

  validation {
    condition     = alltrue([for email in var.subscribers.emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s.]+$", email))])
    error_message = "Each of subscribers.emails must be an e-mail address; got ${join(", ", [for email in var.subscribers.emails : "\"${email}\"" if !(can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s.]+$", email)))])}. Do correct it."
  }

  validation {
    condition     = length(distinct(var.subscribers.emails)) == length(var.subscribers.emails)
    error_message = "Each of subscribers.emails must appear once; got ${join(", ", [for same in [for email in sort(distinct(var.subscribers.emails)) : [for other in var.subscribers.emails : other if other == email]] : "\"${same[0]}\" ${length(same)} times" if length(same) > 1])}. Do remove it."
  }

  validation {
    condition     = var.subscribers.topic_arn == null ? true : can(regex("^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$", var.subscribers.topic_arn))
    error_message = "subscribers.topic_arn must be the ARN of an SNS topic; got \"${var.subscribers.topic_arn == null ? "" : var.subscribers.topic_arn}\". Do write it as \"arn:aws:sns:eu-central-1:111122223333:alerts\"."
  }
}
