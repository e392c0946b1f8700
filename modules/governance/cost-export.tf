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
