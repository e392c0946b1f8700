# What needs billing in a partition whose costs are billed elsewhere; a precondition of the documents refuses it.
locals {
  _unbilled = [
    for section, count in {
      anomaly         = length(var.environment.anomaly.monitors)
      budgets         = length(var.environment.budgets)
      cost_categories = length(var.environment.cost_categories)
      cost_exports    = length(var.environment.cost_exports[*])
    } : section if count > 0 && contains(local._facts.partitions.without_billing, local._partition)
  ]
}

# Exports of the bill, where env.yaml asks for them.
module "cost_export" {
  source = "../cost-export"
  count  = length(var.environment.cost_exports[*])

  account_id    = var.environment.payer_account_id
  athena        = var.environment.cost_exports.athena
  bucket        = var.environment.cost_exports.bucket
  exports       = var.environment.cost_exports.exports
  limits        = var.environment.limits
  name          = var.environment.name
  partition     = local._partition
  region        = var.environment.regions.home
  resource_tags = var.environment.resource_tags
}
