billed_tag_keys = ["env"]
dictionary = {
  defaults = { mandatory_for = ["AWS::S3::Bucket"] }
  tags = {
    env = { mandatory = true, cost_allocation = true, values = ["dev"], values_by_ou = { "Nowhere/Here" = { append = ["lab"] } } }
    own = { mandatory = true, mandatory_for = ["AWS::EC2::VPC"], cost_allocation = true }
  }
}
environment = {
  name             = "x"
  payer_account_id = "111111111111"
  regions          = { home = "eu-central-1", further = ["us-east-1"] }
  config           = { scope = "account", recorder = { bucket_name = "config-bucket", role_arn = "arn:aws:iam::111111111111:role/config" } }
  cost_allocation  = { account_tags = ["unit"] }
  subscribers      = { topic_arn = "arn:aws:sns:eu-central-1:111111111111:alerts" }
  budgets          = { env = { per_value_of = "env", limit_usd = 10, limits_usd = { lab = 5 }, alerts = [{ actual_percent = 80 }] } }
}
