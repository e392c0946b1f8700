locals {
  # Limits live in one data file, since AWS changes them; the caller may override a row.
  _facts = yamldecode(file("${path.module}/../aws-facts.yaml"))
  limits = merge({ for id, row in local._facts.limits : id => row.value }, var.limits)

  # 1. Budgets by a key that people read; with per_value_of there is one for each value. "" stands for a budget without it.
  _scopes = merge([
    for name, budget in var.budgets : {
      for value in(budget.per_value_of == null ? tolist([""]) : keys(budget.per_value_of.limits_usd)) :
      (value == "" ? name : "${name}-${value}") => {
        budget = budget
        usd    = try(coalesce(budget.per_value_of.limits_usd[value]), budget.limit_usd)
        pairs = (
          value != "" ? [{ key = budget.per_value_of.key, value = value }] :
          [for value in try(budget.tag.values, []) : { key = budget.tag.key, value = value }]
        )
      }
    }
  ]...)

  # 2. Exactly one kind of limit. The shapes differ, so the kind picks one out of an object: a conditional would make them equal.
  _limits = {
    for key, scope in local._scopes : key => {
      fixed   = { type = "fixed", usd = scope.usd }
      planned = { type = "planned", usd_by_month = scope.budget.planned_limits_usd }
      auto_adjust = {
        type             = "auto_adjust"
        auto_adjust_type = upper(try(scope.budget.auto_adjust.type, ""))
        periods          = try(scope.budget.auto_adjust.periods, null)
      }
    }[scope.budget.auto_adjust != null ? "auto_adjust" : length(scope.budget.planned_limits_usd) > 0 ? "planned" : "fixed"]
  }

  # 3. Filters as AWS wants them. One that is spelt otherwise matches nothing, and AWS says nothing. They are built with
  #    format(), because "$${" in an HCL template is an escape and not a dollar before a value.
  #    https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-create-filters.html
  _filters = {
    for key, scope in local._scopes : key => {
      for filter, values in {
        CostCategory = flatten([
          for category, values in scope.budget.cost_categories : [for value in values : format("%s$%s", category, value)]
        ])
        LinkedAccount = scope.budget.accounts
        Service       = scope.budget.services
        TagKeyValue   = [for pair in scope.pairs : format("user:%s$%s", pair.key, pair.value)]
      } : filter => sort(values) if length(values) > 0
    }
  }

  # 4. Notifications, sorted by type, unit and threshold, which is how the map's keys order them.
  _alerts = {
    for key, scope in local._scopes : key => flatten([
      for alert in scope.budget.alerts : [
        for field, threshold in alert : {
          notification_type = startswith(field, "actual") ? "ACTUAL" : "FORECASTED"
          threshold         = threshold
          threshold_type    = endswith(field, "percent") ? "PERCENTAGE" : "ABSOLUTE_VALUE"
        } if threshold != null
      ]
    ])
  }
  _notifications = {
    for key, alerts in local._alerts : key => values({
      for alert in alerts : format("%s %s %030.9f", alert.notification_type, alert.threshold_type, alert.threshold) =>
      merge(alert, {
        comparison_operator = "GREATER_THAN"
        emails = sort(
          local._scopes[key].budget.emails == null ? var.subscribers.emails : local._scopes[key].budget.emails
        )
        topics = [local._topic_arn]
      })
    })
  }

  # 5. Documents by the same key; the output names them as AWS does.
  _documents = {
    for key, scope in local._scopes : key => {
      limit         = local._limits[key]
      time_unit     = upper(scope.budget.time_unit)
      filters       = local._filters[key]
      notifications = local._notifications[key]
    }
  }
}

resource "aws_budgets_budget" "this" {
  for_each = local._documents

  account_id   = var.account_id
  name         = "${var.name}-${each.key}"
  budget_type  = "COST"
  time_unit    = each.value.time_unit
  limit_amount = try(tostring(each.value.limit.usd), null)
  limit_unit   = each.value.limit.type == "fixed" ? "USD" : null
  # AWS wants planned limits from the period in which the budget begins.
  time_period_start = try("${keys(each.value.limit.usd_by_month)[0]}-01_00:00", null)
  tags              = var.resource_tags

  dynamic "auto_adjust_data" {
    for_each = each.value.limit.type == "auto_adjust" ? [each.value.limit] : []

    content {
      auto_adjust_type = auto_adjust_data.value.auto_adjust_type

      dynamic "historical_options" {
        for_each = auto_adjust_data.value.periods == null ? [] : [auto_adjust_data.value.periods]

        content {
          budget_adjustment_period = historical_options.value
        }
      }
    }
  }

  dynamic "cost_filter" {
    for_each = each.value.filters

    content {
      name   = cost_filter.key
      values = cost_filter.value
    }
  }

  dynamic "notification" {
    for_each = each.value.notifications

    content {
      comparison_operator        = notification.value.comparison_operator
      notification_type          = notification.value.notification_type
      subscriber_email_addresses = notification.value.emails
      subscriber_sns_topic_arns  = notification.value.topics
      threshold                  = notification.value.threshold
      threshold_type             = notification.value.threshold_type
    }
  }

  dynamic "planned_limit" {
    for_each = try(each.value.limit.usd_by_month, {})

    content {
      # AWS answers with one decimal; another spelling of the same amount would be a change in every plan.
      amount     = planned_limit.value == floor(planned_limit.value) ? format("%.1f", planned_limit.value) : tostring(planned_limit.value)
      start_time = "${planned_limit.key}-01_00:00"
      unit       = "USD"
    }
  }

  lifecycle {
    replace_triggered_by = [terraform_data.filtered[each.key]]
  }

  # AWS checks, when the budget is made, that it may publish to the topic.
  depends_on = [aws_sns_topic_policy.this]
}

# The provider takes a budget without filters for one that leaves its filters to AWS, and would keep the old ones when the
# last filter goes. Such a budget is made anew.
resource "terraform_data" "filtered" {
  for_each = local._documents

  input = length(each.value.filters) > 0
}
