provider "aws" {
  region              = local.environment.regions.home
  allowed_account_ids = [local.environment.payer_account_id]
}

# One for each of regions.further.
provider "aws" {
  alias               = "us_east_1"
  region              = "us-east-1"
  allowed_account_ids = [local.environment.payer_account_id]
}
