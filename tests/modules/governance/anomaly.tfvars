billed_tag_keys = ["env"]
dictionary = {
  defaults = { mandatory_for = ["AWS::S3::Bucket"] }
  tags = {
    env  = { mandatory = true, cost_allocation = true, values = ["dev", "prod"] }
    team = {}
  }
}
environment = {
  name             = "x"
  payer_account_id = "111111111111"
  regions          = { home = "eu-central-1" }
  config           = { scope = "account" }
  subscribers      = { emails = ["all@example.com"] }
  anomaly = {
    monitors = { a = { tag = "env", values = ["dev"] }, b = { accounts = ["222222222222"] } }
    subscriptions = {
      now   = { monitors = ["a"], frequency = "immediate", threshold = { usd = 1 } }
      daily = { monitors = ["b"], frequency = "daily", threshold = { percent = 1 } }
    }
  }
}
