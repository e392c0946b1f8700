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

variable "monitors" {
  description = "Monitors by name. Each has exactly one of by (service: every service by itself), account_ids (10 at most), tag with values (10 at most) and cost_category with one of its values, which are watched in sum."
  type = map(object({
    by            = optional(string)
    account_ids   = optional(list(string), [])
    tag           = optional(string)
    cost_category = optional(string)
    values        = optional(list(string), [])
  }))
  default  = {}
  nullable = false

  validation {
    condition     = length(var.monitors) <= local.limits.anomaly_monitors_per_payer && length([for monitor in values(var.monitors) : monitor if monitor.by != null]) <= 1
    error_message = "A payer must have ${local.limits.anomaly_monitors_per_payer} monitors at most, one of them by service; got ${length(var.monitors)}, by service ${join(", ", [for name, monitor in var.monitors : "\"${name}\"" if monitor.by != null])}. Do drop some."
  }

  validation {
    condition     = alltrue([for monitor in values(var.monitors) : length([for given in [monitor.by != null, length(monitor.account_ids) > 0, monitor.tag != null, monitor.cost_category != null] : given if given]) == 1 && (monitor.by == null ? "service" : monitor.by) == "service"])
    error_message = "Each monitor must have exactly one of by, which is service, account_ids, tag and cost_category; got ${join(", ", [for name, monitor in var.monitors : "\"${name}\"" if !(length([for given in [monitor.by != null, length(monitor.account_ids) > 0, monitor.tag != null, monitor.cost_category != null] : given if given]) == 1 && (monitor.by == null ? "service" : monitor.by) == "service")])}. Do write one monitor each."
  }

  validation {
    condition     = alltrue([for monitor in values(var.monitors) : (monitor.tag == null && monitor.cost_category == null) == (length(monitor.values) == 0)])
    error_message = "values must be given with tag and cost_category, and left out else; got ${join(", ", [for name, monitor in var.monitors : "${length(monitor.values)} for \"${name}\"" if(monitor.tag == null && monitor.cost_category == null) != (length(monitor.values) == 0)])}. Do correct it."
  }

  validation {
    condition     = alltrue([for monitor in values(var.monitors) : length(monitor.account_ids) <= local.limits.anomaly_monitor_accounts && length(monitor.values) <= (monitor.cost_category != null ? 1 : local.limits.anomaly_monitor_tag_values)])
    error_message = "A monitor must watch ${local.limits.anomaly_monitor_accounts} accounts, ${local.limits.anomaly_monitor_tag_values} values of a tag or 1 of a cost category at most; got ${join(", ", [for name, monitor in var.monitors : "${length(concat(monitor.account_ids, monitor.values))} for \"${name}\"" if !(length(monitor.account_ids) <= local.limits.anomaly_monitor_accounts && length(monitor.values) <= (monitor.cost_category != null ? 1 : local.limits.anomaly_monitor_tag_values))])}. Do write one monitor each."
  }

  validation {
    condition     = alltrue(flatten([for monitor in values(var.monitors) : [for value in monitor.values : !strcontains(value, "*")]]))
    error_message = "values must be whole, since monitors match no other; got ${join(", ", flatten([for name, monitor in var.monitors : [for value in monitor.values : "\"${value}\" for \"${name}\"" if strcontains(value, "*")]]))}. Do write them out."
  }
}

variable "name" {
  description = "Prefix of the names of monitors and subscriptions."
  type        = string
  nullable    = false
}

