name       = "x"
account_id = "111122223333"
region     = "eu-central-1"
budgets = {
  bu = {
    limit_usd    = 1000
    per_value_of = { key = "any:bu", limits_usd = { Retail = 2500, Sales = null } }
    alerts       = [{ actual_percent = 100 }]
  }
}
