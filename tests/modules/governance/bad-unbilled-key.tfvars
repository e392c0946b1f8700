billed_tag_keys = ["env"]
dictionary      = { tags = { env = { values = ["dev"] } } }
environment = {
  name             = "x"
  payer_account_id = "111111111111"
  regions          = { home = "eu-central-1" }
  config           = { scope = "account" }
  budgets          = { a = { limit_usd = 1, tag = { key = "env", values = ["dev"] }, alerts = [{ actual_percent = 80 }] } }
}
