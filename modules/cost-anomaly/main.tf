locals {
  # Limits live in one data file, since AWS changes them; the caller may override a row.
  _facts = yamldecode(file("${path.module}/../aws-facts.yaml"))
  limits = merge({ for id, row in local._facts.limits : id => row.value }, var.limits)

  # 1. What each monitor watches, by its name in AWS.
  _monitors = {
    for name, monitor in var.monitors : "${var.name}-${name}" => {
      kind   = monitor.by != null ? "SERVICE" : monitor.tag != null ? "TAG" : monitor.cost_category != null ? "COST_CATEGORY" : "LINKED_ACCOUNT"
      key    = monitor.tag != null ? monitor.tag : monitor.cost_category
      values = sort(concat(monitor.account_ids, monitor.values))
    }
  }

  # 2. Who hears of it. AWS tells of anomalies immediately to a topic only, and by e-mail once a day or a week.
  _subscriptions = {
    for name, subscription in var.subscriptions : "${var.name}-${name}" => {
      frequency = upper(subscription.frequency)
      monitors  = sort([for monitor in subscription.monitors : "${var.name}-${monitor}"])
      emails    = subscription.frequency == "immediate" ? [] : sort(subscription.emails)
      topics    = subscription.frequency == "immediate" ? [var.topic_arn] : []
      usd       = subscription.threshold.usd
      percent   = subscription.threshold.percent
      combine   = subscription.threshold.usd != null && subscription.threshold.percent != null ? subscription.threshold.combine : "all"
    }
  }

  # 3. Thresholds as AWS spells them.
  _thresholds = {
    for name, subscription in local._subscriptions : name => [
      for dimension, amount in {
        ANOMALY_TOTAL_IMPACT_ABSOLUTE   = subscription.usd
        ANOMALY_TOTAL_IMPACT_PERCENTAGE = subscription.percent
      } : { dimension = dimension, amount = tostring(amount) } if amount != null
    ]
  }
}

# AWS fills members of the specification in that nobody gave, and which those are depends on the provider's release; a monitor
# cannot be changed in them, so that each would be made anew by every apply. What is watched is kept beside it instead.
resource "terraform_data" "watched" {
  for_each = local._monitors

  input = each.value
}

resource "aws_ce_anomaly_monitor" "this" {
  for_each = local._monitors

  monitor_dimension = each.value.kind == "SERVICE" ? "SERVICE" : null
  monitor_specification = each.value.kind == "SERVICE" ? null : jsonencode(
    {
      LINKED_ACCOUNT = { Dimensions = { Key = "LINKED_ACCOUNT", Values = each.value.values } }
      TAG            = { Tags = { Key = each.value.key, Values = each.value.values } }
      COST_CATEGORY  = { CostCategories = { Key = each.value.key, Values = each.value.values } }
    }[each.value.kind]
  )
  monitor_type = each.value.kind == "SERVICE" ? "DIMENSIONAL" : "CUSTOM"
  name         = each.key
  tags         = var.resource_tags

  lifecycle {
    ignore_changes       = [monitor_specification]
    replace_triggered_by = [terraform_data.watched[each.key]]
  }
}

resource "aws_ce_anomaly_subscription" "this" {
  for_each = local._subscriptions

  frequency        = each.value.frequency
  monitor_arn_list = [for monitor in each.value.monitors : aws_ce_anomaly_monitor.this[monitor].arn]
  name             = each.key
  tags             = var.resource_tags

  dynamic "subscriber" {
    for_each = concat(
      [for email in each.value.emails : { address = email, type = "EMAIL" }],
      [for topic in each.value.topics : { address = topic, type = "SNS" }],
    )

    content {
      address = subscriber.value.address
      type    = subscriber.value.type
    }
  }

  threshold_expression {
    dynamic "dimension" {
      for_each = [for threshold in local._thresholds[each.key] : threshold if length(local._thresholds[each.key]) == 1]

      content {
        key           = dimension.value.dimension
        match_options = ["GREATER_THAN_OR_EQUAL"]
        values        = [dimension.value.amount]
      }
    }

    dynamic "and" {
      for_each = [for threshold in local._thresholds[each.key] : threshold if length(local._thresholds[each.key]) == 2 && each.value.combine == "all"]

      content {
        dimension {
          key           = and.value.dimension
          match_options = ["GREATER_THAN_OR_EQUAL"]
          values        = [and.value.amount]
        }
      }
    }

    dynamic "or" {
      for_each = [for threshold in local._thresholds[each.key] : threshold if length(local._thresholds[each.key]) == 2 && each.value.combine == "any"]

      content {
        dimension {
          key           = or.value.dimension
          match_options = ["GREATER_THAN_OR_EQUAL"]
          values        = [or.value.amount]
        }
      }
    }
  }
}
