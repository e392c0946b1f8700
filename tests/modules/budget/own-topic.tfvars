name          = "x"
account_id    = "111122223333"
region        = "eu-central-1"
resource_tags = { owner = "platform-team" }
budgets       = { a = { limit_usd = 1, alerts = [{ actual_percent = 80 }], emails = ["team@x.com"] } }
subscribers   = { emails = ["finops@x.com"] }