variable "resource_tags" {
  description = "Tags that monitors and subscriptions carry themselves."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "subscriptions" {
  description = "Who hears of what monitors find, by name: with frequency immediate the topic, with daily and weekly emails (10 at most). threshold has usd, percent (of what was expected) or both, combined as all or any."
  type = map(object({
    monitors  = list(string)
    frequency = string
    emails    = optional(list(string), [])
    threshold = object({ usd = optional(number), percent = optional(number), combine = optional(string, "all") })
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for subscription in values(var.subscriptions) : contains(["immediate", "daily", "weekly"], subscription.frequency) && contains(["all", "any"], subscription.threshold.combine)])
    error_message = "frequency must be immediate, daily or weekly, and combine all or any; got ${join(", ", [for name, subscription in var.subscriptions : "${subscription.frequency} and ${subscription.threshold.combine} for \"${name}\"" if !(contains(["immediate", "daily", "weekly"], subscription.frequency) && contains(["all", "any"], subscription.threshold.combine))])}. Do correct it."
  }

  validation {
    condition     = alltrue([for subscription in values(var.subscriptions) : length(subscription.monitors) > 0 && alltrue([for monitor in subscription.monitors : contains(keys(var.monitors), monitor)])])
    error_message = "A subscription must name monitors; got ${join(", ", [for name, subscription in var.subscriptions : "${length(subscription.monitors) == 0 ? "none" : join(", ", [for monitor in subscription.monitors : "\"${monitor}\""])} for \"${name}\"" if !(length(subscription.monitors) > 0 && alltrue([for monitor in subscription.monitors : contains(keys(var.monitors), monitor)]))])}. Do choose among ${join(", ", keys(var.monitors))}."
  }

  validation {
    condition     = alltrue([for subscription in values(var.subscriptions) : subscription.frequency == "immediate" ? length(subscription.emails) == 0 && var.topic_arn != null : length(subscription.emails) > 0 && length(subscription.emails) <= local.limits.budget_emails_per_notification])
    error_message = "With frequency immediate a topic_arn must be given and no emails, else 1 to ${local.limits.budget_emails_per_notification} emails; got ${join(", ", [for name, subscription in var.subscriptions : "${length(subscription.emails)} emails for \"${name}\", ${subscription.frequency}" if !(subscription.frequency == "immediate" ? length(subscription.emails) == 0 && var.topic_arn != null : length(subscription.emails) > 0 && length(subscription.emails) <= local.limits.budget_emails_per_notification)])}. Do correct it."
  }

  validation {
    condition     = alltrue([for subscription in values(var.subscriptions) : length([for amount in [subscription.threshold.usd, subscription.threshold.percent] : amount if amount != null]) > 0 && alltrue([for amount in [subscription.threshold.usd, subscription.threshold.percent] : amount == null ? true : amount >= 0 && amount <= local.limits.anomaly_threshold])])
    error_message = "A threshold must have usd, percent or both, 0 to ${local.limits.anomaly_threshold}; got ${join(", ", [for name, subscription in var.subscriptions : "\"${name}\"" if !(length([for amount in [subscription.threshold.usd, subscription.threshold.percent] : amount if amount != null]) > 0 && alltrue([for amount in [subscription.threshold.usd, subscription.threshold.percent] : amount == null ? true : amount >= 0 && amount <= local.limits.anomaly_threshold]))])}. Do correct it."
  }

  validation {
    condition     = alltrue(flatten([for subscription in values(var.subscriptions) : [for email in subscription.emails : can(regex("^[a-zA-Z0-9.!#$%&'*+=?^_‘{|}~-]+@[a-zA-Z0-9_-]+([.][a-zA-Z0-9_-]+)+$", email)) && length(email) >= 6 && length(email) <= local.limits.anomaly_address_characters]]))
    error_message = "emails must be addresses that Cost Explorer takes: 6 to ${local.limits.anomaly_address_characters} letters, digits and signs of ASCII; got ${join(", ", flatten([for name, subscription in var.subscriptions : [for email in subscription.emails : "\"${email}\" for \"${name}\"" if !(can(regex("^[a-zA-Z0-9.!#$%&'*+=?^_‘{|}~-]+@[a-zA-Z0-9_-]+([.][a-zA-Z0-9_-]+)+$", email)) && length(email) >= 6 && length(email) <= local.limits.anomaly_address_characters)]]))}. Do name another address."
  }
}

variable "topic_arn" {
  description = "SNS topic that hears at once. Its policy and key must let costalerts.amazonaws.com in: modules/budget does that with anomaly_alerts."
  type        = string
  default     = null
}
