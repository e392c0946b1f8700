billed_tag_keys = ["env"]
dictionary = {
  defaults = { mandatory_for = ["AWS::S3::Bucket"] }
  tags     = { env = { mandatory = true, cost_allocation = true, values = ["dev", "prod"] } }
}
environment = {
  name             = "x"
  payer_account_id = "111111111111"
  regions          = { home = "eu-central-1" }
  config           = { scope = "account" }
  budgets          = { a = { per_value_of = "env", auto_adjust = { type = "forecast" }, limits_usd = { dev = 1 }, alerts = [{ actual_percent = 80 }] } }
}
