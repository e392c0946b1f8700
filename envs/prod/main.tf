locals {
  dictionary  = yamldecode(file("${path.module}/../tags.yaml"))
  environment = yamldecode(file("${path.module}/env.yaml"))
}

variable "billed_tag_keys" {
  description = "Keys that billing has seen, active or not, as `aws ce list-cost-allocation-tags` lists them; [] where it has seen none yet. `tagrail` passes them."
  type        = set(string)
  nullable    = false
}

variable "retained_tag_keys" {
  description = "Cost allocation tags that the state holds though nothing asks for them, with their status. `tagrail apply` passes them."
  type        = map(string)
  default     = {}
}

module "governance" {
  source = "../../modules/governance"

  billed_tag_keys = var.billed_tag_keys
  dictionary      = local.dictionary
  environment     = local.environment

  retained_tag_keys = var.retained_tag_keys
}

# One block for each of regions.further: Terraform cannot loop over providers.
module "required_tags_us_east_1" {
  source    = "../../modules/required-tags"
  providers = { aws = aws.us_east_1 }

  default_resource_types = module.governance.required_tags.default_resource_types
  limits                 = module.governance.required_tags.limits
  name                   = module.governance.required_tags.name
  organization           = module.governance.required_tags.organization
  recorder               = module.governance.required_tags.recorder
  resource_tags          = module.governance.required_tags.resource_tags
  tags                   = module.governance.required_tags.tags
}
