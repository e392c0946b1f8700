locals {
  _facts        = yamldecode(file("${path.module}/../aws-facts.yaml"))
  _region_parts = split("-", var.environment.regions.home)
  _partition = lookup(
    local._facts.partitions.by_region, join("-", slice(local._region_parts, 0, max(0, length(local._region_parts) - 2))), "aws"
  )

  # An id stays as it is; a name that was not found is named by the preconditions of the documents output.
  _account_ids = {
    for account in concat(var.environment.config.excluded_accounts, local._cost_accounts) :
    account => can(regex("^[0-9]{12}$", account)) ? account : try(local._ids_by_account[account][0], null)...
  }

  _budgets = {
    for name, budget in var.environment.budgets : name => merge(budget, {
      accounts = [for account in budget.accounts : local._account_ids[account][0] if local._account_ids[account][0] != null]
      per_value_of = budget.per_value_of == null ? null : {
        key        = budget.per_value_of
        limits_usd = { for value in local._every_value[budget.per_value_of] : value => lookup(budget.limits_usd, value, null) }
      }
    })
  }

  # The arguments of modules/required-tags, for the home region here and for further regions in the environment.
  _required_tags = {
    name                   = var.environment.name
    limits                 = var.environment.limits
    resource_tags          = var.environment.resource_tags
    default_resource_types = var.dictionary.defaults.mandatory_for
    tags                   = local._mandatory_tags
    organization = var.environment.config.scope == "account" ? null : {
      excluded_account_ids = distinct(concat(local._inactive_account_ids, [
        for account in var.environment.config.excluded_accounts : local._account_ids[account][0] if local._account_ids[account][0] != null
      ]))
    }
    recorder = var.environment.config.recorder
  }
}

module "tag_policy" {
  source = "../tag-policy"

  enabled_policy_types = [for type in try(local._root.policy_types, []) : type.type if type.status == "ENABLED"]
  limits               = var.environment.limits
  name                 = var.environment.name
  resource_tags        = var.environment.resource_tags
  tags                 = local._policy_tags
  targets              = local._targets
}

module "required_tags" {
  source = "../required-tags"

  aggregator             = var.environment.config.aggregator
  default_resource_types = local._required_tags.default_resource_types
  limits                 = local._required_tags.limits
  name                   = local._required_tags.name
  organization           = local._required_tags.organization
  recorder               = local._required_tags.recorder
  resource_tags          = local._required_tags.resource_tags
  tags                   = local._required_tags.tags
}

module "tag_option" {
  source = "../tag-option"

  limits                = var.environment.limits
  resource_ids          = { for id in toset(try(concat(var.environment.tag_option.portfolios, var.environment.tag_option.products), [])) : id => id }
  retired_values_by_key = try(var.environment.tag_option.retired, {})
  values_by_key         = local._offered_values
}

module "cost_allocation_tag" {
  source = "../cost-allocation-tag"

  account_tag_keys     = var.environment.cost_allocation.account_tags
  billed_tag_keys      = var.billed_tag_keys
  deactivated_tag_keys = var.environment.cost_allocation.deactivate
  limits               = var.environment.limits
  retained_tag_keys    = var.retained_tag_keys
  tag_keys             = local._cost_allocation_keys
}

module "cost_category" {
  source = "../cost-category"

  cost_categories = local._cost_categories
  limits          = var.environment.limits
  resource_tags   = var.environment.resource_tags
}

module "budget" {
  source = "../budget"

  account_id     = var.environment.payer_account_id
  anomaly_alerts = local._anomaly_alerts
  budgets        = local._budgets
  limits         = var.environment.limits
  name           = var.environment.name
  partition      = local._partition
  region         = var.environment.regions.home
  resource_tags  = var.environment.resource_tags
  subscribers    = var.environment.subscribers
}

module "cost_anomaly" {
  source = "../cost-anomaly"

  limits        = var.environment.limits
  monitors      = local._anomaly_monitors
  name          = var.environment.name
  resource_tags = var.environment.resource_tags
  subscriptions = local._anomaly_subscriptions
  topic_arn     = module.budget.topic_arn

  # AWS has to know a cost category before it can watch it, and may publish to the topic before it is told of one.
  depends_on = [module.budget, module.cost_category]
}
