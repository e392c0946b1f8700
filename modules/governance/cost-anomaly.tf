# The arguments of modules/cost-anomaly: ids for accounts, and whom a subscription without addresses of its own tells.
locals {
  _anomaly_monitors = {
    for name, monitor in var.environment.anomaly.monitors : name => {
      by            = monitor.by
      account_ids   = [for account in monitor.accounts : local._account_ids[account][0] if local._account_ids[account][0] != null]
      tag           = monitor.tag
      cost_category = monitor.cost_category
      values        = monitor.values
    }
  }
  _anomaly_subscriptions = {
    for name, subscription in var.environment.anomaly.subscriptions : name => merge(subscription, {
      emails = (
        subscription.emails != null ? subscription.emails : subscription.frequency == "immediate" ? [] : var.environment.subscribers.emails
      )
    })
  }
  _anomaly_alerts = anytrue([for subscription in values(var.environment.anomaly.subscriptions) : subscription.frequency == "immediate"])

  # What the preconditions of the documents refuse.
  _unbilled_anomaly_keys = [
    for name, monitor in var.environment.anomaly.monitors : "\"${monitor.tag}\" for monitor \"${name}\""
    if monitor.tag != null && !try(var.dictionary.tags[monitor.tag].cost_allocation, false)
  ]
  _unknown_anomaly_values = flatten([
    for name, monitor in var.environment.anomaly.monitors : [
      for value in monitor.values : "\"${value}\" for monitor \"${name}\""
      if !(
        monitor.tag != null ? can(regex(lookup(local._allowed, monitor.tag, ""), value)) :
        try(contains(module.cost_category.values[monitor.cost_category], value), true)
      )
    ]
  ])
}
